// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/request_recorder.h"

#include <cmath>

namespace tokenscope::telemetry {

namespace {

using Duration = std::optional<Nanos>;

// Inline: as calls they would cost more than what they do.

/// Absent where either end is not known, or they are in no order, which a request that was sent again may bring about.
inline Duration between(std::optional<Instant> from, std::optional<Instant> to)
{
    return from && to && *from <= *to ? Duration(*to - *from) : std::nullopt;
}

/// Of what is known; absent where nothing is.
inline Duration sum(Duration a, Duration b)
{
    if (!a || !b)
        return a ? a : b;
    return *a + *b;
}

inline Duration stage(const RequestRecord& record, Stage stage)
{
    return record.stages[static_cast<std::size_t>(stage)];
}

inline void observe(Single<Histogram>& histogram, Duration duration, std::string_view trace_id)
{
    if (duration)
        histogram.get().observe(seconds(*duration), trace_id);
}

} // namespace

RequestRecorder::RequestRecorder(SeriesFactory& factory)
    : m_traffic(factory), m_gen_ai(factory), m_bundles(factory.labels()), m_count(factory, Metric::request_count),
      m_latency(factory, Metric::request_latency), m_stages{{{factory, Metric::tokenizer_queue_wait},
                                                             {factory, Metric::tokenization},
                                                             {factory, Metric::model_queue_wait},
                                                             {factory, Metric::scheduler},
                                                             {factory, Metric::inference},
                                                             {factory, Metric::mp_queue_send},
                                                             {factory, Metric::mp_queue_receive},
                                                             {factory, Metric::grpc_deserialize},
                                                             {factory, Metric::grpc_serialize},
                                                             {factory, Metric::pipeline_overhead}}},
      m_queue_wait(factory, Metric::queue_wait_latency), m_overhead(factory, Metric::overhead_latency),
      m_parts(factory.make<Histogram>(Metric::overhead)), m_cost(factory.make<Counter>(Metric::cost))
{
}

void RequestRecorder::finished(const RequestRecord& record)
{
    record_model(record);
    m_count.get().increment();
    m_latency.get().observe(seconds(record.total()), record.exemplar());
    const auto admission = between(record.queued, record.dequeued);
    record_waits(record, admission);
    record_overhead(record, admission);
    record_cost(record);
}

void RequestRecorder::record_model(const RequestRecord& record)
{
    const auto labels = GenAiRecorder::labels_of(record);
    Bundles<Bundle>::Spare spare;
    auto& series = m_bundles.at(spare, record.target.backend, labels.operation, labels.provider, labels.request_model,
                                labels.response_model);
    m_traffic.record(record, series.traffic);
    m_gen_ai.record(record, labels, series.gen_ai);
}

void RequestRecorder::record_waits(const RequestRecord& record, Duration admission)
{
    const auto model_wait = sum(admission, stage(record, Stage::model_queue_wait));
    for (std::size_t i = 0; i < stage_count; ++i)
        if (record.stages[i] && i != static_cast<std::size_t>(Stage::model_queue_wait))
            m_stages[i].get().observe(seconds(*record.stages[i]), record.exemplar());
    observe(m_stages[static_cast<std::size_t>(Stage::model_queue_wait)], model_wait, record.exemplar());
    observe(m_queue_wait, sum(model_wait, stage(record, Stage::tokenizer_queue_wait)), record.exemplar());
}

inline void RequestRecorder::record_part(Part part, Duration duration)
{
    const auto i = static_cast<std::size_t>(part);
    if (duration)
        m_part_series[i].in(m_parts, part_names[i]).observe(seconds(*duration));
}

void RequestRecorder::record_overhead(const RequestRecord& record, Duration admission)
{
    const auto relay = between(record.provider_ended, record.ended);
    record_part(Part::parse, between(record.accepted, record.parsed));
    record_part(Part::queue, admission);
    // Of a request that was sent again, the first one's hand-over and the last one's connection: no time of ours.
    if (record.attempts == 1)
        record_part(Part::connect, between(record.dequeued, record.connected));
    record_part(Part::relay, relay);
    const auto before = between(record.accepted, record.queued);
    if (before && relay)
        observe(m_overhead, *before + *relay, record.exemplar());
}

void RequestRecorder::record_cost(const RequestRecord& record)
{
    // A counter cannot fall, and one infinite price would spoil it for good.
    if (record.cost && std::isfinite(record.cost->amount) && record.cost->amount >= 0)
        m_cost.at({record.target.backend, record.target.model, record.cost->currency}).increment(record.cost->amount);
}

} // namespace tokenscope::telemetry
