// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringView>

#include <optional>
#include <utility>
#include <vector>

namespace tokenscope::ui {

enum class PromqlKind { space, comment, text, number, duration, name, symbol, open, close, unknown };

struct PromqlToken {
    PromqlKind kind = PromqlKind::unknown;
    qsizetype at = 0;
    qsizetype length = 0;
    bool complete = true; ///< of a text: its closing quote is there

    qsizetype end() const { return at + length; }
};

/// Takes any text apart, right or wrong; the tokens cover it without a gap. `insideRaw`: it begins within a text in backticks,
/// which unlike the others goes on over lines.
std::vector<PromqlToken> lexPromql(QStringView text, bool insideRaw = false);

/// The bracket that the cursor stands beside (the one before it first) and its partner, as positions; the partner is -1 where it
/// has none. Brackets in texts and comments are none.
std::optional<std::pair<qsizetype, qsizetype>> bracketsAt(QStringView text, qsizetype cursor);

} // namespace tokenscope::ui
