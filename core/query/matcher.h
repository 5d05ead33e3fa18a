// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "query/labels.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace tokenscope::query {

enum class MatchKind { equal, not_equal, regex, not_regex };

/// A matcher as Query::where writes it, taken apart: "v", "!v", "~re" or "!~re".
struct MatcherText {
    MatchKind kind = MatchKind::equal;
    std::string_view value; ///< a part of the text given
};
MatcherText split_matcher(std::string_view text);

/// The other way round: what split_matcher() takes apart as these, or as an expression that says the same where the short form
/// of a plain value would be read as something else.
std::string matcher_text(MatchKind kind, std::string_view value);

/// A regular expression that matches this text and no other.
std::string regex_escaped(std::string_view text);

/// Decides whether a series is meant. A label that a series lacks counts as empty, as in Prometheus.
class Matchers {
public:
    /// Fails with ErrorCode::invalid_request, naming the pattern, where a regular expression is not one; its
    /// param is "/where/label" as validate() has it.
    static Result<Matchers> compile(const std::map<std::string, std::string>& where);

    bool accept(const Labels& labels) const;

private:
    struct Matcher {
        std::string label;
        MatchKind kind = MatchKind::equal;
        std::string value;
        std::shared_ptr<const re2::RE2> regex; ///< null unless kind is regex or not_regex
    };
    std::vector<Matcher> m_matchers;
};

} // namespace tokenscope::query
