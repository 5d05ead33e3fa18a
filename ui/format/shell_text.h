// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace tokenscope::ui {

/// As one word for a POSIX shell, in single quotes: nothing in it is replaced.
QString shellQuoted(QString text);

} // namespace tokenscope::ui
