// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

class QLineEdit;
class QToolButton;

namespace tokenscope::ui {

class RowGrip;
class Theme;

/// Above a row of panels while the dashboard is edited: a grip to move it by, its title, a new panel, and the row's end where it
/// has no panels.
class RowHeader : public QWidget {
    Q_OBJECT

public:
    RowHeader(const Theme& theme, std::size_t row, const QString& title, bool empty, QWidget* parent = nullptr);

    RowGrip& grip() const { return *m_grip; }

Q_SIGNALS:
    void titleChanged(const QString& title);
    void panelRequested();
    void removeRequested();

private:
    void dress();

    const Theme& m_theme;
    RowGrip* m_grip;
    QToolButton* m_remove;
};

} // namespace tokenscope::ui
