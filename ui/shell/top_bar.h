// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QString>

#include <cstdint>
#include <vector>

class QActionGroup;
class QLabel;
class QMenu;
class QPushButton;
class QToolButton;

namespace tokenscope::ui {

class SourceList;
class Theme;
enum class ThemeMode;
class TimeRange;

/// Which source, which time range, paused or not, and the theme.
class TopBar : public QFrame {
    Q_OBJECT

public:
    TopBar(Theme& theme, TimeRange& range, SourceList& sources, QWidget* parent = nullptr);

    enum class Health { unknown, good, bad };
    /// Of the source that is shown; `detail` is the dot's tooltip and accessible name.
    void setHealth(Health health, const QString& detail);
    void togglePause();
    void openSources();

Q_SIGNALS:
    void manageSourcesRequested();
    void customRangeRequested();
    void refreshRequested();
    void themeRequested(ThemeMode mode);

private:
    struct Segment {
        std::int64_t windowMs; ///< 0: fixed
        QPushButton* button;
    };

    void addRanges(QWidget* segments);
    QPushButton* addSegment(QWidget* segments, const QString& text, const QString& name, const char* place);
    QString tip(const QString& text) const;
    void fillSources();
    void showSource();
    void refresh();
    void dress();

    Theme& m_theme;
    TimeRange& m_range;
    SourceList& m_sources;
    QLabel* m_dot;
    QToolButton* m_source;
    QMenu* m_sourceMenu;
    QActionGroup* m_sourceGroup; ///< of what the menu offers: one of them is shown
    QLabel* m_live;
    std::vector<Segment> m_segments;
    QPushButton* m_pause;
    QToolButton* m_refresh;
    QToolButton* m_themeToggle;
    Health m_health = Health::unknown;
};

} // namespace tokenscope::ui
