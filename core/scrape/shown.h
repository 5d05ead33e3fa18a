// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tokenscope::scrape {

/// Foreign bytes for a message: one line of valid UTF-8, control characters and broken bytes as '?', at most `longest` bytes
/// and "..." where something was cut.
std::string shown(std::string_view text, std::size_t longest);

} // namespace tokenscope::scrape
