// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPoint>
#include <QString>
#include <QWidget>

#include <vector>

class QPainter;
class QToolButton;

namespace tokenscope::ui {

class Theme;

/// Lies over a panel while its dashboard is edited: to be dragged, and pulled larger at its corner. The arrow keys move it, with
/// Shift they resize it.
class PanelHandle : public QWidget {
    Q_OBJECT

public:
    enum class Action { edit, duplicate, remove, back, on, up, down, narrower, wider, lower, higher };
    Q_ENUM(Action)

    enum class Buttons { top, bottom };

    /// Covers `panel`, which becomes its parent. A tile has its buttons at the bottom: its title and its number need all the
    /// width above.
    PanelHandle(const Theme& theme, const QString& id, const QString& title, Buttons buttons, QWidget* panel);

    const QString& id() const { return m_id; }

Q_SIGNALS:
    void wanted(Action action);
    void dragged(QPoint global);
    void dropped(QPoint global);
    void pulled(QPoint by); ///< the corner, so far
    void released(QPoint by);
    void cancelled();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    enum class Grip { none, body, corner };

    QToolButton* addButton(const char* name, const QString& icon, const QString& text, Action action);
    QRect corner() const;
    void paintGround(QPainter& painter) const;
    void place();
    void dress();

    const Theme& m_theme;
    const QString m_id;
    const Buttons m_place;
    std::vector<QToolButton*> m_buttons;
    Grip m_grip = Grip::none;
    bool m_moving = false; ///< far enough to be no click
    QPoint m_from;         ///< global
};

} // namespace tokenscope::ui
