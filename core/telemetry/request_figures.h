// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/request_record.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace tokenscope::telemetry {

// What follows from a record: one definition for the tables, the filter and the exports. Absent is not 0.

/// The resolved model, or the one that was asked for where none was resolved; may be empty.
std::string_view model_of(const RequestRecord& record);
/// The configured provider; empty where none was resolved.
std::string_view provider_of(const RequestRecord& record);
/// In line for a place at the provider; to its end where it never got one. Absent where it did not have to wait in line.
std::optional<Nanos> queue_time(const RequestRecord& record);
/// Prompt and output tokens: the reported sum, else ours of both, else the one that is known.
std::optional<std::uint64_t> token_total(const RequestRecord& record);
/// The reported count, else ours from the stream; absent where neither saw a token.
std::optional<std::uint64_t> output_tokens(const RequestRecord& record);
/// Output tokens a second between the first and the last token: of the reported count, else of ours from the stream.
std::optional<double> output_speed(const RequestRecord& record);
/// Seconds: (last token - first token) / (output tokens - 1), vLLM's definition (design note field.md, D.1).
std::optional<double> time_per_output_token(const RequestRecord& record);
/// When its last byte left; by the clock it began at.
WallTime ended_at(const RequestRecord& record);

} // namespace tokenscope::telemetry
