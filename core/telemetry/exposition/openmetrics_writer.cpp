// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/exposition.h"
#include "telemetry/exposition/page_order.h"
#include "telemetry/exposition/sample_writer.h"

#include <algorithm>
#include <array>

namespace tokenscope::telemetry {

namespace {

constexpr std::string_view total = "_total";
constexpr std::array<std::string_view, 2> units = {"seconds", "bytes"};

/// The unit that a name ends with, or nothing.
std::string_view unit_of(std::string_view name)
{
    for (const auto unit : units) {
        const auto rest = name.size() - std::min(name.size(), unit.size());
        if (name.ends_with(unit) && rest > 0 && name[rest - 1] == '_')
            return unit;
    }
    return {};
}

void append_metadata(std::string& out, std::string_view keyword, std::string_view name, std::string_view text)
{
    out.append("# ").append(keyword).append(" ").append(name).append(" ");
    append_escaped(out, text, Quotes::escaped);
    out += '\n';
}

bool is_allowed(const FamilySnapshot& family, const SeriesSnapshot& series)
{
    const auto* value = std::get_if<double>(&series.value);
    return family.kind != MetricKind::counter || !value || *value >= 0;
}

void append_family(std::string& out, const OrderedFamily& ordered)
{
    const auto& family = *ordered.family;
    std::string_view name = family.name;
    std::string_view type = type_name(family.kind);
    std::string_view suffix;
    if (family.kind == MetricKind::counter) {
        if (name.ends_with(total) && name.size() > total.size()) {
            name.remove_suffix(total.size());
            suffix = total;
        } else {
            type = "unknown";
        }
    }
    append_metadata(out, "TYPE", name, type);
    if (const auto unit = unit_of(name); !unit.empty())
        append_metadata(out, "UNIT", name, unit);
    if (!family.help.empty())
        append_metadata(out, "HELP", name, family.help);
    SampleWriter writer(out, TextFormat::openmetrics, name, suffix);
    for (const auto* series : ordered.series)
        if (is_allowed(family, *series))
            writer.write(*series);
}

} // namespace

std::string write_openmetrics(const Snapshot& snapshot)
{
    const auto families = in_page_order(snapshot);
    std::string out;
    out.reserve(text_size(families));
    for (const auto& family : families)
        append_family(out, family);
    out += "# EOF\n";
    return out;
}

} // namespace tokenscope::telemetry
