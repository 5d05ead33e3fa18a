// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/filter/filter_lexer.h"

#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::telemetry {

/// A text with wildcards ('*' outside of quotes: anything, also nothing). Letters of ASCII match in either case.
class TextPattern {
public:
    enum class Extent { part, whole };

    /// `extent`: what of a text must match.
    TextPattern(const std::vector<FilterPart>& parts, Extent extent);

    bool matches(std::string_view text) const;
    bool has_wildcard() const { return m_pieces.size() > 1; }

private:
    std::vector<std::string> m_pieces; ///< lower case, what stands between the wildcards
    Extent m_extent;
};

char lower_ascii(char c);

} // namespace tokenscope::telemetry
