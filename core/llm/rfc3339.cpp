// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/rfc3339.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <system_error>

namespace tokenscope::llm {

namespace {

/// `digits` decimal digits at the beginning of `text`, which are taken off it; -1 if they are not there.
int take_digits(std::string_view& text, std::size_t digits)
{
    int number = -1;
    if (text.size() < digits)
        return -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + digits, number);
    if (error != std::errc{} || end != text.data() + digits || number < 0)
        return -1;
    text.remove_prefix(digits);
    return number;
}

bool take_char(std::string_view& text, std::string_view any_of)
{
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos)
        return false;
    text.remove_prefix(1);
    return true;
}

} // namespace

std::int64_t rfc3339_seconds(std::string_view text)
{
    using namespace std::chrono;
    const int y = take_digits(text, 4);
    const int mo = take_char(text, "-") ? take_digits(text, 2) : -1;
    const int d = take_char(text, "-") ? take_digits(text, 2) : -1;
    const int h = take_char(text, "Tt ") ? take_digits(text, 2) : -1;
    const int mi = take_char(text, ":") ? take_digits(text, 2) : -1;
    const int s = take_char(text, ":") ? take_digits(text, 2) : -1;
    if (take_char(text, "."))
        text.remove_prefix(std::min(text.find_first_not_of("0123456789"), text.size()));
    const year_month_day date(year(y), month(static_cast<unsigned>(mo)), day(static_cast<unsigned>(d)));
    if (y < 0 || mo < 0 || d < 0 || !date.ok() || h < 0 || h > 23 || mi < 0 || mi > 59 || s < 0 || s > 60)
        return 0;
    seconds offset{0};
    if (text.starts_with('+') || text.starts_with('-')) {
        const int sign = text.front() == '-' ? -1 : 1;
        text.remove_prefix(1);
        const int oh = take_digits(text, 2);
        const int om = take_char(text, ":") ? take_digits(text, 2) : -1;
        if (oh < 0 || om < 0)
            return 0;
        offset = sign * (hours(oh) + minutes(om));
    } else if (!take_char(text, "Zz")) {
        return 0;
    }
    if (!text.empty())
        return 0;
    return (sys_days(date).time_since_epoch() + hours(h) + minutes(mi) + seconds(s) - offset).count();
}

} // namespace tokenscope::llm
