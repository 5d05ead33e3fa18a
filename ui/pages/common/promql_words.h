// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLatin1StringView>
#include <QStringView>

#include <span>

namespace tokenscope::ui {

enum class WordKind { function, aggregation, keyword };

/// A word that PromQL knows: https://prometheus.io/docs/prometheus/latest/querying/functions/ and .../operators/
struct PromqlWord {
    QLatin1StringView name;
    QLatin1StringView signature; ///< one line: "rate(v range-vector)"
    WordKind kind = WordKind::function;
};

/// Sorted by name.
std::span<const PromqlWord> promqlWords();
/// Null where it is no such word. Functions are written in lower case, the others in any.
const PromqlWord* findPromqlWord(QStringView name);

} // namespace tokenscope::ui
