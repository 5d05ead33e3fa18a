// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/dashboard_editor.h"

#include "bridge/console_context.h"
#include "dashboards/dashboard_json.h"
#include "dashboards/edits.h"
#include "dashboards/library.h"
#include "pages/common/notice_bar.h"
#include "pages/dashboards/dashboard_draft.h"
#include "pages/dashboards/dashboard_view.h"
#include "pages/dashboards/edit_bar.h"
#include "pages/dashboards/json_dialog.h"
#include "pages/dashboards/panel_dialog.h"
#include "pages/dashboards/variables_dialog.h"

#include <nlohmann/json.hpp>

#include <utility>

namespace tokenscope::ui {

DashboardEditor::DashboardEditor(const ConsoleContext& context, MetricFeed& feed, const MetricCatalogue& catalogue,
                                 EditBar& bar, NoticeBar& notice, QWidget& page)
    : QObject(&page), m_context(context), m_feed(feed), m_catalogue(catalogue), m_bar(bar), m_notice(notice),
      m_page(page)
{
    connect(&bar, &EditBar::titleChanged, this, &DashboardEditor::rename);
    connect(&bar, &EditBar::panelRequested, this, &DashboardEditor::addPanelLast);
    connect(&bar, &EditBar::rowRequested, this, &DashboardEditor::addRow);
    connect(&bar, &EditBar::undoRequested, this, &DashboardEditor::undo);
    connect(&bar, &EditBar::redoRequested, this, &DashboardEditor::redo);
    connect(&bar, &EditBar::variablesRequested, this, &DashboardEditor::editVariables);
    connect(&bar, &EditBar::jsonRequested, this, &DashboardEditor::editJson);
    connect(&bar, &EditBar::discardRequested, this, &DashboardEditor::discard);
    connect(&bar, &EditBar::saveRequested, this, &DashboardEditor::save);
}

DashboardEditor::~DashboardEditor() = default;

void DashboardEditor::begin(DashboardView& view, const dashboards::Dashboard& original,
                            const std::optional<dashboards::Dashboard>& unsaved)
{
    m_view = &view;
    m_draft = std::make_unique<DashboardDraft>(original, m_context.settings);
    connect(m_draft.get(), &DashboardDraft::edited, this, &DashboardEditor::show);
    connect(&view, &DashboardView::edited, this, &DashboardEditor::apply);
    connect(&view, &DashboardView::panelEditRequested, this, &DashboardEditor::editPanel);
    connect(&view, &DashboardView::panelWanted, this, &DashboardEditor::addPanel);
    view.setEditing(true);
    showBar();
    if (unsaved)
        m_draft->apply(*unsaved);
}

bool DashboardEditor::changed() const
{
    return m_draft && m_draft->changed();
}

void DashboardEditor::apply(const dashboards::Dashboard& dashboard)
{
    if (const auto checked = dashboards::Library::check(dashboard); !checked)
        m_notice.tellFailure(QString::fromStdString(checked.error().message));
    else
        m_draft->apply(dashboard);
}

void DashboardEditor::show()
{
    showBar();
    m_view->setDashboard(m_draft->dashboard());
}

void DashboardEditor::showBar()
{
    m_bar.setTitle(QString::fromStdString(m_draft->dashboard().title));
    m_bar.setState(m_draft->changed(), m_draft->canUndo(), m_draft->canRedo());
}

void DashboardEditor::undo()
{
    if (m_draft)
        m_draft->undo();
}

void DashboardEditor::redo()
{
    if (m_draft)
        m_draft->redo();
}

void DashboardEditor::rename(const QString& title)
{
    auto dashboard = m_draft->dashboard();
    dashboard.title = title.toStdString();
    apply(dashboard);
}

void DashboardEditor::addRow()
{
    auto dashboard = m_draft->dashboard();
    dashboard.rows.push_back({.title = tr("New row").toStdString(), .panels = {}});
    apply(dashboard);
}

void DashboardEditor::editPanel(const QString& id)
{
    const auto& dashboard = m_draft->dashboard();
    const auto* panel = dashboards::find_panel(dashboard, id.toStdString());
    if (!panel)
        return;
    auto* dialog = new PanelDialog(m_context, m_feed, m_catalogue, dashboard, *panel, m_view->choices(), &m_page);
    connect(dialog, &PanelDialog::decided, this, [this, id](const dashboards::Panel& decided) {
        auto changed = m_draft->dashboard();
        if (dashboards::replace_panel(changed, decided))
            apply(changed);
        m_view->focusPanel(id);
    });
    dialog->open();
}

void DashboardEditor::addPanel(std::size_t row)
{
    const dashboards::Panel fresh{.title = tr("New panel").toStdString(), .width = 6, .queries = {{}}};
    auto* dialog =
        new PanelDialog(m_context, m_feed, m_catalogue, m_draft->dashboard(), fresh, m_view->choices(), &m_page);
    connect(dialog, &PanelDialog::decided, this, [this, row](const dashboards::Panel& decided) {
        auto changed = m_draft->dashboard();
        const auto count = row < changed.rows.size() ? changed.rows[row].panels.size() : 0;
        dashboards::insert_panel(changed, decided, {row, count});
        apply(changed);
        m_view->focusPanel(QString::fromStdString(decided.id));
    });
    dialog->open();
}

void DashboardEditor::addPanelLast()
{
    const auto rows = m_draft->dashboard().rows.size();
    addPanel(rows == 0 ? 0 : rows - 1);
}

void DashboardEditor::editVariables()
{
    m_bar.finishTitle();
    auto* dialog = new VariablesDialog(m_context.theme, m_catalogue, m_draft->dashboard(), &m_page);
    connect(dialog, &VariablesDialog::decided, this, &DashboardEditor::apply);
    dialog->open();
}

void DashboardEditor::editJson()
{
    m_bar.finishTitle();
    const auto& dashboard = m_draft->dashboard();
    const auto read = [id = dashboard.id](const std::string& json) { return dashboards::parse_dashboard(json, id); };
    const auto check = [read](const std::string& json) -> Result<void> {
        return read(json).map([](const dashboards::Dashboard&) {});
    };
    const auto take = [this, read](const std::string& json) -> Result<void> {
        return read(json).map([this](const dashboards::Dashboard& changed) { m_draft->apply(changed); });
    };
    auto* dialog =
        new JsonDialog(m_context.theme, tr("%1 as JSON").arg(QString::fromStdString(dashboard.title)),
                       dashboards::to_json(dashboard).dump(2, ' ', false, nlohmann::json::error_handler_t::replace),
                       check, take, &m_page);
    dialog->open();
}

void DashboardEditor::save()
{
    if (!m_draft)
        return;
    m_bar.finishTitle();
    if (!m_draft->changed()) {
        end(false);
        return;
    }
    auto dashboard = m_draft->dashboard();
    dashboard.shipped = false;
    if (const auto saved = m_context.library.save(std::move(dashboard)); !saved) {
        const auto& error = saved.error();
        const auto detail = error.detail.empty() ? std::string() : " (" + error.detail + ")";
        m_notice.tellFailure(QString::fromStdString(error.message + detail));
        return;
    }
    end(true);
}

void DashboardEditor::discard()
{
    leave({});
}

void DashboardEditor::leave(const std::function<void()>& then)
{
    if (!m_draft)
        return;
    m_bar.finishTitle();
    m_then = then;
    if (!m_draft->changed()) {
        end(false);
        return;
    }
    m_notice.ask(tr("“%1” has changes that are not saved.").arg(QString::fromStdString(m_draft->dashboard().title)),
                 {{tr("Go on editing"), [this] { m_then = nullptr; }},
                  {tr("Save"), [this] { save(); }},
                  {tr("Discard the changes"), [this] { end(false); }}});
}

void DashboardEditor::end(bool saved)
{
    m_draft->forget();
    m_draft.reset();
    disconnect(m_view, nullptr, this, nullptr);
    m_view = nullptr;
    Q_EMIT finished(saved);
    if (const auto then = std::exchange(m_then, nullptr))
        then();
}

} // namespace tokenscope::ui
