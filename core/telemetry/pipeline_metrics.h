// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <cstddef>
#include <cstdint>

namespace tokenscope::telemetry {

enum class WorkerType { tokenizer, model };
enum class PipelineQueue { tokenizer, model, batch };

/// A batch as the model worker got it: every sequence padded to the longest.
struct BatchShape {
    std::uint64_t sequences = 0;
    std::uint64_t tokens = 0; ///< without the padding
    std::uint64_t padding = 0;
    std::uint64_t longest = 0;
};

/// The moving parts of a demo engine (family D), as hooks; what a single request went through is in its record instead
/// (Stage). The engines are the only callers. Thread-safe; several engines may report at once.
class PipelineMetrics {
public:
    virtual ~PipelineMetrics() = default;
    /// A worker is there: its series are, too, at 0. Returns its id: the lowest that no other worker of the type has.
    virtual std::size_t worker_started(WorkerType type) = 0;
    /// Its series leave the page; the id may be given to another.
    virtual void worker_stopped(WorkerType type, std::size_t id) = 0;
    /// It has finished a piece of work for `requests` requests that took it `latency`.
    virtual void worker_finished(WorkerType type, std::size_t id, std::uint64_t requests, Nanos latency) = 0;
    /// So many more requests (or fewer) wait in that queue.
    virtual void waiting(PipelineQueue queue, std::ptrdiff_t change) = 0;
    virtual void batch(const BatchShape& batch) = 0;
    /// A request has left the engine, answered. For the throughput.
    virtual void answered() = 0;
};

} // namespace tokenscope::telemetry
