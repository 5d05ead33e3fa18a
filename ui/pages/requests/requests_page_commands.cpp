// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What RequestsPage offers in the command palette and in the menu of a request.
#include "pages/requests/export_button.h"
#include "pages/requests/filter_row.h"
#include "pages/requests/request_details.h"
#include "pages/requests/request_export.h"
#include "pages/requests/request_list.h"
#include "pages/requests/request_menu.h"
#include "pages/requests/requests_page.h"

namespace tokenscope::ui {

std::vector<PageCommand> RequestsPage::commands()
{
    std::vector<PageCommand> all{
        {QStringLiteral("filter"), tr("Filter the requests"), QStringLiteral("/"), [this] { m_filter->focusBox(); }}};
    if (m_model->window().any() || !m_filter->text().isEmpty())
        all.push_back({QStringLiteral("clear"), tr("Clear the filter of the requests"), {}, [this] { clearAll(); }});
    if (!m_list->following() || m_model->window().any())
        all.push_back({QStringLiteral("follow"), tr("Follow the newest requests"), {}, [this] { follow(); }});
    if (!m_details->isHidden())
        all.push_back(
            {QStringLiteral("inspector"), tr("Close the request inspector"), tr("Esc"), [this] { closeDetails(); }});
    else if (m_model->rowCount() > 0)
        all.push_back({QStringLiteral("inspector"), tr("Look into the first request of the list"), tr("Enter"),
                       [this] { m_list->selectRow(0); }});
    if (m_export->isEnabled()) {
        all.push_back({QStringLiteral("csv"), tr("Export the requests as CSV"), {}, [this] {
                           m_export->ask(ExportButton::Format::csv);
                       }});
        all.push_back({QStringLiteral("json"), tr("Export the requests as JSON lines"), {}, [this] {
                           m_export->ask(ExportButton::Format::jsonLines);
                       }});
    }
    if (m_lanes)
        all.push_back(
            {QStringLiteral("lanes"),
             m_lanesToggle->isChecked() ? tr("Hide the requests in flight") : tr("Show the requests in flight"),
             {},
             [this] { m_lanesToggle->toggle(); }});
    return all;
}

void RequestsPage::openMenu(const QModelIndex& index, const QPoint& globalPlace)
{
    auto* menu = new RequestMenu(*m_model->record(index.row()), index.column(),
                                 requestRows(*m_model, {index.row()}, m_list->visibleColumns()), this);
    connect(menu, &RequestMenu::filterRequested, m_filter, &FilterRow::add);
    menu->popup(globalPlace);
}

} // namespace tokenscope::ui
