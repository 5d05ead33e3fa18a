// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "otlp/call_loop.h"
#include "otlp/exporter_options.h"
#include "otlp/verdict.h"

#include "net/http_client.h"

#include <boost/asio/ssl/context.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::otlp {

/// Sends spans by OTLP over HTTP, in protobuf: one POST a batch, on a connection that is kept.
class HttpExporter final : public telemetry::SpanExporter {
public:
    explicit HttpExporter(ExporterOptions options);
    ~HttpExporter() override;

    telemetry::ExportOutcome send(std::span<const telemetry::SpanData> spans, std::chrono::milliseconds timeout,
                                  CancelToken cancel) override;

private:
    net::Task<telemetry::ExportOutcome> deliver(std::shared_ptr<const std::string> body, std::size_t spans,
                                                std::chrono::milliseconds timeout, CancelToken stop);
    telemetry::ExportOutcome judge(unsigned status, const net::Headers& headers, std::string_view body,
                                   std::size_t spans) const;

    const ExporterOptions m_options;
    const Verdict m_verdict;
    boost::asio::ssl::context m_tls;
    CallLoop m_loop;
    std::optional<net::HttpClient> m_client; ///< gone before the loop is
};

/// Retry-After in seconds; a date is not read. At most an hour.
std::optional<std::chrono::milliseconds> read_retry_after(std::string_view text);

} // namespace tokenscope::otlp
