// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>

namespace tokenscope::ui {

/// `share` of `other` (0 to 1) blended into `base`, in sRGB, opaque.
QColor mixed(const QColor& base, const QColor& other, double share);

/// Contrast of two opaque colours, 1 to 21 (WCAG 2.1, "contrast ratio"): 4.5 to read text, 3 to see a line or a control.
double contrastRatio(const QColor& a, const QColor& b);

/// `color` faded towards `surface` by `share`, but never below the contrast.
QColor faded(const QColor& color, const QColor& surface, double share, double minimumContrast);

} // namespace tokenscope::ui
