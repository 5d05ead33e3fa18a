// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "models/request_cells.h"
#include "models/request_window.h"
#include "telemetry/filter/request_filter.h"
#include "telemetry/request_record.h"

#include <QAbstractTableModel>
#include <QFont>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace tokenscope::telemetry {
class RequestLog;
}

namespace tokenscope::ui {

class Theme;

/// The kept requests, filtered and sorted. Asks the log only when told to (poll), so that no request ever signals the UI; what is
/// new comes as a few inserted and removed rows, so that a view keeps its selection.
class RequestListModel : public QAbstractTableModel {
    Q_OBJECT

public:
    using Record = std::shared_ptr<const telemetry::RequestRecord>;
    enum Column {
        time,
        route,
        provider,
        model,
        status,
        ttft,
        total,
        tokensIn,
        tokensOut,
        speed,
        cost,
        trace,
        columnCount_
    };
    enum Role { sequenceRole = Qt::UserRole + 1 };
    static constexpr int newestFirst = -1; ///< who came last, which is not who ended last

    using Window = RequestWindow;

    RequestListModel(const Theme& theme, const telemetry::RequestLog& log, const Clock& clock, std::size_t capacity,
                     QObject* parent = nullptr);

    /// Takes over what is new.
    void poll();
    void setFilter(telemetry::RequestFilter filter);
    void setWindow(Window window);
    const Window& window() const { return m_window; }

    /// What is absent comes last either way, what is equal the newest first. `newestFirst` for none.
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;
    int sortColumn() const { return m_sortColumn; }
    Qt::SortOrder sortOrder() const { return m_sortOrder; }

    Record record(int row) const; ///< null where there is none
    const std::vector<Record>& shown() const { return m_shown; }
    const std::deque<Record>& all() const { return m_all; } ///< newest first
    bool hasValues(int column) const;                       ///< of any of all()
    int rowOf(std::uint64_t sequence) const;                ///< -1 where it is not shown
    int rowOfRequest(const std::string& requestId) const;

    static RequestCell cellOf(int column);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<Record> wanted() const;
    void order(std::vector<Record>& records) const;
    /// Becomes `next`, which has what both have in the same order.
    void take(std::vector<Record> next);
    void removeOthers(const std::vector<Record>& next);
    void insertMissing(const std::vector<Record>& next);

    const Theme& m_theme;
    const telemetry::RequestLog& m_log;
    const Clock& m_clock;
    const std::size_t m_capacity;
    telemetry::RequestFilter m_filter;
    Window m_window;
    int m_sortColumn = newestFirst;
    Qt::SortOrder m_sortOrder = Qt::DescendingOrder;
    std::uint64_t m_seen = 0;
    std::deque<Record> m_all;
    std::vector<Record> m_shown;
    QFont m_numberFont;
    QFont m_idFont;
};

} // namespace tokenscope::ui
