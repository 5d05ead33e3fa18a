// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/filter/filter_error.h"
#include "telemetry/filter/filter_terms.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace tokenscope::telemetry {

/// Which requests are wanted, in a line of text: `model:phi4 status:error ttft:>500ms`.
///
///     filter  = every { "OR" every }
///     every   = one { ["AND"] one }
///     one     = ("-" | "NOT") one | "(" filter ")" | term
///     term    = field ":" [sign] values | word       sign = > >= < <= = !=
///     values  = value { "," value }                 of texts and the status: one of them, after != none of them
///
/// A word is looked for in model, provider, route, client, id, trace and error; `*` in it stands for anything. Texts match in
/// part, after `=` or with a `*` as a whole; letters of ASCII in either case. Numbers have units (filter_fields.h) and ranges
/// `a..b`; equal is what reads the same as written, so that 1.5s finds 1.48 s; 0 is 0 alone. What a record does not have
/// matches no comparison, not even !=; `has:` asks for that. Copies share what was parsed.
class RequestFilter {
public:
    static constexpr std::size_t longest = 4096; ///< bytes of a filter
    static constexpr std::size_t deepest = 64;   ///< parentheses and negations within each other

    /// Matches everything.
    RequestFilter() = default;

    bool matches(const RequestRecord& record, WallTime now) const { return !m_match || m_match(record, now); }
    bool all() const { return !m_match; } ///< nothing was asked for
    /// What matches now may not later, without any change of it.
    bool changes_with_time() const { return m_changes_with_time; }

private:
    friend FilterResult<RequestFilter> parse_request_filter(std::string_view text);
    RequestMatch m_match;
    bool m_changes_with_time = false;
};

/// Never fails on what a record could contain, whatever bytes those are.
FilterResult<RequestFilter> parse_request_filter(std::string_view text);

/// A value in a filter, in quotes where it needs them.
std::string filter_value(std::string_view value);
/// What `filter` wants and `term` too. `filter` must be right.
std::string filter_and(std::string_view filter, std::string_view term);

} // namespace tokenscope::telemetry
