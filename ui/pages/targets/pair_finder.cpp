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
    m_inquiry.cancel();
    m_pairs.clear();
    m_providers.clear();
    for (const auto& provider : m_ask ? m_ask() : std::vector<ProviderAddress>()) {
        if (auto address = sources::server_address(provider.base_url); !address.empty())
            m_providers.push_back({provider.name, std::move(address)});
    }
    m_left = m_providers.empty() ? std::vector<sources::Connection>() : m_sources.connections();
    m_searching = true;
    next();
}

void PairFinder::next()
{
    while (!m_left.empty()) {
        const auto connection = m_left.front();
        m_left.erase(m_left.begin());
        const auto address = sources::server_address(connection.url);
        const bool known = std::any_of(m_providers.begin(), m_providers.end(),
                                       [&address](const Provider& provider) { return provider.address == address; });
        if (connection.kind == sources::ConnectionKind::prometheus || known) {
            askNames(connection);
            return;
        }
    }
    m_searching = false;
    Q_EMIT finished();
}

void PairFinder::askNames(const sources::Connection& connection)
{
    const auto id = QString::fromStdString(connection.id);
    const auto& entries = m_sources.entries();
    const auto entry = std::find_if(entries.begin(), entries.end(), [&id](const auto& one) { return one.id == id; });
    if (entry == entries.end()) {
        next();
        return;
    }
    const bool prometheus = connection.kind == sources::ConnectionKind::prometheus;
    auto answer = m_inquiry.begin<std::vector<sources::MetricInfo>>(
        [this, id, prometheus, name = connection.name,
         address = sources::server_address(connection.url)](const auto& metrics) {
            sources::MetricNames names;
            if (metrics) {
                for (const auto& metric : *metrics)
                    names.insert(metric.name);
            }
            ServerPair found{.provider = {},
                             .source = id,
                             .title = QString::fromStdString(name),
                             .first_token = sources::server_metric(sources::Latency::first_token, names),
                             .total = sources::server_metric(sources::Latency::total, names),
                             .instance = {}};
            if (found.first_token.empty() && found.total.empty())
                next();
            else
                askInstances(std::move(found), prometheus, address);
        });
    entry->source->metrics(m_inquiry.token(), std::move(answer));
}

void PairFinder::askInstances(ServerPair found, bool prometheus, const std::string& address)
{
    if (!prometheus) {
        for (const auto& provider : m_providers) {
            if (provider.address == address) {
                auto pair = found;
                pair.provider = provider.name;
                m_pairs.push_back(std::move(pair));
            }
        }
        next();
        return;
    }
    const auto& entries = m_sources.entries();
    const auto entry =
        std::find_if(entries.begin(), entries.end(), [&found](const auto& one) { return one.id == found.source; });
    if (entry == entries.end()) {
        next();
        return;
    }
    const auto metric = (found.first_token.empty() ? found.total : found.first_token) + "_bucket";
    auto answer = m_inquiry.begin<sources::MetricSource::Texts>([this, found](const auto& instances) {
        if (instances)
            addPairs(found, *instances);
        next();
    });
    entry->source->label_values("instance", metric, m_inquiry.token(), std::move(answer));
}

void PairFinder::addPairs(const ServerPair& found, const std::vector<std::string>& instances)
{
    for (const auto& instance : instances) {
        for (const auto& provider : m_providers) {
            if (sources::server_address(instance) != provider.address)
                continue;
            auto pair = found;
            pair.provider = provider.name;
            pair.instance = instance;
            m_pairs.push_back(std::move(pair));
        }
    }
}

} // namespace tokenscope::ui
