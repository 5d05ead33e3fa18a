// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/difference.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>
#include <vector>

namespace tokenscope {

namespace {

constexpr double z95 = 1.959963984540054; ///< the normal distribution's 97.5 % point

std::size_t rank_of(std::size_t count, double q)
{
    // 0.95 * 20 is a little more than 19 in binary.
    const auto rank = std::ceil(q * static_cast<double>(count) - 1e-9);
    return static_cast<std::size_t>(std::clamp(rank, 1.0, static_cast<double>(count)));
}

/// The q-quantiles of resamples, one a call.
class Resampler {
public:
    Resampler(std::span<const double> sorted, double q)
        : m_sorted(sorted), m_below(static_cast<double>(rank_of(sorted.size(), q))),
          m_above(static_cast<double>(sorted.size() - rank_of(sorted.size(), q) + 1))
    {
    }

    double operator()(std::mt19937_64& random)
    {
        // A Beta variate from two of the Gamma distribution.
        const double low = m_below(random);
        const double place = low / (low + m_above(random)) * static_cast<double>(m_sorted.size());
        return m_sorted[std::min(static_cast<std::size_t>(place), m_sorted.size() - 1)];
    }

private:
    std::span<const double> m_sorted;
    std::gamma_distribution<double> m_below;
    std::gamma_distribution<double> m_above;
};

struct Wilson {
    double share, low, high;
};

Wilson wilson(std::size_t hits, std::size_t count)
{
    const auto n = static_cast<double>(count);
    const double share = static_cast<double>(hits) / n;
    const double middle = share + z95 * z95 / (2 * n);
    const double spread = z95 * std::sqrt(share * (1 - share) / n + z95 * z95 / (4 * n * n));
    const double scale = 1 + z95 * z95 / n;
    return {share, std::max(0.0, (middle - spread) / scale), std::min(1.0, (middle + spread) / scale)};
}

} // namespace

double sorted_quantile(std::span<const double> sorted, double q)
{
    return sorted[rank_of(sorted.size(), q) - 1];
}

bool enough_for_quantile(std::size_t count, double q)
{
    return static_cast<double>(count) * std::min(q, 1 - q) >= 1 - 1e-9;
}

std::optional<Difference> quantile_difference(std::span<const double> before, std::span<const double> after, double q,
                                              std::uint64_t seed, std::size_t resamples)
{
    if (!enough_for_quantile(before.size(), q) || !enough_for_quantile(after.size(), q) || resamples == 0)
        return std::nullopt;
    std::mt19937_64 random(seed);
    Resampler old_one(before, q);
    Resampler new_one(after, q);
    std::vector<double> differences(resamples);
    for (auto& difference : differences) {
        const double subtracted = old_one(random);
        difference = new_one(random) - subtracted;
    }
    std::sort(differences.begin(), differences.end());
    return Difference{.value = sorted_quantile(after, q) - sorted_quantile(before, q),
                      .low = sorted_quantile(differences, 0.025),
                      .high = sorted_quantile(differences, 0.975)};
}

std::optional<Difference> share_difference(std::size_t hits_before, std::size_t before, std::size_t hits_after,
                                           std::size_t after)
{
    if (before == 0 || after == 0)
        return std::nullopt;
    const auto one = wilson(hits_before, before);
    const auto two = wilson(hits_after, after);
    const double difference = two.share - one.share;
    return Difference{.value = difference,
                      .low = difference - std::hypot(two.share - two.low, one.high - one.share),
                      .high = difference + std::hypot(two.high - two.share, one.share - one.low)};
}

} // namespace tokenscope
