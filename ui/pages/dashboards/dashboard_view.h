// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboards/dashboard.h"
#include "dashboards/resolve.h"

#include <QWidget>

#include <vector>

class QGridLayout;
class QLabel;
class QScrollArea;
class QSpacerItem;
class QStackedWidget;
class QVBoxLayout;

namespace tokenscope::ui {

struct ConsoleContext;
struct PanelPlace;
class AbsentLine;
class ChartGroup;
class EditLayer;
class MetricCatalogue;
class MetricFeed;
class PanelView;
class RowHeader;
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
    const dashboards::Dashboard& dashboard() const { return m_dashboard; }
    dashboards::Choices choices() const;
    /// Another state of the same dashboard: panels that are the same but for place and size stay as they are.
    void setDashboard(dashboards::Dashboard dashboard);
    /// Whether its panels and rows can be changed. What is done to them is told, and shown when it comes back.
    void setEditing(bool editing);
    void focusPanel(const QString& id);
    /// Whether panels are seen of which the source measures nothing, where it measures something of others. While it is edited
    /// all are.
    void setAbsentShown(bool shown);
    /// The panel under the mouse or with the focus, else the first, fills the page.
    void showAlone();
    bool alone() const { return m_alone != nullptr; } ///< whether one does
    /// All are back. Whether one was alone.
    bool showAll();

Q_SIGNALS:
    void edited(const dashboards::Dashboard& dashboard);
    void panelEditRequested(const QString& id);
    void panelWanted(std::size_t row); ///< a new one, last in the row
    void requestsWanted(const RequestsWanted& wanted);
    void absentToggled(bool shown);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Section {
        std::vector<dashboards::Panel> panels;
        std::vector<PanelView*> views;
        QGridLayout* grid = nullptr;
        QLabel* title = nullptr;     ///< where there is one, and it is not edited
        RowHeader* header = nullptr; ///< while it is edited
        QSpacerItem* end = nullptr;  ///< space below the panels
    };

    void rebuild();
    void makeVariables();
    void refreshVariables();
    void addRows(const std::vector<PanelView*>& before);
    Section addRow(QVBoxLayout& column, std::size_t row, const std::vector<PanelView*>& before);
    PanelView* viewOf(const dashboards::Panel& panel, const std::vector<PanelView*>& before);
    void makeEditable();
    int arrangedWidth() const;
    void arrange();
    void put(const Section& section, std::size_t panel, const PanelPlace& place);
    void arrangeAroundWhatIsSeen();
    void growLines();
    bool leftOut(const PanelView& panel) const;
    void leaveOut();
    void plan();
    void setAlone(PanelView* panel);
    void showDetail(const PanelView& panel);
    void startOver();
    void resetSource();

    const ConsoleContext& m_context;
    MetricFeed& m_feed;
    const MetricCatalogue& m_catalogue;
    dashboards::Dashboard m_dashboard;
    ChartGroup* m_group;
    QVBoxLayout* m_column;
    VariableBar* m_variables = nullptr;
    QStackedWidget* m_stack;
    QScrollArea* m_scroll;
    QWidget* m_stage; ///< of the panel that is alone
    std::vector<Section> m_sections;
    std::vector<PanelView*> m_panels;
    std::vector<const PanelView*> m_absent; ///< of which the source measures nothing
    bool m_absentShown = false;
    AbsentLine* m_absentLine = nullptr;
    PanelView* m_alone = nullptr;
    EditLayer* m_editing = nullptr; ///< null where it is only looked at
    bool m_editable = false;
    int m_arrangedFor = -1; ///< px
    int m_linesThatGrow = 0;
    int m_lineHeight; ///< of them
};

} // namespace tokenscope::ui
