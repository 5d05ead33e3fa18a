// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboards/dashboard_json.h"

#include "dashboards/names.h"
#include "query/query_json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace tokenscope::dashboards {

namespace {

using nlohmann::ordered_json;

template <typename T>
void put_unless(ordered_json& into, const char* key, const T& value, const T& otherwise)
{
    if (value != otherwise)
        into[key] = value;
}

/// 5 and not 5.0, as a person would write it.
ordered_json number(double value)
{
    constexpr double exact = 1e15;
    if (value == std::floor(value) && std::abs(value) < exact)
        return static_cast<std::int64_t>(value);
    return value;
}

ordered_json written_query(const PanelQuery& query)
{
    auto result = ordered_json::object();
    put_unless(result, "name", query.name, {});
    if (query.alternatives.empty()) {
        result["expr"] = query.expression;
    } else if (query.alternatives.size() == 1) {
        result["query"] = query::to_json(query.alternatives.front());
    } else {
        auto& list = result["first_of"] = ordered_json::array();
        for (const auto& alternative : query.alternatives)
            list.push_back(ordered_json(query::to_json(alternative)));
    }
    return result;
}

ordered_json written_panel(const Panel& panel)
{
    const Panel defaults;
    auto result = ordered_json::object();
    result["id"] = panel.id;
    result["title"] = panel.title;
    put_unless(result, "description", panel.description, {});
    result["kind"] = to_string(panel.kind);
    if (panel.unit != defaults.unit)
        result["unit"] = to_string(panel.unit);
    result["width"] = panel.width;
    put_unless(result, "height", panel.height, defaults.height);
    put_unless(result, "stacked", panel.stacked, defaults.stacked);
    put_unless(result, "legend", panel.legend, defaults.legend);
    if (panel.minimum)
        result["min"] = number(*panel.minimum);
    if (panel.maximum)
        result["max"] = number(*panel.maximum);
    for (const auto& [from, level] : panel.thresholds)
        result["thresholds"].push_back({{"from", number(from)}, {"level", to_string(level)}});
    result["queries"] = ordered_json::array();
    for (const auto& query : panel.queries)
        result["queries"].push_back(written_query(query));
    return result;
}

ordered_json written(const Variable& variable)
{
    auto result = ordered_json::object();
    result["name"] = variable.name;
    put_unless(result, "title", variable.title, variable.name);
    result["label"] = variable.label;
    result["metrics"] = variable.metrics;
    put_unless(result, "multi", variable.multi, false);
    put_unless(result, "first", variable.first, {});
    return result;
}

ordered_json written(const Row& row)
{
    auto result = ordered_json::object();
    put_unless(result, "title", row.title, {});
    result["panels"] = ordered_json::array();
    for (const auto& panel : row.panels)
        result["panels"].push_back(written_panel(panel));
    return result;
}

int version_for(const Dashboard& dashboard)
{
    const auto has_first = [](const Variable& variable) { return !variable.first.empty(); };
    if (!dashboard.also_needs.empty() || std::ranges::any_of(dashboard.variables, has_first))
        return first_version;
    return std::ranges::any_of(dashboard.variables, &Variable::multi) ? multi_version : 1;
}

} // namespace

ordered_json to_json(const PanelQuery& query)
{
    return written_query(query);
}

ordered_json to_json(const Panel& panel)
{
    return written_panel(panel);
}

ordered_json to_json(const Dashboard& dashboard)
{
    auto result = ordered_json::object();
    result["version"] = version_for(dashboard);
    result["title"] = dashboard.title;
    put_unless(result, "description", dashboard.description, {});
    put_unless(result, "needs", dashboard.needs, {});
    put_unless(result, "also_needs", dashboard.also_needs, {});
    for (const auto& variable : dashboard.variables)
        result["variables"].push_back(written(variable));
    result["rows"] = ordered_json::array();
    for (const auto& row : dashboard.rows)
        result["rows"].push_back(written(row));
    return result;
}

} // namespace tokenscope::dashboards
