// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QChar>
#include <QString>

#include <optional>

namespace tokenscope::ui {

/// What is being written at a place of a PromQL text.
struct CompletionSpot {
    enum class Kind {
        none,
        expression, ///< a metric, function, aggregation or keyword
        labelName,  ///< within {} or (...) behind "by" and its kind
        labelValue, ///< within the quotes of a matcher
        duration,   ///< the window within []
    };
    Kind kind = Kind::none;
    qsizetype from = 0; ///< of what a choice replaces
    qsizetype to = 0;
    QString prefix;        ///< from `from` to the cursor
    QString metric;        ///< whose labels are meant; empty: any metric's
    QString label;         ///< of a value
    QChar quote;           ///< that the value stands in
    bool closed = false;   ///< of a value: its closing quote is there
    bool grouping = false; ///< of a label's name: in a list, not in a matcher
};

/// For any text; a cursor outside of it counts as at its end.
CompletionSpot completionAt(const QString& text, qsizetype cursor);

/// What to write for a choice at such a place, and where the cursor stands then.
struct Insertion {
    QString text;
    qsizetype cursor = 0;
    bool goesOn = false; ///< there is something to complete at the cursor
};
Insertion insertionOf(const CompletionSpot& spot, const QString& choice, const QString& text);

/// How well a candidate fits what was typed, less being better: the same text, a prefix, a prefix of one of its words, a part,
/// its letters in their order. Absent where it does not.
std::optional<int> matchRank(QStringView typed, QStringView candidate);

} // namespace tokenscope::ui
