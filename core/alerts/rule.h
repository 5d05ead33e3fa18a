// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "query/query.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace tokenscope::alerts {

enum class Condition {
    above, ///< the value is greater than the threshold
    below, ///< it is less
    absent ///< there is no value at all
};

enum class Severity { info, warning, critical };

/// Lower-case names, as the file has them.
std::string_view to_string(Condition condition);
std::string_view to_string(Severity severity);

/// A threshold of the user's own, watched by this program while it runs. As with Prometheus' alerting rules, each series of
/// the answer is judged for itself.
struct Rule {
    std::string id;     ///< unique among the rules; never shown
    std::string name;   ///< for people; not empty
    std::string source; ///< "local", or a connection's id
    /// A query, or PromQL for sources that take it.
    std::variant<query::Query, std::string> question;
    Condition condition = Condition::above;
    double threshold = 0;              ///< in the answer's unit; without meaning for `absent`
    std::chrono::milliseconds hold{0}; ///< it fires once the condition has been true this long
    /// It goes on firing until the condition has been false this long, so that a value that jitters around the threshold is one
    /// alert and not a hundred.
    std::chrono::milliseconds keep{0};
    Severity severity = Severity::warning;
    bool enabled = true;
    bool notify = true; ///< a desktop notification when it fires and when it is over
};

/// What is wrong with it, in a sentence, or nothing. ErrorCode::invalid_request; `param` is the field's name.
std::optional<Error> validate(const Rule& rule);

} // namespace tokenscope::alerts
