// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QString>
#include <QWidget>

#include <vector>

namespace tokenscope::ui {

class Theme;

/// The exact values under the crosshair. A child of the window, so that it may reach beyond its chart but needs no window
/// manager.
class ChartTooltip : public QWidget {
    Q_OBJECT

public:
    struct Row {
        QColor color;
        QString name;
        QString value;
    };

    ChartTooltip(const Theme& theme, QWidget* window);

    /// `hint` says what a click does; empty: nothing.
    void setContents(const QString& heading, std::vector<Row> rows, const QString& hint = {});
    const QString& hint() const { return m_hint; }
    const std::vector<Row>& rows() const { return m_rows; }
    /// Beside a point of the window, on the side that has room.
    void showBeside(const QPoint& point);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    QString m_heading;
    QString m_hint;
    std::vector<Row> m_rows;
    std::size_t m_left = 0; ///< rows that there is no room for
};

} // namespace tokenscope::ui
