// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/metric_families.h"

#include <map>

namespace tokenscope::ui {

namespace {

using Names = std::map<QString, MetricFamily>;

/// The family's name where the metric is a part of one, else the metric's.
QString familyOf(const QString& name, const QString& suffix)
{
    return name.endsWith(suffix) && name.size() > suffix.size() ? name.chopped(suffix.size()) : QString();
}

} // namespace

std::vector<MetricFamily> metricFamilies(const std::vector<sources::MetricInfo>& metrics)
{
    const auto bucket = QStringLiteral("_bucket");
    const auto sum = QStringLiteral("_sum");
    const auto count = QStringLiteral("_count");
    std::map<QString, const sources::MetricInfo*> all;
    for (const auto& metric : metrics)
        all[QString::fromStdString(metric.name)] = &metric;

    Names families;
    for (const auto& [name, info] : all) {
        auto base = familyOf(name, bucket);
        if (base.isEmpty()) {
            for (const auto& [suffix, other] : {std::pair(sum, count), std::pair(count, sum)}) {
                const auto part = familyOf(name, suffix);
                if (!part.isEmpty() && all.contains(part + other))
                    base = part;
            }
        }
        auto& family = families[base.isEmpty() ? name : base];
        family.name = base.isEmpty() ? name : base;
        if (name.endsWith(bucket) && !base.isEmpty())
            family.buckets = true;
        else if (!base.isEmpty())
            family.sums = true;
        else
            family.itself = true;
        const auto type = QString::fromStdString(info->type);
        if (family.type.isEmpty() || family.type == QLatin1StringView("unknown") || base.isEmpty())
            family.type = type;
        if (family.help.isEmpty())
            family.help = QString::fromStdString(info->help).simplified();
    }
    std::vector<MetricFamily> result;
    for (auto& [name, family] : families) {
        if (family.buckets)
            family.type = QStringLiteral("histogram");
        else if (family.sums && family.type != QLatin1StringView("histogram"))
            family.type = QStringLiteral("summary");
        else if (family.type.isEmpty() || family.type == QLatin1StringView("unknown"))
            family.type =
                name.endsWith(QLatin1StringView("_total")) ? QStringLiteral("counter") : QStringLiteral("unknown");
        result.push_back(std::move(family));
    }
    return result;
}

} // namespace tokenscope::ui
