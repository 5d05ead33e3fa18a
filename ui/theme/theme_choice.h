// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/theme.h"

#include <optional>

class QSettings;

namespace tokenscope::ui {

/// The mode that the user has chosen; nothing where they never did.
std::optional<ThemeMode> chosenMode(const QSettings& settings);

/// The user's choice: shown from now on, and at the next start. What only this start was asked for is Theme::setMode().
void chooseMode(Theme& theme, QSettings& settings, ThemeMode mode);

} // namespace tokenscope::ui
