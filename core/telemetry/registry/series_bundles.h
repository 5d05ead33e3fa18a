// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/registry/label_values.h"
#include "telemetry/registry/series.h"

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <utility>

namespace tokenscope::telemetry {

/// A series that is looked up when it is first needed and remembered; but not one that the cap has folded into "<other>",
/// each use of which is counted. Thread-safe; always to be asked for the same series.
template <typename Cell>
class Remembered {
public:
    Cell& in(Series<Cell>& family, typename Series<Cell>::Values values)
    {
        if (auto* known = m_cell.load(std::memory_order_acquire))
            return *known;
        const auto found = family.find(values);
        if (!found.folded)
            m_cell.store(&found.cell, std::memory_order_release);
        return found.cell;
    }

private:
    std::atomic<Cell*> m_cell{nullptr};
};

/// The one series of a family without labels, which appears with its first use.
template <typename Cell>
class Single {
public:
    template <typename Factory>
    Single(Factory& factory, Metric id) : m_family(factory.template make<Cell>(id))
    {
    }
    Cell& get() { return m_cell.in(m_family, {}); }

private:
    Series<Cell> m_family;
    Remembered<Cell> m_cell;
};

/// What requests with the same labels record into, a struct of Remembered series found with one lookup. There are as
/// many as fit; the others look up each series for themselves. Thread-safe.
template <typename Bundle>
class Bundles {
public:
    static constexpr std::size_t most = 2000;

    explicit Bundles(LabelPool& labels) : m_labels(labels) {}

    /// `spare`: a new one, to be used where there is no room for another to be kept.
    Bundle& at(LabelValues::List key, Bundle& spare)
    {
        {
            const std::shared_lock lock(m_mutex);
            if (const auto known = m_bundles.find(key); known != m_bundles.end())
                return *known->second;
            if (m_bundles.size() >= most)
                return spare;
        }
        LabelValues kept(key.size());
        std::size_t i = 0;
        for (const auto value : key)
            kept.set(i++, m_labels.intern(value));
        const std::unique_lock lock(m_mutex);
        return *m_bundles.try_emplace(kept, std::make_unique<Bundle>()).first->second;
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
    struct Equal {
        using is_transparent = void;
        bool operator()(const LabelValues& a, const LabelValues& b) const { return a == b; }
        bool operator()(const LabelValues::List& a, const LabelValues& b) const { return b == a; }
        bool operator()(const LabelValues& a, const LabelValues::List& b) const { return a == b; }
    };

    LabelPool& m_labels;
    std::shared_mutex m_mutex;
    std::unordered_map<LabelValues, std::unique_ptr<Bundle>, Hash, Equal> m_bundles;
};

} // namespace tokenscope::telemetry
