// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/frame.h"
#include "query/query.h"

#include <set>
#include <span>
#include <string>
#include <string_view>

/// What a client of a model server waits for, as this gateway sees it, beside what the server itself reports. The difference is
/// the network, the gateway's upstream queue, and whatever stands between the two.
namespace tokenscope::sources {

/// "host:port" that an URL or a Prometheus `instance` ("host:port") names, to be compared: lower case, the scheme's port where
/// none is written, and this machine ("localhost", 127.x.x.x, "[::1]", and the addresses of all interfaces) as "127.0.0.1".
/// Empty where it names no host, or no port for want of a scheme.
std::string server_address(std::string_view url);

enum class Latency { first_token, total };

/// Histograms in seconds by which servers report it, in the order of preference.
std::span<const std::string_view> server_metrics(Latency latency);

using MetricNames = std::set<std::string, std::less<>>;
/// The first of them that there is, without "_bucket"; empty where there is none.
std::string server_metric(Latency latency, const MetricNames& names);

/// What is asked of each side.
struct LatencyQueries {
    query::Query mean;
    query::Query percentiles; ///< p50 and p95
};
/// Of one backend's requests that went well, by this process's own metrics.
LatencyQueries client_queries(Latency latency, const std::string& backend);
/// By the server's metric; of one instance, as a Prometheus calls it, or of all where that is empty.
LatencyQueries server_queries(const std::string& metric, const std::string& instance);

/// The answers to them.
struct LatencyFrames {
    query::Frame mean;
    query::Frame percentiles;
};
/// Both over the steps that all have, as the columns "client mean", "server mean", "gap mean", "client p50", ...: the gap is the
/// client's less the server's, with no value where either has none. Their labels are {"of", "client" | "server" | "gap"}
/// and, but for the mean, {"quantile", "0.5" | "0.95"}, so that a chart gives each side a hue: which one depends on these very
/// texts, and a test says that they can be told apart. What one side lacks is a column without values.
query::Frame side_by_side(const LatencyFrames& client, const LatencyFrames& server);

} // namespace tokenscope::sources
