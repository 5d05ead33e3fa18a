// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "telemetry/logging/log.h"
#include "telemetry/tracing/span.h"
#include "telemetry/tracing/span_exporter.h"
#include "telemetry/tracing/span_metrics.h"
#include "telemetry/tracing/span_sink.h"
#include "telemetry/tracing/trace_ids.h"

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace tokenscope::test {

/// Keeps what is finished.
class KeepingSink final : public telemetry::SpanSink {
public:
    void finished(const telemetry::TraceFacts& trace) override
    {
        traces.push_back(trace.spans());
        lost += trace.lost();
    }
    std::vector<telemetry::TraceSpans> traces;
    std::size_t lost = 0;
};

class CountingSpanMetrics final : public telemetry::SpanMetrics {
public:
    void dropped(telemetry::SpanLoss why, std::uint64_t spans) override
    {
        const std::scoped_lock lock(m_mutex);
        m_dropped[why] += static_cast<int>(spans);
    }
    std::map<telemetry::SpanLoss, int> by_cause() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_dropped;
    }
    int all() const
    {
        int sum = 0;
        for (const auto& [why, count] : by_cause())
            sum += count;
        return sum;
    }

private:
    mutable std::mutex m_mutex;
    std::map<telemetry::SpanLoss, int> m_dropped;
};

/// What an exporter was given, and what it answers. Shared, since the exporter itself belongs to its user.
struct ExporterScript {
    using Outcome = telemetry::ExportOutcome;
    /// By attempt, from 0; runs on the exporter's thread.
    std::function<Outcome(std::size_t attempt, std::chrono::milliseconds timeout, CancelToken cancel)> answer =
        [](auto...) { return Outcome{}; };

    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::vector<std::string>> attempts; ///< names of the spans of each

    std::size_t tried()
    {
        const std::scoped_lock lock(mutex);
        return attempts.size();
    }
    std::size_t spans_sent()
    {
        const std::scoped_lock lock(mutex);
        std::size_t sum = 0;
        for (const auto& names : attempts)
            sum += names.size();
        return sum;
    }
};

class ScriptedExporter final : public telemetry::SpanExporter {
public:
    explicit ScriptedExporter(std::shared_ptr<ExporterScript> script) : m_script(std::move(script)) {}

    telemetry::ExportOutcome send(std::span<const telemetry::SpanData> spans, std::chrono::milliseconds timeout,
                                  CancelToken cancel) override
    {
        std::size_t attempt = 0;
        {
            const std::scoped_lock lock(m_script->mutex);
            auto& names = m_script->attempts.emplace_back();
            for (const auto& span : spans)
                names.push_back(span.name);
            attempt = m_script->attempts.size() - 1;
        }
        m_script->changed.notify_all();
        return m_script->answer(attempt, timeout, std::move(cancel));
    }

private:
    std::shared_ptr<ExporterScript> m_script;
};

/// Blocks as a collector that never answers does: until it is cancelled or the time is over.
inline telemetry::ExportOutcome never_answer(std::chrono::milliseconds timeout, const CancelToken& cancel)
{
    std::mutex mutex;
    std::condition_variable changed;
    bool over = false;
    const auto registration = cancel.on_cancel([&] {
        const std::scoped_lock lock(mutex);
        over = true;
        changed.notify_all();
    });
    std::unique_lock lock(mutex);
    changed.wait_for(lock, timeout, [&] { return over; });
    return {.kind = telemetry::ExportOutcome::Kind::try_again, .message = "The collector did not answer."};
}

/// Keeps what is finished last, as it is.
class FactsSink final : public telemetry::SpanSink {
public:
    void finished(const telemetry::TraceFacts& trace) override
    {
        const auto bytes = trace.bytes();
        std::shared_ptr<char[]> block(new char[bytes.size()]);
        bytes.copy(block.get(), bytes.size());
        last.emplace(block, std::string_view(block.get(), bytes.size()));
    }
    std::optional<telemetry::KeptTrace> last;
};

/// A request's spans with these names, all below the first.
inline telemetry::KeptTrace trace_of(const std::vector<std::string>& names,
                                     const telemetry::TraceId& id = telemetry::new_trace_id(),
                                     const Clock& clock = ManualClock())
{
    FactsSink sink;
    {
        const telemetry::TraceContext context{.trace_id = id, .span_id = telemetry::new_span_id(), .tracestate = {}};
        telemetry::Span root(std::make_unique<telemetry::TraceBuffer>(sink, clock, context, telemetry::SpanId{}),
                             telemetry::SpanKind::server, clock.now(), context.span_id);
        root.rename({names.at(0)});
        for (std::size_t i = 1; i < names.size(); ++i)
            root.child("span").rename({names[i]});
    }
    return sink.last.value();
}

inline telemetry::KeptTrace trace_of(std::size_t count)
{
    return trace_of(std::vector<std::string>(count, "span"));
}

/// A log that keeps its lines.
class KeptLog {
public:
    KeptLog()
    {
        telemetry::LogOptions options;
        options.to_stderr = false;
        options.sink = [this](std::string_view line) {
            const std::scoped_lock lock(m_mutex);
            m_lines.emplace_back(line);
        };
        m_log = std::make_unique<telemetry::Logger>(std::move(options));
    }
    telemetry::Logger& log() { return *m_log; }
    /// How many lines hold `text`.
    int count(std::string_view text)
    {
        m_log->flush();
        const std::scoped_lock lock(m_mutex);
        int found = 0;
        for (const auto& line : m_lines)
            found += line.find(text) != std::string::npos ? 1 : 0;
        return found;
    }

private:
    std::mutex m_mutex;
    std::vector<std::string> m_lines;
    std::unique_ptr<telemetry::Logger> m_log;
};

} // namespace tokenscope::test
