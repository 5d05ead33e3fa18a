// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::config {

/// A key of a mapping, or the position of a list's element.
struct PathStep {
    std::string key;
    std::size_t index = 0;
    bool is_index = false;
};

using PathSteps = std::span<const PathStep>;

/// "providers[0].demo.seed"; a key in double quotes may hold anything, with '"' and '\' behind a '\'. Errors:
/// ErrorCode::config.
Result<std::vector<PathStep>> parse_path(std::string_view text);

} // namespace tokenscope::config
