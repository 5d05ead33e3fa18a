// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace tokenscope::ui {

/// Makes scroll areas safe to be asked by screen readers: Qt 6.4's own interface reads beyond its list when it is asked for a child
/// that has gone since the children were counted (a scroll bar that is not needed any more), which ends the program. As often as
/// one likes.
void installAccessibility();

} // namespace tokenscope::ui
