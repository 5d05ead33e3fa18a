// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/console_context.h"
#include "bridge/metric_catalogue.h"
#include "pages/dashboards/absent_line.h"
#include "pages/dashboards/dashboard_view.h"
#include "pages/dashboards/panel_layout.h"
#include "pages/dashboards/panel_view.h"
#include "theme/theme.h"

#include <QCoreApplication>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
#include <QScrollBar>

#include <algorithm>
#include <utility>

/// Where a dashboard's panels stand, and which of them are seen.
namespace tokenscope::ui {

int DashboardView::arrangedWidth() const
{
    // What is edited stands as the file says, however narrow the page is.
    const int width = m_scroll->viewport()->width();
    return m_editable ? std::max(wideFrom, width) : width;
}

void DashboardView::arrange()
{
    m_arrangedFor = arrangedWidth();
    m_linesThatGrow = 0;
    auto* content = m_scroll->widget();
    for (const auto& section : m_sections) {
        std::vector<bool> out;
        for (const auto* view : section.views)
            out.push_back(leftOut(*view));
        const auto places = placePanels(section.panels, m_arrangedFor, out);
        for (std::size_t i = 0; i < places.size(); ++i)
            put(section, i, places[i]);
        m_linesThatGrow += linesThatGrow(section.panels, places);
        const bool seen = out.empty() || std::ranges::find(out, false) != out.end();
        if (section.title)
            section.title->setVisible(seen);
        section.end->changeSize(0, seen ? m_context.theme.tokens().space1 : 0, QSizePolicy::Minimum,
                                QSizePolicy::Fixed);
    }
    content->layout()->invalidate();
    growLines();
    // Of a page that was resized unseen Qt would go by the height of before, and press the panels into it.
    QCoreApplication::postEvent(content, new QEvent(QEvent::LayoutRequest));
}

void DashboardView::put(const Section& section, std::size_t panel, const PanelPlace& place)
{
    auto* view = section.views[panel];
    if (view == m_alone)
        return;
    if (place.span == 0) {
        section.grid->removeWidget(view);
        if (view->parentWidget() != m_scroll->widget())
            view->setParent(m_scroll->widget());
        view->hide();
        return;
    }
    // A tile keeps its height, whatever stands beside it.
    const bool tile = section.panels[panel].kind == dashboards::PanelKind::stat;
    section.grid->addWidget(view, place.line, place.column, place.height, place.span,
                            tile ? Qt::AlignTop : Qt::Alignment());
    view->show();
}

/// Others come and go above what is seen without moving it.
void DashboardView::arrangeAroundWhatIsSeen()
{
    auto* bar = m_scroll->verticalScrollBar();
    auto* content = m_scroll->widget();
    const int scrolled = bar->value();
    const auto seen = std::ranges::find_if(m_panels, [&](const PanelView* view) {
        return scrolled > 0 && view->parentWidget() == content && !view->isHidden() && !leftOut(*view)
               && view->geometry().bottom() > scrolled;
    });
    if (seen == m_panels.end())
        return arrange();
    const int before = (*seen)->y();
    arrange();
    // The scroll bar is to know the new height now.
    content->resize(content->width(), std::max(m_scroll->viewport()->height(), content->minimumSizeHint().height()));
    bar->setValue(scrolled + (*seen)->y() - before);
}

/// Where the page is higher than the dashboard, its charts are.
void DashboardView::growLines()
{
    auto* layout = m_scroll->widget()->layout();
    layout->activate(); // else it tells the heights of before
    if (m_alone)
        return;
    const int usual = layout->sizeHint().height() - m_linesThatGrow * (m_lineHeight - PanelView::lineHeight);
    const int spare = m_editable ? 0 : m_scroll->viewport()->height() - usual;
    const int height = grownLine(PanelView::lineHeight, spare, m_linesThatGrow);
    if (height == m_lineHeight)
        return;
    m_lineHeight = height;
    for (auto* panel : m_panels)
        panel->setLineHeight(height);
    layout->activate();
}

bool DashboardView::eventFilter(QObject* watched, QEvent* event)
{
    const bool resized = watched == m_scroll->viewport() && event->type() == QEvent::Resize;
    if (resized && m_arrangedFor != arrangedWidth())
        arrange();
    else if (resized || (watched == m_scroll->widget() && event->type() == QEvent::LayoutRequest))
        growLines();
    return QWidget::eventFilter(watched, event);
}

bool DashboardView::leftOut(const PanelView& panel) const
{
    return !m_absentShown && std::ranges::find(m_absent, &panel) != m_absent.end();
}

/// What the source does not measure stands in nobody's way.
void DashboardView::leaveOut()
{
    const bool troubled = m_catalogue.settled() && !m_catalogue.error().isEmpty();
    std::vector<const PanelView*> absent;
    QStringList titles;
    for (const auto* panel : m_panels) {
        // A source that fails says nothing about what it has: nothing moves.
        const bool before = std::ranges::find(m_absent, panel) != m_absent.end();
        if (!panel->unmeasured() && !(troubled && before))
            continue;
        absent.push_back(panel);
        titles << QString::fromStdString(panel->panel().title);
    }
    // An empty page would tell less.
    if (m_editable || absent.size() == m_panels.size()) {
        absent.clear();
        titles.clear();
    }
    titles.removeDuplicates();
    m_absentLine->tell(titles, m_absentShown);
    if (std::exchange(m_absent, absent) != absent)
        arrangeAroundWhatIsSeen();
}

void DashboardView::setAbsentShown(bool shown)
{
    if (std::exchange(m_absentShown, shown) == shown)
        return;
    leaveOut();
    if (!m_absent.empty())
        arrangeAroundWhatIsSeen();
}

} // namespace tokenscope::ui
