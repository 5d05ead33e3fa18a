// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/demo/cost_model.h"

#include <algorithm>
#include <cmath>

namespace tokenscope::providers::demo {

namespace {

constexpr double stall_factor = 20;
constexpr double longest_wait_us = 3600e6;
constexpr double least_factor = 0.05;

double in_range(double value, double least, double most)
{
    return std::isnan(value) ? least : std::clamp(value, least, most);
}

double scaled_us(std::chrono::microseconds duration, double scale)
{
    return std::max(0.0, static_cast<double>(duration.count())) * scale;
}

} // namespace

CostModel::CostModel(const config::DemoOptions& options, double time_scale, std::uint64_t seed)
    : m_tokenize_per_token_us(scaled_us(options.tokenize_per_token, time_scale)),
      m_prefill_base_us(scaled_us(options.prefill_base, time_scale)),
      m_prefill_per_token_us(scaled_us(options.prefill_per_token, time_scale)),
      m_per_token_us(scaled_us(options.per_token, time_scale)), m_jitter(in_range(options.jitter, 0, 10)),
      m_stall_rate(in_range(options.stall_rate, 0, 1)), m_random(seed)
{
}

Nanos CostModel::tokenization(std::uint64_t prompt_tokens)
{
    return jittered(m_tokenize_per_token_us * static_cast<double>(prompt_tokens));
}

Nanos CostModel::prefill(std::uint64_t tokens, double factor)
{
    return jittered(factor * (m_prefill_base_us + m_prefill_per_token_us * static_cast<double>(tokens)));
}

Nanos CostModel::next_token(double factor)
{
    const bool stalled = m_random.unit() < m_stall_rate;
    return jittered(factor * (stalled ? m_per_token_us * stall_factor : m_per_token_us));
}

Nanos CostModel::jittered(double mean_us)
{
    const double factor = std::max(least_factor, 1 + m_jitter * std::clamp(m_normal(m_random), -3.0, 3.0));
    return Nanos(std::llround(std::min(mean_us * factor, longest_wait_us) * 1000));
}

} // namespace tokenscope::providers::demo
