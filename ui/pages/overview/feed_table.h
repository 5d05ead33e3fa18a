// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

#include <cstdint>
#include <functional>

namespace tokenscope::ui {

class RequestTableModel;
class Theme;

/// The rows of a RequestTableModel: they stay at the newest one unless the user scrolled away, and one click opens a request.
class FeedTable : public QTableView {
    Q_OBJECT

public:
    FeedTable(const Theme& theme, RequestTableModel& model, QWidget* parent = nullptr);

    /// Does something to the model; then the newest row is on top as before, or what was seen stands where it stood.
    void keepPlace(const std::function<void()>& change);

    /// How many have come since the user scrolled away from the newest; as many as there are where more came than are kept.
    int missed() const { return m_missed; }

Q_SIGNALS:
    void missedChanged(int missed);
    void opened(const QString& requestId); ///< a click, or Enter

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void rowsAboutToBeRemoved(const QModelIndex& parent, int start, int end) override;
    bool viewportEvent(QEvent* event) override;

private:
    void open(const QModelIndex& index);
    bool atNewest() const;
    void countMissed();

    RequestTableModel& m_model;
    std::uint64_t m_lastSeen = 0; ///< the last that came while the newest was on top
    int m_missed = 0;
};

} // namespace tokenscope::ui
