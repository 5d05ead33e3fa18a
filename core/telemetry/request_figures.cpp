// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/request_figures.h"

namespace tokenscope::telemetry {

namespace {

std::optional<double> decode_seconds(const RequestRecord& record)
{
    if (!record.first_token || !record.last_token || *record.last_token <= *record.first_token)
        return std::nullopt;
    return seconds(*record.last_token - *record.first_token);
}

} // namespace

std::optional<std::uint64_t> output_tokens(const RequestRecord& record)
{
    if (record.usage.completion)
        return record.usage.completion;
    return record.stream_tokens > 0 ? std::optional(record.stream_tokens) : std::nullopt;
}

std::optional<double> tokens_per_second(const RequestRecord& record)
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
