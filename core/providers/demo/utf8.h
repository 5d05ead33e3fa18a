// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

namespace tokenscope::providers::demo {

struct CodePoint {
    char32_t value = 0;    ///< meaningless unless valid
    std::size_t bytes = 1; ///< 1 for a byte that begins no well-formed sequence
    bool valid = false;
};

/// The first code point of non-empty `text`, as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
CodePoint first_code_point(std::string_view text);

} // namespace tokenscope::providers::demo
