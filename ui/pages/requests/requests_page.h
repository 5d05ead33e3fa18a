// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/wanted.h"
#include "models/request_list_model.h"
#include "pages/common/page.h"

#include <QTimer>

#include <cstddef>

class QLabel;
class QPushButton;
class QSplitter;
class QStackedLayout;
class QToolButton;

namespace tokenscope::ui {

struct ConsoleContext;
class EmptyNote;
class ExportButton;
class FilterRow;
class NoticeBar;
class RequestDetails;
class RequestList;

/// Every request that is kept of this gateway: filter, sort, follow, look into one, export. Asks the log four times a second while
/// it can be seen.
class RequestsPage : public Page {
    Q_OBJECT

public:
    /// `lanes`: what is in flight, to stand above the list; may be null. Both become children of the page.
    RequestsPage(const ConsoleContext& context, QWidget* lanes, RequestDetails* details, QWidget* parent = nullptr);
    ~RequestsPage() override;

    void show(const RequestsWanted& wanted);
    using Page::show;
    void showLanes(); ///< what is in flight, also where it was hidden
    /// Looks into the one with this id, where it is kept; the filter gives way if it has to.
    void choose(const QString& requestId);

    void refresh() override;
    std::vector<PageCommand> commands() override;
    void prepareForScreenshot() override;

Q_SIGNALS:
    void replayRequested(const tokenscope::ui::ReplayWanted& replay);
    void openPlaygroundRequested();

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* makeBar();
    QWidget* makeStage();
    void place(QWidget* lanes);
    void connectParts();
    void addShortcuts();
    void poll();
    void clearAll();
    void setWindow(RequestListModel::Window window);
    void follow();
    void showFollow();
    void showState();
    void showEmpty(std::size_t all);
    QString placeOfChosen() const;
    void showChosen();
    void closeDetails();
    void openMenu(const QModelIndex& index, const QPoint& globalPlace);
    void restore();
    void keepArrangement(); ///< from now on, as it changes
    void saveSoon();
    void save();
    void dress();

    const ConsoleContext& m_context;
    RequestListModel* m_model;
    FilterRow* m_filter;
    QLabel* m_elsewhere; ///< another source is shown
    QLabel* m_count;
    QPushButton* m_chip;
    QToolButton* m_follow;
    ExportButton* m_export;
    NoticeBar* m_notice;
    RequestList* m_list;
    QStackedLayout* m_stack = nullptr;
    EmptyNote* m_empty;
    RequestDetails* m_details;
    QSplitter* m_splitter;
    QWidget* m_lanes;
    QToolButton* m_lanesToggle;
    RequestListModel::Record m_chosen; ///< looked into
    QTimer m_timer;
    QTimer m_saveSoon; ///< who is killed forgets nothing
};

} // namespace tokenscope::ui
