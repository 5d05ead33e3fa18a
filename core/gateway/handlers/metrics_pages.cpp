// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/handlers/metrics_pages.h"

#include "gateway/middleware/refusal.h"
#include "net/gzip.h"
#include "net/weighted_list.h"

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>

#include <array>
#include <exception>
#include <tuple>
#include <utility>

namespace tokenscope::gateway {

namespace {

/// Below that a reply is one packet anyway.
constexpr std::size_t least_to_zip = 1'024;

struct Page {
    std::string body;
    bool zipped = false;
};

net::Task<Page> make_page(std::function<std::string()> write, bool zip)
{
    Page page{.body = write()};
    if (zip && page.body.size() >= least_to_zip)
        if (auto zipped = net::gzip(page.body))
            page = {.body = std::move(*zipped), .zipped = true};
    co_return page;
}

std::string why_not(const config::Observability& settings)
{
    if (settings.metrics_on())
        return {};
    return fmt::format("There are no metrics: {} is false in the gateway's configuration.",
                       settings.enabled ? "observability.metrics.enabled" : "observability.enabled");
}

/// How much a client wants a format; the greater the better.
using Rank = std::tuple<double, int, std::ptrdiff_t>;
constexpr Rank unwanted{0, 0, 0};

/// How exactly a member of Accept names the format: 3 by its version, 2 by its type, 1 and 0 by a wildcard, -1 not at all.
int exactness(const net::WeightedItem& item, telemetry::TextFormat format)
{
    const bool openmetrics = format == telemetry::TextFormat::openmetrics;
    if (item.name == "*/*")
        return 0;
    if (net::same_header(item.name, openmetrics ? "application/*" : "text/*"))
        return 1;
    if (!net::same_header(item.name, openmetrics ? "application/openmetrics-text" : "text/plain"))
        return -1;
    const auto version = item.parameter("version");
    if (version.empty())
        return 2;
    return version == (openmetrics ? "1.0.0" : "0.0.4") ? 3 : -1;
}

/// By the member that names it most exactly, whatever the weight of the others (RFC 9110, 12.5.1).
Rank rank(const std::vector<net::WeightedItem>& items, telemetry::TextFormat format)
{
    int most = -1;
    Rank best = unwanted;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const int exact = exactness(items[i], format);
        if (exact <= most)
            continue;
        most = exact;
        best = items[i].weight > 0 ? Rank{items[i].weight, exact, -static_cast<std::ptrdiff_t>(i)} : unwanted;
    }
    return best;
}

} // namespace

telemetry::TextFormat preferred_format(std::string_view accept)
{
    using enum telemetry::TextFormat;
    const auto items = net::weighted_list(accept);
    return rank(items, openmetrics) > rank(items, prometheus) ? openmetrics : prometheus;
}

net::Task<void> reply_healthy(RequestContext& context)
{
    net::Response response{
        .status = 200, .headers = {{"Content-Type", "application/json"}}, .body = "{\"status\":\"ok\"}\n"};
    co_await context.exchange.reply(std::move(response));
}

MetricsPages::MetricsPages(const config::Observability& settings, Parts parts)
    : m_path(settings.metrics.path), m_why_not(why_not(settings)), m_parts(std::move(parts))
{
    add_routes(m_alone);
    m_alone.add("GET", "/health", reply_healthy);
}

void MetricsPages::add_routes(Router& router)
{
    router.add("GET", m_path, [this](RequestContext& context) { return text(context); });
    router.add("GET", json_path(), [this](RequestContext& context) { return json(context); });
}

net::Task<void> MetricsPages::serve_alone(RequestContext& context)
{
    if (is_unreadable(context.exchange) || m_alone.route_of(context.exchange.target()) != "<unmatched>")
        return m_alone(context);
    return refuse(context, {.code = ErrorCode::route_not_found,
                            .message = fmt::format("At this address are only the metrics, at {} and {}, and /health. "
                                                   "The gateway itself is at {}.",
                                                   m_path, json_path(), m_parts.gateway_url())});
}

net::Task<void> MetricsPages::text(RequestContext& context)
{
    const auto format = preferred_format(net::joined_fields(context.exchange.headers(), "accept"));
    return reply(context, telemetry::content_type(format), "Accept, Accept-Encoding",
                 [&snapshot = m_parts.snapshot, format] { return telemetry::write_page(snapshot(), format); });
}

net::Task<void> MetricsPages::json(RequestContext& context)
{
    return reply(context, telemetry::json_content_type, "Accept-Encoding",
                 [&snapshot = m_parts.snapshot, time = m_parts.clock.wall(), facts = m_parts.keeper.facts()] {
                     return telemetry::write_json(snapshot(), time, facts);
                 });
}

net::Task<void> MetricsPages::reply(RequestContext& context, std::string_view type, std::string_view vary, Write write)
{
    if (!m_why_not.empty()) {
        Error error{.code = ErrorCode::route_not_found, .message = m_why_not};
        co_await refuse(context, std::move(error));
        co_return;
    }
    const auto encodings = net::joined_fields(context.exchange.headers(), "accept-encoding");
    auto making = make_page(std::move(write), net::accepts_gzip(encodings));
    auto [failed, page] = co_await boost::asio::co_spawn(m_parts.writer, std::move(making), net::awaiting);
    if (failed)
        std::rethrow_exception(failed);
    net::Response response{.status = 200,
                           .headers = {{"Content-Type", std::string(type)}, {"Vary", std::string(vary)}},
                           .body = std::move(page.body)};
    if (page.zipped)
        response.headers.emplace_back("Content-Encoding", "gzip");
    co_await context.exchange.reply(std::move(response));
}

} // namespace tokenscope::gateway
