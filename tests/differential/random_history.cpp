// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "random_history.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <limits>

namespace tokenscope::tests {

using namespace std::chrono_literals;

namespace {

constexpr std::array bounds = {0.05, 0.1, 0.5, 1.0, 2.5, 10.0, 60.0};

query::Labels labels_of(std::size_t model, std::size_t zone, std::size_t status)
{
    constexpr std::array models = {"tiny", "big", "x y"};
    constexpr std::array statuses = {"200", "404", "503"};
    query::Labels labels{{"model", models[model]}, {"zone", zone == 0 ? "a" : "b"}};
    if (status < statuses.size())
        labels.emplace("status", statuses[status]);
    return labels;
}

} // namespace

RandomHistory::RandomHistory(std::string prefix, std::uint32_t seed) : m_prefix(std::move(prefix)), m_random(seed)
{
    for (std::size_t model = 0; model < 3; ++model) {
        for (std::size_t zone = 0; zone < 2; ++zone) {
            for (std::size_t status = 0; status < 3; ++status)
                m_counters["requests_total"].push_back({.labels = labels_of(model, zone, status)});
            m_counters["tokens_total"].push_back({.labels = labels_of(model, zone, 9)});
            m_gauges["queue"].push_back({.labels = labels_of(model, zone, 9)});
            m_gauges["used"].push_back({.labels = labels_of(model, zone, 9)});
            m_histograms["latency"].push_back({.labels = labels_of(model, zone, 9)});
            m_histograms["size"].push_back({.labels = labels_of(model, zone, zone)});
        }
    }
}

std::vector<query::Sample> RandomHistory::scrape()
{
    m_samples.clear();
    for (auto& [metric, lives] : m_counters)
        for (auto& life : lives)
            count(m_prefix + metric, life);
    for (auto& [metric, lives] : m_gauges)
        for (auto& life : lives)
            gauge(m_prefix + metric, life);
    for (auto& [metric, lives] : m_histograms)
        for (auto& life : lives)
            observe(m_prefix + metric, life);
    return std::move(m_samples);
}

bool RandomHistory::missed()
{
    if (m_missing > 0) {
        --m_missing;
        return true;
    }
    if (below(60) == 0)
        m_missing = static_cast<int>(below(5) == 0 ? below(80) : below(4));
    return m_missing > 0;
}

Vocabulary RandomHistory::vocabulary() const
{
    const auto named = [this](const auto& metrics) {
        std::vector<std::string> names;
        for (const auto& [metric, lives] : metrics)
            names.push_back(m_prefix + metric);
        return names;
    };
    return {named(m_gauges),
            named(m_counters),
            named(m_histograms),
            {"model", "zone", "status", "version", "nonexistent"},
            {"", "!", "tiny", "!tiny", "a", "!b", "~.+", "!~.+", "~.*", "~big|x y", "!~[45]..", "200", "~2..", "~|1"},
            {4s, 10s, 17s, 60s, 300s, 900s, 20min},
            {0, 0.1, 0.5, 0.9, 0.95, 0.99, 1, -1, 2},
            {1'000, -0.5, 1e-3}};
}

/// Lets it go, come back, and come back as another one.
bool RandomHistory::present(Life& life)
{
    if (life.away > 0) {
        --life.away;
        return false;
    }
    if (below(150) == 0) {
        life.away = static_cast<int>(below(3) == 0 ? below(120) : below(6));
        if (below(3) == 0) {
            auto& version = life.labels["version"];
            version = version.empty() ? "1" : version + "1";
        }
    }
    return true;
}

void RandomHistory::count(const std::string& metric, Life& life)
{
    life.value += static_cast<double>(below(3) == 0 ? below(40) : 0) * 0.25;
    if (below(120) == 0)
        life.value = static_cast<double>(below(3));
    if (below(2'000) == 0)
        life.value = std::numeric_limits<double>::infinity();
    if (present(life))
        m_samples.push_back({metric, life.labels, life.value});
}

void RandomHistory::gauge(const std::string& metric, Life& life)
{
    // Never below zero: what cancels out keeps fewer digits, and which depends on the order of adding up.
    life.value = static_cast<double>(below(8) == 0 ? below(4'000) : below(8)) * 0.25;
    if (life.strange == 0 && below(80) == 0) {
        constexpr double infinity = std::numeric_limits<double>::infinity();
        const std::array odds = {infinity, -infinity, std::numeric_limits<double>::quiet_NaN()};
        life.odd = odds[below(odds.size())];
        life.strange = static_cast<int>(below(20));
    }
    const bool strange = life.strange > 0;
    life.strange -= strange ? 1 : 0;
    if (present(life))
        m_samples.push_back({metric, life.labels, strange ? life.odd : life.value});
}

void RandomHistory::observe(const std::string& metric, Life& life)
{
    for (auto observations = below(6); observations > 0; --observations) {
        const double value = std::exp(static_cast<double>(below(1'000)) / 130.0 - 4);
        for (const auto bound : bounds)
            if (value <= bound)
                ++life.buckets[bound];
        ++life.count;
        life.sum += value;
    }
    if (below(200) == 0) {
        life.count = life.sum = 0;
        life.buckets.clear();
    }
    if (!present(life))
        return;
    for (const auto& [bound, number] : life.buckets) {
        auto labels = life.labels;
        // Two ways to write one number, as two versions of an exporter have.
        labels["le"] = labels.contains("version") ? fmt::format("{:.2f}", bound) : fmt::format("{}", bound);
        m_samples.push_back({metric + "_bucket", std::move(labels), number});
    }
    auto labels = life.labels;
    labels["le"] = "+Inf";
    m_samples.push_back({metric + "_bucket", std::move(labels), life.count});
    m_samples.push_back({metric + "_sum", life.labels, life.sum});
    m_samples.push_back({metric + "_count", life.labels, life.count});
}

} // namespace tokenscope::tests
