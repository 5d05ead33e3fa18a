// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/filter/filter_error.h"
#include "telemetry/filter/filter_fields.h"
#include "telemetry/filter/filter_lexer.h"

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What stands behind the colon of a term, before it is read as a number, a text or a moment.
namespace tokenscope::telemetry::term {

/// What a sign before a value asks for; `like` where there is none.
enum class Compare { like, equal, unequal, more, at_least, less, at_most };

/// From here on a value has no operator before it, and `from` is where it begins.
struct Value {
    const FilterField& field;
    Compare compare = Compare::like;
    std::vector<FilterPart> parts;
    std::string text;
    std::size_t from = 0, to = 0;

    auto wrong(std::string message) const { return filter_failure(from, to, std::move(message)); }
};

/// Takes the sign away from the parts, and moves `from` behind it.
Compare take_operator(std::vector<FilterPart>& parts, std::size_t& from);
/// The values of a list; one where there is no comma outside of quotes.
std::vector<Value> values_of(const Value& list);

/// Ends that are met count in; `lowest` and `highest` stand for none.
struct Bounds {
    static constexpr double lowest = -std::numeric_limits<double>::infinity();
    static constexpr double highest = std::numeric_limits<double>::infinity();
    double from = lowest, to = highest;
    bool open_from = false, open_to = false; ///< the end itself is left out
    bool outside = false;                    ///< wanted is what is not between them

    bool hold(double value) const
    {
        const bool between = (open_from ? value > from : value >= from) && (open_to ? value < to : value <= to);
        return between != outside;
    }
};

/// `from` up to `to` is what a value as written stands for; `exact` is what it says.
Bounds bounds_of(Compare compare, double exact, double from, double to);
/// What stands before ".." and behind it; all of it twice where there is none.
std::pair<std::string_view, std::string_view> ends_of(std::string_view text);
bool is_range(const Value& value);

} // namespace tokenscope::telemetry::term
