// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/yaml_reader.h"

#include "config/nearest.h"
#include "config/values.h"

#include <fmt/format.h>

namespace tokenscope::config {
namespace {

bool has_usual_tag(const YAML::Node& node)
{
    const auto& tag = node.Tag();
    return tag.empty() || tag == "?" || tag == "!";
}

Problem at(const YAML::Mark& mark, std::string_view path, std::string_view what)
{
    return {mark.line + 1, mark.column + 1, path.empty() ? std::string(what) : fmt::format("{}: {}", path, what)};
}

} // namespace

std::string joined(const std::string& parent, std::string_view name)
{
    return parent.empty() ? std::string(name) : fmt::format("{}.{}", parent, name);
}

void YamlReader::report(const YAML::Mark& mark, std::string_view path, std::string_view what)
{
    m_problems.push_back(at(mark, path, what));
}

void YamlReader::warn(const YAML::Mark& mark, std::string_view path, std::string_view what)
{
    m_warnings.push_back(at(mark, path, what));
}

std::optional<std::string> YamlReader::map_key(const YAML::Node& key, const YAML::Node& value, const std::string& path,
                                               Seen& seen)
{
    if (!key.IsScalar() || !has_usual_tag(key)) {
        report(key.Mark(), path, "a key must be plain text");
        return std::nullopt;
    }
    const auto [first, is_new] = seen.emplace(key.Scalar(), Entry{key.Mark(), value.Mark()});
    if (is_new)
        return key.Scalar();
    report(key.Mark(), path,
           fmt::format("the key '{}' is there already, in line {}", shown(key.Scalar()), first->second.mark.line + 1));
    return std::nullopt;
}

bool YamlReader::is_container(const YAML::Node& node, const std::string& path, YAML::NodeType::value type)
{
    if (node.IsNull())
        return false;
    if (node.Type() == type && has_usual_tag(node))
        return true;
    report(node.Mark(), path, type == YAML::NodeType::Map ? "must be a mapping of keys to values" : "must be a list");
    return false;
}

std::optional<Value> YamlReader::read_value(const KeySpec& spec, const YAML::Node& node, const YAML::Mark& mark,
                                            const std::string& path)
{
    if (node.IsNull()) {
        report(mark, path, "has no value; give one or remove the key");
        return std::nullopt;
    }
    if (!node.IsScalar() || !has_usual_tag(node)) {
        report(node.Mark(), path, node.IsScalar() ? "YAML tags are not supported" : "must be a single value");
        return std::nullopt;
    }
    const auto expanded = expand(node.Scalar(), m_lookup);
    if (!expanded.error.empty()) {
        report(node.Mark(), path, expanded.error);
        return std::nullopt;
    }
    auto value = parse_value(spec, expanded.text);
    if (value)
        return std::move(*value);
    const auto& error = value.error();
    const auto why = error.detail.empty() ? error.message : fmt::format("{}: {}", error.message, error.detail);
    // A password, before an '@', in what should be an address.
    const bool is_place =
        spec.type == ValueType::url || spec.type == ValueType::origin || spec.type == ValueType::endpoint;
    const bool has_password = is_place && expanded.text.find('@') != std::string::npos;
    if (is_secret(spec.type) || has_password)
        report(node.Mark(), path, error.message); // the detail may quote the value
    else if (expanded.used)
        report(node.Mark(), path, fmt::format("the value of '{}' {}", shown(node.Scalar()), error.message));
    else
        report(node.Mark(), path, fmt::format("'{}' {}", shown(node.Scalar()), why));
    return std::nullopt;
}

void YamlReader::read_list(const KeySpec& spec, const YAML::Node& node, const std::string& path, const Element& take)
{
    if (!is_container(node, path, YAML::NodeType::Sequence))
        return;
    std::size_t position = 0;
    for (const auto& element : node) {
        const auto element_path = fmt::format("{}[{}]", path, position++);
        if (auto value = read_value(spec, element, node.Mark(), element_path))
            take(std::move(*value), element, element_path);
    }
}

void YamlReader::report_unknown(const YAML::Mark& mark, const std::string& path, const std::string& name,
                                std::span<const std::string_view> valid)
{
    report(mark, joined(path, shown(name)), "unknown key" + suggestion(name, valid));
}

} // namespace tokenscope::config
