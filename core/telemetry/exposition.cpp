// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/exposition.h"

#include "telemetry/text.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

namespace tokenscope::telemetry {

namespace {

std::string_view type_name(MetricKind kind)
{
    switch (kind) {
    case MetricKind::counter: return "counter";
    case MetricKind::histogram: return "histogram";
    case MetricKind::gauge: break;
    }
    return "gauge";
}

/// Calls sample(name suffix, labels, value) for each line of one series.
template <typename OnSample>
void walk_series(const SeriesSnapshot& series, const OnSample& sample)
{
    if (const auto* value = std::get_if<double>(&series.value)) {
        sample("", series.labels, *value);
        return;
    }
    const auto& histogram = std::get<HistogramValue>(series.value);
    for (const auto& bucket : histogram.buckets) {
        Labels with_le = series.labels;
        with_le.push_back({"le", number_text(bucket.upper_bound)});
        sample("_bucket", with_le, static_cast<double>(bucket.cumulative));
    }
    sample("_sum", series.labels, histogram.sum);
    sample("_count", series.labels, static_cast<double>(histogram.count()));
}

/// The one walk behind every format: family(f) once for each family with series, then its samples, all in page order.
template <typename OnFamily, typename OnSample>
void walk(const Snapshot& families, const OnFamily& family, const OnSample& sample)
{
    std::vector<const FamilySnapshot*> sorted;
    for (const auto& f : families) {
        if (!f.series.empty())
            sorted.push_back(&f);
    }
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->name < b->name; });

    for (const auto* f : sorted) {
        std::vector<const SeriesSnapshot*> series;
        for (const auto& one : f->series)
            series.push_back(&one);
        std::stable_sort(series.begin(), series.end(),
                         [](const auto* a, const auto* b) { return a->labels < b->labels; });
        family(*f);
        for (const auto* one : series)
            walk_series(*one, [&](std::string_view suffix, const Labels& all, double value) {
                sample(*f, suffix, all, value);
            });
    }
}

void append_escaped(std::string& out, std::string_view text, bool quotes_too)
{
    for (const char c : text) {
        if (c == '\\')
            out += "\\\\";
        else if (c == '\n')
            out += "\\n";
        else if (c == '"' && quotes_too)
            out += "\\\"";
        else
            out += c;
    }
}

void append_header(std::string& out, const FamilySnapshot& family)
{
    if (!family.help.empty()) {
        out.append("# HELP ").append(family.name).append(" ");
        append_escaped(out, family.help, false);
        out += '\n';
    }
    out.append("# TYPE ").append(family.name).append(" ").append(type_name(family.kind)).append("\n");
}

void append_line(std::string& out, const FamilySnapshot& family, std::string_view suffix, const Labels& labels,
                 double value)
{
    out.append(family.name).append(suffix);
    char before = '{';
    for (const auto& label : labels) {
        out += before;
        out.append(label.name).append("=\"");
        append_escaped(out, label.value, true);
        out += '"';
        before = ',';
    }
    if (!labels.empty())
        out += '}';
    out.append(" ").append(number_text(value));
    out += '\n';
}

} // namespace

std::string write_text(const Snapshot& families)
{
    std::string out;
    walk(
        families, [&out](const FamilySnapshot& family) { append_header(out, family); },
        [&out](const FamilySnapshot& family, std::string_view suffix, const Labels& labels, double value) {
            append_line(out, family, suffix, labels, value);
        });
    return out;
}

std::vector<FlatSample> flatten(const Snapshot& families)
{
    std::vector<FlatSample> out;
    walk(
        families, [](const FamilySnapshot&) {},
        [&out](const FamilySnapshot& family, std::string_view suffix, const Labels& labels, double value) {
            auto& flat = out.emplace_back();
            flat.name.append(family.name).append(suffix);
            for (const auto& label : labels)
                flat.labels.emplace(label.name, label.value);
            flat.value = value;
            flat.cumulative = family.kind != MetricKind::gauge;
        });
    return out;
}

} // namespace tokenscope::telemetry
