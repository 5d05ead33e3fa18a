// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>
#include <QString>

namespace tokenscope::ui {

/// One of our 20 px stroke icons ("send", "pause", ...) in the given colour, sharp at every scale.
QIcon tintedIcon(const QString& name, const QColor& color);

/// A dot of 8 px in the middle of a square of `size` px: how something is.
QIcon dotIcon(const QColor& color, int size);

} // namespace tokenscope::ui
