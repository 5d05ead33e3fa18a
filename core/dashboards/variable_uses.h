// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace tokenscope::dashboards {

/// "$name" in a text: a dollar sign, then a letter or '_', then letters, digits and '_'.
struct VariableUse {
    std::size_t at = 0;    ///< of the dollar sign
    std::string_view name; ///< a part of the text; the use is one byte longer
};

enum class ValueKind { literal, regex };

/// In a matcher's value. In a regular expression an escaped dollar sign begins no variable.
std::vector<VariableUse> variable_uses(std::string_view value, ValueKind kind);

/// Where in PromQL a "$name" stands.
enum class Position {
    matches,     ///< inside the quotes of =~
    matches_not, ///< inside the quotes of !~
    elsewhere,   ///< where a regular expression has no meaning
};

struct ExpressionUse {
    VariableUse use;
    Position position = Position::elsewhere;
    char quote = 0; ///< around it: ", ' or `; 0 where there is none
};

/// In raw PromQL; comments are stepped over.
std::vector<ExpressionUse> expression_uses(std::string_view expression);

} // namespace tokenscope::dashboards
