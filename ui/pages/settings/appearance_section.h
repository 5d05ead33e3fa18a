// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QComboBox;
class QLabel;
class QSettings;

namespace tokenscope::ui {

class Theme;

/// How the console looks. Applies at once, and is kept with the window's state rather than in config.yaml.
class AppearanceSection : public QWidget {
    Q_OBJECT

public:
    AppearanceSection(Theme& theme, QSettings& settings, QWidget* parent = nullptr);

private:
    void dress();

    Theme& m_theme;
    QSettings& m_settings;
    QComboBox* m_mode;
    QLabel* m_note;
};

} // namespace tokenscope::ui
