// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/loader.h"

#include "config/defaults.h"
#include "config/nearest.h"
#include "config/values.h"

#include <fmt/format.h>
#include <simdjson.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <tuple>

namespace tokenscope::config {
namespace {

constexpr std::size_t largest_file = std::size_t{1} << 20;

struct Problem {
    int line = 0; ///< from 1
    int column = 0;
    std::string text;
};

/// As it stands in the file, cut short and without control characters: it ends up in a terminal.
std::string shown(std::string_view text)
{
    constexpr std::size_t longest = 60;
    std::string out;
    for (const char c : text.substr(0, longest))
        out += static_cast<unsigned char>(c) < ' ' || c == 0x7F ? '?' : c;
    if (text.size() > longest)
        out += "...";
    return out;
}

bool has_usual_tag(const YAML::Node& node)
{
    const auto& tag = node.Tag();
    return tag.empty() || tag == "?" || tag == "!";
}

/// Walks the document by the table and collects everything that is wrong on the way.
class Reader {
public:
    Reader(Config config, const Env& env) : m_config(std::move(config)), m_env(env) {}

    void read(const YAML::Node& root);
    bool names_providers() const { return m_names_providers; }
    std::vector<Problem>& problems() { return m_problems; }
    Config& config() { return m_config; }

private:
    struct Entry {
        YAML::Mark mark;
        bool valid = true; ///< of a scalar: its value was taken
    };
    using Seen = std::map<std::string, Entry>;
    /// For a key that holds others: its value, where the key stands, and its path.
    using Child = std::function<void(const YAML::Node&, const YAML::Mark&, const std::string&)>;
    using Children = std::map<std::string_view, Child>;

    void report(const YAML::Mark& mark, std::string_view path, std::string_view what);
    std::optional<std::string> map_key(const YAML::Node& key, const std::string& path, Seen& seen);
    bool is_container(const YAML::Node& node, const std::string& path, YAML::NodeType::value type);
    std::optional<Value> read_value(const KeySpec& spec, const YAML::Node& node, const YAML::Mark& mark,
                                    const std::string& path);
    /// `schema_path` is `path` without list positions, as the table has it.
    template <typename Owner>
    Seen read_map(const YAML::Node& node, const std::string& path, const std::string& schema_path, Owner& out,
                  const Children& children);
    void read_providers(const YAML::Node& node, const YAML::Mark& mark, const std::string& path);
    void read_provider(const YAML::Node& node, const YAML::Mark& list, const std::string& path);
    void check_provider(const Provider& provider, const Seen& seen, const YAML::Mark& mark, const std::string& path);
    void read_aliases(const YAML::Node& node, const std::string& path);

    Config m_config;
    const Env& m_env;
    std::vector<Problem> m_problems;
    std::set<std::string> m_provider_names;
    bool m_names_providers = false;
};

void Reader::report(const YAML::Mark& mark, std::string_view path, std::string_view what)
{
    m_problems.push_back(
        {mark.line + 1, mark.column + 1, path.empty() ? std::string(what) : fmt::format("{}: {}", path, what)});
}

std::optional<std::string> Reader::map_key(const YAML::Node& key, const std::string& path, Seen& seen)
{
    if (!key.IsScalar() || !has_usual_tag(key)) {
        report(key.Mark(), path, "a key must be plain text");
        return std::nullopt;
    }
    const auto [first, is_new] = seen.emplace(key.Scalar(), Entry{key.Mark()});
    if (is_new)
        return key.Scalar();
    report(key.Mark(), path,
           fmt::format("the key '{}' is there already, in line {}", shown(key.Scalar()), first->second.mark.line + 1));
    return std::nullopt;
}

bool Reader::is_container(const YAML::Node& node, const std::string& path, YAML::NodeType::value type)
{
    if (node.IsNull())
        return false; // everything below the key is commented out
    if (node.Type() == type && has_usual_tag(node))
        return true;
    report(node.Mark(), path, type == YAML::NodeType::Map ? "must be a mapping of keys to values" : "must be a list");
    return false;
}

std::optional<Value> Reader::read_value(const KeySpec& spec, const YAML::Node& node, const YAML::Mark& mark,
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
    const auto expanded = expand(node.Scalar(), m_env);
    if (!expanded.error.empty()) {
        report(node.Mark(), path, expanded.error);
        return std::nullopt;
    }
    auto value = parse_value(spec, expanded.text);
    if (value)
        return std::move(*value);
    const auto& error = value.error();
    const auto why = error.detail.empty() ? error.message : fmt::format("{}: {}", error.message, error.detail);
    const bool has_password = spec.type == ValueType::url && expanded.text.find('@') != std::string::npos;
    if (spec.type == ValueType::secret || has_password)
        report(node.Mark(), path, error.message); // the detail may quote the value
    else if (expanded.used)
        report(node.Mark(), path, fmt::format("the value of '{}' {}", shown(node.Scalar()), error.message));
    else
        report(node.Mark(), path, fmt::format("'{}' {}", shown(node.Scalar()), why));
    return std::nullopt;
}

template <typename Owner>
Reader::Seen Reader::read_map(const YAML::Node& node, const std::string& path, const std::string& schema_path,
                              Owner& out, const Children& children)
{
    Seen seen;
    if (!is_container(node, path, YAML::NodeType::Map))
        return seen;
    const auto dot = [](const std::string& parent, const std::string& name) {
        return parent.empty() ? name : parent + '.' + name;
    };
    std::vector<std::string_view> valid;
    for (const auto& key : keys<Owner>())
        valid.push_back(key.spec.name);
    for (const auto& child : children)
        valid.push_back(child.first);

    for (const auto& entry : node) {
        const auto name = map_key(entry.first, path, seen);
        if (!name)
            continue;
        const auto key = std::find_if(keys<Owner>().begin(), keys<Owner>().end(),
                                      [&](const auto& candidate) { return candidate.spec.name == *name; });
        const auto child = children.find(*name);
        if (key != keys<Owner>().end()) {
            if (const auto value = read_value(key->spec, entry.second, entry.first.Mark(), dot(path, *name)))
                key->set(out, *value);
            else
                seen.at(*name).valid = false;
        } else if (child != children.end()) {
            child->second(entry.second, entry.first.Mark(), dot(path, *name));
        } else if (is_planned_key(dot(schema_path, *name))) {
            report(entry.first.Mark(), dot(path, *name), "is not supported in this version");
        } else {
            report(entry.first.Mark(), dot(path, shown(*name)), "unknown key" + suggestion(*name, valid));
        }
    }
    return seen;
}

void Reader::read(const YAML::Node& root)
{
    const auto limits = [this](const YAML::Node& node, const YAML::Mark&, const std::string& path) {
        read_map(node, path, path, m_config.limits, {});
    };
    const auto metrics = [this](const YAML::Node& node, const YAML::Mark&, const std::string& path) {
        read_map(node, path, path, m_config.metrics, {});
    };
    const auto observability = [&, this](const YAML::Node& node, const YAML::Mark&, const std::string& path) {
        Group group;
        read_map(node, path, path, group, {{"metrics", metrics}});
    };
    read_map(root, "", "", m_config,
             {{"providers", [this](auto&&... args) { read_providers(args...); }},
              {"aliases", [this](const auto& node, const auto&, const auto& path) { read_aliases(node, path); }},
              {"limits", limits},
              {"observability", observability}});
}

void Reader::read_providers(const YAML::Node& node, const YAML::Mark& mark, const std::string& path)
{
    m_names_providers = true;
    m_config.providers.clear();
    const auto before = m_problems.size();
    if (is_container(node, path, YAML::NodeType::Sequence)) {
        for (const auto& element : node)
            read_provider(element, node.Mark(), fmt::format("{}[{}]", path, m_config.providers.size()));
    }
    if (m_config.providers.empty() && m_problems.size() == before)
        report(mark, path, "names no provider; add one or remove the key to use the built-in ones");
}

void Reader::read_provider(const YAML::Node& node, const YAML::Mark& list, const std::string& path)
{
    // A failed one is kept too, so that the positions in later messages are those of the file.
    auto& provider = m_config.providers.emplace_back();
    if (node.IsNull()) {
        report(list, path, "must be a mapping of keys to values"); // nothing has no place of its own
        return;
    }
    const auto demo = [&](const YAML::Node& value, const YAML::Mark&, const std::string& child_path) {
        read_map(value, child_path, "providers[].demo", provider.demo, {});
    };
    const auto before = m_problems.size();
    const auto seen = read_map(node, path, "providers[]", provider, {{"demo", demo}});
    if (node.IsMap())
        check_provider(provider, seen, node.Mark(), path);
    if (!provider.name.empty() && !m_provider_names.insert(provider.name).second)
        report(seen.at("name").mark, path + ".name",
               fmt::format("another provider is called '{}' already", provider.name));
    if (provider.kind == ProviderKind::ollama && provider.base_url.empty() && m_problems.size() == before)
        provider.base_url = ollama_base_url(std::nullopt);
}

void Reader::check_provider(const Provider& provider, const Seen& seen, const YAML::Mark& mark, const std::string& path)
{
    if (!seen.contains("name"))
        report(mark, path, "the key 'name' is missing");
    if (!seen.contains("kind")) {
        report(mark, path, "the key 'kind' is missing" + suggestion("", kind_names()));
        return;
    }
    if (!seen.at("kind").valid)
        return; // what else is right depends on it
    if (provider.kind == ProviderKind::openai && !seen.contains("base_url"))
        report(mark, path, "the key 'base_url' is missing, kind openai needs one");
    const auto check = [&](std::string_view name, Kinds kinds) {
        if (const auto found = seen.find(std::string(name)); found != seen.end() && !(kinds & kind_bit(provider.kind)))
            report(found->second.mark, fmt::format("{}.{}", path, name),
                   fmt::format("has no effect for kind {}", to_string(provider.kind)));
    };
    for (const auto& key : keys<Provider>())
        check(key.spec.name, key.spec.kinds);
    check("demo", kind_bit(ProviderKind::demo));
}

void Reader::read_aliases(const YAML::Node& node, const std::string& path)
{
    if (!is_container(node, path, YAML::NodeType::Map))
        return;
    const auto is_model_name = [](std::string_view text) {
        return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) {
            return static_cast<unsigned char>(c) < ' ' || c == 0x7F;
        });
    };
    Seen seen;
    std::map<std::string, YAML::Mark> targets;
    for (const auto& entry : node) {
        const auto name = map_key(entry.first, path, seen);
        if (!name)
            continue;
        const auto alias_path = fmt::format("{}.{}", path, shown(*name));
        const bool usable = is_model_name(*name);
        if (!usable)
            report(entry.first.Mark(), path, "an alias must not be empty or have control characters");
        const auto target = read_value(KeySpec{.type = ValueType::text}, entry.second, entry.first.Mark(), alias_path);
        if (!target)
            continue;
        const auto& model = std::get<std::string>(*target);
        if (!is_model_name(model))
            report(entry.second.Mark(), alias_path, "a model name must not be empty or have control characters");
        if (usable) {
            m_config.aliases[*name] = model;
            targets[*name] = entry.second.Mark();
        }
    }
    for (const auto& [name, model] : m_config.aliases) {
        if (m_config.aliases.contains(model))
            report(targets.at(name), fmt::format("{}.{}", path, shown(name)),
                   "is an alias of an alias; name the model itself");
    }
}

Error all_in_one(std::string_view file_name, std::vector<Problem>& problems)
{
    std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
        return std::tie(a.line, a.column) < std::tie(b.line, b.column);
    });
    Error error{.code = ErrorCode::config};
    for (const auto& problem : problems) {
        error.message += error.message.empty() ? "" : "\n";
        error.message += problem.line > 0
                             ? fmt::format("{}:{}:{}: {}", file_name, problem.line, problem.column, problem.text)
                             : fmt::format("{}: {}", file_name, problem.text);
    }
    return error;
}

tl::unexpected<Error> refuse(std::string_view file_name, Problem problem)
{
    std::vector problems{std::move(problem)};
    return failure(all_in_one(file_name, problems));
}

/// A tab in the indentation is the usual cause, and the parser's own words for it mislead.
std::string syntax_problem(std::string_view text, const YAML::Exception& error)
{
    for (int line = 0; line < error.mark.line; ++line)
        text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    const auto indentation = text.substr(0, std::min(text.find_first_not_of(" \t"), text.size()));
    const bool has_tab = indentation.find('\t') != std::string_view::npos;
    return "not valid YAML: " + (has_tab ? "lines must be indented by spaces, not by tabs" : error.msg);
}

/// The parser takes an unclosed quote for closed when a line feed comes before the end.
std::string_view without_final_space(std::string_view text)
{
    return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

} // namespace

Result<Config> load_config(std::string_view yaml_text, std::string_view file_name, const Env& env)
{
    if (yaml_text.size() > largest_file)
        return refuse(file_name, {.text = "is larger than 1 MiB, which no configuration is"});
    if (!simdjson::validate_utf8(yaml_text.data(), yaml_text.size()))
        return refuse(file_name, {.text = "is not UTF-8 text"});
    if (const auto nul = yaml_text.find('\0'); nul != std::string_view::npos)
        return refuse(file_name, {.text = "is not text: it has a NUL character"});
    try {
        const auto documents = YAML::LoadAll(std::string(without_final_space(yaml_text)));
        if (documents.size() > 1)
            return refuse(file_name, {documents[1].Mark().line + 1, documents[1].Mark().column + 1,
                                      "a second document starts here; only one is allowed"});
        Reader reader(Config{}, env);
        if (!documents.empty())
            reader.read(documents.front());
        auto& problems = reader.problems();
        if (!reader.names_providers()) {
            auto defaults = default_config(env);
            if (!defaults) {
                problems.push_back({.text = defaults.error().message});
            } else {
                reader.config().providers = std::move(defaults->providers);
                reader.config().discover_providers = defaults->discover_providers;
            }
        }
        if (!problems.empty())
            return failure(all_in_one(file_name, problems));
        return std::move(reader.config());
    } catch (const YAML::Exception& error) {
        return refuse(file_name, {error.mark.line + 1, error.mark.column + 1, syntax_problem(yaml_text, error)});
    }
}

Result<Config> load_config_file(const std::filesystem::path& path, const Env& env)
{
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored))
        return refuse(path.string(), {.text = "is a directory; name the configuration file in it"});
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        const bool exists = std::filesystem::exists(path, ignored);
        return refuse(path.string(), {.text = exists ? "cannot be read, check its permissions" : "does not exist"});
    }
    std::string text(largest_file + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad())
        return refuse(path.string(), {.text = "cannot be read to its end"});
    text.resize(static_cast<std::size_t>(file.gcount()));
    return load_config(text, path.string(), env);
}

} // namespace tokenscope::config
