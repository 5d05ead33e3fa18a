// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboards/names.h"

#include <algorithm>
#include <array>

namespace tokenscope::dashboards {

namespace {

constexpr std::size_t longest_id = 64;

constexpr std::array<Named<PanelKind>, 5> all_kinds = {{
    {PanelKind::timeseries, "timeseries"},
    {PanelKind::stat, "stat"},
    {PanelKind::heatmap, "heatmap"},
    {PanelKind::table, "table"},
    {PanelKind::bar, "bar"},
}};

constexpr std::array<Named<Unit>, 16> all_units = {{
    {Unit::none, "none"},
    {Unit::seconds, "seconds"},
    {Unit::milliseconds, "milliseconds"},
    {Unit::percent, "percent"},
    {Unit::ratio, "ratio"},
    {Unit::bytes, "bytes"},
    {Unit::mebibytes, "mebibytes"},
    {Unit::tokens, "tokens"},
    {Unit::per_second, "per_second"},
    {Unit::tokens_per_second, "tokens_per_second"},
    {Unit::requests_per_second, "requests_per_second"},
    {Unit::bytes_per_second, "bytes_per_second"},
    {Unit::celsius, "celsius"},
    {Unit::watts, "watts"},
    {Unit::hertz, "hertz"},
    {Unit::dollars, "dollars"},
}};

constexpr std::array<Named<ThresholdLevel>, 3> all_levels = {{
    {ThresholdLevel::good, "good"},
    {ThresholdLevel::warn, "warn"},
    {ThresholdLevel::bad, "bad"},
}};

template <typename List, typename T>
std::string_view name_in(const List& list, T value)
{
    const auto found = std::ranges::find(list, value, [](const auto& named) { return named.value; });
    return found == list.end() ? std::string_view() : found->name;
}

bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

} // namespace

std::span<const Named<PanelKind>> panel_kinds()
{
    return all_kinds;
}

std::span<const Named<Unit>> units()
{
    return all_units;
}

std::span<const Named<ThresholdLevel>> threshold_levels()
{
    return all_levels;
}

std::string_view to_string(PanelKind kind)
{
    return name_in(all_kinds, kind);
}

std::string_view to_string(Unit unit)
{
    return name_in(all_units, unit);
}

std::string_view to_string(ThresholdLevel level)
{
    return name_in(all_levels, level);
}

bool is_id(std::string_view text)
{
    return !text.empty() && text.size() <= longest_id && is_letter_or_digit(text.front())
           && std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_'; });
}

std::string id_from_name(std::string_view name)
{
    std::string id;
    for (char c : name) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
        if (is_letter_or_digit(c))
            id += c;
        else if (!id.empty() && id.back() != '-')
            id += '-';
        if (id.size() == longest_id)
            break;
    }
    while (id.ends_with('-'))
        id.pop_back();
    return id.empty() ? "dashboard" : id;
}

} // namespace tokenscope::dashboards
