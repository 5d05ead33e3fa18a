// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QString>
#include <QWidget>

#include <optional>
#include <vector>

namespace tokenscope::ui {

class Theme;

/// Stretches of time one after the other as one bar, and below it what each of them took. With the arrow keys or the mouse one
/// of them is looked at, and explained.
class PhaseBar : public QWidget {
    Q_OBJECT

public:
    struct Segment {
        QString name;
        QString explanation;
        double seconds = 0;
        std::size_t color = 0; ///< in ThemeTokens::series
    };

    explicit PhaseBar(const Theme& theme, QWidget* parent = nullptr);

    void setSegments(std::vector<Segment> segments);
    const std::vector<Segment>& segments() const { return m_segments; }
    /// Where a segment lies on the bar, in the widget's pixels; those too short to be seen are a pixel wide.
    QRectF barOf(std::size_t segment) const;
    std::optional<std::size_t> current() const { return m_current; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    std::optional<std::size_t> at(const QPoint& point) const;
    void look(std::optional<std::size_t> segment);
    QString words(const Segment& segment) const;
    double sum() const;
    int rowHeight() const;

    const Theme& m_theme;
    std::vector<Segment> m_segments;
    std::optional<std::size_t> m_current;
};

} // namespace tokenscope::ui
