// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/comparison.h"

#include "query/matcher.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace tokenscope::sources {

namespace {

constexpr double absent = std::numeric_limits<double>::quiet_NaN();

struct Percentile {
    double quantile;
    std::string_view label; ///< as the sources write it
    std::string_view name;
};
constexpr std::array percentiles{Percentile{0.5, "0.5", "p50"}, Percentile{0.95, "0.95", "p95"}};

constexpr std::array<std::string_view, 8> first_token_metrics{
    "vllm:time_to_first_token_seconds",
    "sglang:time_to_first_token_seconds",
    "gen_ai_server_time_to_first_token_seconds",
    "gen_ai_server_time_to_first_token",
    "gen_ai_client_operation_time_to_first_chunk_seconds",
    "litellm_llm_api_time_to_first_token_metric",
    "bifrost_stream_first_token_latency_seconds",
    "aigateway_first_token_latency_seconds",
};

constexpr std::array<std::string_view, 8> total_metrics{
    "vllm:e2e_request_latency_seconds",
    "sglang:e2e_request_latency_seconds",
    "tgi_request_duration",
    "gen_ai_server_request_duration_seconds",
    "gen_ai_server_request_duration",
    "litellm_request_total_latency_metric",
    "bifrost_upstream_latency_seconds",
    "aigateway_total_latency_seconds",
};

bool is_this_machine(std::string_view host)
{
    return host == "localhost" || host.starts_with("127.") || host == "::1" || host == "0:0:0:0:0:0:0:1" || host == "::"
           || host == "0.0.0.0";
}

std::string_view usual_port(std::string_view scheme)
{
    return scheme == "http" ? "80" : scheme == "https" ? "443" : "";
}

std::string lower(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return result;
}

/// As a number, so that 08000 is 8000; 0 where it is no port.
unsigned port_number(std::string_view text)
{
    unsigned port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc() && end == text.data() + text.size() && port <= 65'535 ? port : 0;
}

/// One line of an answer, which may be missing.
struct Line {
    const query::Frame& frame;
    const query::Column* column = nullptr;

    double at(std::int64_t time) const
    {
        const auto found = std::ranges::lower_bound(frame.times, time);
        const auto row = static_cast<std::size_t>(found - frame.times.begin());
        return column && row < column->values.size() ? column->values[row] : absent;
    }
};

Line percentile_line(const query::Frame& frame, std::string_view quantile)
{
    const auto found = std::ranges::find_if(frame.columns, [&](const query::Column& column) {
        const auto label = column.labels.find("quantile");
        return label != column.labels.end() && label->second == quantile;
    });
    return {frame, found == frame.columns.end() ? nullptr : &*found};
}

Line only_line(const query::Frame& frame)
{
    return {frame, frame.columns.empty() ? nullptr : &frame.columns.front()};
}

/// `quantile`: empty for the mean.
void add_columns(query::Frame& frame, std::string_view measure, std::string_view quantile, const Line& client,
                 const Line& server)
{
    const auto column = [&](const std::string& side) {
        query::Column made{.name = side + " " + std::string(measure), .labels = {{"of", side}}, .values = {}};
        if (!quantile.empty())
            made.labels.emplace("quantile", quantile);
        return made;
    };
    auto ours = column("client");
    auto theirs = column("server");
    auto gap = column("gap");
    for (const auto time : frame.times) {
        ours.values.push_back(client.at(time));
        theirs.values.push_back(server.at(time));
        gap.values.push_back(ours.values.back() - theirs.values.back());
    }
    for (auto* part : {&ours, &theirs, &gap})
        frame.columns.push_back(std::move(*part));
}

LatencyQueries latency_queries(const std::string& metric)
{
    LatencyQueries queries{.mean = {.metric = metric, .function = query::Function::mean},
                           .percentiles = {.metric = metric, .function = query::Function::quantile}};
    for (const auto& percentile : percentiles)
        queries.percentiles.quantiles.push_back(percentile.quantile);
    queries.mean.window = queries.percentiles.window = std::chrono::minutes(2);
    return queries;
}

} // namespace

std::string server_address(std::string_view url)
{
    auto text = lower(url);
    std::string scheme;
    if (const auto end = text.find("://"); end != std::string::npos) {
        scheme = text.substr(0, end);
        text = text.substr(end + 3);
    }
    text = text.substr(0, text.find_first_of("/?#"));
    if (const auto user = text.rfind('@'); user != std::string::npos)
        text = text.substr(user + 1);
    std::string host = text;
    std::string port;
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string::npos)
            return {};
        host = text.substr(1, close - 1);
        if (close + 1 < text.size() && text[close + 1] == ':')
            port = text.substr(close + 2);
    } else if (const auto colon = text.rfind(':'); colon != std::string::npos) {
        host = text.substr(0, colon);
        port = text.substr(colon + 1);
    }
    const auto number = port_number(port.empty() ? usual_port(scheme) : std::string_view(port));
    if (host.empty() || number == 0)
        return {};
    if (is_this_machine(host))
        host = "127.0.0.1";
    else if (host.find(':') != std::string::npos)
        host = "[" + host + "]";
    return host + ":" + std::to_string(number);
}

std::span<const std::string_view> server_metrics(Latency latency)
{
    if (latency == Latency::first_token)
        return first_token_metrics;
    return total_metrics;
}

std::string server_metric(Latency latency, const MetricNames& names)
{
    for (const auto metric : server_metrics(latency)) {
        if (names.contains(std::string(metric) + "_bucket"))
            return std::string(metric);
    }
    return {};
}

LatencyQueries client_queries(Latency latency, const std::string& backend)
{
    const bool first = latency == Latency::first_token;
    auto queries = latency_queries(first ? "aigateway_first_token_latency_seconds" : "aigateway_total_latency_seconds");
    for (auto* query : {&queries.mean, &queries.percentiles}) {
        query->where["backend"] = query::matcher_text(query::MatchKind::equal, backend);
        if (!first)
            query->where["status"] = "success";
    }
    return queries;
}

LatencyQueries server_queries(const std::string& metric, const std::string& instance)
{
    auto queries = latency_queries(metric);
    if (!instance.empty()) {
        for (auto* query : {&queries.mean, &queries.percentiles})
            query->where["instance"] = query::matcher_text(query::MatchKind::equal, instance);
    }
    return queries;
}

query::Frame side_by_side(const LatencyFrames& client, const LatencyFrames& server)
{
    query::Frame frame{.times = client.mean.times, .columns = {}, .warnings = {}};
    const auto answers = {&client.mean, &client.percentiles, &server.mean, &server.percentiles};
    for (const auto* answer : answers) {
        std::erase_if(frame.times, [&](std::int64_t time) { return !std::ranges::binary_search(answer->times, time); });
        for (const auto& warning : answer->warnings) {
            if (std::ranges::find(frame.warnings, warning) == frame.warnings.end())
                frame.warnings.push_back(warning);
        }
    }
    add_columns(frame, "mean", {}, only_line(client.mean), only_line(server.mean));
    for (const auto& [quantile, label, name] : percentiles)
        add_columns(frame, name, label, percentile_line(client.percentiles, label),
                    percentile_line(server.percentiles, label));
    return frame;
}

} // namespace tokenscope::sources
