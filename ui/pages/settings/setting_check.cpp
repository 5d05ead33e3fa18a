// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/setting_check.h"

#include "config/problem.h"
#include "config/values.h"

#include <QCoreApplication>

#include <set>

namespace tokenscope::ui {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("tokenscope::ui::SettingsPage", text);
}

QString problemInText(const config::KeySpec& spec, const std::string& text)
{
    if (text.find("${") != std::string::npos)
        return {};
    const auto value = config::parse_value(spec, text);
    if (value)
        return {};
    const auto why = QString::fromStdString(value.error().message);
    if (config::is_secret(spec.type))
        return tr("This secret %1.").arg(why);
    if (text.empty())
        return tr("An empty text %1.").arg(why);
    const auto detail = QString::fromStdString(value.error().detail);
    return QStringLiteral("'%1' %2.")
        .arg(QString::fromStdString(config::shown(text)),
             detail.isEmpty() ? why : QString(why + QStringLiteral(": ") + detail));
}

QString problemInList(const config::KeySpec& spec, const YamlTree& tree)
{
    std::set<std::string> seen;
    for (const auto& item : tree.items) {
        if (const auto problem = problemInText(spec, item.text); !problem.isEmpty())
            return problem;
        if (!seen.insert(item.text).second)
            return tr("'%1' is in the list twice.").arg(QString::fromStdString(config::shown(item.text)));
    }
    return {};
}

} // namespace

QString problemIn(const Setting& setting, const YamlTree& tree)
{
    switch (setting.shape) {
    case Shape::value: return tree.kind == YamlTree::Kind::scalar ? problemInText(setting.spec, tree.text) : QString();
    case Shape::texts: return problemInList(setting.spec, tree);
    case Shape::map:
        for (const auto& [name, value] : tree.fields) {
            if (const auto problem = problemInText(setting.spec, value.text); !problem.isEmpty())
                return QString::fromStdString(name) + QStringLiteral(": ") + problem;
        }
        return {};
    case Shape::mapOfLists:
        for (const auto& [name, value] : tree.fields) {
            if (const auto problem = problemInList(setting.spec, value); !problem.isEmpty())
                return QString::fromStdString(name) + QStringLiteral(": ") + problem;
        }
        return {};
    case Shape::clientKeys: break;
    }
    std::set<std::string> names;
    for (const auto& item : tree.items) {
        const auto name = item.textOf("name");
        if (!name.empty() && !names.insert(name).second)
            return tr("Two keys are called '%1'.").arg(QString::fromStdString(config::shown(name)));
        const config::KeySpec nameSpec{.name = "name", .type = config::ValueType::name};
        if (const auto problem = name.empty() ? QString() : problemInText(nameSpec, name); !problem.isEmpty())
            return problem;
        const auto key = item.kind == YamlTree::Kind::scalar ? item.text : item.textOf("key");
        if (const auto problem = problemInText(setting.spec, key); !problem.isEmpty())
            return problem;
    }
    return {};
}

} // namespace tokenscope::ui
