// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/writer.h"

#include "config/auth_values.h"
#include "config/values.h"
#include "config/yaml_text.h"

#include <fmt/format.h>

#include <set>
#include <utility>

namespace tokenscope::config {
namespace {

/// In quotes, with "$" doubled so that nothing is taken for a variable.
std::string quoted(std::string_view text, bool double_dollars)
{
    std::string out;
    for (const char c : text)
        out.append(c == '$' && double_dollars ? 2 : 1, c);
    return double_quoted(out);
}

std::string yaml_value(const KeySpec& spec, const Value& value)
{
    const auto text = format_value(spec, value);
    if (spec.type == ValueType::secret && !text.empty())
        return quoted(secret_mask, false);
    return std::holds_alternative<std::string>(value) ? quoted(text, true) : text;
}

/// In one line. Everything is quoted, so that it may hold anything.
std::string flow_list(const std::vector<std::string>& values)
{
    std::string out;
    for (const auto& value : values)
        out += (out.empty() ? "" : ", ") + quoted(value, true);
    return '[' + out + ']';
}

class Writer {
public:
    std::string print(const Config& config);

private:
    void line(int indent, std::string_view text) { m_out += fmt::format("{}{:{}}{}\n", m_prefix, "", indent, text); }
    void open(int indent, std::string_view name, std::string_view path);
    /// Writes the comment unless the same key of an earlier provider had it.
    void comment(int indent, const KeySpec& spec);
    enum class Shape { mapping, list_element };
    template <typename Owner>
    void entries(int indent, const Owner& owner, Kinds kinds = any_kind, Shape shape = Shape::mapping);
    void providers(const Config& config);
    void aliases(const Config& config);
    void fallbacks(const Config& config);
    void auth(const Auth& auth);
    void client_keys(const std::vector<ClientKey>& keys);
    /// "name: ["a", "b"]".
    void list(int indent, std::string_view name, std::string_view path, const std::vector<std::string>& values);
    /// "name: ...", where nothing or little is in it.
    void short_entry(int indent, std::string_view name, std::string_view path, std::string_view value);
    /// What is below its single values.
    void observability(const Observability& observability);
    void headers(const std::map<std::string, std::string>& headers);
    /// A blank line, and a mapping of single values.
    template <typename Owner>
    void section(std::string_view name, const Owner& owner);

    std::string m_out;
    std::string_view m_prefix;
    std::set<const void*> m_commented;
};

void Writer::open(int indent, std::string_view name, std::string_view path)
{
    const auto doc = section_doc(path);
    if (m_commented.insert(doc.data()).second)
        line(indent, fmt::format("# {}", doc));
    line(indent, fmt::format("{}:", name));
}

void Writer::comment(int indent, const KeySpec& spec)
{
    if (!m_commented.insert(&spec).second)
        return;
    const auto range = format_range(spec);
    line(indent, range.empty() ? fmt::format("# {}", spec.doc) : fmt::format("# {} ({})", spec.doc, range));
}

template <typename Owner>
void Writer::entries(int indent, const Owner& owner, Kinds kinds, Shape shape)
{
    bool bullet = shape == Shape::list_element;
    for (const auto& key : keys<Owner>()) {
        if (!(key.spec.kinds & kinds))
            continue;
        const auto entry = fmt::format("{}: {}", key.spec.name, yaml_value(key.spec, key.get(owner)));
        comment(bullet ? indent - 2 : indent, key.spec);
        if (std::exchange(bullet, false))
            line(indent - 2, "- " + entry);
        else
            line(indent, entry);
    }
}

void Writer::providers(const Config& config)
{
    if (config.discover_providers) {
        line(0, "# Without this key: an Ollama found on this machine, the demo engine, and OpenAI and Anthropic where "
                "OPENAI_API_KEY");
        line(0, "# and ANTHROPIC_API_KEY are set.");
        m_prefix = "# ";
    }
    open(0, "providers", "providers");
    for (const auto& provider : config.providers) {
        entries(4, provider, kind_bit(provider.kind), Shape::list_element);
        if (provider.kind == ProviderKind::demo) {
            open(4, "demo", "providers[].demo");
            entries(6, provider.demo);
        }
    }
    m_prefix = {};
}

void Writer::aliases(const Config& config)
{
    if (config.aliases.empty())
        return short_entry(0, "aliases", "aliases", "{}");
    open(0, "aliases", "aliases");
    for (const auto& [name, model] : config.aliases)
        line(2, fmt::format("{}: {}", quoted(name, false), quoted(model, true)));
}

void Writer::short_entry(int indent, std::string_view name, std::string_view path, std::string_view value)
{
    line(indent, fmt::format("# {}", section_doc(path)));
    line(indent, fmt::format("{}: {}", name, value));
}

void Writer::list(int indent, std::string_view name, std::string_view path, const std::vector<std::string>& values)
{
    short_entry(indent, name, path, flow_list(values));
}

void Writer::fallbacks(const Config& config)
{
    if (config.fallbacks.empty())
        return short_entry(0, "fallbacks", "fallbacks", "{}");
    open(0, "fallbacks", "fallbacks");
    for (const auto& [model, targets] : config.fallbacks)
        line(2, fmt::format("{}: {}", quoted(model, false), flow_list(targets)));
}

void Writer::client_keys(const std::vector<ClientKey>& keys)
{
    if (keys.empty())
        return short_entry(2, "keys", "auth.keys", "[]");
    open(2, "keys", "auth.keys");
    for (const auto& key : keys)
        entries(6, key, any_kind, Shape::list_element);
}

void Writer::auth(const Auth& auth)
{
    open(0, "auth", "auth");
    client_keys(auth.keys);
    list(2, "allowed_hosts", "auth.allowed_hosts", auth.allowed_hosts);
    list(2, "allowed_origins", "auth.allowed_origins", auth.allowed_origins);
}

void Writer::headers(const std::map<std::string, std::string>& headers)
{
    const std::string_view path = "observability.tracing.exporter.headers";
    if (headers.empty())
        return short_entry(6, "headers", path, "{}");
    open(6, "headers", path);
    for (const auto& header : headers)
        line(8, fmt::format("{}: {}", quoted(header.first, false), quoted(secret_mask, false)));
}

void Writer::observability(const Observability& observability)
{
    open(2, "metrics", "observability.metrics");
    entries(4, observability.metrics);
    open(2, "tracing", "observability.tracing");
    entries(4, observability.tracing);
    open(4, "sampler", "observability.tracing.sampler");
    entries(6, observability.tracing.sampler);
    open(4, "exporter", "observability.tracing.exporter");
    entries(6, observability.tracing.exporter);
    headers(observability.tracing.exporter.headers);
    open(2, "requests", "observability.requests");
    entries(4, observability.requests);
    open(2, "charts", "observability.charts");
    entries(4, observability.charts);
}

template <typename Owner>
void Writer::section(std::string_view name, const Owner& owner)
{
    line(0, "");
    open(0, name, name);
    entries(2, owner);
}

std::string Writer::print(const Config& config)
{
    entries(0, config);
    line(0, "");
    providers(config);
    line(0, "");
    aliases(config);
    line(0, "");
    fallbacks(config);
    line(0, "");
    auth(config.auth);
    section("rate_limit", config.rate_limit);
    section("conversations", config.conversations);
    section("limits", config.limits);
    section("log", config.log);
    section("observability", config.observability);
    observability(config.observability);
    return std::move(m_out);
}

} // namespace

std::string print_config(const Config& config)
{
    return Writer().print(config);
}

} // namespace tokenscope::config
