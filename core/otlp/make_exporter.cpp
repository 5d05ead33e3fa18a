// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "otlp/make_exporter.h"

#include "config/otlp_endpoint.h"
#include "config/problem.h"
#include "net/headers.h"
#include "otlp/grpc_exporter.h"
#include "otlp/http_exporter.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace tokenscope::otlp {

namespace {

/// Fields that the exporters write themselves, or that would break their protocol.
bool is_ours(std::string_view name)
{
    static constexpr std::array<std::string_view, 4> names = {"host", "content-type", "content-encoding", "expect"};
    return net::is_hop_by_hop(name) || net::same_header(name.substr(0, 5), "grpc-")
           || std::any_of(names.begin(), names.end(), [&](auto own) { return net::same_header(name, own); });
}

Result<void> check_headers(const config::Exporter& exporter)
{
    const auto bad = [](std::string_view name, std::string_view what) {
        return failure(ErrorCode::config,
                       fmt::format("observability.tracing.exporter.headers: '{}' {}.", config::shown(name), what));
    };
    for (const auto& [name, value] : exporter.headers) {
        if (!net::is_token(name))
            return bad(name, "is no name of a header");
        if (is_ours(name))
            return bad(name, "is written by the exporter itself; remove it");
        if (!net::is_field_value(value))
            return bad(name, "has a value with a line break or another character that no header has");
    }
    return {};
}

} // namespace

Result<std::unique_ptr<telemetry::SpanExporter>> make_exporter(const config::Exporter& exporter,
                                                               const telemetry::Resource& resource,
                                                               const config::Env& env)
{
    auto endpoint = config::otlp_endpoint(exporter);
    if (!endpoint)
        return failure(ErrorCode::config, fmt::format("observability.tracing.exporter.endpoint: '{}' {}.",
                                                      config::shown(exporter.endpoint), endpoint.error().message));
    if (auto checked = check_headers(exporter); !checked)
        return failure(std::move(checked.error()));
    ExporterOptions options{.endpoint = std::move(*endpoint),
                            .headers = exporter.headers,
                            .resource = resource,
                            .proxies = net::ProxyRules::from_environment(env)};
    if (exporter.type == config::ExporterType::otlp_http)
        return std::make_unique<HttpExporter>(std::move(options));
    return std::make_unique<GrpcExporter>(std::move(options));
}

} // namespace tokenscope::otlp
