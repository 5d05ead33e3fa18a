// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/filter/term_value.h"

namespace tokenscope::telemetry::term {

Compare take_operator(std::vector<FilterPart>& parts, std::size_t& from)
{
    if (parts.empty() || parts.front().quoted)
        return Compare::like;
    constexpr std::pair<std::string_view, Compare> operators[] = {{">=", Compare::at_least}, {"<=", Compare::at_most},
                                                                  {"!=", Compare::unequal},  {">", Compare::more},
                                                                  {"<", Compare::less},      {"=", Compare::equal}};
    auto& text = parts.front().text;
    for (const auto& [sign, compare] : operators) {
        if (!text.starts_with(sign))
            continue;
        text.erase(0, sign.size());
        from += sign.size();
        if (text.empty())
            parts.erase(parts.begin());
        return compare;
    }
    return Compare::like;
}

std::vector<Value> values_of(const Value& list)
{
    // Where quotes were is not known any more: what is wrong with one of several is said of all.
    std::vector<Value> values;
    const auto begin = [&] { values.push_back({list.field, list.compare, {}, {}, list.from, list.to}); };
    begin();
    for (const auto& part : list.parts) {
        if (part.quoted) {
            values.back().parts.push_back(part);
            continue;
        }
        std::string_view rest = part.text;
        for (auto comma = rest.find(','); comma != std::string_view::npos; comma = rest.find(',')) {
            if (comma > 0)
                values.back().parts.push_back({.text = std::string(rest.substr(0, comma))});
            rest.remove_prefix(comma + 1);
            begin();
        }
        if (!rest.empty())
            values.back().parts.push_back({.text = std::string(rest)});
    }
    for (auto& value : values)
        for (const auto& part : value.parts)
            value.text += part.text;
    return values;
}

Bounds bounds_of(Compare compare, double exact, double from, double to)
{
    switch (compare) {
    case Compare::more: return {.from = exact, .open_from = true};
    case Compare::at_least: return {.from = exact};
    case Compare::less: return {.to = exact, .open_to = true};
    case Compare::at_most: return {.to = exact};
    case Compare::unequal: return {.from = from, .to = to, .open_to = from < to, .outside = true};
    case Compare::like:
    case Compare::equal: break;
    }
    return {.from = from, .to = to, .open_to = from < to};
}

std::pair<std::string_view, std::string_view> ends_of(std::string_view text)
{
    const auto dots = text.find("..");
    return dots == std::string_view::npos ? std::pair(text, text)
                                          : std::pair(text.substr(0, dots), text.substr(dots + 2));
}

bool is_range(const Value& value)
{
    return value.text.find("..") != std::string::npos;
}

} // namespace tokenscope::telemetry::term
