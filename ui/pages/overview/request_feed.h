// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <vector>

class QLabel;
class QStackedLayout;
class QToolButton;

namespace tokenscope::ui {

struct ConsoleContext;
class FeedTable;
class RequestTableModel;
class TimeRange;

/// The last requests as a small table that follows along, with as many columns as it has room for.
class RequestFeed : public QWidget {
    Q_OBJECT

public:
    explicit RequestFeed(const ConsoleContext& context, QWidget* parent = nullptr);
    void poll();
    /// The last ones while it moves along; the range's where it is fixed. Paused, nothing comes.
    void setRange(const TimeRange& range);
    /// Other sources have no requests to be followed: says so in place of them.
    void setLocal(bool local);

Q_SIGNALS:
    void requestChosen(const QString& requestId); ///< to be looked into

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QString emptyText() const;
    void dress();
    void measure();
    void fit();
    void fitRows();
    void showMissed();

    const ConsoleContext& m_context;
    RequestTableModel* m_model;
    QLabel* m_title;
    QToolButton* m_missed; ///< what has come above the rows that are seen, and the way there
    QLabel* m_empty;
    FeedTable* m_table;
    QStackedLayout* m_stack;
    QWidget* m_tableRoom;      ///< what there is of it below the last whole row stays empty
    std::vector<int> m_widths; ///< of the columns; they never shrink, so that nothing jumps as requests come and go
    bool m_local = true;
    bool m_fixed = false;
};

} // namespace tokenscope::ui
