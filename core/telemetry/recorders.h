// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/conversation_metrics.h"
#include "telemetry/gateway_metrics.h"
#include "telemetry/queue_metrics.h"
#include "telemetry/registry/fixed_series.h"
#include "telemetry/registry/series.h"
#include "telemetry/registry/series_bundles.h"
#include "telemetry/registry/total_series.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tokenscope::telemetry {

/// Makes the families of one registry, all under one cap and with their drops counted.
class SeriesFactory {
public:
    explicit SeriesFactory(Registry& registry)
        : m_registry(registry), m_dropped(registry, Metric::dropped_series, nullptr)
    {
    }

    template <typename T>
    Series<T> make(Metric id)
    {
        return Series<T>(m_registry, id, &m_dropped.at({spec(id).name}));
    }

    /// Of one whose series are known beforehand, `values` being those of its only label.
    template <typename T, std::size_t count = 1>
    FixedSeries<T, count> make_fixed(Metric id, const std::array<std::string_view, count>& values = {})
    {
        m_dropped.at({spec(id).name}); // at 0, like that of any other family
        return FixedSeries<T, count>(m_registry, id, values);
    }

    /// Of two that are a family's series taken together.
    TotalSeries make_totals(Metric times, Metric count, const Series<Histogram>& parts)
    {
        m_dropped.at({spec(times).name});
        m_dropped.at({spec(count).name});
        return {m_registry, times, count, parts};
    }

    /// For what several families count: by the bounds of `id`, one of them.
    Histogram::Context context(Metric id) const { return {spec(id), m_registry.clock()}; }

    LabelPool& labels() { return m_registry.labels(); }

private:
    Registry& m_registry;
    Series<Counter> m_dropped;
};

/// Family B, the conversation store.
class ConversationRecorder final : public ConversationMetrics {
public:
    explicit ConversationRecorder(SeriesFactory& factory);
    void operation(std::string_view operation, std::string_view backend, std::string_view status,
                   Nanos duration) override;
    void active(std::string_view backend, std::size_t count) override;

private:
    Series<Counter> m_operations;
    Series<Histogram> m_duration;
    Series<Gauge> m_active;
};

/// Refusals and retries of family F.
class GatewayRecorder final : public GatewayMetrics {
public:
    explicit GatewayRecorder(SeriesFactory& factory);
    void rate_limited(std::string_view key) override;
    void retried(std::string_view provider, std::string_view reason) override;

private:
    Series<Counter> m_rate_limited;
    Series<Counter> m_retries;
};

/// The queues of family F.
class QueueRecorder final : public QueueMetrics {
public:
    explicit QueueRecorder(SeriesFactory& factory);
    /// Makes the provider's series before its first request: its queue really is empty then.
    void declare(std::string_view provider);
    void depth(std::string_view provider, std::size_t waiting) override;
    void waited(std::string_view provider, Nanos wait) override;
    void rejected(std::string_view provider, std::string_view reason) override;

private:
    struct Bundle {
        Remembered<Gauge> depth;
        Remembered<Histogram> wait;
    };

    Series<Gauge> m_depth;
    Series<Histogram> m_wait;
    Series<Counter> m_rejected;
    Bundles<Bundle> m_bundles; ///< by provider
};

} // namespace tokenscope::telemetry
