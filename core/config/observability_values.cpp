// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/observability_values.h"

#include "base/url.h"
#include "config/auth_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace tokenscope::config {
namespace {

constexpr std::string_view traces_path = "/v1/traces";
constexpr std::size_t longest_page = 128;
constexpr std::size_t longest_phrase = 256;
constexpr std::size_t longest_header = 8192;

constexpr std::array<std::string_view, 4> own_routes{"/v1", "/api", "/health", "/ready"};
/// Of HTTP and of gRPC.
constexpr std::array<std::string_view, 10> set_by_protocols{
    "connection", "content-encoding", "content-length", "content-type",      "host", "keep-alive",
    "te",         "trailer",          "upgrade",        "transfer-encoding",
};

tl::unexpected<Error> bad(std::string message, std::string detail = {})
{
    return failure(ErrorCode::config, std::move(message), std::move(detail));
}

bool is_letter_or_digit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_control(char c)
{
    return static_cast<unsigned char>(c) < ' ' || c == 0x7F;
}

bool is_url(std::string_view endpoint)
{
    return endpoint.find("://") != std::string_view::npos;
}

bool is_any_address(std::string_view host)
{
    return host == "0.0.0.0" || host == "::";
}

/// Whether two listeners would be in each other's way. Names of this machine are not looked up.
bool collide(const HostPort& a, const HostPort& b)
{
    if (a.port == 0 || a.port != b.port)
        return false;
    const auto is_name_of_loopback = [](const HostPort& address) { return address.host == "localhost"; };
    return a.host == b.host || is_any_address(a.host) || is_any_address(b.host)
           || (is_name_of_loopback(a) && is_loopback_host(b.host))
           || (is_name_of_loopback(b) && is_loopback_host(a.host));
}

} // namespace

Result<std::string> parse_page(std::string_view text)
{
    const bool is_clean = std::all_of(text.begin(), text.end(), [](char c) {
        return is_letter_or_digit(c) || c == '/' || c == '-' || c == '_' || c == '.';
    });
    if (!text.starts_with('/') || !is_clean || text.size() > longest_page)
        return bad("is not the path of a page: \"/\" and letters, digits, '/', '-', '_' or '.'");
    if (text.ends_with('/') || text.find("//") != std::string_view::npos
        || fmt::format("{}/", text).find("/./") != std::string::npos
        || fmt::format("{}/", text).find("/../") != std::string::npos)
        return bad("is not the path of a page: it has an empty, a \".\" or a \"..\" part");
    for (const auto route : own_routes) {
        if (text == route || text.starts_with(fmt::format("{}/", route)))
            return bad(fmt::format("is taken: {} is the gateway's own", route));
    }
    return std::string(text);
}

Result<std::string> parse_endpoint(std::string_view text)
{
    const std::string_view shape = "is not the address of a collector, host:port or http://host:port/path";
    if (text.empty())
        return std::string();
    if (is_url(text)) {
        const auto url = parse_url(text);
        return url ? Result<std::string>(url->to_string()) : bad(std::string(shape), url.error().message);
    }
    const auto address = parse_host_port(text);
    if (!address)
        return bad(std::string(shape), address.error().message);
    if (address->port == 0)
        return bad(std::string(shape), "port 0 is not a port of a server");
    return address->to_string();
}

Result<std::string> parse_phrase(std::string_view text)
{
    if (text.find_first_not_of(' ') == std::string_view::npos || text.size() > longest_phrase
        || std::any_of(text.begin(), text.end(), is_control))
        return bad(fmt::format("is not a text of one line and 1 to {} bytes", longest_phrase));
    return std::string(text);
}

Result<std::string> parse_header_name(std::string_view text)
{
    std::string name(text);
    for (char& c : name)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool is_token = !name.empty() && name.size() <= 128 && std::all_of(name.begin(), name.end(), [](char c) {
        return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.';
    });
    if (!is_token)
        return bad("a header's name has letters, digits, '-', '_' and '.' only");
    if (std::find(set_by_protocols.begin(), set_by_protocols.end(), name) != set_by_protocols.end()
        || name.starts_with("grpc-"))
        return bad(fmt::format("the header '{}' is set by the protocol itself", name));
    if (name.ends_with("-bin"))
        return bad(fmt::format("the header '{}' would be binary, which cannot be written here", name));
    return name;
}

Result<std::string> parse_header_value(std::string_view text)
{
    if (text == secret_mask)
        return bad(
            "is the mask that --print-config shows; put the value itself, a ${VARIABLE} or ${keychain:NAME} there");
    if (text.empty())
        return bad("is empty; give a value or remove the header");
    const bool is_printable = std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7F; });
    if (!is_printable || text.starts_with(' ') || text.ends_with(' ') || text.size() > longest_header)
        return bad("has a line break, a character outside ASCII or a space at one end, which no header has");
    return std::string(text);
}

Result<void> complete_endpoint(Exporter& exporter)
{
    auto& endpoint = exporter.endpoint;
    if (endpoint.empty())
        return {};
    const auto url = is_url(endpoint) ? parse_url(endpoint) : Result<Url>(bad({}));
    if (exporter.type == ExporterType::otlp && url && !url->path.empty())
        return bad("has a path, which OTLP over gRPC has not; OTLP over HTTP is type otlp_http");
    if (exporter.type != ExporterType::otlp_http)
        return {};
    if (!url)
        return bad("is not a URL, such as http://localhost:4318/v1/traces; host:port alone is for type otlp");
    if (url->path.empty())
        endpoint += traces_path;
    return {};
}

bool exposes_headers(const Exporter& exporter)
{
    if (exporter.headers.empty() || exporter.endpoint.empty())
        return false;
    if (const auto url = is_url(exporter.endpoint) ? parse_url(exporter.endpoint) : Result<Url>(bad({})))
        return !url->tls && !is_loopback_host(url->host);
    const auto address = parse_host_port(exporter.endpoint);
    return address && exporter.insecure && !is_loopback_host(address->host);
}

Result<void> check_metrics_address(const Metrics& metrics, std::string_view listen)
{
    if (metrics.address.empty())
        return {};
    const auto address = parse_host_port(metrics.address);
    if (!address)
        return bad("is not an address to listen on", address.error().message);
    if (!metrics.allow_remote && !is_loopback_host(address->host))
        return bad("can be reached from other machines, and asks nobody for a key: listen on 127.0.0.1, [::1] or "
                   "localhost, or set allow_remote: true");
    if (const auto own = parse_host_port(listen); own && collide(*address, *own))
        return bad("is where the gateway itself listens, which has these pages already; take another port");
    return {};
}

} // namespace tokenscope::config
