// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "telemetry/capture/capture_ring.h"
#include "telemetry/live/live_board.h"
#include "telemetry/metrics.h"
#include "telemetry/observers.h"
#include "telemetry/request_observation.h"
#include "telemetry/tracing/tracer.h"

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::bench {

/// Where the traffic is recorded: what the gateway has in its GatewayServices.
struct TrafficParts {
    telemetry::Metrics& metrics;
    const telemetry::Observers& observers;
    const telemetry::Tracer& tracer;
    telemetry::CaptureRing& captures;
    ManualClock& clock;
};

/// Model requests of a busy gateway, told to its telemetry as the gateway's middleware and providers do, by a clock that is turned:
/// replies whole and streamed, some of them very long, one in ten an error, bodies captured, models that come and go, and names that
/// clients make up.
class MemoryTraffic {
public:
    static constexpr int requests_per_second = 50;

    explicit MemoryTraffic(const TrafficParts& parts);
    ~MemoryTraffic();

    /// A second goes by: so many requests begin, and those in flight go on.
    void second();
    std::uint64_t begun() const { return m_begun; }

private:
    struct Flight;
    enum class Fate { good, unknown_model, refused, timeout, client_gone };

    void begin();
    void choose(Flight& flight);
    void call_provider(Flight& flight);
    /// False once it has ended.
    bool go_on(Flight& flight);
    void chunk(Flight& flight);
    void end(Flight& flight);
    void now_and_then();
    std::uint64_t below(std::uint64_t count) { return m_random() % count; }

    const TrafficParts m_parts;
    std::minstd_rand m_random{1};
    std::vector<std::unique_ptr<Flight>> m_flights;
    std::uint64_t m_begun = 0;
    std::uint64_t m_seconds = 0;
};

} // namespace tokenscope::bench
