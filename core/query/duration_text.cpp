// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/duration_text.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdint>

namespace tokenscope::query {

namespace {

struct TimeUnit {
    std::string_view name;
    std::int64_t ms;
};
constexpr std::array units = {TimeUnit{"d", 86'400'000}, TimeUnit{"h", 3'600'000}, TimeUnit{"m", 60'000},
                              TimeUnit{"s", 1'000}, TimeUnit{"ms", 1}};
/// What a hundred thousand years have of the shortest unit: nothing overflows below, and no query may be that long.
constexpr std::int64_t highest = 3'200'000'000'000'000;

} // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text)
{
    const bool negative = text.starts_with('-');
    if (negative)
        text.remove_prefix(1);
    if (text.empty())
        return std::nullopt;
    std::int64_t total = 0;
    std::size_t next_unit = 0;
    while (!text.empty()) {
        std::int64_t number = -1;
        const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
        if (digits == 0 || digits > 15)
            return std::nullopt;
        std::from_chars(text.data(), text.data() + digits, number);
        text.remove_prefix(digits);
        const auto name = text.substr(0, text.find_first_of("0123456789"));
        text.remove_prefix(name.size());
        while (next_unit < units.size() && units[next_unit].name != name)
            ++next_unit;
        if (next_unit == units.size() || number > (highest - total) / units[next_unit].ms)
            return std::nullopt;
        total += number * units[next_unit++].ms;
    }
    return std::chrono::milliseconds(negative ? -total : total);
}

std::string duration_text(std::chrono::milliseconds duration)
{
    auto rest = duration.count();
    std::string text = rest < 0 ? "-" : "";
    for (const auto& unit : units) {
        if (const auto number = rest / unit.ms; number != 0)
            text += fmt::format("{}{}", number < 0 ? -number : number, unit.name);
        rest %= unit.ms;
    }
    return duration.count() == 0 ? "0s" : text;
}

} // namespace tokenscope::query
