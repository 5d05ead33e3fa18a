// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace tokenscope::config {

/// The candidate that `word` is most likely a misspelling of, or empty when none is near. Case, '-' and '_' count for
/// nothing; a swap of two neighbours counts as one mistake.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

/// ", did you mean 'x'?", or the whole choice when none is near.
std::string suggestion(std::string_view word, std::span<const std::string_view> candidates);

} // namespace tokenscope::config
