// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QToolButton>

namespace tokenscope::ui {

class Theme;

/// A small button with an icon alone; what it is for is its accessible name and its tool tip.
class IconButton : public QToolButton {
    Q_OBJECT

public:
    IconButton(const Theme& theme, const QString& icon, const QString& purpose, QWidget* parent = nullptr);

private:
    void dress();

    const Theme& m_theme;
    const QString m_icon;
};

} // namespace tokenscope::ui
