// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QLayout;
class QScrollArea;

namespace tokenscope::ui {

/// Keeps what stands in the scroll area, laid out by `content`, `margin` px away from the area's right edge, whether there is a
/// scroll bar or not: it stands within the margin. So pages that scroll end where the others do.
void keepRightEdge(QScrollArea& area, QLayout& content, int margin);

} // namespace tokenscope::ui
