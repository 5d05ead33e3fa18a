// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace_tree.h"

#include <QAbstractItemModel>
#include <QColor>

namespace tokenscope::ui {

class Theme;

/// A TraceTree for a view: the name, and the span's stretch on the trace's time axis.
class TraceModel : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column { name, time, columnCount_ };

    /// Where a row's bar begins and ends, as shares of the whole trace.
    struct Bar {
        double from = 0;
        double to = 0;
        QColor color;
        bool drawn = false; ///< stand-ins have none
    };

    explicit TraceModel(const Theme& theme, QObject* parent = nullptr);

    void setTree(TraceTree tree);
    const TraceTree& tree() const { return m_tree; }
    double seconds() const; ///< of the whole trace
    /// In tree().rows().
    static std::size_t rowOf(const QModelIndex& index) { return static_cast<std::size_t>(index.internalId()); }
    QModelIndex indexOf(std::size_t row) const;
    Bar barOf(const QModelIndex& index) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& index) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString nameOf(std::size_t row) const;
    QString lengthOf(std::size_t row) const;
    QString words(std::size_t row) const;

    const Theme& m_theme;
    TraceTree m_tree;
};

/// Everything about one span, for reading and copying: attributes, events and what is odd about it.
QString spanText(const TraceTree& tree, std::size_t row);
/// One line of JSON for each span, as core/telemetry/tracing/span_json.h describes it.
QString spanLines(const telemetry::TraceSpans& spans);

} // namespace tokenscope::ui
