// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/tracing/span_pipeline.h"

#include "telemetry/tracing/stdout_exporter.h"

#include <utility>

namespace tokenscope::telemetry {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

SpanPipeline::SpanPipeline(Parts parts) : m_parts(std::move(parts)), m_store(m_parts.kept) {}

SpanPipeline::~SpanPipeline()
{
    stop(milliseconds(0));
}

Resource SpanPipeline::resource(const config::Tracing& settings) const
{
    return {.attributes = {{"service.name", settings.service_name}, {"service.version", m_parts.version}},
            .scope_name = "tokenscope",
            .scope_version = m_parts.version};
}

Result<std::unique_ptr<SpanExporter>> SpanPipeline::make_exporter(const config::Tracing& settings) const
{
    if (settings.exporter.type == config::ExporterType::stdout_lines)
        return std::make_unique<StdoutExporter>(resource(settings));
    if (!m_parts.make_exporter)
        return failure(ErrorCode::config,
                       "This program cannot send traces over the network. Choose the exporter stdout or "
                       "none.");
    return m_parts.make_exporter(settings.exporter, resource(settings));
}

Result<SpanPipeline::Next> SpanPipeline::prepare(const config::Observability& settings)
{
    Next next;
    next.settings = settings.tracing;
    if (!settings.tracing_on())
        next.settings.exporter = {};
    {
        const std::lock_guard lock(m_mutex);
        next.changed =
            next.settings.exporter != m_settings.exporter || next.settings.service_name != m_settings.service_name;
    }
    if (!next.changed || next.settings.exporter.type == config::ExporterType::none)
        return next;
    auto exporter = make_exporter(next.settings);
    if (!exporter)
        return failure(std::move(exporter.error()));
    next.processor =
        std::make_unique<BatchProcessor>(std::move(*exporter), m_parts.batching, m_parts.metrics, m_parts.log);
    return next;
}

void SpanPipeline::adopt(Next next)
{
    std::vector<std::unique_ptr<BatchProcessor>> over; // joined without the lock
    const std::lock_guard lock(m_mutex);
    m_settings = std::move(next.settings);
    if (!next.changed)
        return;
    auto retired = std::exchange(m_processor, std::move(next.processor));
    m_exporting = m_processor != nullptr;
    if (retired) {
        retired->finish();
        m_retired.push_back(std::move(retired));
    }
    std::erase_if(m_retired, [&over](auto& processor) {
        const bool ended = processor->ended();
        if (ended)
            over.push_back(std::move(processor));
        return ended;
    });
}

void SpanPipeline::finished(const TraceFacts& trace)
{
    auto kept = m_store.keep(trace);
    if (trace.lost() > 0)
        m_parts.metrics.dropped(SpanLoss::trace_full, trace.lost());
    if (!m_exporting)
        return;
    const std::lock_guard lock(m_mutex);
    if (m_processor)
        m_processor->add(std::move(kept));
}

void SpanPipeline::stop(milliseconds deadline)
{
    std::vector<std::unique_ptr<BatchProcessor>> all;
    {
        const std::lock_guard lock(m_mutex);
        all = std::move(m_retired);
        m_retired.clear();
        if (m_processor)
            all.push_back(std::move(m_processor));
        m_settings.exporter = {};
    }
    const auto until = steady_clock::now() + deadline;
    for (const auto& processor : all)
        processor->finish();
    for (const auto& processor : all)
        processor->stop(
            std::max(milliseconds(0), std::chrono::duration_cast<milliseconds>(until - steady_clock::now())));
}

} // namespace tokenscope::telemetry
