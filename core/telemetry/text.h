// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <string>
#include <string_view>

namespace tokenscope::telemetry {

/// `text` with every byte that is not part of well-formed UTF-8, and every NUL, replaced by U+FFFD: one bad label value
/// makes a scraper refuse the whole page.
std::string valid_utf8(std::string_view text);

/// The shortest decimal text that reads back as `value`, whatever the locale: plain digits from 0.0001 up to 1e15, with an
/// exponent outside, and Prometheus' words NaN, +Inf and -Inf.
std::string number_text(double value);
/// The same at the end of `out`.
void append_number(std::string& out, double value);

/// RFC 3339 in UTC with milliseconds, e.g. "2026-01-31T23:59:59.007Z".
std::string rfc3339(WallTime time);

} // namespace tokenscope::telemetry
