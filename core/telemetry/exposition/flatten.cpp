// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/exposition.h"
#include "telemetry/exposition/page_order.h"
#include "telemetry/text.h"

#include <cmath>

namespace tokenscope::telemetry {

namespace {

/// Appends the samples of one series after the other.
class Flattener {
public:
    Flattener(std::vector<FlatSample>& out, const FamilySnapshot& family) : m_out(out), m_family(family) {}

    void add(const SeriesSnapshot& series)
    {
        if (const auto* histogram = std::get_if<HistogramValue>(&series.value))
            add(series.labels, *histogram);
        else
            add("", series.labels, std::get<double>(series.value));
    }

private:
    FlatSample& add(std::string_view suffix, const Labels& labels, double value)
    {
        auto& flat = m_out.emplace_back();
        flat.name.reserve(m_family.name.size() + suffix.size());
        flat.name.append(m_family.name).append(suffix);
        for (const auto& label : labels)
            flat.labels.emplace_hint(flat.labels.end(), label.name, label.value);
        flat.value = value;
        flat.cumulative = m_family.kind != MetricKind::gauge;
        return flat;
    }

    void add(const Labels& labels, const HistogramValue& histogram)
    {
        const auto count = static_cast<double>(histogram.count());
        for (const auto& bucket : histogram.buckets) {
            if (!std::isinf(bucket.upper_bound))
                add("_bucket", labels, static_cast<double>(bucket.cumulative))
                    .labels.emplace("le", number_text(bucket.upper_bound));
        }
        add("_bucket", labels, count).labels.emplace("le", "+Inf");
        add("_sum", labels, histogram.sum);
        add("_count", labels, count);
    }

    std::vector<FlatSample>& m_out;
    const FamilySnapshot& m_family;
};

} // namespace

std::vector<FlatSample> flatten(const Snapshot& snapshot)
{
    std::vector<FlatSample> out;
    for (const auto& [family, all_series] : in_page_order(snapshot)) {
        Flattener flattener(out, *family);
        for (const auto* series : all_series)
            flattener.add(*series);
    }
    return out;
}

} // namespace tokenscope::telemetry
