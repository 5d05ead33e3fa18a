// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "config/observability.h"
#include "gateway/reply_keeper.h"
#include "gateway/request_context.h"
#include "gateway/router.h"
#include "telemetry/exposition.h"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace tokenscope::gateway {

/// The pages with all metrics, at observability.metrics.path (default /metrics): Prometheus' text format or OpenMetrics,
/// whichever the client's Accept prefers, and JSON at path + ".json"; zipped where the client takes that. Where the
/// configuration has metrics off they are 404 and say so.
///
/// On the gateway's own address they are routes like all others: where client keys are configured they need one, which a
/// scraper sends as a bearer token. On observability.metrics.address, which serves nothing else but /health, they need
/// none: scrapers often cannot send one. They tell which providers, models and clients there are and how they are used, so
/// that address is a loopback one unless the configuration says otherwise. Host and Origin are checked on both.
///
/// Pages are written on a thread of their own, so that no stream waits for one. Used on the I/O thread.
class MetricsPages {
public:
    struct Parts {
        const std::function<telemetry::Snapshot()>& snapshot; ///< called on the writer's thread
        const ReplyKeeper& keeper;
        const Clock& clock;
        boost::asio::any_io_executor writer;
        std::function<std::string()> gateway_url; ///< for those who ask the pages' own address for something else
    };

    /// All of `parts` must outlive it and its requests.
    MetricsPages(const config::Observability& settings, Parts parts);

    /// On the gateway's own address.
    void add_routes(Router& router);
    /// Serves the pages' own address.
    net::Task<void> serve_alone(RequestContext& context);
    /// The template of a route of the pages' own address (see Router::route_of).
    std::string_view route_of(std::string_view target) const { return m_alone.route_of(target); }

    /// Where the pages are.
    std::set<std::string, std::less<>> paths() const { return {m_path, json_path()}; }

private:
    using Write = std::function<std::string()>;

    std::string json_path() const { return m_path + ".json"; }
    net::Task<void> text(RequestContext& context);
    net::Task<void> json(RequestContext& context);
    net::Task<void> reply(RequestContext& context, std::string_view type, std::string_view vary, Write write);

    const std::string m_path;
    const std::string m_why_not; ///< why there are no pages; empty: there are
    const Parts m_parts;
    Router m_alone;
};

/// What `accept`, an Accept field's value, prefers: the format with the higher weight, then the one named more exactly, then
/// the one named first. The text format where it names neither, or nothing.
telemetry::TextFormat preferred_format(std::string_view accept);

/// GET /health: the process lives.
net::Task<void> reply_healthy(RequestContext& context);

} // namespace tokenscope::gateway
