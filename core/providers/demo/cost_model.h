// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "config/config.h"
#include "providers/demo/random.h"

#include <cstdint>
#include <random>

namespace tokenscope::providers::demo {

/// What a piece of simulated work costs: a sequence of waits that depends on nothing but the options, the model's scale and
/// the seed. Every wait is mean x scale x factor x jitter, the jitter drawn from a normal distribution of mean 1 and the
/// configured relative deviation, cut at three deviations and at a twentieth of the mean. No wait is longer than an hour.
/// Options out of range (negative, not a number) count as the nearest sensible value.
class CostModel {
public:
    CostModel(const config::DemoOptions& options, double time_scale, std::uint64_t seed);

    Nanos tokenization(std::uint64_t prompt_tokens);
    /// From the start of a batch to its first tokens. `tokens`: with the padding.
    Nanos prefill(std::uint64_t tokens, double factor = 1);
    /// The wait from a token to the next; now and then a stall of 20 times that.
    Nanos next_token(double factor = 1);

private:
    Nanos jittered(double mean_us);

    double m_tokenize_per_token_us;
    double m_prefill_base_us;
    double m_prefill_per_token_us;
    double m_per_token_us;
    double m_jitter;
    double m_stall_rate;
    SplitMix64 m_random;
    std::normal_distribution<double> m_normal;
};

} // namespace tokenscope::providers::demo
