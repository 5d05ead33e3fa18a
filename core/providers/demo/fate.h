// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/config.h"

#include <cstddef>
#include <cstdint>

namespace tokenscope::providers::demo {

/// What is to become of one request, whatever it is about: drawn once, from the options and the seed alone. Options out of
/// range (negative, not a number) count as the nearest sensible value.
struct Fate {
    bool refused = false; ///< before its first token
    bool breaks = false;  ///< behind some tokens
    double break_at = 0;  ///< how far through the reply, in [0, 1)
    double factor = 1;    ///< how many times as long it takes as others

    /// Whether it is over with `generated` of `tokens` tokens. A reply breaks behind its first token and before its
    /// last, so one of a single token never does.
    bool broken_after(std::size_t generated, std::size_t tokens) const;
};

Fate draw_fate(const config::DemoOptions& options, std::uint64_t seed);

} // namespace tokenscope::providers::demo
