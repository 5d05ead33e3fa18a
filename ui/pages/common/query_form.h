// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "query/query.h"

#include <QString>
#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;

namespace tokenscope::ui {

class MetricCatalogue;
class QueryBuilder;
class SourceList;
class Theme;

/// A panel's query put together from pickers: of one metric, or the share that one has in another.
class QueryForm : public QWidget {
    Q_OBJECT

public:
    enum class Fields { all, question }; ///< without what is done to the values: their factor, and when they were

    QueryForm(const Theme& theme, SourceList& sources, const MetricCatalogue& catalogue, Fields fields = Fields::all,
              QWidget* parent = nullptr);

    /// Whether it has fields for all that is in the query.
    static bool expresses(const query::Query& query);
    /// One that it expresses.
    void setQuery(const query::Query& query);
    /// Fails with a sentence on what is missing or wrong.
    Result<query::Query> query() const;
    /// A heatmap's function or, where it has that, the usual one.
    void setHeatmap(bool heatmap);
    void focusMetric();
    /// The field named by an error's param gets the focus.
    void focusField(const std::string& field);

Q_SIGNALS:
    void changed();

private:
    bool share() const;
    void showShape();

    const Fields m_fields;
    QComboBox* m_shape;
    QueryBuilder* m_first;
    QLabel* m_inTitle;
    QueryBuilder* m_second;
    QLineEdit* m_scale;
    QLineEdit* m_offset;
    QLabel* m_offsetTitle;
    QCheckBox* m_orZero;
    bool m_filling = false;
};

} // namespace tokenscope::ui
