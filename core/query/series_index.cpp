// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/series_index.h"

#include "query/heap_bytes.h"

#include <algorithm>

namespace tokenscope::query {

namespace {

/// The record with its reference count, its labels, its node and bucket in the set, and its place in its metric's list,
/// for which vectors keep up to twice what they need.
std::size_t record_bytes(std::size_t labels)
{
    constexpr std::size_t control_block = 16;
    return heap_bytes(sizeof(SeriesRecord) + control_block)
           + heap_bytes(std::max<std::size_t>(labels, 1) * sizeof(void*)) + heap_bytes(3 * sizeof(void*)) + 12 + 24;
}

std::size_t metric_bytes(std::string_view name)
{
    const auto text = name.size() > std::string().capacity() ? heap_bytes(name.size() + 1) : 0;
    return heap_bytes(sizeof(std::pair<std::string, SeriesIndex::Records>) + 4 * sizeof(void*)) + text;
}

} // namespace

std::size_t SeriesIndex::hash_of(std::string_view metric, const Labels& labels)
{
    auto result = std::hash<std::string_view>()(metric);
    for (const auto& [name, value] : labels)
        result ^= LabelPair::hash_of(name, value) + 0x9e3779b97f4a7c15ULL + (result << 6) + (result >> 2);
    return result;
}

SeriesRecord* SeriesIndex::find(std::string_view metric, const Labels& labels, std::size_t hash) const
{
    const auto found = m_records.find(Probe{metric, labels, hash});
    return found == m_records.end() ? nullptr : *found;
}

std::size_t SeriesIndex::bytes_to_add(std::string_view metric, const Labels& labels) const
{
    const auto name = m_metrics.contains(metric) ? 0 : metric_bytes(metric);
    return name + record_bytes(labels.size()) + m_pool.missing_bytes(labels);
}

SeriesRecord& SeriesIndex::add(std::string_view metric, const Labels& labels, std::size_t hash)
{
    auto known = m_metrics.find(metric);
    if (known == m_metrics.end()) {
        known = m_metrics.try_emplace(std::string(metric)).first;
        m_bytes += metric_bytes(metric);
    }
    auto record = std::make_shared<SeriesRecord>(known->first, m_pool.intern(labels), hash);
    m_bytes += record_bytes(labels.size());
    m_records.insert(record.get());
    return *known->second.emplace_back(std::move(record));
}

const SeriesIndex::Records* SeriesIndex::of_metric(std::string_view metric) const
{
    const auto found = m_metrics.find(metric);
    return found == m_metrics.end() ? nullptr : &found->second;
}

SeriesIndex::Records SeriesIndex::all() const
{
    Records all;
    all.reserve(size());
    for (const auto& [name, records] : m_metrics)
        all.insert(all.end(), records.begin(), records.end());
    return all;
}

std::vector<std::string> SeriesIndex::metric_names() const
{
    std::vector<std::string> names;
    names.reserve(m_metrics.size());
    for (const auto& [name, records] : m_metrics)
        names.push_back(name);
    return names;
}

void SeriesIndex::for_each(const std::function<void(SeriesRecord&)>& visit)
{
    for (const auto& [name, records] : m_metrics)
        for (const auto& record : records)
            visit(*record);
}

std::size_t SeriesIndex::visit_part(Records& records, std::size_t first, std::size_t last, const Visit& visit)
{
    const auto begin = records.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = records.begin() + static_cast<std::ptrdiff_t>(last);
    const auto kept = std::remove_if(begin, end, [&](const std::shared_ptr<SeriesRecord>& record) {
        if (visit(*record))
            return false;
        m_bytes -= record_bytes(record->labels.pairs().size());
        m_records.erase(record.get());
        return true;
    });
    const auto stayed = static_cast<std::size_t>(kept - begin);
    records.erase(kept, end);
    return stayed;
}

SeriesIndex::Metrics::iterator SeriesIndex::erase_metric(Metrics::iterator metric)
{
    m_bytes -= metric_bytes(metric->first);
    return m_metrics.erase(metric);
}

void SeriesIndex::visit_all(const Visit& visit)
{
    for (auto metric = m_metrics.begin(); metric != m_metrics.end();) {
        visit_part(metric->second, 0, metric->second.size(), visit);
        metric = metric->second.empty() ? erase_metric(metric) : std::next(metric);
    }
    m_visited_metric.clear();
    m_visited = 0;
    m_pool.collect();
}

bool SeriesIndex::visit_some(std::size_t count, const Visit& visit)
{
    auto metric = m_metrics.lower_bound(m_visited_metric);
    if (metric == m_metrics.end() || metric->first != m_visited_metric)
        m_visited = 0;
    while (count > 0 && metric != m_metrics.end()) {
        auto& records = metric->second;
        const auto first = std::min(m_visited, records.size());
        const auto last = first + std::min(count, records.size() - first);
        count -= last - first;
        const bool finished = last == records.size();
        m_visited = first + visit_part(records, first, last, visit);
        if (!finished)
            break;
        m_visited = 0;
        metric = records.empty() ? erase_metric(metric) : std::next(metric);
    }
    const bool round = metric == m_metrics.end();
    m_visited_metric = round ? std::string() : metric->first;
    if (round)
        m_pool.collect();
    return round;
}

} // namespace tokenscope::query
