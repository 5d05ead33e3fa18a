// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/requests/lane_tracker.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QStackedLayout;

namespace tokenscope::ui {

class LaneView;
struct ConsoleContext;

/// Every request in flight as a bar that grows with its tokens. Looks at them 30 times a second while it is seen and there
/// are any, twice a second while there are none, and not at all while it is hidden. How high it is follows from the page's height
/// alone, so that nothing below moves as requests come and go.
class LanesPanel : public QWidget {
    Q_OBJECT

public:
    explicit LanesPanel(const ConsoleContext& context, QWidget* parent = nullptr);

    LaneView& view() { return *m_view; }
    int interval() const
    {
        return m_timer.isActive() ? m_timer.interval() : 0;
    } ///< ms between looks; 0: none are taken

Q_SIGNALS:
    void requestChosen(const QString& requestId);

protected:
    void paintEvent(QPaintEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void dress();
    void look();
    void showSummary();
    void fit();
    int rows() const;        ///< that there is room for
    int frameHeight() const; ///< of all around the rows
    QString emptyText() const;

    const ConsoleContext& m_context;
    LaneTracker m_tracker;
    QTimer m_timer;
    QLabel* m_title;
    QLabel* m_summary;
    QLabel* m_empty;
    LaneView* m_view;
    QStackedLayout* m_stack;
};

} // namespace tokenscope::ui
