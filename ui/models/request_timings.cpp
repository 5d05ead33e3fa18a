// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/request_timings.h"

#include "format/format.h"
#include "telemetry/request_figures.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace tokenscope::ui {

namespace {

using telemetry::RequestRecord;
using Kind = RequestPhase::Kind;

QString tr(const char* text)
{
    return QCoreApplication::translate("RequestTimings", text);
}

QString duration(std::optional<double> value)
{
    return formatValue(value, Unit::seconds).joined();
}

std::optional<double> between(const std::optional<Instant>& from, const std::optional<Instant>& to)
{
    if (!from || !to || *to < *from)
        return std::nullopt;
    return seconds(*to - *from);
}

struct Weighted {
    double value = 0;
    std::uint64_t count = 0;
};

std::optional<GapStats> statsOf(std::vector<Weighted> gaps)
{
    std::uint64_t count = 0;
    double sum = 0;
    for (const auto& gap : gaps) {
        count += gap.count;
        sum += gap.value * static_cast<double>(gap.count);
    }
    if (count == 0)
        return std::nullopt;
    std::sort(gaps.begin(), gaps.end(), [](const auto& a, const auto& b) { return a.value < b.value; });
    const auto rank = static_cast<std::uint64_t>(std::ceil(0.95 * static_cast<double>(count)));
    GapStats stats{sum / static_cast<double>(count), gaps.back().value, gaps.back().value};
    std::uint64_t seen = 0;
    for (const auto& gap : gaps) {
        seen += gap.count;
        if (seen >= rank) {
            stats.p95 = gap.value;
            break;
        }
    }
    return stats;
}

void addGaps(std::vector<Timing>& rows, const QString& what, const std::optional<GapStats>& stats,
             const QString& definition)
{
    const auto row = [&](const QString& which, std::optional<double> value) {
        rows.push_back({what + QStringLiteral(", ") + which, duration(value), definition});
    };
    row(tr("mean"), stats ? std::optional(stats->mean) : std::nullopt);
    row(tr("p95"), stats ? std::optional(stats->p95) : std::nullopt);
    row(tr("longest"), stats ? std::optional(stats->longest) : std::nullopt);
}

} // namespace

QString phaseName(Kind kind)
{
    switch (kind) {
    case Kind::reading: return tr("Reading");
    case Kind::preparing: return tr("Preparing");
    case Kind::queue: return tr("Queue");
    case Kind::connect: return tr("Connect");
    case Kind::sending: return tr("Sending");
    case Kind::waiting: return tr("First token");
    case Kind::receiving: return tr("Receiving");
    case Kind::streaming: return tr("Streaming");
    case Kind::tail: return tr("Tail");
    }
    return {};
}

QString phaseExplanation(Kind kind)
{
    switch (kind) {
    case Kind::reading: return tr("The gateway reads the request's body.");
    case Kind::preparing: return tr("The gateway looks up the model and its provider.");
    case Kind::queue: return tr("The request is queued for a place at its provider.");
    case Kind::connect: return tr("From the line to a connection; with several attempts, the earlier ones as well.");
    case Kind::sending: return tr("The request is written to the provider.");
    case Kind::waiting: return tr("The provider reads the prompt (prefill), up to the first token.");
    case Kind::receiving: return tr("The reply comes, in one piece.");
    case Kind::streaming: return tr("From the first to the last token (decode).");
    case Kind::tail: return tr("After the last token: usage, the end of the stream, the connection's close.");
    }
    return {};
}

std::vector<RequestPhase> phasesOf(const RequestRecord& record)
{
    struct Mark {
        std::optional<Instant> at;
        Kind then;
    };
    const bool piece = !record.first_token.has_value();
    const Mark marks[] = {
        {record.parsed, Kind::preparing},      {record.queued, Kind::queue},
        {record.dequeued, Kind::connect},      {record.connected, Kind::sending},
        {record.sent, Kind::waiting},          {piece ? record.first_byte : std::nullopt, Kind::receiving},
        {record.first_token, Kind::streaming}, {record.last_token, Kind::tail},
    };
    std::vector<RequestPhase> phases;
    double at = 0;
    auto kind = Kind::reading;
    const auto upTo = [&](double to) {
        if (to > at)
            phases.push_back({kind, at, to});
        at = std::max(at, to);
    };
    for (const auto& mark : marks) {
        if (!mark.at)
            continue;
        // Where there is no line to stand in, the way from the look-up leads to the connection.
        if (kind == Kind::preparing && mark.then == Kind::sending)
            kind = Kind::connect;
        upTo(seconds(*mark.at - record.accepted));
        kind = mark.then;
    }
    upTo(seconds(record.total()));
    return phases;
}

std::optional<GapStats> tokenGaps(const RequestRecord& record)
{
    std::vector<Weighted> gaps;
    const telemetry::ChunkMark* previous = nullptr;
    const auto chunks = record.chunks.marks();
    for (const auto& chunk : *chunks) {
        if (chunk.tokens == 0)
            continue;
        if (previous)
            gaps.push_back({seconds(chunk.at - previous->at) / chunk.tokens, chunk.tokens});
        else if (chunk.tokens > 1)
            gaps.push_back({0, chunk.tokens - 1});
        previous = &chunk;
    }
    return statsOf(std::move(gaps));
}

std::optional<GapStats> chunkGaps(const RequestRecord& record)
{
    std::vector<Weighted> gaps;
    const auto chunks = record.chunks.marks();
    for (std::size_t i = 1; i < chunks->size(); ++i)
        gaps.push_back({seconds((*chunks)[i].at - (*chunks)[i - 1].at), 1});
    return statsOf(std::move(gaps));
}

std::vector<Timing> timingsOf(const RequestRecord& record)
{
    const std::optional accepted(record.accepted);
    std::vector<Timing> rows{
        {tr("Total"), duration(seconds(record.total())), tr("From the accept to the end of the reply.")},
        {tr("Time to first token"), duration(between(accepted, record.first_token)),
         tr("TTFT: from the accept to the first text, reasoning or tool call that is not empty. Time in the queue "
            "counts.")},
        {tr("… at the provider"), duration(between(record.sent, record.first_token)),
         tr("Upstream TTFT: from the request's last byte sent to the first token; without queue and connect.")},
        {tr("Time to first visible token"), duration(between(accepted, record.first_visible_token)),
         tr("TTFO: from the accept to the first token that is not reasoning (as AIPerf has it).")},
        {tr("Time per output token"), duration(time_per_output_token(record)),
         tr("TPOT = (last token − first token) / (output tokens − 1): vLLM's definition; AIPerf calls it ITL. The "
            "first "
            "token does not count, unlike GuideLLM's TPOT.")},
    };
    const auto marks = record.chunks.marks()->size();
    const QString kept = record.chunk_count == marks ? QString()
                         : marks == 0                ? QLatin1Char(' ') + tr("The chunks are no longer in memory.")
                                                     : QLatin1Char(' ') + tr("Of the first %1 chunks.").arg(marks);
    addGaps(rows, tr("Between tokens"), tokenGaps(record),
            tr("ITL: the gap before each chunk divided by its tokens, counted once for every token (SGLang's rule).")
                + kept);
    addGaps(rows, tr("Between chunks"), chunkGaps(record),
            tr("ICL: the raw gaps between chunks, as vLLM's bench counts its ITL.") + kept);
    rows.push_back({tr("Output speed"), formatValue(output_speed(record), Unit::tokensPerSecond).joined(),
                    tr("Output tokens / (last token − first token), reasoning tokens included.")});
    return rows;
}

std::vector<Timing> stagesOf(const RequestRecord& record)
{
    if (!telemetry::any(record.stages))
        return {};
    static constexpr const char* names[telemetry::stage_count] = {
        QT_TRANSLATE_NOOP("RequestTimings", "Wait for a tokenizer"),
        QT_TRANSLATE_NOOP("RequestTimings", "Tokenization"),
        QT_TRANSLATE_NOOP("RequestTimings", "Wait for a batch"),
        QT_TRANSLATE_NOOP("RequestTimings", "Scheduler"),
        QT_TRANSLATE_NOOP("RequestTimings", "Inference"),
        QT_TRANSLATE_NOOP("RequestTimings", "Hand-over to the engine"),
        QT_TRANSLATE_NOOP("RequestTimings", "Hand-over of tokens"),
        QT_TRANSLATE_NOOP("RequestTimings", "Decoding the request"),
        QT_TRANSLATE_NOOP("RequestTimings", "Encoding the reply"),
        QT_TRANSLATE_NOOP("RequestTimings", "Other work of the engine"),
    };
    std::vector<Timing> rows;
    for (std::size_t i = 0; i < telemetry::stage_count; ++i) {
        const auto& stage = record.stages[i];
        rows.push_back({tr(names[i]), duration(stage ? std::optional(seconds(*stage)) : std::nullopt),
                        tr("As the demo provider measured it, summed over the attempts.")});
    }
    return rows;
}

} // namespace tokenscope::ui
