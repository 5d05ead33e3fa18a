// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace tokenscope::ui {

/// A text as a cell of comma separated values (RFC 4180), quoted where it has to be. What a spreadsheet would take for a formula
/// is written as text.
QString csvCell(QString text);

/// A line of cells that are ready, in UTF-8.
QByteArray csvLine(const QStringList& cells);

} // namespace tokenscope::ui
