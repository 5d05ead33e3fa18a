// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/request_figures.h"

namespace tokenscope::telemetry {

namespace {

constexpr std::string_view unresolved = "unknown"; // as Target begins

std::optional<double> decode_seconds(const RequestRecord& record)
{
    if (!record.first_token || !record.last_token || *record.last_token <= *record.first_token)
        return std::nullopt;
    return seconds(*record.last_token - *record.first_token);
}

} // namespace

std::string_view model_of(const RequestRecord& record)
{
    if (record.target.model != unresolved)
        return record.target.model;
    return record.requested_model;
}

std::string_view provider_of(const RequestRecord& record)
{
    return record.target.backend == unresolved ? std::string_view() : std::string_view(record.target.backend);
}

std::optional<Nanos> queue_time(const RequestRecord& record)
{
    if (!record.queued)
        return std::nullopt;
    return record.dequeued.value_or(record.ended) - *record.queued;
}

std::optional<std::uint64_t> token_total(const RequestRecord& record)
{
    const auto& usage = record.usage;
    if (usage.total)
        return usage.total;
    if (!usage.prompt && !usage.completion)
        return std::nullopt;
    return usage.prompt.value_or(0) + usage.completion.value_or(0);
}

std::optional<std::uint64_t> output_tokens(const RequestRecord& record)
{
    if (record.usage.completion)
        return record.usage.completion;
    return record.stream_tokens > 0 ? std::optional(record.stream_tokens) : std::nullopt;
}

std::optional<double> output_speed(const RequestRecord& record)
{
    const auto tokens = output_tokens(record);
    const auto decode = decode_seconds(record);
    if (!tokens || *tokens == 0 || !decode)
        return std::nullopt;
    return static_cast<double>(*tokens) / *decode;
}

std::optional<double> time_per_output_token(const RequestRecord& record)
{
    const auto tokens = output_tokens(record);
    const auto decode = decode_seconds(record);
    if (!tokens || *tokens < 2 || !decode)
        return std::nullopt;
    return *decode / static_cast<double>(*tokens - 1);
}

WallTime ended_at(const RequestRecord& record)
{
    return record.started + std::chrono::duration_cast<std::chrono::milliseconds>(record.total());
}

} // namespace tokenscope::telemetry
