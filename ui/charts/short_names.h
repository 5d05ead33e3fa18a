// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

QT_BEGIN_NAMESPACE
class QFontMetrics;
QT_END_NAMESPACE

namespace tokenscope::ui {

/// The names, each at most so many px wide. What is too long first loses what all of them begin with, then what they end with and its
/// middle: "…3.example", not ten times "inst…mple". Those that would look alike then are shortened once more among themselves.
QStringList shortNames(const QStringList& names, const QFontMetrics& metrics, int width);

} // namespace tokenscope::ui
