// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/catalogue.h"
#include "telemetry/text.h"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <cassert>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <vector>

namespace tokenscope::telemetry {

/// Label values in the order of the catalogue's labels, as a key that can be looked up without building strings.
struct LabelKeyHash {
    using is_transparent = void;
    template <typename Values>
    std::size_t operator()(const Values& values) const
    {
        std::size_t hash = values.size();
        for (const std::string_view value : values)
            hash = hash * 1'099'511'628'211U ^ std::hash<std::string_view>{}(value);
        return hash;
    }
};

struct LabelKeyEqual {
    using is_transparent = void;
    template <typename A, typename B>
    bool operator()(const A& a, const B& b) const
    {
        return std::equal(a.begin(), a.end(), b.begin(), b.end());
    }
};

/// The series of one family of the catalogue. A series is made when it is first asked for and stays, so that the hot path
/// is one hash lookup under a shared lock. Beyond `cap` series, new ones share the label value "<other>". Thread-safe.
template <typename T>
class Series {
public:
    using Values = std::initializer_list<std::string_view>;

    /// `dropped` counts the calls that the cap sent to "<other>"; null for families whose labels cannot grow.
    Series(prometheus::Registry& registry, Metric id, std::size_t cap, prometheus::Counter* dropped)
        : m_spec(spec(id)), m_family(make_family(registry, m_spec)), m_cap(cap), m_dropped(dropped)
    {
    }

    /// `values`: one for each label of the catalogue's row. The reference is good for the life of the registry.
    T& at(Values values)
    {
        assert(values.size() == m_spec.labels.size());
        {
            const std::shared_lock lock(m_mutex);
            if (const auto known = m_series.find(values); known != m_series.end())
                return *known->second;
        }
        const std::unique_lock lock(m_mutex);
        if (const auto known = m_series.find(values); known != m_series.end())
            return *known->second;
        if (m_dropped && m_series.size() >= m_cap) {
            m_dropped->Increment();
            return add(values, true);
        }
        T& made = add(values, false);
        m_series.emplace(std::vector<std::string>(values.begin(), values.end()), &made);
        return made;
    }

private:
    static prometheus::Family<T>& make_family(prometheus::Registry& registry, const MetricSpec& spec)
    {
        const std::string name(spec.name);
        const std::string help(spec.help);
        if constexpr (std::is_same_v<T, prometheus::Counter>)
            return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
        else if constexpr (std::is_same_v<T, prometheus::Gauge>)
            return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
        else
            return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
    }

    T& add(Values values, bool folded)
    {
        prometheus::Labels labels;
        auto value = values.begin();
        for (const auto& label : m_spec.labels) {
            const bool other = folded && label.values == LabelValues::open;
            // To Prometheus an empty label and none are the same.
            if (!value->empty())
                labels.emplace(label.name, valid_utf8(other ? other_label : *value));
            ++value;
        }
        if constexpr (std::is_same_v<T, prometheus::Histogram>)
            return m_family.Add(labels, prometheus::Histogram::BucketBoundaries(m_spec.buckets.begin(), m_spec.buckets.end()));
        else
            return m_family.Add(labels);
    }

    const MetricSpec& m_spec;
    prometheus::Family<T>& m_family;
    const std::size_t m_cap;
    prometheus::Counter* const m_dropped;
    std::shared_mutex m_mutex;
    std::unordered_map<std::vector<std::string>, T*, LabelKeyHash, LabelKeyEqual> m_series;
};

} // namespace tokenscope::telemetry
