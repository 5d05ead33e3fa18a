// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>
#include <vector>

namespace tokenscope::ui {

/// How well a text fits what was typed: its letters in their order, wherever they are ("gdb" fits "Go to Dashboards").
struct WordMatch {
    int score = 0;           ///< higher is better; only comparable for the same typed text
    std::vector<int> places; ///< of the letters in the text, rising
};

/// Beginnings of words and letters in a row count more, late and scattered ones less; case and accents do not matter. Absent where a
/// letter is missing. Everything fits an empty text.
std::optional<WordMatch> matchWords(const QString& typed, const QString& text);

} // namespace tokenscope::ui
