// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include <cstdint>
#include <vector>

class QLabel;
class QPushButton;
class QToolButton;

namespace tokenscope::ui {

class Theme;
class TimeRange;

/// Which source, which time range, paused or not, and the theme.
class TopBar : public QFrame {
    Q_OBJECT

public:
    TopBar(Theme& theme, TimeRange& range, QWidget* parent = nullptr);

    enum class Health { unknown, good, bad };
    /// `detail` is the dot's tooltip and accessible description.
    void setSource(const QString& name, Health health, const QString& detail);
    void togglePause();

private:
    void addRanges(QWidget* segments);
    void refresh();
    void dress();

    Theme& m_theme;
    TimeRange& m_range;
    QLabel* m_dot;
    QLabel* m_source;
    QLabel* m_live;
    struct Segment {
        std::int64_t windowMs;
        QPushButton* button;
    };
    std::vector<Segment> m_segments;
    QPushButton* m_pause;
    QToolButton* m_themeToggle;
    Health m_health = Health::unknown;
};

} // namespace tokenscope::ui
