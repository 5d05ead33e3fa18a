// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/prices/price_list.h"

#include "config/choices.h"
#include "base/url.h"
#include "config/schema.h"

#include <algorithm>
#include <utility>

namespace tokenscope::telemetry {

ProviderNames provider_names(const config::Config& config)
{
    ProviderNames names;
    for (const auto& provider : config.providers) {
        auto& all = names[provider.name];
        all = {provider.name, std::string(config::name_of(provider.kind))};
        if (const auto url = parse_url(provider.base_url); url && provider.kind != config::ProviderKind::demo)
            all.push_back(url->host);
    }
    return names;
}

void PriceList::set_table(PriceTable table)
{
    auto next = std::make_shared<const PriceTable>(std::move(table));
    const std::scoped_lock lock(m_mutex);
    m_table.swap(next); // the old one goes outside the lock
}

void PriceList::set_providers(ProviderNames providers)
{
    auto next = std::make_shared<const ProviderNames>(std::move(providers));
    const std::scoped_lock lock(m_mutex);
    m_providers.swap(next);
}

std::shared_ptr<const PriceTable> PriceList::table() const
{
    const std::scoped_lock lock(m_mutex);
    return m_table;
}

std::optional<Cost> PriceList::cost_of(const Target& target, const llm::Usage& usage) const
{
    if (!usage.prompt && !usage.completion)
        return std::nullopt;
    std::unique_lock lock(m_mutex);
    const auto table = m_table;
    const auto providers = m_providers;
    lock.unlock();

    const auto known = providers->find(target.backend);
    const auto* const price = known == providers->end() ? table->find(target.model, std::span(&target.backend, 1))
                                                        : table->find(target.model, known->second);
    if (!price)
        return std::nullopt;
    constexpr double million = 1e6;
    const auto prompt = usage.prompt.value_or(0);
    const auto cached = std::min(usage.cached.value_or(0), prompt);
    const auto written = std::min(usage.cache_creation.value_or(0), prompt - cached);
    const auto completion = usage.completion.value_or(0);
    const double amount = static_cast<double>(prompt - cached - written) * price->input
                          + static_cast<double>(cached) * price->cached_input.value_or(price->input)
                          + static_cast<double>(written) * price->cache_write.value_or(price->input)
                          + static_cast<double>(completion) * price->output;
    return Cost{.amount = amount / million, .currency = price->currency};
}

} // namespace tokenscope::telemetry
