// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "otlp/call_loop.h"
#include "otlp/exporter_options.h"
#include "otlp/grpc_channel.h"
#include "otlp/verdict.h"

#include "net/connector.h"

#include <boost/asio/ssl/context.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace tokenscope::otlp {

/// Sends spans by OTLP over gRPC: one unary call a batch (doc/PROTOCOL-HTTP2.md of grpc/grpc), on one connection that is kept. With
/// TLS it asks for HTTP/2 by ALPN and verifies the server; without, it speaks HTTP/2 at once ("prior knowledge").
class GrpcExporter final : public telemetry::SpanExporter {
public:
    explicit GrpcExporter(ExporterOptions options);
    ~GrpcExporter() override;

    telemetry::ExportOutcome send(std::span<const telemetry::SpanData> spans, std::chrono::milliseconds timeout,
                                  CancelToken cancel) override;

private:
    using Clock = std::chrono::steady_clock;
    struct Batch {
        std::string message; ///< with gRPC's prefix
        std::size_t spans = 0;
        Clock::time_point deadline;

        std::chrono::milliseconds left() const;
    };

    net::Task<telemetry::ExportOutcome> deliver(std::shared_ptr<const Batch> batch, CancelToken stop);
    net::Task<Result<std::shared_ptr<GrpcChannel>>> open(std::chrono::milliseconds timeout, CancelToken stop);
    Http2Session::Request request(const Batch& batch) const;
    telemetry::ExportOutcome judge(const GrpcChannel::Answer& answer, const Batch& batch) const;
    telemetry::ExportOutcome broken(const GrpcChannel& channel, const GrpcChannel::Answer& answer) const;

    const ExporterOptions m_options;
    const Verdict m_verdict;
    boost::asio::ssl::context m_tls;
    CallLoop m_loop;
    net::Connector m_connector;
    const std::shared_ptr<std::size_t> m_open = std::make_shared<std::size_t>(0);
    std::shared_ptr<GrpcChannel> m_channel; ///< kept from batch to batch; may be null
};

} // namespace tokenscope::otlp
