// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/changes.h"

#include "config/problem.h"
#include "config/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace tokenscope::config {
namespace {

class Comparison {
public:
    std::vector<std::string> compare(const Config& from, const Config& to);

private:
    template <typename Owner>
    void values(const Owner& from, const Owner& to, const std::string& prefix);
    /// Elements that have names, whatever their order.
    template <typename Owner>
    void named(const std::vector<Owner>& from, const std::vector<Owner>& to, const std::string& path);
    template <typename Owner>
    void element(const Owner& from, const Owner& to, const std::string& path);
    template <typename Map>
    void maps(const Map& from, const Map& to, const std::string& path);
    template <typename T>
    void whole(const T& from, const T& to, const std::string& path);
    void observability(const Observability& from, const Observability& to);

    std::vector<std::string> m_out;
};

template <typename Owner>
void Comparison::values(const Owner& from, const Owner& to, const std::string& prefix)
{
    for (const auto& key : keys<Owner>()) {
        if (key.get(from) != key.get(to))
            m_out.push_back(fmt::format("{}{}", prefix, key.spec.name));
    }
}

template <>
void Comparison::element(const Provider& from, const Provider& to, const std::string& path)
{
    values(from, to, path + '.');
    values(from.demo, to.demo, path + ".demo.");
}

template <>
void Comparison::element(const ClientKey& from, const ClientKey& to, const std::string& path)
{
    whole(from, to, path);
}

template <typename T>
void Comparison::whole(const T& from, const T& to, const std::string& path)
{
    if (from != to)
        m_out.push_back(path);
}

template <typename Owner>
void Comparison::named(const std::vector<Owner>& from, const std::vector<Owner>& to, const std::string& path)
{
    const auto find = [](const std::vector<Owner>& all, const std::string& name) {
        return std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
    };
    for (const auto& old : from) {
        if (find(to, old.name) == to.end())
            m_out.push_back(fmt::format("{}.{} (removed)", path, old.name));
    }
    std::vector<std::string_view> order_before;
    std::vector<std::string_view> order_now;
    for (const auto& now : to) {
        const auto old = find(from, now.name);
        const auto now_path = fmt::format("{}.{}", path, now.name);
        if (old == from.end()) {
            m_out.push_back(now_path + " (added)");
            continue;
        }
        element(*old, now, now_path);
        order_now.push_back(now.name);
    }
    for (const auto& old : from) {
        if (find(to, old.name) != to.end())
            order_before.push_back(old.name);
    }
    if (order_before != order_now)
        m_out.push_back(path + " (order)");
}

template <typename Map>
void Comparison::maps(const Map& from, const Map& to, const std::string& path)
{
    for (const auto& [name, value] : from) {
        if (!to.contains(name))
            m_out.push_back(fmt::format("{}.{} (removed)", path, shown(name)));
    }
    for (const auto& [name, value] : to) {
        const auto old = from.find(name);
        if (old == from.end())
            m_out.push_back(fmt::format("{}.{} (added)", path, shown(name)));
        else
            whole(old->second, value, fmt::format("{}.{}", path, shown(name)));
    }
}

void Comparison::observability(const Observability& from, const Observability& to)
{
    const std::string path = "observability.";
    const auto& tracing = from.tracing;
    values(from, to, path);
    values(from.metrics, to.metrics, path + "metrics.");
    values(tracing, to.tracing, path + "tracing.");
    values(tracing.sampler, to.tracing.sampler, path + "tracing.sampler.");
    values(tracing.exporter, to.tracing.exporter, path + "tracing.exporter.");
    maps(tracing.exporter.headers, to.tracing.exporter.headers, path + "tracing.exporter.headers");
    values(from.requests, to.requests, path + "requests.");
    values(from.charts, to.charts, path + "charts.");
}

std::vector<std::string> Comparison::compare(const Config& from, const Config& to)
{
    values(from, to, "");
    named(from.providers, to.providers, "providers");
    maps(from.aliases, to.aliases, "aliases");
    maps(from.fallbacks, to.fallbacks, "fallbacks");
    named(from.auth.keys, to.auth.keys, "auth.keys");
    whole(from.auth.allowed_hosts, to.auth.allowed_hosts, "auth.allowed_hosts");
    whole(from.auth.allowed_origins, to.auth.allowed_origins, "auth.allowed_origins");
    values(from.rate_limit, to.rate_limit, "rate_limit.");
    values(from.conversations, to.conversations, "conversations.");
    values(from.limits, to.limits, "limits.");
    values(from.log, to.log, "log.");
    observability(from.observability, to.observability);
    // Named as they were found: nothing in the list need have changed.
    whole(from.discover_providers, to.discover_providers, "providers (discovery)");
    return std::move(m_out);
}

} // namespace

std::vector<std::string> describe_changes(const Config& from, const Config& to)
{
    return Comparison().compare(from, to);
}

} // namespace tokenscope::config
