// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/request_window.h"
#include "telemetry/request_record.h"

#include <QAbstractTableModel>

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace tokenscope::telemetry {
class RequestLog;
}

namespace tokenscope::ui {

class Theme;

/// The last requests, by the time they came (the one that is shown), newest first. Asks the log only when told to (poll), so that no request ever signals the UI.
class RequestTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { time, model, status, ttft, total, tokens, speed, columnCount_ };
    enum Role { statusRole = Qt::UserRole + 1, recordRole };

    RequestTableModel(const Theme& theme, const telemetry::RequestLog& log, std::size_t capacity,
                      QObject* parent = nullptr);

    /// Only those, of all that the log keeps.
    void setWindow(const RequestWindow& window);
    /// Takes over what is new.
    void poll();
    const telemetry::RequestRecord* record(int row) const;
    int rowOf(std::uint64_t sequence) const; ///< -1 where it is not there

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    using Record = std::shared_ptr<const telemetry::RequestRecord>;

    void insert(const std::vector<Record>& fresh);
    void trim();

    const Theme& m_theme;
    const telemetry::RequestLog& m_log;
    const std::size_t m_capacity;
    RequestWindow m_window;
    std::uint64_t m_seen = 0;
    std::deque<Record> m_records; ///< newest first
};

} // namespace tokenscope::ui
