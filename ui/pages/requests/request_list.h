// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/request_list_model.h"

#include <QTableView>
#include <QTimer>

#include <array>
#include <functional>
#include <optional>
#include <vector>

class QMenu;
class QSettings;

namespace tokenscope::ui {

class Theme;

/// The table of requests. It follows the newest until the user looks at something; then what is looked at stays in place however
/// many come. A click on a title sorts: down, up, and back to the newest first. It has the columns that fit its width, the most
/// important ones, until the user chooses some by hand.
class RequestList : public QTableView {
    Q_OBJECT

public:
    RequestList(const Theme& theme, RequestListModel& model, QSettings& settings, QWidget* parent = nullptr);

    bool following() const { return m_following; }
    /// On: back to the newest first and to the top.
    void setFollowing(bool following);
    /// Does something to the model; then the rows that were seen are where they were, or the newest on top.
    void keepPlace(const std::function<void()>& change);

    void sortBy(int column, Qt::SortOrder order);
    /// For a while: not kept in the settings, and what it was before comes back with endLentSort() if nobody sorted since.
    void lendSort(int column, Qt::SortOrder order);
    void endLentSort();
    void selectRow(int row); ///< and scrolls to it
    void fillColumnMenu(QMenu& menu);
    void copySelection();
    QList<int> visibleColumns() const; ///< as they stand
    void save();

Q_SIGNALS:
    void followingChanged(bool following);
    void arrangementChanged(); ///< the columns, how wide they are, or by which one is sorted
    void opened();             ///< Enter
    void left();               ///< Esc
    void searched();           ///< a key that goes to the filter
    void menuRequested(const QModelIndex& index, const QPoint& globalPlace);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) override;
    void rowsAboutToBeRemoved(const QModelIndex& parent, int start, int end) override;

private:
    void cycleSort(int column);
    void applySort(int column, Qt::SortOrder order);
    void showSort();
    void setFollowingFlag(bool following);
    void scrolled(int value);
    void layColumns();
    void orderColumns();
    /// Chooses the columns where they are to fit, and divides the width among them.
    void fitColumns();
    void chooseColumns();
    std::vector<int> byImportance() const;
    void divideWidth();
    int elasticColumn(const QList<int>& visible) const;
    void setFitsWidth(bool fits);
    void leaveHiddenColumn();
    void restore();
    QByteArray headerState() const;
    void dress();

    const Theme& m_theme;
    RequestListModel& m_model;
    QSettings& m_settings;
    struct Sort {
        int column;
        Qt::SortOrder order;
    };
    std::optional<Sort> m_ownSort; ///< the user's, while another one is lent
    bool m_following = true;
    std::array<int, RequestListModel::columnCount_> m_widths{}; ///< as they are where there is just the room
    QTimer m_settle;                                            ///< until a column is no longer being dragged
    bool m_fitsWidth = true;                                    ///< no columns are chosen by hand
    bool m_fitting = false;
    bool m_own = false; ///< we scroll or select, not the user
};

} // namespace tokenscope::ui
