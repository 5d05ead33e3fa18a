// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/theme_choice.h"

#include <QSettings>

namespace tokenscope::ui {

namespace {

constexpr QLatin1StringView key("window/theme");

QString nameOf(ThemeMode mode)
{
    switch (mode) {
    case ThemeMode::light: return QStringLiteral("light");
    case ThemeMode::dark: return QStringLiteral("dark");
    case ThemeMode::system: break;
    }
    return QStringLiteral("system");
}

} // namespace

std::optional<ThemeMode> chosenMode(const QSettings& settings)
{
    if (!settings.contains(key))
        return std::nullopt;
    const auto name = settings.value(key).toString();
    for (const auto mode : {ThemeMode::light, ThemeMode::dark}) {
        if (name == nameOf(mode))
            return mode;
    }
    return ThemeMode::system;
}

void chooseMode(Theme& theme, QSettings& settings, ThemeMode mode)
{
    settings.setValue(key, nameOf(mode));
    theme.setMode(mode);
}

} // namespace tokenscope::ui
