// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

class QLineEdit;
class QToolButton;

namespace tokenscope::ui {

class Theme;

/// Above a row of panels while the dashboard is edited: its title, a new panel, and the row's end where it has no panels.
class RowHeader : public QWidget {
    Q_OBJECT

public:
    RowHeader(const Theme& theme, std::size_t row, const QString& title, bool empty, QWidget* parent = nullptr);

Q_SIGNALS:
    void titleChanged(const QString& title);
    void panelRequested();
    void removeRequested();

private:
    void dress();

    const Theme& m_theme;
    QToolButton* m_remove;
};

} // namespace tokenscope::ui
