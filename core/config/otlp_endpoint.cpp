// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/otlp_endpoint.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace tokenscope::config {

namespace {

constexpr std::uint16_t grpc_port = 4317;

tl::unexpected<Error> bad(std::string_view what)
{
    return failure(ErrorCode::config, std::string(what));
}

/// Whether "host" or "[ipv6]" stands there without ":port".
bool lacks_port(std::string_view address)
{
    const auto host_end = address.starts_with('[') ? address.find(']') : 0;
    return host_end != std::string_view::npos && address.find(':', host_end) == std::string_view::npos;
}

Result<Url> grpc_endpoint(std::string_view endpoint, bool insecure)
{
    if (endpoint.find("://") == std::string_view::npos) {
        std::string address(endpoint.empty() ? std::string_view("localhost") : endpoint);
        if (address.find_first_of("/?#@") != std::string::npos)
            return bad("write host:port, as in localhost:4317");
        if (lacks_port(address))
            address += fmt::format(":{}", grpc_port);
        const auto parsed = parse_host_port(address);
        if (!parsed)
            return bad(parsed.error().message);
        return parse_url((insecure ? "http://" : "https://") + parsed->to_string());
    }
    auto url = parse_url(endpoint);
    if (url && !url->path.empty())
        return bad("OTLP over gRPC has no path; remove it, or use type otlp_http");
    return url;
}

Result<Url> http_endpoint(std::string_view endpoint)
{
    if (endpoint.empty())
        endpoint = "http://localhost:4318";
    auto url = parse_url(endpoint);
    if (url && url->path.empty())
        url->path = "/v1/traces";
    return url;
}

} // namespace

Result<Url> otlp_endpoint(const Exporter& exporter)
{
    if (exporter.type != ExporterType::otlp && exporter.type != ExporterType::otlp_http)
        return bad("is not used by this type of exporter");
    auto url = exporter.type == ExporterType::otlp ? grpc_endpoint(exporter.endpoint, exporter.insecure)
                                                   : http_endpoint(exporter.endpoint);
    if (!url)
        return bad(fmt::format("is no address of a collector: {}", url.error().message));
    return url;
}

} // namespace tokenscope::config
