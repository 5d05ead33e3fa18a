// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/archive/request_archive.h"

#include <QTemporaryDir>

#include <mutex>
#include <string>
#include <vector>

namespace tokenscope::test {

inline std::string path_in(const QTemporaryDir& folder, const char* name = "requests.db")
{
    return folder.filePath(QString::fromLatin1(name)).toStdString();
}

/// A record with a value in every field, no two the same.
inline telemetry::RequestRecord full_record(const Clock& clock)
{
    using namespace std::chrono_literals;
    telemetry::RequestRecord record;
    record.request_id = "req_1";
    record.trace_id = "0af7651916cd43dd8448eb211c80319c";
    record.sampled = true;
    record.route = "/v1/chat/completions";
    record.operation = "chat";
    record.client = "laptop";
    record.target = {.backend = "work", .model = "gpt-4o"};
    record.requested_model = "fast";
    record.genai_provider = "openai";
    record.response_model = "gpt-4o-2024-08-06";
    record.finish_reason = "stop";
    record.streamed = true;
    record.http_status = 200;
    record.status = telemetry::RequestStatus::success;
    record.end_reason = telemetry::EndReason::done;
    record.error = "none \"really\"";
    record.error_type = "upstream_5xx"; // which no good one has
    record.started = clock.wall();
    record.accepted = clock.now();
    const auto after = [&](Nanos time) { return record.accepted + time; };
    record.parsed = after(1ns);
    record.queued = after(2us);
    record.dequeued = after(3ms);
    record.connected = after(4ms);
    record.sent = after(5ms);
    record.first_byte = after(6ms);
    record.first_event = after(7ms);
    record.first_token = after(8ms);
    record.first_visible_token = after(9ms);
    record.last_token = after(10s);
    record.usage_seen = after(11s);
    record.last_event = after(11s + 1ns);
    record.provider_ended = after(11s + 2ns);
    record.ended = after(12s);
    record.chunks =
        telemetry::ChunkMarks{{after(8ms), 100, 1}, {after(8ms), 0, 0}, {after(10s), 4'000'000'000, 70'000}};
    record.chunk_count = 5000;
    record.chunk_gaps.add(8ms);
    record.chunk_gaps.add(10s);
    record.chunk_gaps.add(1h);
    record.stream_tokens = 4321;
    record.usage = {.prompt = 11,
                    .completion = 22,
                    .total = 33,
                    .cached = 4,
                    .reasoning = 5,
                    .cache_creation = 3,
                    .estimated = true};
    record.attempts = 3;
    for (std::size_t i = 0; i < record.stages.size(); i += 2) // every other one is absent
        record.stages[i] = Nanos(i * 1'000'003);
    record.cost = telemetry::Cost{.amount = 0.0123456789, .currency = "EUR"};
    return record;
}

inline telemetry::RequestRecord record_named(std::string id, WallTime started = {})
{
    telemetry::RequestRecord record;
    record.request_id = std::move(id);
    record.started = started;
    return record;
}

inline std::vector<std::string> ids(const std::vector<telemetry::RequestRecord>& records)
{
    std::vector<std::string> out;
    for (const auto& record : records)
        out.push_back(record.request_id);
    return out;
}

/// A logger whose lines can be asked for.
class LogLines {
public:
    /// Those with the words in them.
    QStringList with(const char* words)
    {
        log.flush();
        const std::scoped_lock lock(m_mutex);
        return m_lines.filter(QString::fromUtf8(words));
    }

private:
    void add(std::string_view line)
    {
        const std::scoped_lock lock(m_mutex);
        m_lines << QString::fromUtf8(line.data(), static_cast<qsizetype>(line.size()));
    }

    std::mutex m_mutex;
    QStringList m_lines;

public:
    telemetry::Logger log{{.to_stderr = false, .sink = [this](std::string_view line) { add(line); }}}; // last: it calls
};

} // namespace tokenscope::test
