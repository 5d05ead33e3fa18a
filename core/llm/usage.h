// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

namespace tokenscope::llm {

/// Token counts of one request, cumulative, in OpenAI's meaning: cached and cache_creation are parts of prompt, reasoning
/// is a part of completion. A count that nobody reported is absent, which is not the same as 0.
struct Usage {
    std::optional<std::uint64_t> prompt;
    std::optional<std::uint64_t> completion;
    std::optional<std::uint64_t> total;
    std::optional<std::uint64_t> cached;
    std::optional<std::uint64_t> reasoning;
    std::optional<std::uint64_t> cache_creation; ///< written to the prompt cache; only Anthropic tells
    /// True where `completion` was counted by us from a stream that never reported its usage.
    bool estimated = false;

    bool reported() const { return prompt || completion || total; }
    bool operator==(const Usage&) const = default;
};

/// What is known at the end: the reported counts, and `counted` tokens of completion where nobody reported any.
inline Usage settled(Usage usage, std::uint64_t counted)
{
    if (!usage.completion && counted > 0) {
        usage.completion = counted;
        usage.estimated = true;
    }
    if (!usage.total && usage.prompt && usage.completion)
        usage.total = *usage.prompt + *usage.completion;
    return usage;
}

} // namespace tokenscope::llm
