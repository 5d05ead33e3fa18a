// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboards/dashboard_json.h"

#include "dashboards/dashboard_checks.h"
#include "base/json_object.h"
#include "base/json_text.h"
#include "dashboards/names.h"
#include "query/query_json.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace tokenscope::dashboards {

namespace {

using nlohmann::json;

// Far beyond what a screen can show; keeps a hostile file from becoming a million widgets.
constexpr std::size_t max_rows = 100;
constexpr std::size_t max_panels_in_row = 100;
constexpr std::size_t max_queries = 50;
constexpr std::size_t max_alternatives = 50;
constexpr std::size_t max_variables = 20;
constexpr std::size_t max_names = 200;
constexpr std::size_t max_thresholds = 20;
constexpr std::size_t longest_title = 200;
constexpr std::size_t longest_description = 4000;
constexpr std::size_t longest_expression = 20'000;

class DashboardReader {
public:
    Result<Dashboard> read(const json& document, std::string_view id)
    {
        JsonObject object(document, "", m_problem);
        read_version(object);
        Dashboard dashboard{.id = std::string(id),
                            .title = object.text("title", Presence::required, longest_title),
                            .description = object.long_text("description", longest_description),
                            .needs = object.texts("needs", Presence::optional, max_names),
                            .also_needs = object.texts("also_needs", Presence::optional, max_names)};
        since(first_version, object, "also_needs");
        read_list(object, "variables", Presence::optional, max_variables,
                  [&](const json& value, const std::string& place) {
                      dashboard.variables.push_back(read_variable(value, place));
                  });
        read_list(object, "rows", Presence::required, max_rows, [&](const json& value, const std::string& place) {
            dashboard.rows.push_back(read_row(value, place));
        });
        object.finish();
        if (!m_problem.found())
            check_dashboard(dashboard, m_problem);
        if (m_problem.found())
            return failure(*m_problem.error());
        return dashboard;
    }

    Result<PanelQuery> read_alone(const json& document)
    {
        auto query = read_panel_query(document, "");
        if (m_problem.found())
            return failure(*m_problem.error());
        return query;
    }

private:
    /// Calls `read` for every entry with its place, until something is wrong.
    template <typename Read>
    void read_list(JsonObject& object, std::string_view key, Presence presence, std::size_t most, Read read)
    {
        const auto* const values = object.list(key, presence, 0, most);
        for (std::size_t i = 0; values && i < values->size() && !m_problem.found(); ++i)
            read((*values)[i], fmt::format("{}/{}", object.pointer_to(key), i));
    }

    void read_version(JsonObject& object)
    {
        const auto* const version = object.member("version", Presence::required);
        if (!version)
            return;
        if (version->is_number_unsigned())
            m_version = version->get<std::uint64_t>();
        if (!version->is_number_unsigned() || version->get<std::uint64_t>() == 0)
            object.report("version", fmt::format("It must be a whole number; this program writes {}.", format_version));
        else if (version->get<std::uint64_t>() > std::uint64_t{format_version})
            object.report("version",
                          fmt::format("The file is of format {}, this program knows up to {}: a newer version of "
                                      "Tokenscope wrote it, use that one.",
                                      version->get<std::uint64_t>(), format_version));
    }

    void since(int version, JsonObject& object, std::string_view key)
    {
        if (object.has(key) && m_version < static_cast<std::uint64_t>(version))
            object.report(key, fmt::format("It came with format {}: set \"version\" to that.", version));
    }

    Variable read_variable(const json& value, const std::string& place)
    {
        JsonObject object(value, place, m_problem);
        Variable variable{.name = object.text("name", Presence::required, longest_title),
                          .title = object.text("title", Presence::optional, longest_title),
                          .label = object.text("label", Presence::required, longest_title),
                          .metrics = object.texts("metrics", Presence::required, max_names)};
        variable.multi = object.flag("multi", variable.multi);
        variable.first = object.text("first", Presence::optional, longest_title);
        since(multi_version, object, "multi");
        since(first_version, object, "first");
        if (variable.title.empty())
            variable.title = variable.name;
        object.finish();
        return variable;
    }

    Row read_row(const json& value, const std::string& place)
    {
        JsonObject object(value, place, m_problem);
        Row row{.title = object.text("title", Presence::optional, longest_title), .panels = {}};
        read_list(object, "panels", Presence::required, max_panels_in_row,
                  [&](const json& panel, const std::string& where) { row.panels.push_back(read_panel(panel, where)); });
        object.finish();
        return row;
    }

    template <typename T>
    T read_named(JsonObject& object, std::string_view key, std::span<const Named<T>> names, T otherwise,
                 Presence presence = Presence::optional)
    {
        const auto text = object.text(key, presence, longest_title);
        if (!object.has(key))
            return otherwise;
        const auto found = std::ranges::find(names, text, [](const auto& named) { return named.name; });
        if (found != names.end())
            return found->value;
        std::vector<std::string_view> known;
        for (const auto& named : names)
            known.push_back(named.name);
        object.report(key, fmt::format("'{}' is none of: {}.", text, fmt::join(known, ", ")));
        return otherwise;
    }

    Panel read_panel(const json& value, const std::string& place)
    {
        JsonObject object(value, place, m_problem);
        Panel panel{.id = object.text("id", Presence::required, longest_title),
                    .title = object.text("title", Presence::required, longest_title),
                    .description = object.long_text("description", longest_description)};
        panel.kind = read_named(object, "kind", panel_kinds(), panel.kind);
        panel.unit = read_named(object, "unit", units(), panel.unit);
        panel.width = object.whole("width", panel.width, 1, grid_columns);
        panel.height = object.whole("height", panel.height, 1, max_panel_height);
        panel.stacked = object.flag("stacked", panel.stacked);
        panel.legend = object.flag("legend", panel.legend);
        panel.minimum = object.number("min");
        panel.maximum = object.number("max");
        if (panel.minimum && panel.maximum && *panel.minimum >= *panel.maximum)
            object.report("max", "It must be greater than 'min'.");
        read_list(object, "thresholds", Presence::optional, max_thresholds,
                  [&](const json& threshold, const std::string& where) { read_threshold(threshold, where, panel); });
        read_list(object, "queries", Presence::required, max_queries, [&](const json& query, const std::string& where) {
            panel.queries.push_back(read_panel_query(query, where));
        });
        if (object.has("queries") && panel.queries.empty())
            object.report("queries", "It must have at least one query.");
        object.finish();
        return panel;
    }

    void read_threshold(const json& value, const std::string& place, Panel& panel)
    {
        JsonObject object(value, place, m_problem);
        const auto from = object.number("from", Presence::required).value_or(0);
        const auto level = read_named(object, "level", threshold_levels(), ThresholdLevel::good, Presence::required);
        object.finish();
        if (!panel.thresholds.empty() && from <= panel.thresholds.back().from)
            object.report("from", "It must be greater than that of the threshold before.");
        panel.thresholds.push_back({from, level});
    }

    PanelQuery read_panel_query(const json& value, const std::string& place)
    {
        JsonObject object(value, place, m_problem);
        PanelQuery query{.alternatives = {},
                         .expression = object.long_text("expr", longest_expression),
                         .name = object.text("name", Presence::optional, longest_title)};
        if (const auto* const one = object.member("query"))
            read_query(*one, object.pointer_to("query"), query);
        read_list(object, "first_of", Presence::optional, max_alternatives,
                  [&](const json& alternative, const std::string& where) { read_query(alternative, where, query); });
        const int given = int{object.has("query")} + int{object.has("first_of")} + int{object.has("expr")};
        if (given != 1)
            m_problem.report(place, "It must have exactly one of 'query', 'first_of' and 'expr'.");
        if (object.has("expr") && query.expression.find_first_not_of(" \t\n") == std::string::npos)
            object.report("expr", "It must not be empty.");
        if (object.has("first_of") && query.alternatives.empty())
            object.report("first_of", "It must have at least one query.");
        object.finish();
        return query;
    }

    void read_query(const json& value, const std::string& place, PanelQuery& into)
    {
        auto query = query::parse_query(value);
        if (query)
            into.alternatives.push_back(std::move(*query));
        else
            m_problem.report(place + query.error().param, query.error().message);
    }

    FirstProblem m_problem;
    std::uint64_t m_version = 0;
};

} // namespace

Result<Dashboard> parse_dashboard(std::string_view text, std::string_view id)
{
    return parse_json_text(text).and_then([id](const json& document) { return DashboardReader().read(document, id); });
}

Result<PanelQuery> parse_panel_query(std::string_view text)
{
    return parse_json_text(text).and_then([](const json& document) { return DashboardReader().read_alone(document); });
}

} // namespace tokenscope::dashboards
