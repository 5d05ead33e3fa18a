// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboards/dashboard.h"

#include <QWidget>

#include <vector>

class QGridLayout;
class QLabel;
class QScrollArea;
class QStackedWidget;

namespace tokenscope::ui {

struct ConsoleContext;
class ChartGroup;
class MetricCatalogue;
class MetricFeed;
class PanelView;
class VariableBar;
struct RequestsWanted;

/// One dashboard: its variables, rows and panels, on whatever source is shown.
class DashboardView : public QWidget {
    Q_OBJECT

public:
    DashboardView(const ConsoleContext& context, MetricFeed& feed, const MetricCatalogue& catalogue,
                  dashboards::Dashboard dashboard, QWidget* parent = nullptr);
    ~DashboardView() override;

    const std::vector<PanelView*>& panels() const { return m_panels; }
    /// The panel under the mouse or with the focus, else the first, fills the page.
    void showAlone();
    /// All are back. Whether one was alone.
    bool showAll();

Q_SIGNALS:
    void requestsWanted(const RequestsWanted& wanted);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Section {
        std::vector<dashboards::Panel> panels;
        std::vector<PanelView*> views;
        QGridLayout* grid = nullptr;
    };

    void addRows();
    void arrange();
    void plan();
    void setAlone(PanelView* panel);
    void showDetail(const PanelView& panel);
    void resetSource();

    const ConsoleContext& m_context;
    MetricFeed& m_feed;
    const MetricCatalogue& m_catalogue;
    const dashboards::Dashboard m_dashboard;
    ChartGroup* m_group;
    VariableBar* m_variables;
    QStackedWidget* m_stack;
    QScrollArea* m_scroll;
    QWidget* m_stage; ///< of the panel that is alone
    std::vector<Section> m_sections;
    std::vector<PanelView*> m_panels;
    PanelView* m_alone = nullptr;
    int m_arrangedFor = -1;
};

} // namespace tokenscope::ui
