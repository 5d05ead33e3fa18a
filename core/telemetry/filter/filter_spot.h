// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tokenscope::telemetry {

/// What can be completed at a place of a filter that is being written, right or not.
struct FilterSpot {
    enum class Kind {
        none,  ///< nothing, e.g. within a number
        field, ///< a field's name or a word; `prefix` is what there is of it
        value  ///< of `field`, which is known; `prefix` is what there is of it, without sign and quotes
    };

    Kind kind = Kind::none;
    std::string field;
    std::string prefix;
    std::size_t from = 0, to = 0; ///< bytes to be replaced: the whole name, or the value without its sign
};

/// `cursor`: a place between two bytes of the text.
FilterSpot filter_spot_at(std::string_view text, std::size_t cursor);

/// What the word that ends at the cursor is while it is being written: nothing of it says yet what is wanted.
enum class FilterHalf {
    none,
    name, ///< what may become the name of a field
    value ///< a field whose value, or whose next one of several, is still to come
};
FilterHalf filter_half_at(std::string_view text, std::size_t cursor);

} // namespace tokenscope::telemetry
