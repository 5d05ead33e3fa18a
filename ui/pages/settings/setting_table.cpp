// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/setting_table.h"

#include "config/values.h"

#include <QCoreApplication>
#include <QStringList>

#include <array>
#include <functional>
#include <set>

namespace tokenscope::ui {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("tokenscope::ui::SettingsPage", text);
}

QString docOf(std::string_view path)
{
    const auto doc = config::section_doc(path);
    return QString::fromUtf8(doc.data(), static_cast<qsizetype>(doc.size()));
}

template <typename Owner>
std::vector<Setting> settingsOf(const std::string& parent)
{
    const Owner defaults{};
    std::vector<Setting> out;
    for (const auto& key : config::keys<Owner>()) {
        auto path = parent.empty() ? std::string(key.spec.name) : parent + '.' + std::string(key.spec.name);
        out.push_back({std::move(path), key.spec, config::format_value(key.spec, key.get(defaults)), Shape::value});
    }
    return out;
}

/// A key that holds more than one value has no line in the table of single ones.
Setting collection(std::string_view path, config::ValueType type, Shape shape)
{
    const auto dot = path.rfind('.');
    const auto name = dot == std::string_view::npos ? path : path.substr(dot + 1);
    return {std::string(path), {.name = name, .type = type, .doc = config::section_doc(path)}, {}, shape};
}

template <typename Owner>
SettingGroup groupOf(const QString& title, const std::string& path)
{
    return {title, docOf(path), settingsOf<Owner>(path)};
}

std::vector<SettingGroup> gatewayGroups()
{
    using config::ValueType;
    SettingGroup auth{tr("Who may use it"), docOf("auth"), {}};
    auth.settings = {collection("auth.keys", ValueType::client_key, Shape::clientKeys),
                     collection("auth.allowed_hosts", ValueType::host, Shape::texts),
                     collection("auth.allowed_origins", ValueType::origin, Shape::texts)};
    return {{tr("Address"), {}, settingsOf<config::Config>({})},
            std::move(auth),
            groupOf<config::RateLimit>(tr("Rate limit"), "rate_limit"),
            groupOf<config::Limits>(tr("Limits"), "limits")};
}

std::vector<SettingGroup> telemetryGroups()
{
    const std::string all = "observability";
    auto exporter = groupOf<config::Exporter>(tr("Exporter"), all + ".tracing.exporter");
    exporter.settings.push_back(
        collection("observability.tracing.exporter.headers", config::ValueType::header, Shape::map));
    return {groupOf<config::Observability>(tr("All of it"), all),
            groupOf<config::Metrics>(tr("Metrics"), all + ".metrics"),
            groupOf<config::Tracing>(tr("Tracing"), all + ".tracing"),
            groupOf<config::Sampler>(tr("Sampler"), all + ".tracing.sampler"),
            std::move(exporter),
            groupOf<config::RequestLog>(tr("Request log"), all + ".requests"),
            groupOf<config::Charts>(tr("Charts"), all + ".charts")};
}

} // namespace

std::vector<SettingSection> settingSections()
{
    using config::ValueType;
    SettingGroup aliases{tr("Aliases"), {}, {collection("aliases", ValueType::text, Shape::map)}};
    SettingGroup fallbacks{tr("Fallbacks"), {}, {collection("fallbacks", ValueType::text, Shape::mapOfLists)}};
    return {
        {QStringLiteral("models"), tr("Models"), {std::move(aliases), std::move(fallbacks)}},
        {QStringLiteral("gateway"), tr("Gateway"), gatewayGroups()},
        {QStringLiteral("telemetry"), tr("Telemetry"), telemetryGroups()},
        {QStringLiteral("conversations"), tr("Conversations"), {groupOf<config::Conversations>({}, "conversations")}},
        {QStringLiteral("log"), tr("Log"), {groupOf<config::Log>({}, "log")}}};
}

std::vector<SettingGroup> providerSettings()
{
    return {{{}, {}, settingsOf<config::Provider>({})},
            {tr("Simulation"), docOf("providers[].demo"), settingsOf<config::DemoOptions>("demo")}};
}

QString labelOf(std::string_view key)
{
    constexpr std::array<std::pair<const char*, const char*>, 4> spelt{
        {{"url", "URL"}, {"api", "API"}, {"ttl", "Kept for"}, {"tls", "TLS"}}};
    auto words = QString::fromUtf8(key.data(), static_cast<qsizetype>(key.size())).split(QLatin1Char('_'));
    for (auto& word : words) {
        for (const auto& [plain, shown] : spelt) {
            if (word == QLatin1StringView(plain))
                word = QLatin1StringView(shown);
        }
    }
    auto label = words.join(QLatin1Char(' '));
    if (!label.isEmpty())
        label[0] = label[0].toUpper();
    return label;
}

bool isSecretPath(std::string_view path)
{
    static const auto ofProviders = [] {
        std::set<std::string, std::less<>> secrets;
        for (const auto& group : providerSettings()) {
            for (const auto& setting : group.settings) {
                if (config::is_secret(setting.spec.type))
                    secrets.insert(setting.path);
            }
        }
        return secrets;
    }();
    if (path.starts_with("providers[")) {
        const auto dot = path.find("].");
        return dot != std::string_view::npos && ofProviders.contains(path.substr(dot + 2));
    }
    if (path.starts_with("auth.keys["))
        return path.ends_with("]") || path.ends_with("].key");
    return path.starts_with("observability.tracing.exporter.headers.");
}

} // namespace tokenscope::ui
