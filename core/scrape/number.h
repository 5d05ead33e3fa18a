// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

namespace tokenscope::scrape {

/// A number as Prometheus reads it (Go's strconv.ParseFloat without "_" and hexadecimal): decimals with an optional sign and
/// exponent, "Inf", "Infinity" and "NaN" in any case, the last without a sign. What is too large for a double is no number,
/// what is too small is 0. Whatever the locale.
std::optional<double> parse_number(std::string_view text);

} // namespace tokenscope::scrape
