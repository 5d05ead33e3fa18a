// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/request_record.h"

#include <cstdint>
#include <optional>

/// What is computed from a record for a person, once for all who show it. Absent is not 0.
namespace tokenscope::telemetry {

/// The reported count, else ours from the stream; absent where neither saw a token.
std::optional<std::uint64_t> output_tokens(const RequestRecord& record);

/// Output tokens / (last token - first token), reasoning included. Absent for replies of a single chunk.
std::optional<double> tokens_per_second(const RequestRecord& record);

/// Seconds: (last token - first token) / (output tokens - 1), vLLM's definition (design note field.md, D.1).
std::optional<double> time_per_output_token(const RequestRecord& record);

/// When it ended, by the wall clock.
WallTime ended_at(const RequestRecord& record);

} // namespace tokenscope::telemetry
