// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/dashboard_draft.h"

#include "dashboards/dashboard_json.h"

#include <QSettings>

#include <nlohmann/json.hpp>

#include <utility>

namespace tokenscope::ui {

namespace {

constexpr std::size_t mostSteps = 200;
constexpr QLatin1StringView idKey("dashboards/draft/id");
constexpr QLatin1StringView jsonKey("dashboards/draft/json");

std::string textOf(const dashboards::Dashboard& dashboard)
{
    return dashboards::to_json(dashboard).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace

DashboardDraft::DashboardDraft(dashboards::Dashboard original, QSettings& settings, QObject* parent)
    : QObject(parent), m_settings(settings)
{
    m_steps.push_back(std::move(original));
}

std::optional<dashboards::Dashboard> DashboardDraft::kept(const QSettings& settings)
{
    const auto id = settings.value(idKey).toString().toStdString();
    if (id.empty())
        return std::nullopt;
    auto read = dashboards::parse_dashboard(settings.value(jsonKey).toString().toStdString(), id);
    return read ? std::optional(std::move(*read)) : std::nullopt;
}

bool DashboardDraft::changed() const
{
    return m_at > 0 && textOf(m_steps.front()) != textOf(dashboard());
}

void DashboardDraft::apply(dashboards::Dashboard dashboard)
{
    if (textOf(dashboard) == textOf(this->dashboard()))
        return;
    m_steps.resize(m_at + 1);
    if (m_steps.size() == mostSteps)
        m_steps.erase(m_steps.begin() + 1); // the first is what it was
    m_steps.push_back(std::move(dashboard));
    go(m_steps.size() - 1);
}

void DashboardDraft::undo()
{
    if (canUndo())
        go(m_at - 1);
}

void DashboardDraft::redo()
{
    if (canRedo())
        go(m_at + 1);
}

void DashboardDraft::go(std::size_t at)
{
    m_at = at;
    if (changed()) {
        m_settings.setValue(idKey, QString::fromStdString(dashboard().id));
        m_settings.setValue(jsonKey, QString::fromStdString(textOf(dashboard())));
    } else {
        forget();
    }
    Q_EMIT edited();
}

void DashboardDraft::forget()
{
    m_settings.remove(idKey);
    m_settings.remove(jsonKey);
}

} // namespace tokenscope::ui
