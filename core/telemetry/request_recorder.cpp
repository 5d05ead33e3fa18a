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

inline void observe(Histogram& histogram, Duration duration, std::string_view trace_id = {})
{
    if (duration)
        histogram.observe(*duration, trace_id);
}

} // namespace

RequestRecorder::RequestRecorder(SeriesFactory& factory)
    : m_traffic(factory), m_gen_ai(factory), m_bundles(factory.labels()),
      m_totals(factory.make_totals(Metric::request_latency, Metric::request_count, m_traffic.total())),
      m_admission_context(factory.context(Metric::overhead)),
      m_admission(m_admission_context), m_stages{factory.make_fixed<Histogram>(Metric::tokenizer_queue_wait),
                                                 factory.make_fixed<Histogram>(Metric::tokenization),
                                                 factory.make_fixed<Histogram>(Metric::model_queue_wait),
                                                 factory.make_fixed<Histogram>(Metric::scheduler),
                                                 factory.make_fixed<Histogram>(Metric::inference),
                                                 factory.make_fixed<Histogram>(Metric::mp_queue_send),
                                                 factory.make_fixed<Histogram>(Metric::mp_queue_receive),
                                                 factory.make_fixed<Histogram>(Metric::grpc_deserialize),
                                                 factory.make_fixed<Histogram>(Metric::grpc_serialize),
                                                 factory.make_fixed<Histogram>(Metric::pipeline_overhead)},
      m_queue_wait(factory.make_fixed<Histogram>(Metric::queue_wait_latency)),
      m_overhead(factory.make_fixed<Histogram>(Metric::overhead_latency)),
      m_parts(factory.make_fixed<Histogram>(Metric::overhead, part_names)), m_cost(factory.make<Amount>(Metric::cost))
{
    m_stages[static_cast<std::size_t>(Stage::model_queue_wait)].share(0, m_admission);
    m_queue_wait.share(0, m_admission);
    m_parts.share(queue, m_admission);
}

void RequestRecorder::finished(const RequestRecord& record)
{
    const auto trace = record.exemplar();
    record_model(record, trace);
    const auto admission = between(record.queued, record.dequeued);
    if (any(record.stages)) [[unlikely]]
        record_stages(record, admission);
    else if (admission)
        m_admission.observe(*admission, trace);
    record_overhead(record, trace);
}

// Apart from the rest: together they would need more registers than there are.
[[gnu::noinline]] void RequestRecorder::record_model(const RequestRecord& record, std::string_view trace)
{
    const auto labels = GenAiRecorder::labels_of(record);
    Bundles<Bundle>::Spare spare;
    auto& series = m_bundles.at(spare, record.target.backend, labels.operation, labels.provider, labels.request_model,
                                labels.response_model);
    const auto time = record.total();
    m_traffic.record(record, time, trace, series.traffic);
    m_gen_ai.record(record, time, trace, labels, series.gen_ai);
    if (record.cost)
        record_cost(record, series);
}

[[gnu::cold]] void RequestRecorder::record_stages(const RequestRecord& record, Duration admission)
{
    const auto time_of = [&record](Stage stage) { return record.stages[static_cast<std::size_t>(stage)]; };
    for (std::size_t i = 0; i < stage_count; ++i)
        if (i != static_cast<std::size_t>(Stage::model_queue_wait))
            observe(m_stages[i].get(), record.stages[i], record.exemplar());
    const auto model_queue = sum(admission, time_of(Stage::model_queue_wait));
    observe(m_stages[static_cast<std::size_t>(Stage::model_queue_wait)].get(), model_queue, record.exemplar());
    observe(m_queue_wait.get(), sum(model_queue, time_of(Stage::tokenizer_queue_wait)), record.exemplar());
    observe(m_parts[queue], admission);
}

[[gnu::always_inline]] inline void RequestRecorder::record_overhead(const RequestRecord& record, std::string_view trace)
{
    const auto relaying = between(record.provider_ended, record.ended);
    observe(m_parts[parse], between(record.accepted, record.parsed));
    // Of a request that was sent again, the first one's hand-over and the last one's connection: no time of ours.
    if (record.attempts == 1)
        observe(m_parts[connect], between(record.dequeued, record.connected));
    observe(m_parts[relay], relaying);
    const auto before = between(record.accepted, record.queued);
    if (before && relaying)
        m_overhead.get().observe(*before + *relaying, trace);
}

[[gnu::noinline]] void RequestRecorder::record_cost(const RequestRecord& record, Bundle& series)
{
    const auto& [backend, model] = record.target;
    const auto& [amount, currency] = *record.cost;
    // A counter cannot fall, and one infinite price would spoil it for good.
    if (!std::isfinite(amount) || amount < 0)
        return;
    // Prices are in dollars unless somebody has written a table of their own.
    auto& sum =
        currency == "USD" ? series.dollars.in(m_cost, backend, model, currency) : m_cost.at({backend, model, currency});
    sum.add(amount);
}

} // namespace tokenscope::telemetry
