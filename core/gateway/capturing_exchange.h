// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/exchange.h"
#include "telemetry/capture/capture_ring.h"

#include <optional>
#include <string>

namespace tokenscope::gateway {

/// Passes everything on to another exchange and, once told to, keeps a copy of what goes by for the ring. Whatever goes
/// wrong with that, the request does not notice.
class CapturingExchange final : public net::Exchange {
public:
    CapturingExchange(net::Exchange& inner, telemetry::CaptureRing& ring) : m_inner(inner), m_ring(ring) {}

    /// From here on its bodies and reply are captured, if the ring keeps anything. Before either has begun.
    void begin();
    /// Puts what was captured into the ring. No more is.
    void keep(const std::string& request_id);

    std::string_view method() const override { return m_inner.method(); }
    std::string_view target() const override { return m_inner.target(); }
    std::string_view header(std::string_view name) const override { return m_inner.header(name); }
    const net::Headers& headers() const override { return m_inner.headers(); }
    std::string peer() const override { return m_inner.peer(); }
    Instant accepted() const override { return m_inner.accepted(); }
    const std::optional<Error>& broken() const override { return m_inner.broken(); }

    net::Task<Result<std::string>> read_body() override;
    void add_reply_header(std::string name, std::string value) override;
    net::Task<Result<void>> reply(net::Response response) override;
    net::Task<Result<void>> begin_stream(unsigned status, net::Headers headers) override;
    net::Task<Result<void>> write(std::string_view bytes) override;
    net::Task<Result<void>> end_stream() override { return m_inner.end_stream(); }
    CancelToken gone() const override { return m_inner.gone(); }

    unsigned status() const override { return m_inner.status(); }
    bool reply_complete() const override { return m_inner.reply_complete(); }
    std::uint64_t bytes_sent() const override { return m_inner.bytes_sent(); }
    std::uint64_t bytes_received() const override { return m_inner.bytes_received(); }

private:
    net::Task<Result<std::string>> captured_body();
    net::Task<Result<void>> captured_reply(net::Response response);
    net::Task<Result<void>> captured_write(std::string_view bytes);
    void note_reply_head(const net::Headers& headers);

    net::Exchange& m_inner;
    telemetry::CaptureRing& m_ring;
    net::Headers m_added; ///< to whatever is replied
    std::size_t m_limit = 0;
    std::optional<telemetry::CapturedExchange> m_captured;
};

} // namespace tokenscope::gateway
