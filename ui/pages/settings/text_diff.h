// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <vector>

namespace tokenscope::ui {

struct DiffLine {
    enum class Kind { same, added, removed, skipped };
    Kind kind = Kind::same;
    QString text;
    int number = 0; ///< from 1: in the new text, of a removed one in the old; 0: skipped
    bool operator==(const DiffLine&) const = default;
};

/// What to do to the lines of one text to get the other, with a few lines around each change.
std::vector<DiffLine> textDiff(const QString& before, const QString& after, int around = 3);

} // namespace tokenscope::ui
