// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/filter/filter_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <ctime>

namespace tokenscope::telemetry {

namespace {

using Kind = FilterField::Kind;

struct UnitName {
    std::string_view name;
    double factor;
};
constexpr std::array time_units = {UnitName{"ns", 1},        UnitName{"us", 1e3},   UnitName{"\u00b5s", 1e3},
                                   UnitName{"\u03bcs", 1e3}, UnitName{"ms", 1e6},   UnitName{"s", 1e9},
                                   UnitName{"sec", 1e9},     UnitName{"m", 60e9},   UnitName{"min", 60e9},
                                   UnitName{"h", 3600e9},    UnitName{"d", 86400e9}};
constexpr std::array count_units = {UnitName{"", 1}, UnitName{"k", 1e3}, UnitName{"K", 1e3}, UnitName{"M", 1e6}};
constexpr std::array speed_units = {UnitName{"", 1}, UnitName{"k", 1e3}, UnitName{"tok/s", 1}, UnitName{"/s", 1},
                                    UnitName{"ktok/s", 1e3}};
constexpr std::array money_units = {UnitName{"", 1}};

/// Digits with at most one point among them, from the front of `text`.
std::optional<FilterNumber> take_number(std::string_view& text)
{
    constexpr std::size_t longest = 24;
    const auto end = std::min(text.find_first_not_of("0123456789."), text.size());
    const auto digits = text.substr(0, end);
    const auto point = digits.find('.');
    if (digits.empty() || digits == "." || digits.size() > longest || point != digits.rfind('.'))
        return std::nullopt;
    FilterNumber number;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number.value);
    if (read.ec != std::errc() || read.ptr != digits.data() + digits.size())
        return std::nullopt;
    const auto decimals = point == std::string_view::npos ? 0 : digits.size() - point - 1;
    number.half = 0.5 * std::pow(10.0, -static_cast<double>(decimals));
    text.remove_prefix(end);
    return number;
}

std::optional<FilterNumber> read_with(std::string_view text, std::span<const UnitName> units)
{
    auto number = take_number(text);
    if (!number)
        return std::nullopt;
    const auto unit =
        std::find_if(units.begin(), units.end(), [text](const UnitName& known) { return known.name == text; });
    if (unit == units.end())
        return std::nullopt;
    number->value *= unit->factor;
    number->half *= unit->factor;
    return number;
}

/// "1m30s" too.
std::optional<FilterNumber> read_duration(std::string_view text)
{
    FilterNumber sum;
    do {
        auto next = take_number(text);
        if (!next)
            return std::nullopt;
        const auto name = text.substr(0, std::min(text.find_first_of("0123456789."), text.size()));
        const auto* const unit = std::find_if(time_units.begin(), time_units.end(),
                                              [name](const UnitName& known) { return known.name == name; });
        const bool zero = name.empty() && next->value == 0;
        if (unit == time_units.end() && !zero)
            return std::nullopt;
        const auto factor = zero ? 1.0 : unit->factor;
        sum.value += next->value * factor;
        sum.half = next->half * factor;
        text.remove_prefix(name.size());
    } while (!text.empty());
    return sum;
}

bool is_number(std::string_view text)
{
    auto rest = text;
    return take_number(rest) && rest.empty();
}

std::optional<FilterNumber> read_money(std::string_view text)
{
    constexpr std::string_view euro = "\u20ac";
    std::string currency;
    if (text.starts_with('$')) {
        currency = "USD";
        text.remove_prefix(1);
    } else if (text.starts_with(euro)) {
        currency = "EUR";
        text.remove_prefix(euro.size());
    }
    auto number = read_with(text, money_units);
    if (number)
        number->currency = std::move(currency);
    return number;
}

/// `text` is digits of exactly this length.
std::optional<std::int32_t> read_digits(std::string_view text, std::size_t length)
{
    if (text.size() != length || text.find_first_not_of("0123456789") != std::string_view::npos)
        return std::nullopt;
    std::int32_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

bool read_date(std::string_view text, FilterMoment& moment)
{
    if (text.size() != 10 || text[4] != '-' || text[7] != '-')
        return false;
    moment.year = read_digits(text.substr(0, 4), 4);
    moment.month = read_digits(text.substr(5, 2), 2);
    moment.day = read_digits(text.substr(8, 2), 2);
    if (!moment.year || !moment.month || !moment.day)
        return false;
    const std::chrono::year_month_day date{std::chrono::year(*moment.year),
                                           std::chrono::month(static_cast<unsigned>(*moment.month)),
                                           std::chrono::day(static_cast<unsigned>(*moment.day))};
    return date.ok() && *moment.year >= 1970;
}

bool read_time(std::string_view text, FilterMoment& moment)
{
    constexpr std::int64_t minute = 60'000;
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon > 2)
        return false;
    const auto hour = read_digits(text.substr(0, colon), colon);
    const auto minutes = read_digits(text.substr(colon + 1, 2), 2);
    if (!hour || !minutes || *hour > 23 || *minutes > 59)
        return false;
    moment.ms_of_day = (*hour * 60 + *minutes) * minute;
    moment.length_ms = minute;
    text.remove_prefix(colon + 3);
    if (text.empty())
        return true;
    const auto second = text.size() < 3 || text[0] != ':' ? std::nullopt : read_digits(text.substr(1, 2), 2);
    if (!second || *second > 59)
        return false;
    moment.ms_of_day += *second * 1000;
    moment.length_ms = 1000;
    text.remove_prefix(3);
    if (text.empty())
        return true;
    const auto fraction = text.substr(1);
    const auto digits = text[0] == '.' && !fraction.empty() && fraction.size() <= 3
                            ? read_digits(fraction, fraction.size())
                            : std::nullopt;
    if (!digits)
        return false;
    moment.length_ms = fraction.size() == 1 ? 100 : fraction.size() == 2 ? 10 : 1;
    moment.ms_of_day += *digits * moment.length_ms;
    return true;
}

/// Midnight is not always 24 hours after midnight: the calendar is asked for both ends.
std::int64_t local_ms(std::tm day, std::int64_t ms_of_day)
{
    day.tm_hour = static_cast<int>(ms_of_day / 3'600'000);
    day.tm_min = static_cast<int>(ms_of_day / 60'000 % 60);
    day.tm_sec = static_cast<int>(ms_of_day / 1000 % 60);
    day.tm_isdst = -1;
    return static_cast<std::int64_t>(std::mktime(&day)) * 1000 + ms_of_day % 1000;
}

} // namespace

std::optional<FilterNumber> read_filter_number(std::string_view text, Kind kind, std::string& why)
{
    switch (kind) {
    case Kind::duration:
    case Kind::age:
    case Kind::since:
        why = is_number(text) ? "say the unit, as in " + std::string(text) + "ms or " + std::string(text) + "s"
                              : "a time is written like 500ms, 1.5s or 2m";
        return read_duration(text);
    case Kind::speed: why = "tokens a second are written like 20 or 1.5k"; return read_with(text, speed_units);
    case Kind::money: why = "an amount is written like 0.01 or $0.01"; return read_money(text);
    default: why = "a number is written like 500, 3k or 1.5M"; return read_with(text, count_units);
    }
}

FilterMoment::Span FilterMoment::on_day_of(WallTime now) const
{
    std::tm when{};
    if (year) {
        when.tm_year = *year - 1900;
        when.tm_mon = *month - 1;
        when.tm_mday = *day;
    } else {
        const auto moment = std::chrono::system_clock::to_time_t(now);
        ::localtime_r(&moment, &when);
    }
    return {.from = local_ms(when, ms_of_day), .to = local_ms(when, ms_of_day + length_ms)};
}

std::optional<FilterMoment> read_filter_moment(std::string_view text)
{
    constexpr std::size_t date_length = 10;
    FilterMoment moment;
    if (read_time(text, moment))
        return moment;
    moment = {};
    if (!read_date(text.substr(0, date_length), moment))
        return std::nullopt;
    if (text.size() == date_length) {
        moment.length_ms = 86'400'000;
        return moment;
    }
    if ((text[date_length] != 'T' && text[date_length] != 't') || !read_time(text.substr(date_length + 1), moment))
        return std::nullopt;
    return moment;
}

} // namespace tokenscope::telemetry
