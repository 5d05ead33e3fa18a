// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "config/config.h"
#include "gateway/gateway.h"
#include "latency_sketches.h"
#include "own_key.h"
#include "query/series_store.h"
#include "records.h"
#include "sampling.h"
#include "sources/local_source.h"
#include "telemetry/capture/capture_ring.h"
#include "telemetry/live/live_board.h"
#include "telemetry/logging/log.h"
#include "telemetry/metrics.h"
#include "telemetry/tracing/span_pipeline.h"

#include <memory>
#include <string>

namespace tokenscope::app {

class DemoTraffic;

/// Everything but the windows, made in the order of its dependencies and taken down in reverse: no new requests, drain,
/// then the samplers, then the store. The same for both programs.
class Composition {
public:
    struct Options {
        config::Config config;
        telemetry::LogOptions log;
        std::string qt_version; ///< for tokenscope_build_info; empty in the headless program
        bool demo_traffic = false;
        bool charts = false; ///< somebody looks at what local_source() answers; else nothing is kept for it
    };

    explicit Composition(Options options);
    ~Composition();

    /// Starts the gateway. On an error (a port that is taken) everything else runs all the same.
    Result<void> start();
    void stop(); ///< ends the gateway; the last numbers stay readable
    /// Goes on with another configuration, or leaves everything as it is (see Gateway::apply). Any thread.
    Result<void> apply(config::Config config);

    std::string gateway_url() const { return m_gateway.base_url(); }
    std::string metrics_url() const { return m_gateway.metrics_url(); } ///< see Gateway::metrics_url
    /// The Authorization value for requests of our own; empty while the gateway asks nobody for a key. Any thread.
    std::string authorization() const { return m_own_key.authorization(); }
    sources::LocalSource& local_source() { return m_local; }
    telemetry::RequestLog& requests() { return m_records.log(); }
    const telemetry::SpanStore& traces() const { return m_spans.store(); }
    /// The next two are null where nobody looks (Options::charts).
    const telemetry::LiveRequests* live() const { return m_live.get(); }
    const telemetry::CaptureRing* captures() const { return m_captures.get(); }
    telemetry::Logger& log() { return m_log; }

private:
    telemetry::TokenMetrics& tokens(bool charts);
    telemetry::RequestMetrics& requests(bool charts);
    void adopt(const config::Charts& charts);
    void start_traffic();
    void start_exporting();
    void tell_of_pages(); ///< in the log, where the metrics have an address of their own

    const bool m_demo_traffic_wanted;
    const config::Config m_first_config;
    SystemClock m_clock;
    telemetry::Logger m_log;
    OwnKey m_own_key;
    telemetry::Metrics m_metrics;
    Records m_records;
    telemetry::SpanPipeline m_spans;
    const std::unique_ptr<telemetry::LiveBoard> m_live;       ///< null: nobody looks
    const std::unique_ptr<telemetry::CaptureRing> m_captures; ///< null: nobody looks
    query::SeriesStore m_series;
    query::SketchStore m_sketches;
    LatencySketches m_sketched;
    sources::LocalSource m_local;
    Sampling m_sampling;
    gateway::Gateway m_gateway;
    std::unique_ptr<DemoTraffic> m_traffic;
};

} // namespace tokenscope::app
