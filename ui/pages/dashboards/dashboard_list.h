// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/metric_catalogue.h"
#include "dashboards/dashboard.h"

#include <QWidget>

#include <vector>

class QLineEdit;
class QListWidget;
class QPushButton;

namespace tokenscope::ui {

class Theme;

/// The dashboards to choose from: first those that are made for metrics which the source has, then the others.
class DashboardList : public QWidget {
    Q_OBJECT

public:
    explicit DashboardList(const Theme& theme, QWidget* parent = nullptr);

    void setDashboards(std::vector<dashboards::Dashboard> dashboards);
    void setMetrics(const MetricCatalogue::Names& names);
    void setCurrent(const QString& id);
    QString current() const { return m_current; }
    /// The first that is offered for this source, or the first of all.
    QString best() const;
    void setProblems(const QStringList& problems);
    void focusSearch();

Q_SIGNALS:
    void chosen(const QString& id);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Item {
        QString id;
        QString title;
        QString description;
        QString hint; ///< of the user's own
        bool fits = false;
    };

    void sortOut();
    QString hintOf(const dashboards::Dashboard& dashboard) const;
    void fill();
    void move(int rows);
    void dress();
    void showProblems();

    const Theme& m_theme;
    std::vector<dashboards::Dashboard> m_dashboards;
    MetricCatalogue::Names m_names;
    std::vector<Item> m_items;
    QString m_current;
    QLineEdit* m_search;
    QListWidget* m_list;
    QStringList m_wrong; ///< a sentence for each file that cannot be read
    QPushButton* m_problems;
};

} // namespace tokenscope::ui
