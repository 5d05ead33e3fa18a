// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/filter/filter_spot.h"

#include "telemetry/filter/filter_fields.h"
#include "telemetry/filter/filter_lexer.h"

#include <algorithm>

namespace tokenscope::telemetry {

FilterSpot filter_spot_at(std::string_view text, std::size_t cursor)
{
    cursor = std::min(cursor, text.size());
    FilterSpot spot{.from = cursor, .to = cursor};
    // What is behind the cursor may have quotes of its own: only what stands before it says where we are.
    const auto before = text.substr(0, cursor);
    auto tokens = read_filter_tokens(before);
    const bool within_quotes = !tokens;
    if (within_quotes)
        tokens = read_filter_tokens(std::string(before) + '"');
    spot.kind = FilterSpot::Kind::field;
    if (!tokens || tokens->empty() || tokens->back().to < cursor || tokens->back().kind == FilterToken::Kind::open
        || tokens->back().kind == FilterToken::Kind::minus || tokens->back().kind == FilterToken::Kind::close)
        return spot;
    const auto& word = tokens->back();
    const auto end = std::min(text.find_first_of(" \t\r\n)", cursor), text.size());
    if (!word.has_field()) {
        spot.prefix = word.text();
        spot.from = word.from;
        // Up to the colon, so that another field can be put before a value.
        spot.to = std::min(end, text.find(':', cursor) == std::string_view::npos ? end : text.find(':', cursor) + 1);
        return spot;
    }
    const auto* const field = find_filter_field(word.field);
    if (!field) {
        spot.kind = FilterSpot::Kind::none;
        return spot;
    }
    spot.kind = FilterSpot::Kind::value;
    spot.field = field->name;
    spot.from = std::min(word.value_from + (text.substr(word.value_from).find_first_not_of("<>=!")), cursor);
    if (spot.from < word.value_from)
        spot.from = cursor;
    // The last of several values.
    if (const auto comma = text.substr(0, cursor).find_last_of(",\""); takes_list(*field) && !within_quotes
                                                                       && comma != std::string_view::npos
                                                                       && comma >= spot.from && text[comma] == ',')
        spot.from = comma + 1;
    spot.to = std::max(end, cursor);
    spot.prefix = text.substr(spot.from, cursor - spot.from);
    if (spot.prefix.starts_with('"'))
        spot.prefix.erase(0, 1);
    return spot;
}

FilterHalf filter_half_at(std::string_view text, std::size_t cursor)
{
    cursor = std::min(cursor, text.size());
    if (cursor < text.size() && std::string_view(" \t\r\n)").find(text[cursor]) == std::string_view::npos)
        return FilterHalf::none;
    const auto spot = filter_spot_at(text, cursor);
    const auto word = text.substr(spot.from, cursor - spot.from);
    switch (spot.kind) {
    case FilterSpot::Kind::none: break;
    case FilterSpot::Kind::value: return word.empty() ? FilterHalf::value : FilterHalf::none;
    case FilterSpot::Kind::field: return begins_field_name(word) ? FilterHalf::name : FilterHalf::none;
    }
    return FilterHalf::none;
}

} // namespace tokenscope::telemetry
