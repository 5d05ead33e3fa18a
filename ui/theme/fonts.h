// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>

namespace tokenscope::ui {

/// The system's interface font at a size of the type scale.
QFont interfaceFont(int pixelSize, QFont::Weight weight = QFont::Normal);

/// The system's fixed-pitch font.
QFont fixedFont(int pixelSize);

/// The same font where its ten digits are equally wide, so that a changing number does not jitter; the fixed-pitch font
/// of that size where they are not. (Qt 6.4 cannot ask a font for its tabular figures.)
QFont withTabularFigures(const QFont& font);

} // namespace tokenscope::ui
