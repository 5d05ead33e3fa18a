// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>

namespace tokenscope::config {

/// The Prometheus endpoint.
struct Metrics {
    bool enabled = true;           ///< false: nothing is recorded, and there is no page
    std::string path = "/metrics"; ///< of the text page; the JSON one is at path + ".json"
    /// host:port of a second listener that serves the pages alone; empty: none. Port 0 takes a free one.
    std::string address;
    bool allow_remote = false;     ///< whether `address` may be one that other machines can reach
    bool count_scrapes = false;    ///< whether reading the pages counts as a request
    std::size_t series_cap = 2000; ///< most series of one family

    bool operator==(const Metrics&) const = default;
};

enum class SamplerType { always, never, probability };

struct Sampler {
    SamplerType type = SamplerType::always;
    double rate = 0.1; ///< of probability: share of the traces that begin here; others go by their parent's flag

    bool operator==(const Sampler&) const = default;
};

enum class ExporterType { none, otlp, otlp_http, stdout_lines };

struct Exporter {
    ExporterType type = ExporterType::none; ///< none: traces are kept in memory only
    /// otlp: host:port or a URL without a path, otlp_http: a URL with one; empty: localhost:4317, or http://localhost:4318/v1/traces for otlp_http.
    std::string endpoint;
    bool insecure = true;                       ///< otlp without TLS; a URL's scheme counts for itself
    std::map<std::string, std::string> headers; ///< sent along, e.g. authorization; secrets

    bool operator==(const Exporter&) const = default;
};

struct Tracing {
    bool enabled = true;
    std::string service_name = "tokenscope";
    Sampler sampler;
    Exporter exporter;

    bool operator==(const Tracing&) const = default;
};

enum class RequestLogBackend { memory, sqlite };

/// Where the records of finished requests are kept, besides the newest in memory; never prompts or replies. And what the
/// console keeps of the exchanges themselves, in memory only.
struct RequestLog {
    RequestLogBackend backend = RequestLogBackend::memory;
    std::string path; ///< of the database; empty: $XDG_DATA_HOME/tokenscope/requests.db
    std::chrono::seconds ttl = std::chrono::hours(30 * 24);
    std::size_t memory = std::size_t{16} << 20;        ///< for the newest in memory
    bool bodies = true;                                ///< whether prompts and replies are kept for the console
    std::size_t capture_memory = std::size_t{8} << 20; ///< for headers and bodies; 0: none are kept

    bool operator==(const RequestLog&) const = default;
};

/// What the console's charts of this process are drawn from. The headless gateway keeps none of it.
struct Charts {
    std::chrono::milliseconds interval{1'000}; ///< between two samples of every metric
    /// Most bytes of all of it: four fifths for samples, one for the latencies of which quantiles are taken.
    std::size_t memory = std::size_t{80} << 20;

    std::size_t sketch_memory() const { return memory / 5; }
    std::size_t sample_memory() const { return memory - sketch_memory(); }
    bool operator==(const Charts&) const = default;
};

/// What is measured, and how it is read.
struct Observability {
    bool enabled = true; ///< of metrics and tracing; records of requests and log lines are made all the same
    Metrics metrics;
    Tracing tracing;
    RequestLog requests;
    Charts charts;
    std::string
        prices; ///< path of a price table; empty: $XDG_CONFIG_HOME/tokenscope/prices.json, else the built-in one

    bool metrics_on() const { return enabled && metrics.enabled; }
    /// Where the metrics pages are served besides; empty: nowhere.
    std::string pages_address() const { return metrics_on() ? metrics.address : std::string(); }
    bool tracing_on() const { return enabled && tracing.enabled; }
    bool operator==(const Observability&) const = default;
};

} // namespace tokenscope::config
