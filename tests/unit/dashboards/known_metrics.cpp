// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "known_metrics.h"

#include "telemetry/catalogue.h"

#include <nlohmann/json.hpp>

#include <fstream>
#include <stdexcept>

namespace tokenscope::test {

namespace {

KnownKind kind_named(const std::string& name)
{
    if (name == "counter")
        return KnownKind::counter;
    if (name == "gauge")
        return KnownKind::gauge;
    if (name == "histogram")
        return KnownKind::histogram;
    if (name == "summary")
        return KnownKind::summary;
    throw std::invalid_argument("no kind of metric: " + name);
}

KnownKind kind_of(telemetry::MetricKind kind)
{
    switch (kind) {
    case telemetry::MetricKind::counter: return KnownKind::counter;
    case telemetry::MetricKind::gauge: return KnownKind::gauge;
    case telemetry::MetricKind::histogram: return KnownKind::histogram;
    }
    throw std::invalid_argument("a kind of metric that is not known here");
}

} // namespace

KnownMetrics::KnownMetrics()
{
    add_ours();
    add_foreign();
}

void KnownMetrics::add_ours()
{
    for (const auto& spec : telemetry::catalogue()) {
        KnownMetric metric{.kind = kind_of(spec.kind), .ours = true};
        for (const auto& label : spec.labels)
            metric.labels.emplace(label.name);
        m_families.emplace(spec.name, std::move(metric));
    }
}

void KnownMetrics::add_foreign()
{
    std::ifstream stream(TOKENSCOPE_SOURCE_DIR "/tests/data/foreign_metrics.json");
    for (const auto& system : nlohmann::json::parse(stream)) {
        for (const auto& [name, described] : system.at("metrics").items()) {
            auto& metric = m_families[name];
            if (metric.ours)
                continue;
            metric.kind = kind_named(described.at("kind").get<std::string>());
            for (const auto& label : system.at("labels"))
                metric.labels.insert(label.get<std::string>());
            for (const auto& label : described.value("labels", nlohmann::json::array()))
                metric.labels.insert(label.get<std::string>());
        }
    }
}

const KnownMetric* KnownMetrics::family(std::string_view name) const
{
    const auto found = m_families.find(name);
    return found == m_families.end() ? nullptr : &found->second;
}

std::optional<KnownMetric> KnownMetrics::series(std::string_view name) const
{
    if (const auto* const metric = family(name)) {
        if (metric->kind == KnownKind::histogram)
            return std::nullopt; // it has no series of its own name
        return *metric;
    }
    for (const std::string_view part : {"_sum", "_count", "_bucket"}) {
        const auto* const whole = name.ends_with(part) ? family(name.substr(0, name.size() - part.size())) : nullptr;
        if (whole
            && (whole->kind == KnownKind::histogram || (whole->kind == KnownKind::summary && part != "_bucket"))) {
            auto metric = *whole;
            metric.kind = KnownKind::counter;
            return metric;
        }
    }
    return std::nullopt;
}

std::set<std::string> KnownMetrics::our_families() const
{
    std::set<std::string> names;
    for (const auto& [name, metric] : m_families) {
        if (metric.ours)
            names.insert(name);
    }
    return names;
}

} // namespace tokenscope::test
