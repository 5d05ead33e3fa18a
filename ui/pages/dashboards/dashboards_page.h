// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "dashboards/dashboard.h"
#include "pages/common/page.h"

#include <QString>

#include <string>

class QLabel;
class QSplitter;
class QToolButton;
class QVBoxLayout;

namespace tokenscope::ui {

struct ConsoleContext;
class DashboardList;
class DashboardView;
class MetricCatalogue;
class MetricFeed;
class NoticeBar;
struct RequestsWanted;

/// The shipped dashboards and the user's own, on whatever source is shown.
class DashboardsPage : public Page {
    Q_OBJECT

public:
    DashboardsPage(const ConsoleContext& context, MetricFeed& feed, const MetricCatalogue& catalogue,
                   QWidget* parent = nullptr);
    ~DashboardsPage() override;

    /// An unknown id changes nothing.
    void showDashboard(const QString& id);
    DashboardView* view() const { return m_view; }

Q_SIGNALS:
    /// A click into a chart that tells of this process's requests.
    void requestsWanted(const RequestsWanted& wanted);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeHeader();
    void dress();
    void fillMenu();
    void reload(const QString& current);
    void metricsChanged();
    const dashboards::Dashboard* current() const;

    void duplicate();
    void importFile();
    void takeIn(const QString& path);
    void exportFile();
    void askRemove();
    void remove();
    void edit();
    void complain(const Error& error);

    const ConsoleContext& m_context;
    MetricFeed& m_feed;
    const MetricCatalogue& m_catalogue;
    QSplitter* m_splitter;
    DashboardList* m_list;
    QLabel* m_title;
    QLabel* m_description;
    QToolButton* m_more;
    NoticeBar* m_notice;
    QVBoxLayout* m_column;
    DashboardView* m_view = nullptr;
    std::string m_id;
    bool m_chosen = false; ///< by the user, now or before: not to be changed for them
};

} // namespace tokenscope::ui
