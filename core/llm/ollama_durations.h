// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>

namespace tokenscope::llm {

/// What Ollama measured itself. It leaves out what is 0, so a duration may be absent.
struct OllamaDurations {
    std::optional<std::chrono::nanoseconds> total;
    std::optional<std::chrono::nanoseconds> load; ///< seconds of it mean a cold start
    std::optional<std::chrono::nanoseconds> prompt_eval;
    std::optional<std::chrono::nanoseconds> eval; ///< tokens per second = completion tokens / eval

    bool operator==(const OllamaDurations&) const = default;
};

} // namespace tokenscope::llm
