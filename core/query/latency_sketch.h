// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/heap_bytes.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace tokenscope::query {

/// How many observations fell into each of the buckets whose bounds grow by a constant factor, so that any quantile can be told
/// within 1 % of its value, however the observations are spread: DDSketch (Masson, Rim, Lee 2019,
/// http://www.vldb.org/pvldb/vol12/p2195-masson.pdf). Two of them add up to that of all observations. Sparse: memory
/// grows with the buckets hit. Not thread-safe.
class LatencySketch {
public:
    /// Of a quantile to the observation at its rank.
    static constexpr double relative_error = 0.01;
    /// Values below it count as 0.
    static constexpr double smallest = 1e-9;

    using Index = std::int16_t;
    struct Bucket {
        Index index = 0;
        std::uint32_t count = 0;
    };

    /// Of a value of at least `smallest`; what is above the largest index falls into it.
    static Index index_of(double value);
    /// What an observation in the bucket is taken for.
    static double value_of(Index index);

    /// Less than 0 counts as 0; NaN is not observed.
    void add(double value, std::uint32_t times = 1);
    void add(const LatencySketch& other);

    std::span<const Bucket> buckets() const { return m_buckets; } ///< rising by index
    std::uint64_t zeros() const { return m_zeros; }
    bool empty() const { return m_zeros == 0 && m_buckets.empty(); }
    /// Beside the object itself.
    std::size_t bytes() const { return heap_bytes(m_buckets.capacity() * sizeof(Bucket)); }
    /// For one that will hardly get more observations: gives back the room for them.
    void shrink() { m_buckets.shrink_to_fit(); }

private:
    void add_to(Index index, std::uint32_t times);

    std::vector<Bucket> m_buckets;
    std::uint64_t m_zeros = 0;
};

/// The sum of the sketches within a window that slides on: they go in at one end and come out at the other.
class SketchWindow {
public:
    void add(const LatencySketch& sketch) { change(sketch, 1); }
    /// One that was added.
    void remove(const LatencySketch& sketch) { change(sketch, -1); }

    /// The observation at rank q * (n - 1), rounded down. Absent without observations; as Prometheus has it -Inf for q below
    /// 0, +Inf above 1, NaN for NaN.
    std::optional<double> quantile(double q) const;

private:
    void change(const LatencySketch& sketch, std::int64_t sign);

    std::map<LatencySketch::Index, std::int64_t> m_counts; ///< none of them 0
    std::int64_t m_zeros = 0;
    std::int64_t m_total = 0;
};

} // namespace tokenscope::query
