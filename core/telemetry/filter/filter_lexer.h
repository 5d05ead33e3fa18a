// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/filter/filter_error.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::telemetry {

/// A piece of a word as it was meant: the quotes and their escapes are gone.
struct FilterPart {
    std::string text;
    bool quoted = false; ///< then '*' and '>' are letters like any other
};

/// The pieces of a filter. A word reaches to the next blank outside of quotes, or to a parenthesis that it did not open.
struct FilterToken {
    enum class Kind { word, open, close, minus, word_and, word_or, word_not };

    Kind kind = Kind::word;
    std::size_t from = 0, to = 0; ///< bytes of the text
    std::string field;            ///< what stands before the colon, as written; empty where there is none
    std::size_t value_from = 0;   ///< where what follows the colon begins; `from` where there is none
    std::vector<FilterPart> value;

    bool has_field() const { return !field.empty(); }
    /// The value without regard to quotes.
    std::string text() const;
    bool quoted() const; ///< any of it
};

/// Only a quote that is not closed can be wrong here. A colon makes a field only after letters: "llama3.1:8b" is a word.
FilterResult<std::vector<FilterToken>> read_filter_tokens(std::string_view text);

bool is_field_name(std::string_view text);

} // namespace tokenscope::telemetry
