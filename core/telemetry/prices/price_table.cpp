// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/prices/price_table.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace tokenscope::telemetry {

namespace {

bool is_prefix(std::string_view pattern)
{
    return pattern.ends_with('*');
}

bool matches(std::string_view pattern, std::string_view name)
{
    return is_prefix(pattern) ? name.starts_with(pattern.substr(0, pattern.size() - 1)) : name == pattern;
}

/// How much a provider's pattern says, for comparing two.
std::pair<int, std::size_t> particularity(std::string_view pattern)
{
    if (pattern.empty())
        return {0, 0};
    return {is_prefix(pattern) ? 1 : 2, pattern.size()};
}

} // namespace

PriceTable::PriceTable(std::vector<Price> prices) : m_prices(std::move(prices))
{
    for (std::size_t i = 0; i < m_prices.size(); ++i) {
        const std::string_view model = m_prices[i].model;
        if (is_prefix(model))
            m_prefixes[std::string(model.substr(0, model.size() - 1))].push_back(i);
        else
            m_exact[std::string(model)].push_back(i);
    }
    for (auto* group : {&m_exact, &m_prefixes}) {
        for (auto& [model, entries] : *group)
            std::stable_sort(entries.begin(), entries.end(), [this](std::size_t a, std::size_t b) {
                return particularity(m_prices[a].provider) > particularity(m_prices[b].provider);
            });
    }
}

const Price* PriceTable::first_of(const Entries& entries, std::span<const std::string> provider_names) const
{
    const auto fits = [&](std::size_t i) {
        const auto& pattern = m_prices[i].provider;
        return pattern.empty()
               || std::any_of(provider_names.begin(), provider_names.end(),
                              [&](const std::string& name) { return matches(pattern, name); });
    };
    const auto found = std::find_if(entries.begin(), entries.end(), fits);
    return found == entries.end() ? nullptr : &m_prices[*found];
}

const Price* PriceTable::find(std::string_view model, std::span<const std::string> provider_names) const
{
    if (const auto exact = m_exact.find(model); exact != m_exact.end()) {
        if (const auto* price = first_of(exact->second, provider_names))
            return price;
    }
    if (m_prefixes.empty())
        return nullptr;
    for (auto length = static_cast<std::ptrdiff_t>(model.size()); length >= 0; --length) {
        const auto prefix = m_prefixes.find(model.substr(0, static_cast<std::size_t>(length)));
        if (prefix == m_prefixes.end())
            continue;
        if (const auto* price = first_of(prefix->second, provider_names))
            return price;
    }
    return nullptr;
}

PriceTable builtin_prices()
{
    auto table = parse_prices(builtin_prices_text(), "the built-in price table");
    assert(table); // a test reads it
    return table ? std::move(*table) : PriceTable();
}

} // namespace tokenscope::telemetry
