// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <array>
#include <cstddef>
#include <optional>
#include <tuple>

namespace tokenscope::telemetry {

/// The stages of source 003's inference pipeline that only an inference server can time. The demo provider tells them of
/// each request; other providers do not know them, and for their requests they are absent. Each becomes a histogram of
/// family D.
enum class Stage : std::size_t {
    tokenizer_queue_wait, ///< waiting for a tokenizer worker
    tokenization,         ///< a tokenizer worker at the prompt
    model_queue_wait,     ///< from tokenised to the start of its batch; the gateway adds the admission queue's wait
    scheduler,            ///< forming the batch it went into
    inference,            ///< in the model workers' hands, prefill and decode
    mp_queue_send,        ///< handing the request over to the engine's threads
    mp_queue_receive,     ///< from a token made to the connection's thread having it; the whole request's sum
    grpc_deserialize,     ///< decoding the request (JSON here)
    grpc_serialize,       ///< encoding the reply (JSON here)
    pipeline_overhead,    ///< in the engine, but in none of the stages above
};
inline constexpr std::size_t stage_count = static_cast<std::size_t>(Stage::pipeline_overhead) + 1;

/// By Stage. Absent: not measured.
using StageTimes = std::array<std::optional<Nanos>, stage_count>;

/// Whether one of them was measured, which of nearly every request is to be told quickly.
inline bool any(const StageTimes& stages)
{
    return std::apply([](const auto&... stage) { return (stage.has_value() | ...); }, stages);
}

} // namespace tokenscope::telemetry
