// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "otlp/grpc_status.h"
#include "otlp/server_words.h"
#include "otlp/trace_response.h"
#include "telemetry/tracing/span_exporter.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::otlp {

/// Turns what became of a batch into an ExportOutcome and a sentence for the log. No message has a header's value in it.
class Verdict {
public:
    /// `collector` is a name for messages, e.g. "The OTLP collector http://localhost:4317".
    Verdict(std::string collector, ServerWords words) : m_collector(std::move(collector)), m_words(std::move(words)) {}

    const std::string& collector() const { return m_collector; }

    /// No connection, or none for long enough.
    telemetry::ExportOutcome not_reached(const Error& error) const;
    /// It took the batch; `reply` is its ExportTraceServiceResponse, nothing if that cannot be read.
    telemetry::ExportOutcome taken(const std::optional<TraceResponse>& reply, std::size_t spans) const;
    telemetry::ExportOutcome grpc_failed(const GrpcStatus& status) const;
    /// An HTTP status other than 2xx; `said` is the collector's reason.
    telemetry::ExportOutcome http_failed(unsigned status, std::string_view said,
                                         std::optional<std::chrono::milliseconds> retry_after) const;
    /// "<collector> <what>", for ever or for now.
    telemetry::ExportOutcome refused(std::string_view what, std::string_view said = {}) const;
    telemetry::ExportOutcome try_again(std::string_view what, std::string_view said = {}) const;

private:
    using Kind = telemetry::ExportOutcome::Kind;
    telemetry::ExportOutcome say(Kind kind, std::string_view what, std::string_view said) const;

    const std::string m_collector;
    const ServerWords m_words;
};

} // namespace tokenscope::otlp
