// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "scrape/number.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

namespace tokenscope::scrape {

namespace {

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/// Of a well-formed decimal that no double can hold: whether it is too small rather than too large.
bool is_tiny(std::string_view digits)
{
    const auto e = std::min(digits.find_first_of("eE"), digits.size());
    const auto mantissa = digits.substr(0, e);
    const auto point = std::min(mantissa.find('.'), mantissa.size());
    const auto first = mantissa.find_first_of("123456789");
    // The power of ten of the first digit that counts.
    auto power = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first) - (first < point ? 1 : 0);
    auto exponent = digits.substr(std::min(e + 1, digits.size()));
    if (exponent.starts_with('+'))
        exponent.remove_prefix(1);
    std::int64_t shift = 0;
    if (std::from_chars(exponent.data(), exponent.data() + exponent.size(), shift).ec == std::errc::result_out_of_range)
        return exponent.front() == '-';
    constexpr auto bound = std::numeric_limits<std::int64_t>::max() / 2;
    power += std::clamp(shift, -bound, bound);
    return power < 0;
}

} // namespace

std::optional<double> parse_number(std::string_view text)
{
    const bool negative = text.starts_with('-');
    const bool has_sign = negative || text.starts_with('+');
    const auto digits = text.substr(has_sign ? 1 : 0);
    if (digits.empty())
        return std::nullopt;
    const char first = digits.front();
    if (first == 'n' || first == 'N') {
        if (has_sign || digits.size() != 3)
            return std::nullopt;
    } else if (!is_digit(first) && first != '.' && first != 'i' && first != 'I') {
        return std::nullopt;
    }
    double value = 0;
    const auto* const end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, value);
    if (read.ptr != end || read.ec == std::errc::invalid_argument)
        return std::nullopt;
    if (read.ec == std::errc::result_out_of_range) {
        if (!is_tiny(digits))
            return std::nullopt;
        value = 0;
    }
    if (std::isnan(value))
        return std::numeric_limits<double>::quiet_NaN(); // never by chance the marker of staleness
    return negative ? -value : value;
}

} // namespace tokenscope::scrape
