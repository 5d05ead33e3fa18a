// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QAbstractButton;

namespace tokenscope::ui {

/// Mends two of Qt 6.4's interfaces to screen readers and UI drivers. Scroll areas read beyond a list when they are asked for a
/// child that has gone since the children were counted (a scroll bar that is not needed any more), which ends the program. And
/// buttons that stay down are toggled without a click, so that nothing happens. As often as one likes.
void installAccessibility();

/// One of several of which one at a time is down is a radio button to them. This is for those that no button group holds, because
/// each is reached with the Tab key.
void setOneOfSeveral(QAbstractButton& button);

} // namespace tokenscope::ui
