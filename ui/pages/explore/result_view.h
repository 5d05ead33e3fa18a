// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/explore/query_run.h"

#include "format/format.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QStackedWidget;
class QTabBar;

namespace tokenscope::ui {

class ElidedLabel;
class Heatmap;
class NoticeBar;
class Theme;
class TimeSeriesChart;
class ValueTable;

/// An answer as lines over time and as a table of the values at its end, with how many there were and how long it took.
class ResultView : public QWidget {
    Q_OBJECT

public:
    static constexpr std::size_t mostDrawn = 40; ///< lines, those with the highest means; nobody can tell more apart

    explicit ResultView(const Theme& theme, QWidget* parent = nullptr);

    void setQuestion(const QString& title); ///< what the answer shows
    void setLoading();                      ///< asked for the first time; what is there stays
    void showAnswer(const QueryRun::Answer& answer, bool heatmap, Unit unit);
    /// What is shown is not of now; nothing is, if there never was an answer.
    /// What is known of the time before, where nothing matched; empty: no more.
    void setPast(const QString& words);
    void showError(const QString& message);
    void clear(const QString& emptyText);
    bool hasAnswer() const { return m_lines != nullptr; }
    int tab() const;
    void setTab(int index);
    int chartWidth() const;

Q_SIGNALS:
    void tabChanged(int index);
    void rangeSelected(qint64 fromMs, qint64 toMs);
    void rangeReset();

private:
    QWidget* makeHeader();
    void drawLines(const query::FramePtr& frame);
    void summarise(const QueryRun::Answer& answer);
    void copy();
    void exportFile();
    void save(const QString& path, const query::FramePtr& frame, bool overTime);
    void tellSaved(const QString& path, const QString& problem); ///< empty: none
    void dress();

    const Theme& m_theme;
    QTabBar* m_tabs;
    ElidedLabel* m_summary;
    QPushButton* m_copy;
    QPushButton* m_export;
    QLabel* m_warnings;
    NoticeBar* m_notice;
    QStackedWidget* m_stack;
    TimeSeriesChart* m_chart;
    Heatmap* m_heatmap;
    ValueTable* m_table;
    bool m_heat = false;
    query::FramePtr m_lines;
    query::FramePtr m_values;
};

} // namespace tokenscope::ui
