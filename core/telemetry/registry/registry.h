// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "telemetry/snapshot.h"

#include <atomic>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace tokenscope::telemetry {

/// The label values of many series, each kept once. Thread-safe.
class LabelPool {
public:
    /// The kept copy of `value`, made valid UTF-8; it lives as long as the pool.
    const std::string& intern(std::string_view value);

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    std::mutex m_mutex;
    std::unordered_set<std::string, Hash, std::equal_to<>> m_values;
};

/// A family that can be read.
class Collectable {
public:
    virtual ~Collectable() = default;
    /// Appends the family, unless it has no series.
    virtual void collect(Snapshot& into) const = 0;
};

/// The families of one program. Families are added while it is being set up; reading is thread-safe afterwards.
class Registry {
public:
    Registry(const Clock& clock, std::size_t series_cap) : m_clock(clock), m_series_cap(series_cap) {}

    /// `family` must outlive the registry's use.
    void add(const Collectable& family) { m_families.push_back(&family); }
    Snapshot collect() const;

    /// Most series a family may have before new ones share the label value "<other>".
    std::size_t series_cap() const { return m_series_cap.load(std::memory_order_relaxed); }
    void set_series_cap(std::size_t cap) { m_series_cap.store(cap, std::memory_order_relaxed); }

    LabelPool& labels() { return m_labels; }
    const Clock& clock() const { return m_clock; }

private:
    const Clock& m_clock;
    LabelPool m_labels;
    std::atomic<std::size_t> m_series_cap;
    std::vector<const Collectable*> m_families;
};

} // namespace tokenscope::telemetry
