// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/edit_layer.h"

#include "dashboards/edits.h"
#include "pages/dashboards/drop_mark.h"
#include "pages/dashboards/panel_layout.h"
#include "pages/dashboards/panel_view.h"
#include "pages/dashboards/row_grip.h"
#include "pages/dashboards/row_header.h"
#include "theme/theme.h"

#include <QScrollArea>

#include <algorithm>
#include <cmath>
#include <utility>

namespace tokenscope::ui {

namespace {

constexpr int scrollMargin = 40; ///< from an edge, at which dragging scrolls

} // namespace

EditLayer::EditLayer(const Theme& theme, QScrollArea& scroll, const dashboards::Dashboard& dashboard,
                     std::vector<Row> rows, QObject* parent)
    : QObject(parent), m_theme(theme), m_scroll(scroll), m_dashboard(dashboard), m_rows(std::move(rows)),
      m_mark(new DropMark(theme, scroll.widget()))
{
    for (std::size_t row = 0; row < m_rows.size(); ++row) {
        connectHeader(row, *m_rows[row].header);
        for (auto* panel : m_rows[row].panels)
            addHandle(*panel);
    }
}

EditLayer::~EditLayer()
{
    // Whoever called may still be in one of them.
    for (const auto& handle : m_handles) {
        if (!handle)
            continue;
        handle->setParent(nullptr); // nobody finds it who looks for the one that takes its place
        handle->deleteLater();
    }
    if (m_mark)
        m_mark->deleteLater();
}

void EditLayer::addHandle(PanelView& panel)
{
    const auto id = QString::fromStdString(panel.panel().id);
    const auto buttons =
        panel.panel().kind == dashboards::PanelKind::stat ? PanelHandle::Buttons::bottom : PanelHandle::Buttons::top;
    auto* handle = new PanelHandle(m_theme, id, QString::fromStdString(panel.panel().title), buttons, &panel);
    m_handles.push_back(handle);
    connect(handle, &PanelHandle::wanted, this, [this, id](PanelHandle::Action action) { act(id, action); });
    connect(handle, &PanelHandle::dragged, this, &EditLayer::drag);
    connect(handle, &PanelHandle::dropped, this, [this, id](QPoint global) { drop(id, global); });
    connect(handle, &PanelHandle::pulled, this, [this, &panel](QPoint by) { pull(panel, by); });
    connect(handle, &PanelHandle::released, this, [this, &panel](QPoint by) { release(panel, by); });
    connect(handle, &PanelHandle::cancelled, m_mark.data(), &QWidget::hide);
}

void EditLayer::connectHeader(std::size_t row, RowHeader& header)
{
    connectGrip(row, header.grip());
    connect(&header, &RowHeader::panelRequested, this, [this, row] { Q_EMIT panelWanted(row); });
    connect(&header, &RowHeader::titleChanged, this, [this, row](const QString& title) {
        auto dashboard = m_dashboard;
        dashboard.rows[row].title = title.toStdString();
        Q_EMIT edited(dashboard);
    });
    connect(&header, &RowHeader::removeRequested, this, [this, row] {
        auto dashboard = m_dashboard;
        dashboard.rows.erase(dashboard.rows.begin() + static_cast<std::ptrdiff_t>(row));
        Q_EMIT edited(dashboard);
    });
}

void EditLayer::connectGrip(std::size_t row, RowGrip& grip)
{
    connect(&grip, &RowGrip::shifted, this, [this, row](int step) {
        if (step > 0 || row > 0)
            moveRow(row, step > 0 ? row + 2 : row - 1);
    });
    connect(&grip, &RowGrip::dragged, this, [this](QPoint global) {
        const auto at = inContent(global);
        m_scroll.ensureVisible(at.x(), at.y(), 0, scrollMargin);
        if (const auto target = rowDropTarget(geometry(), at.y()))
            m_mark->showAt(target->mark);
    });
    connect(&grip, &RowGrip::dropped, this, [this, row](QPoint global) {
        m_mark->hide();
        if (const auto target = rowDropTarget(geometry(), inContent(global).y()))
            moveRow(row, target->to);
    });
    connect(&grip, &RowGrip::cancelled, m_mark.data(), &QWidget::hide);
}

void EditLayer::moveRow(std::size_t row, std::size_t to)
{
    auto dashboard = m_dashboard;
    if (dashboards::move_row(dashboard, row, to))
        Q_EMIT edited(dashboard);
}

std::optional<std::size_t> EditLayer::focusedRow(const dashboards::Dashboard& now) const
{
    const auto held = std::ranges::find_if(m_rows, [](const Row& row) {
        const auto& grip = row.header->grip();
        return grip.window()->focusWidget() == &grip;
    });
    if (held == m_rows.end())
        return std::nullopt;
    const auto index = static_cast<std::size_t>(held - m_rows.begin());
    // A row has no id: it is known by its panels, or by its title where it has none.
    const auto& row = m_dashboard.rows[index];
    const auto same = [&row](const dashboards::Row& other) {
        return row.panels.empty() ? other.panels.empty() && other.title == row.title
                                  : !other.panels.empty() && other.panels.front().id == row.panels.front().id;
    };
    const auto found = std::ranges::find_if(now.rows, same);
    return found == now.rows.end() ? index : static_cast<std::size_t>(found - now.rows.begin());
}

void EditLayer::focusRow(std::size_t row) const
{
    if (row >= m_rows.size())
        return;
    auto& header = *m_rows[row].header;
    header.grip().setFocus();
    m_scroll.ensureWidgetVisible(&header);
}

QString EditLayer::focused() const
{
    const auto found = std::ranges::find_if(m_handles, [](const auto& handle) {
        const auto* focus = handle->window()->focusWidget();
        return focus && (focus == handle || handle->isAncestorOf(focus));
    });
    return found == m_handles.end() ? QString() : (*found)->id();
}

void EditLayer::focus(const QString& id) const
{
    const auto found = std::ranges::find_if(m_handles, [&id](const auto& handle) { return handle->id() == id; });
    if (found == m_handles.end())
        return;
    (*found)->setFocus();
    m_scroll.ensureWidgetVisible(*found);
}

void EditLayer::act(const QString& id, PanelHandle::Action action)
{
    using Action = PanelHandle::Action;
    const auto panel = id.toStdString();
    auto dashboard = m_dashboard;
    bool changed = false;
    switch (action) {
    case Action::edit: Q_EMIT panelEditRequested(id); return;
    case Action::duplicate: changed = !dashboards::duplicate_panel(dashboard, panel).empty(); break;
    case Action::remove: changed = dashboards::remove_panel(dashboard, panel); break;
    case Action::back: changed = dashboards::shift_panel(dashboard, panel, -1); break;
    case Action::on: changed = dashboards::shift_panel(dashboard, panel, 1); break;
    case Action::up: changed = dashboards::shift_panel_row(dashboard, panel, -1); break;
    case Action::down: changed = dashboards::shift_panel_row(dashboard, panel, 1); break;
    case Action::narrower: changed = dashboards::resize_panel(dashboard, panel, -1, 0); break;
    case Action::wider: changed = dashboards::resize_panel(dashboard, panel, 1, 0); break;
    case Action::lower: changed = dashboards::resize_panel(dashboard, panel, 0, -1); break;
    case Action::higher: changed = dashboards::resize_panel(dashboard, panel, 0, 1); break;
    }
    if (changed)
        Q_EMIT edited(dashboard);
}

QPoint EditLayer::inContent(QPoint global) const
{
    return m_scroll.widget()->mapFromGlobal(global);
}

std::vector<RowGeometry> EditLayer::geometry() const
{
    const auto* content = m_scroll.widget();
    const auto rectOf = [content](const QWidget& widget) {
        return QRect(widget.mapTo(content, QPoint()), widget.size());
    };
    std::vector<RowGeometry> rows;
    for (const auto& row : m_rows) {
        RowGeometry geometry{.area = rectOf(*row.header), .panels = {}};
        for (const auto* panel : row.panels) {
            geometry.panels.push_back(rectOf(*panel));
            geometry.area |= geometry.panels.back();
        }
        rows.push_back(std::move(geometry));
    }
    return rows;
}

void EditLayer::drag(QPoint global)
{
    const auto at = inContent(global);
    m_scroll.ensureVisible(at.x(), at.y(), 0, scrollMargin);
    if (const auto target = dropTarget(geometry(), at))
        m_mark->showAt(target->mark);
}

void EditLayer::drop(const QString& id, QPoint global)
{
    m_mark->hide();
    const auto target = dropTarget(geometry(), inContent(global));
    auto dashboard = m_dashboard;
    if (target && dashboards::move_panel(dashboard, id.toStdString(), target->spot))
        Q_EMIT edited(dashboard);
}

QSize EditLayer::steps(const PanelView& panel, QPoint by) const
{
    const auto gap = m_theme.tokens().space3;
    const auto* content = m_scroll.widget();
    const double column = static_cast<double>(content->contentsRect().width() + gap) / gridColumns;
    const double line = static_cast<double>(PanelView::lineHeight + gap);
    const auto size = [](std::size_t now, double step, std::size_t most) {
        return std::clamp(static_cast<int>(now) + static_cast<int>(std::lround(step)), 1, static_cast<int>(most));
    };
    const auto& now = panel.panel();
    const bool tile = now.kind == dashboards::PanelKind::stat; // whose height is its own
    return {size(now.width, by.x() / column, dashboards::grid_columns),
            tile ? static_cast<int>(now.height) : size(now.height, by.y() / line, dashboards::max_panel_height)};
}

void EditLayer::pull(const PanelView& panel, QPoint by)
{
    const auto gap = m_theme.tokens().space3;
    const auto* content = m_scroll.widget();
    const auto size = steps(panel, by);
    const double column = static_cast<double>(content->contentsRect().width() + gap) / gridColumns;
    const bool tile = panel.panel().kind == dashboards::PanelKind::stat;
    const QSize pixels(static_cast<int>(std::lround(size.width() * column)) - gap,
                       tile ? panel.height() : size.height() * (PanelView::lineHeight + gap) - gap);
    const QRect rect(panel.mapTo(content, QPoint()), pixels);
    m_mark->showAt(rect, tile ? tr("%1 of 12").arg(size.width())
                              : QStringLiteral("%1 × %2").arg(size.width()).arg(size.height()));
}

void EditLayer::release(const PanelView& panel, QPoint by)
{
    m_mark->hide();
    const auto size = steps(panel, by);
    const auto& now = panel.panel();
    auto dashboard = m_dashboard;
    if (dashboards::resize_panel(dashboard, now.id, size.width() - static_cast<int>(now.width),
                                 size.height() - static_cast<int>(now.height)))
        Q_EMIT edited(dashboard);
}

} // namespace tokenscope::ui
