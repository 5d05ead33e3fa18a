// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the Dashboards page offers in the command palette.
#include "bridge/console_context.h"
#include "dashboards/library.h"
#include "pages/dashboards/dashboard_draft.h"
#include "pages/dashboards/dashboard_editor.h"
#include "pages/dashboards/dashboard_list.h"
#include "pages/dashboards/dashboard_view.h"
#include "pages/dashboards/dashboards_page.h"

namespace tokenscope::ui {

std::vector<PageCommand> DashboardsPage::commands()
{
    if (m_editor->editing())
        return m_editor->commands();
    std::vector<PageCommand> all;
    const auto add = [&all](const QString& id, const QString& title, const QString& keys, std::function<void()> run) {
        all.push_back({id, title, keys, std::move(run)});
    };
    add(QStringLiteral("search"), tr("Search the dashboards"), QStringLiteral("/"), [this] { m_list->focusSearch(); });
    add(QStringLiteral("import"), tr("Import a dashboard"), {}, [this] { importFile(); });
    const auto* dashboard = current();
    if (!dashboard)
        return all;
    if (m_view->alone())
        add(QStringLiteral("alone"), tr("Show all panels of the dashboard"), tr("Esc"), [this] { m_view->showAll(); });
    else if (!m_view->panels().empty())
        add(QStringLiteral("alone"), tr("Show a panel of the dashboard alone"), tr("F"),
            [this] { m_view->showAlone(); });
    add(QStringLiteral("edit"), tr("Edit the dashboard"), tr("E"), [this] { startEditing(); });
    add(QStringLiteral("json"), tr("Edit the dashboard as JSON"), {}, [this] { editJson(); });
    add(QStringLiteral("duplicate"), tr("Duplicate the dashboard"), {}, [this] { duplicate(); });
    add(QStringLiteral("export"), tr("Export the dashboard"), {}, [this] { exportFile(); });
    if (m_context.library.shadows(m_id))
        add(QStringLiteral("reset"), tr("Reset the dashboard to the shipped one"), {}, [this] { askRemove(); });
    else if (!dashboard->shipped)
        add(QStringLiteral("delete"), tr("Delete the dashboard"), {}, [this] { askRemove(); });
    return all;
}

std::vector<PageCommand> DashboardEditor::commands()
{
    std::vector<PageCommand> all;
    const auto add = [&all](const QString& id, const QString& title, const QString& keys, std::function<void()> run) {
        all.push_back({id, title, keys, std::move(run)});
    };
    if (m_draft->changed())
        add(QStringLiteral("save"), tr("Save the dashboard"), tr("Ctrl+S"), [this] { save(); });
    if (m_draft->canUndo())
        add(QStringLiteral("undo"), tr("Undo the last change to the dashboard"), tr("Ctrl+Z"), [this] { undo(); });
    if (m_draft->canRedo())
        add(QStringLiteral("redo"), tr("Redo the change to the dashboard"), tr("Ctrl+Shift+Z"), [this] { redo(); });
    add(QStringLiteral("panel"), tr("Add a panel to the dashboard"), {}, [this] { addPanelLast(); });
    add(QStringLiteral("row"), tr("Add a row to the dashboard"), {}, [this] { addRow(); });
    add(QStringLiteral("variables"), tr("Declare the variables of the dashboard"), {}, [this] { editVariables(); });
    add(QStringLiteral("json"), tr("Edit the dashboard as JSON"), {}, [this] { editJson(); });
    add(QStringLiteral("discard"), tr("Stop editing the dashboard"), tr("Esc"), [this] { discard(); });
    return all;
}

} // namespace tokenscope::ui
