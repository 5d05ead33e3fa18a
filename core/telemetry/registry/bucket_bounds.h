// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace tokenscope::telemetry {

/// A histogram's upper bounds, as whole numbers of what it observes, and the short way to the bucket of a value: a table
/// has the first candidate for each highest bit, of which there are few to an octave.
class BucketBounds {
public:
    static constexpr std::size_t most = 24;

    /// `bounds`: rising, at most `most`, each of which `scale` makes whole, e.g. 1e9 seconds into nanoseconds. They must
    /// outlive this.
    constexpr BucketBounds(std::span<const double> bounds, double scale) : m_published(bounds), m_scale(scale)
    {
        assert(bounds.size() <= most);
        m_upper.fill(std::numeric_limits<std::int64_t>::max()); // of +Inf, where every search ends
        for (std::size_t i = 0; i < bounds.size(); ++i)
            m_upper[i] = static_cast<std::int64_t>(bounds[i] * scale + 0.5);
        for (std::size_t bit = 1; bit < m_first.size() - 1; ++bit) {
            std::size_t bucket = m_first[bit - 1];
            while (m_upper[bucket] < std::int64_t{1} << bit)
                ++bucket;
            m_first[bit] = static_cast<std::uint8_t>(bucket);
        }
    }

    /// The first bucket whose bound is not below `value`, which is not negative; the one to +Inf where there is none.
    constexpr std::size_t bucket_of(std::int64_t value) const noexcept
    {
        // 0 begins where 1 does.
        std::size_t bucket =
            m_first[63U - static_cast<unsigned>(std::countl_zero(static_cast<std::uint64_t>(value) | 1U))];
        while (m_upper[bucket] < value)
            ++bucket;
        return bucket;
    }

    std::size_t buckets() const { return m_published.size() + 1; }
    /// The bounds as they stand on the page, without +Inf.
    std::span<const double> published() const { return m_published; }
    /// How many of what is observed are one of what is published.
    double scale() const { return m_scale; }

private:
    std::array<std::int64_t, most + 1> m_upper{};
    std::array<std::uint8_t, 64> m_first{}; ///< by highest bit
    std::span<const double> m_published;
    double m_scale;
};

} // namespace tokenscope::telemetry
