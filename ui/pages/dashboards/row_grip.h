// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPoint>
#include <QWidget>

namespace tokenscope::ui {

class Theme;

/// By which a whole row of panels is moved while its dashboard is edited: dragged, or shifted with the arrow keys.
class RowGrip : public QWidget {
    Q_OBJECT

public:
    /// `row`: how many rows stand before it.
    RowGrip(const Theme& theme, std::size_t row, QWidget* parent = nullptr);

Q_SIGNALS:
    void shifted(int step); ///< down (1) or up (-1)
    void dragged(QPoint global);
    void dropped(QPoint global);
    void cancelled();

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void letGo();

    const Theme& m_theme;
    bool m_held = false;
    bool m_moving = false; ///< far enough to be no click
    QPoint m_from;         ///< global
};

} // namespace tokenscope::ui
