// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "llm/usage.h"

namespace tokenscope::llm {

/// What of an upstream's counts can be true. No request has a million million tokens, no part is larger than its whole, and the total
/// is the sum of what it is of; what cannot be counts as not reported. Else one bad reply would spoil counters for good.
inline Usage plausible(Usage usage)
{
    constexpr std::uint64_t most = 1'000'000'000'000;
    for (auto* count :
         {&usage.prompt, &usage.completion, &usage.total, &usage.cached, &usage.reasoning, &usage.cache_creation})
        if (*count > most) // an absent one is less than any
            count->reset();
    const auto part = [](std::optional<std::uint64_t>& count, const std::optional<std::uint64_t>& whole) {
        if (whole && count > whole)
            count.reset();
    };
    part(usage.cached, usage.prompt);
    part(usage.cache_creation, usage.prompt);
    part(usage.reasoning, usage.completion);
    if (usage.prompt && usage.completion)
        usage.total = *usage.prompt + *usage.completion;
    return usage;
}

} // namespace tokenscope::llm
