// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

namespace tokenscope::providers::demo {

/// Steele, Lea and Flood's SplitMix64: eight bytes of state, so that every job can have a generator of its own.
/// A UniformRandomBitGenerator.
class SplitMix64 {
public:
    using result_type = std::uint64_t;

    explicit SplitMix64(std::uint64_t seed) : m_state(seed) {}

    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

    result_type operator()()
    {
        m_state += 0x9E3779B97F4A7C15ULL;
        std::uint64_t z = m_state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }

    /// Uniform in [0, 1).
    double unit() { return static_cast<double>((*this)() >> 11) * 0x1.0p-53; }
    /// Uniform in [0, bound), for the small bounds used here.
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>((*this)() % bound); }

private:
    std::uint64_t m_state;
};

/// A seed for one use of many that share `seed`.
inline std::uint64_t derived_seed(std::uint64_t seed, std::uint64_t use)
{
    SplitMix64 outer(seed);
    return SplitMix64(outer() ^ use)();
}

/// 64-bit FNV-1a.
inline std::uint64_t hash_of(std::string_view text)
{
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    return hash;
}

} // namespace tokenscope::providers::demo
