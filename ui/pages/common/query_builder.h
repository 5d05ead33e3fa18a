// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/inquiry.h"
#include "pages/common/query_draft.h"

#include <QWidget>

#include <optional>
#include <vector>

class QComboBox;
class QGridLayout;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace tokenscope::ui {

class ListCompleter;
class MatcherRow;
class MetricCatalogue;
class SourceList;
class Theme;
class WrappingRow;

/// A query put together from pickers, on any source.
class QueryBuilder : public QWidget {
    Q_OBJECT

public:
    QueryBuilder(const Theme& theme, SourceList& sources, const MetricCatalogue& catalogue, QWidget* parent = nullptr);

    QueryDraft draft() const;
    void setDraft(const QueryDraft& draft);
    /// For a narrow place: one condition a row.
    void setCompact();
    /// At the right end of the second row of fields, or below them where there is no room; next with the Tab key.
    void setCorner(QWidget* corner, const std::vector<QWidget*>& stops);
    /// The field named by an error's param gets the focus.
    void focusField(const std::string& field);

Q_SIGNALS:
    void changed();

private:
    void addField(QHBoxLayout& row, const QString& title, QWidget* field, const char* name);
    QWidget* makeConditions();
    void placeMatchers();
    void drop(MatcherRow* matcher);
    void fillMetrics();
    void metricChanged();
    void functionChanged();
    void askLabels();
    MatcherRow* addMatcher(const DraftMatcher& matcher);
    /// The metric that is in the source, of the family that is chosen.
    std::string storedMetric() const;
    const MetricFamily* family() const;

    const Theme& m_theme;
    SourceList& m_sources;
    const MetricCatalogue& m_catalogue;
    std::vector<MetricFamily> m_families;
    QComboBox* m_metric;
    QComboBox* m_function;
    QComboBox* m_aggregation;
    QLineEdit* m_quantiles;
    QLineEdit* m_by;
    ListCompleter* m_byWords;
    QComboBox* m_window;
    QSpinBox* m_topk;
    QLabel* m_help;
    WrappingRow* m_options;
    QGridLayout* m_conditions;
    QPushButton* m_add;
    std::vector<MatcherRow*> m_matchers;
    QStringList m_labels;
    std::string m_labelled; ///< whose labels they are
    Inquiry m_inquiry;
    std::optional<std::pair<QString, BuilderFunction>> m_given; ///< metric and function of the last setDraft()
    int m_matchersARow = 2;
    bool m_filling = false;
};

} // namespace tokenscope::ui
