// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace_model.h"

#include <QTreeView>

#include <optional>

namespace tokenscope::ui {

class Theme;

/// The spans of a trace as a tree with a bar for each on a common time axis. All rows are open at first; the arrow keys go up and
/// down, open and close.
class Waterfall : public QTreeView {
    Q_OBJECT

public:
    explicit Waterfall(const Theme& theme, QWidget* parent = nullptr);

    void setTrace(TraceTree tree);
    const TraceTree& trace() const { return m_model->tree(); }
    /// In trace().rows().
    std::optional<std::size_t> currentRow() const;
    void chooseRow(std::size_t row);
    /// Where a row's bar is drawn within a cell of the time column.
    static QRectF barRect(const TraceModel::Bar& bar, const QRect& cell);

Q_SIGNALS:
    void currentRowChanged();
    void rowActivated(std::size_t row);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void layColumns();
    void dress();

    const Theme& m_theme;
    TraceModel* m_model;
};

} // namespace tokenscope::ui
