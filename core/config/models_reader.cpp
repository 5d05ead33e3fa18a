// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/models_reader.h"

#include "config/nearest.h"

#include <fmt/format.h>

#include <set>
#include <utility>

namespace tokenscope::config {
namespace {

bool is_model_name(std::string_view text)
{
    return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < ' ' || c == 0x7F;
    });
}

} // namespace

bool ModelsReader::check_text(const Name& name)
{
    if (!is_model_name(name.text))
        m_reader.report(name.mark, name.path, "a model name must not be empty or have control characters");
    return is_model_name(name.text);
}

void ModelsReader::read_aliases(const YAML::Node& node, const std::string& path)
{
    if (!m_reader.is_container(node, path, YAML::NodeType::Map))
        return;
    YamlReader::Seen seen;
    for (const auto& entry : node) {
        const auto alias = m_reader.map_key(entry.first, entry.second, path, seen);
        if (!alias)
            continue;
        const bool usable = is_model_name(*alias);
        if (!usable)
            m_reader.report(entry.first.Mark(), path, "an alias must not be empty or have control characters");
        Name model{.path = joined(path, shown(*alias)), .mark = entry.second.Mark()};
        const auto value = m_reader.read_value({.type = ValueType::text}, entry.second, entry.first.Mark(), model.path);
        if (!value)
            continue;
        model.text = std::get<std::string>(*value);
        model.written = entry.second.Scalar();
        check_text(model);
        if (usable)
            m_aliases.emplace(*alias, std::move(model));
    }
    for (const auto& [alias, model] : m_aliases) {
        if (m_aliases.contains(model.text))
            m_reader.report(model.mark, model.path, "is an alias of an alias; name the model itself");
    }
}

void ModelsReader::read_fallbacks(const YAML::Node& node, const std::string& path)
{
    if (!m_reader.is_container(node, path, YAML::NodeType::Map))
        return;
    YamlReader::Seen seen;
    for (const auto& entry : node) {
        const auto model = m_reader.map_key(entry.first, entry.second, path, seen);
        if (!model)
            continue;
        const auto model_path = joined(path, shown(*model));
        Fallback fallback{.model = {*model, model_path, *model, entry.first.Mark()}};
        if (!is_model_name(*model)) {
            m_reader.report(entry.first.Mark(), path, "a model name must not be empty or have control characters");
            continue;
        }
        m_reader.read_list(
            {.type = ValueType::text}, entry.second, model_path,
            [&](const Value& value, const YAML::Node& element, const std::string& element_path) {
                Name target{std::get<std::string>(value), element_path, element.Scalar(), element.Mark()};
                if (check_text(target))
                    fallback.targets.push_back(std::move(target));
            });
        m_fallbacks.push_back(std::move(fallback));
    }
}

const std::string& ModelsReader::resolved(const std::string& name) const
{
    const auto alias = m_aliases.find(name);
    return alias == m_aliases.end() ? name : alias->second.text;
}

void ModelsReader::check_provider(const Name& name, std::span<const std::string_view> providers)
{
    const std::string_view text = name.text;
    const auto slash = text.find('/');
    if (slash == std::string_view::npos)
        return;
    const auto prefix = text.substr(0, slash);
    if (std::find(providers.begin(), providers.end(), prefix) != providers.end()) {
        if (slash + 1 == text.size())
            m_reader.report(name.mark, name.path, "names a provider and no model of it");
        return;
    }
    // No error: "meta-llama/Llama-3" is a model's bare name.
    const auto near = nearest(prefix, providers);
    m_reader.warn(name.mark, name.path,
                  fmt::format("'{}' starts with no provider's name, so it is taken for a bare model name{}",
                              shown(name.written), near.empty() ? "" : fmt::format("; did you mean '{}/'?", near)));
}

void ModelsReader::add_fallback(const Fallback& fallback, Config& config)
{
    const auto& model = resolved(fallback.model.text);
    const auto [other, is_new] = m_fallback_names.emplace(model, fallback.model.text);
    if (!is_new)
        m_reader.report(
            fallback.model.mark, fallback.model.path,
            fmt::format("is the same model as '{}', which has its fallbacks already", shown(other->second)));
    std::set<std::string> known;
    std::vector<std::string> targets;
    for (const auto& target : fallback.targets) {
        const auto& name = resolved(target.text);
        if (name == model)
            m_reader.report(target.mark, target.path, "is the model itself; name another one");
        else if (!known.insert(name).second)
            m_reader.report(target.mark, target.path, "is in this list already");
        targets.push_back(name);
    }
    if (!targets.empty())
        config.fallbacks.emplace(model, std::move(targets));
}

void ModelsReader::finish(Config& config, std::span<const std::string_view> providers)
{
    for (const auto& [alias, model] : m_aliases) {
        check_provider(model, providers);
        config.aliases.emplace(alias, model.text);
    }
    for (const auto& fallback : m_fallbacks) {
        const auto check = [&](const Name& name) {
            if (!m_aliases.contains(name.text))
                check_provider(name, providers);
        };
        check(fallback.model);
        std::for_each(fallback.targets.begin(), fallback.targets.end(), check);
        add_fallback(fallback, config);
    }
}

} // namespace tokenscope::config
