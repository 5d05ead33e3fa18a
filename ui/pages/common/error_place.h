// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace tokenscope::ui {

/// Where in an expression the other side stumbled, and what it says.
struct ErrorPlace {
    qsizetype from = 0;
    qsizetype length = 1; ///< at least 1, even behind the end of the text
    QString sentence;     ///< without the position: "parse error: unexpected end of input"
};

/// Reads Prometheus' "1:5: parse error: ..." and "parse error at char 5: ..." (line and column or place from 1, in bytes), wherever
/// in `said` it stands. Absent where it names no place, or one far outside of the expression.
std::optional<ErrorPlace> errorPlaceIn(const QString& said, const QString& expression);

} // namespace tokenscope::ui
