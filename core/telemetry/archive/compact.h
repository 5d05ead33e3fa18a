// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/request_record.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::telemetry {

/// The marks of chunks in few bytes: their number, then of each the time since the one before (of the first, since
/// `accepted`; nanoseconds), bytes and tokens. All are varints as in Protocol Buffers, times zigzag-coded.
std::string pack_chunks(Instant accepted, const ChunkMarks& chunks);
/// Nothing where the bytes are not that.
std::optional<ChunkMarks> unpack_chunks(Instant accepted, std::string_view bytes);

/// The number of stages, then of each 0 if it is absent, else its nanoseconds + 1. Empty: none is there.
std::string pack_stages(const StageTimes& stages);
/// Stages that were not known when it was written are absent; those not known here are left out.
std::optional<StageTimes> unpack_stages(std::string_view bytes);

/// Their sum in nanoseconds, zigzag-coded, and the counts up to the last that is not 0. Empty: there are none.
std::string pack_gaps(const ChunkGaps& gaps);
std::optional<ChunkGaps> unpack_gaps(std::string_view bytes);

} // namespace tokenscope::telemetry
