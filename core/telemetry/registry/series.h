// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/catalogue.h"
#include "telemetry/registry/cells.h"
#include "telemetry/registry/histogram.h"
#include "telemetry/registry/label_values.h"
#include "telemetry/registry/registry.h"
#include "telemetry/text.h"

#include <cassert>
#include <concepts>
#include <functional>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <utility>

namespace tokenscope::telemetry {

/// The series of one family of the catalogue. A series is made when it is first asked for and stays, so that the hot path
/// is one hash lookup under a shared lock. Beyond the registry's cap of series, new ones share the label value "<other>".
/// Thread-safe.
template <typename Cell>
class Series final : public Collectable {
public:
    using Values = LabelValues::List;

    /// `dropped` counts the calls that the cap sent to "<other>"; null for families whose labels cannot grow.
    Series(Registry& registry, Metric id, Counter* dropped)
        : m_spec(spec(id)), m_registry(registry), m_dropped(dropped), m_context(m_spec, registry.clock())
    {
        registry.add(*this);
    }
    Series(const Series&) = delete;
    Series& operator=(const Series&) = delete;

    struct Found {
        Cell& cell;
        bool folded = false; ///< it stands for all that are beyond the cap
    };

    /// `values`: one for each label of the catalogue's row. The reference is good until remove(), else for the life of this.
    Cell& at(Values values) { return find(values).cell; }
    Found find(Values values)
    {
        assert(values.size() == m_spec.labels.size());
        {
            const std::shared_lock lock(m_mutex);
            if (const auto known = m_series.find(values); known != m_series.end())
                return {known->second};
        }
        const std::unique_lock lock(m_mutex);
        if (const auto known = m_series.find(values); known != m_series.end())
            return {known->second};
        const bool full = m_dropped && m_series.size() >= m_registry.series_cap();
        return {m_series.try_emplace(kept_values(values, full), m_context).first->second, full};
    }

    /// Of all series together.
    HistogramCounts sum() const requires std::same_as<Cell, Histogram>
    {
        HistogramCounts all(m_context.bounds);
        const std::shared_lock lock(m_mutex);
        for (const auto& [values, cell] : m_series)
            all.add(cell.counts());
        return all;
    }

    /// Takes the series off the page. Only for one that nobody else may be writing to.
    void remove(Values values)
    {
        const std::unique_lock lock(m_mutex);
        if (const auto known = m_series.find(values); known != m_series.end())
            m_series.erase(known);
    }

    void collect(Snapshot& into) const override
    {
        FamilySnapshot family{
            .name = std::string(m_spec.name), .help = std::string(m_spec.help), .kind = m_spec.kind, .series = {}};
        {
            const std::shared_lock lock(m_mutex);
            family.series.reserve(m_series.size());
            for (const auto& [values, cell] : m_series)
                family.series.push_back({values.labels(m_spec.labels), cell.value()});
        }
        if (!family.series.empty())
            into.push_back(std::move(family));
    }

private:
    struct Hash {
        using is_transparent = void;
        template <typename Key>
        std::size_t operator()(const Key& key) const
        {
            return hash_of(key);
        }
    };

    /// In a full family the labels that grow become "<other>"; those from a short list keep their meaning. What is not kept
    /// is not interned either: names that anybody can make up must not add up in memory.
    LabelValues kept_values(Values values, bool full)
    {
        if (full)
            m_dropped->increment();
        LabelValues kept(values.size());
        auto value = values.begin();
        for (std::size_t i = 0; i < values.size(); ++i, ++value) {
            const bool folded = full && m_spec.labels[i].values == LabelOrigin::open;
            kept.set(i, m_registry.labels().intern(folded ? other_label : *value));
        }
        return kept;
    }

    const MetricSpec& m_spec;
    Registry& m_registry;
    Counter* const m_dropped;
    const typename Cell::Context m_context;
    mutable std::shared_mutex m_mutex;
    std::unordered_map<LabelValues, Cell, Hash, std::equal_to<>> m_series;
};

} // namespace tokenscope::telemetry
