// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/targets/pair_finder.h"

#include "sources/comparison.h"

#include <algorithm>
#include <utility>

namespace tokenscope::ui {

PairFinder::PairFinder(SourceList& sources, std::function<std::vector<ProviderAddress>()> providers, QObject* parent)
    : QObject(parent), m_sources(sources), m_ask(std::move(providers))
{
    connect(&sources, &SourceList::entriesChanged, this, &PairFinder::find);
}

void PairFinder::find()
{
    m_searches.clear(); // and what they wait for
    m_providers.clear();
    for (const auto& provider : m_ask ? m_ask() : std::vector<ProviderAddress>()) {
        if (auto address = sources::server_address(provider.base_url); !address.empty())
            m_providers.push_back({provider.name, std::move(address)});
    }
    for (const auto& connection : m_providers.empty() ? std::vector<sources::Connection>() : m_sources.connections()) {
        const auto address = sources::server_address(connection.url);
        const bool known = std::any_of(m_providers.begin(), m_providers.end(),
                                       [&address](const Provider& provider) { return provider.address == address; });
        if (connection.kind != sources::ConnectionKind::prometheus && !known)
            continue;
        auto search = std::make_unique<Search>();
        search->connection = connection;
        m_searches.push_back(std::move(search));
    }
    m_missing = m_searches.size();
    Q_EMIT changed();
    for (const auto& search : m_searches)
        askNames(*search);
}

std::vector<ServerPair> PairFinder::pairs() const
{
    std::vector<ServerPair> all;
    for (const auto& search : m_searches)
        all.insert(all.end(), search->pairs.begin(), search->pairs.end());
    return all;
}

void PairFinder::end()
{
    --m_missing;
    Q_EMIT changed();
}

const SourceList::Entry* PairFinder::entryOf(const Search& search) const
{
    const auto id = QString::fromStdString(search.connection.id);
    const auto& entries = m_sources.entries();
    const auto entry = std::find_if(entries.begin(), entries.end(), [&id](const auto& one) { return one.id == id; });
    return entry == entries.end() ? nullptr : &*entry;
}

void PairFinder::askNames(Search& search)
{
    const auto* const entry = entryOf(search);
    if (!entry) {
        end();
        return;
    }
    auto answer = search.inquiry.begin<std::vector<sources::MetricInfo>>([this, &search](const auto& metrics) {
        sources::MetricNames names;
        if (metrics) {
            for (const auto& metric : *metrics)
                names.insert(metric.name);
        }
        const ServerPair found{.provider = {},
                               .source = QString::fromStdString(search.connection.id),
                               .title = QString::fromStdString(search.connection.name),
                               .first_token = sources::server_metric(sources::Latency::first_token, names),
                               .total = sources::server_metric(sources::Latency::total, names),
                               .instance = {}};
        if (found.first_token.empty() && found.total.empty())
            end();
        else
            askInstances(search, found);
    });
    entry->source->metrics(search.inquiry.token(), std::move(answer));
}

void PairFinder::askInstances(Search& search, const ServerPair& found)
{
    const auto add = [this, &search, found](const std::string& address, const std::string& instance) {
        for (const auto& provider : m_providers) {
            if (provider.address != address)
                continue;
            search.pairs.push_back(found);
            search.pairs.back().provider = provider.name;
            search.pairs.back().instance = instance;
        }
    };
    const auto* const entry = entryOf(search);
    if (search.connection.kind != sources::ConnectionKind::prometheus)
        add(sources::server_address(search.connection.url), {});
    if (search.connection.kind != sources::ConnectionKind::prometheus || !entry) {
        end();
        return;
    }
    const auto metric = (found.first_token.empty() ? found.total : found.first_token) + "_bucket";
    auto answer = search.inquiry.begin<sources::MetricSource::Texts>([this, add](const auto& instances) {
        if (instances) {
            for (const auto& instance : *instances)
                add(sources::server_address(instance), instance);
        }
        end();
    });
    entry->source->label_values("instance", metric, search.inquiry.token(), std::move(answer));
}

} // namespace tokenscope::ui
