// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/request_context.h"

#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::gateway {

/// Finds the handler of a request by method and path, and names its route template.
class Router {
public:
    /// `path` is literal except for one "{id}", which takes one segment of the path; at its end, the rest of the path. The
    /// route added first counts. `path` is also the metrics' label.
    /// A GET route answers HEAD as well.
    void add(std::string_view method, std::string_view path, Handler handler);

    /// Sets `context.route` and runs the handler; else answers 404, or 405 with Allow.
    net::Task<void> operator()(RequestContext& context) const;

    /// The route template of a path, or "<unmatched>". The view holds as long as the router.
    std::string_view route_of(std::string_view target) const;

private:
    struct Route {
        std::string method;
        std::string path;
        Handler handler;
    };
    static bool matches(const Route& route, std::string_view path);

    std::vector<Route> m_routes;
};

/// The path of a request target, without its query.
std::string_view path_of(std::string_view target);

} // namespace tokenscope::gateway
