// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the command palette offers of SettingsPage: every section, and every key of config.yaml by its name and its path.
#include "pages/settings/settings_page.h"

#include "pages/settings/setting_table.h"
#include "pages/settings/settings_form.h"

#include <QLineEdit>
#include <QTabBar>

namespace tokenscope::ui {

namespace {

QString titleOf(const Setting& setting)
{
    const auto path = QString::fromStdString(setting.path);
    const QString key = path.section(QLatin1Char('.'), -1);
    return SettingsPage::tr("Setting “%1” (%2)").arg(labelOf(key.toStdString()), path);
}

} // namespace

std::vector<PageCommand> SettingsPage::commands()
{
    if (!m_context.configuration)
        return {};
    std::vector<PageCommand> all;
    const auto section = [&](const QString& id, const QString& title) {
        all.push_back(
            {QStringLiteral("section.") + id, tr("Settings: %1").arg(title), {}, [this, id] { showSection(id); }});
    };
    section(QStringLiteral("providers"), tr("Providers"));
    const auto sections = settingSections();
    for (const auto& each : sections)
        section(each.id, each.title);
    section(QStringLiteral("appearance"), tr("Appearance"));
    section(QStringLiteral("storage"), tr("Storage and memory"));
    for (const auto& each : sections) {
        for (const auto& group : each.groups) {
            for (const auto& setting : group.settings)
                all.push_back({QStringLiteral("key.") + QString::fromStdString(setting.path),
                               titleOf(setting),
                               {},
                               [this, path = setting.path] { showSetting(path); }});
        }
    }
    return all;
}

void SettingsPage::showSetting(const std::string& path)
{
    if (!m_form)
        return;
    m_search->clear();
    m_tabs->setCurrentIndex(0);
    m_form->showSetting(path);
}

} // namespace tokenscope::ui
