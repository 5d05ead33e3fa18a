// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboards/dashboard_checks.h"

#include "dashboards/names.h"
#include "dashboards/resolve.h"
#include "dashboards/variable_uses.h"
#include "query/matcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace tokenscope::dashboards {

namespace {

using query::Function;
using query::MatchKind;
using query::Query;

constexpr std::array<std::string_view, 3> histogram_parts = {"_bucket", "_sum", "_count"};

bool is_variable_name(std::string_view text)
{
    const auto written = "$" + std::string(text);
    const auto uses = variable_uses(written, ValueKind::literal);
    return uses.size() == 1 && uses.front().name == text;
}

bool is_name_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':';
}

/// Whether the expression names the metric, and not only a longer one.
bool mentions(std::string_view expression, std::string_view metric)
{
    for (auto at = expression.find(metric); at != std::string_view::npos; at = expression.find(metric, at + 1)) {
        const auto end = at + metric.size();
        if ((at == 0 || !is_name_character(expression[at - 1]))
            && (end == expression.size() || !is_name_character(expression[end])))
            return true;
    }
    return false;
}

class Checks {
public:
    Checks(const Dashboard& dashboard, FirstProblem& problem) : m_dashboard(dashboard), m_problem(problem) {}

    void run()
    {
        check_variables();
        for (std::size_t row = 0; row < m_dashboard.rows.size(); ++row) {
            const auto& panels = m_dashboard.rows[row].panels;
            for (std::size_t i = 0; i < panels.size(); ++i)
                check_panel(panels[i], fmt::format("/rows/{}/panels/{}", row, i));
        }
        check_needs(m_dashboard.needs, "/needs");
        check_needs(m_dashboard.also_needs, "/also_needs");
    }

private:
    void check_needs(const std::vector<std::string>& needs, std::string_view place)
    {
        for (std::size_t i = 0; i < needs.size(); ++i) {
            if (!reads(m_dashboard, needs[i]))
                m_problem.report(fmt::format("{}/{}", place, i), fmt::format("No query reads '{}'.", needs[i]));
        }
    }

    void check_variables()
    {
        for (std::size_t i = 0; i < m_dashboard.variables.size(); ++i) {
            const auto& variable = m_dashboard.variables[i];
            const auto place = fmt::format("/variables/{}", i);
            if (!is_variable_name(variable.name))
                m_problem.report(place + "/name", fmt::format("'{}' is no name for a variable: use letters, digits "
                                                              "and '_', and begin with none of the digits.",
                                                              variable.name));
            if (!is_variable_name(variable.label))
                m_problem.report(place + "/label", fmt::format("'{}' is not a label name.", variable.label));
            if (variable.multi && !variable.first.empty())
                m_problem.report(place + "/first",
                                 "It is for a variable of which one value is chosen, without 'multi'.");
            if (const auto matcher = query::Matchers::compile({{variable.label, variable.first}}); !matcher)
                m_problem.report(place + "/first",
                                 fmt::format("{} ({})", matcher.error().message, matcher.error().detail));
            if (!m_variables.insert(variable.name).second)
                m_problem.report(place + "/name", fmt::format("There are two variables '{}'.", variable.name));
        }
    }

    void check_panel(const Panel& panel, const std::string& place)
    {
        if (!is_id(panel.id))
            m_problem.report(place + "/id",
                             fmt::format("'{}' is no id: use a-z, 0-9, '-' and '_', at most 64 of them.", panel.id));
        if (!m_panels.insert(panel.id).second)
            m_problem.report(place + "/id", fmt::format("There are two panels '{}'.", panel.id));
        if (panel.width == 0 || panel.width > grid_columns)
            m_problem.report(place + "/width", "It must be a whole number from 1 to 12.");
        for (std::size_t i = 0; i < panel.queries.size(); ++i)
            check_panel_query(panel, panel.queries[i], fmt::format("{}/queries/{}", place, i));
        if (panel.kind == PanelKind::heatmap && panel.queries.size() != 1)
            m_problem.report(place + "/queries", "A heatmap shows one query.");
    }

    void check_panel_query(const Panel& panel, const PanelQuery& query, const std::string& place)
    {
        const bool one = query.alternatives.size() == 1;
        for (std::size_t i = 0; i < query.alternatives.size(); ++i) {
            const auto& alternative = query.alternatives[i];
            const auto where = one ? place + "/query" : fmt::format("{}/first_of/{}", place, i);
            if ((alternative.function == Function::heatmap) != (panel.kind == PanelKind::heatmap))
                m_problem.report(where + "/fn", "A panel of kind 'heatmap' and a query with \"fn\": \"heatmap\" belong "
                                                "together: give the panel the other kind, or the query the other "
                                                "function.");
            check_query(alternative, where);
        }
        for (const auto& [use, position, quote] : expression_uses(query.expression)) {
            check_declared(use.name, place + "/expr");
            if (position == Position::elsewhere)
                m_problem.report(place + "/expr", fmt::format("'${}' can stand only inside the quotes of a matcher "
                                                              "with =~ or !~.",
                                                              use.name));
        }
    }

    void check_query(const Query& query, const std::string& place)
    {
        const bool of_histogram = query.function == Function::quantile || query.function == Function::heatmap
                                  || query.function == Function::mean;
        for (const auto part : histogram_parts) {
            if (of_histogram && query.metric.ends_with(part))
                m_problem.report(place + "/metric",
                                 fmt::format("Name the histogram without '{}': '{}'.", part,
                                             query.metric.substr(0, query.metric.size() - part.size())));
        }
        for (std::size_t i = 0; i < query.quantiles.size(); ++i) {
            // PromQL answers infinity beyond them, which says nothing on a panel.
            if (query.quantiles[i] < 0 || query.quantiles[i] > 1)
                m_problem.report(query.quantiles.size() == 1 ? place + "/q" : fmt::format("{}/q/{}", place, i),
                                 "A quantile is a number from 0 to 1, for example 0.95.");
        }
        for (const auto& [label, text] : query.where) {
            const auto [kind, value] = query::split_matcher(text);
            const bool regex = kind == MatchKind::regex || kind == MatchKind::not_regex;
            for (const auto& use : variable_uses(value, regex ? ValueKind::regex : ValueKind::literal))
                check_declared(use.name, place + "/where/" + label);
            check_pattern(label, text, place);
        }
        for (std::size_t i = 0; i < query.parts.size(); ++i)
            check_query(query.parts[i], place + (i == 0 ? "/of" : "/in"));
    }

    /// Whether it is a regular expression once something is chosen.
    void check_pattern(const std::string& label, const std::string& text, const std::string& place)
    {
        Choices choices;
        for (const auto name : m_variables)
            choices.emplace(name, std::vector<std::string>{"x"});
        const auto compiled = query::Matchers::compile(with_choices(Query{.where = {{label, text}}}, choices).where);
        if (!compiled)
            m_problem.report(place + "/where/" + label,
                             fmt::format("{} ({})", compiled.error().message, compiled.error().detail));
    }

    void check_declared(std::string_view name, const std::string& place)
    {
        if (!m_variables.contains(name))
            m_problem.report(place, fmt::format("There is no variable '{}': declare it in 'variables'.", name));
    }

    const Dashboard& m_dashboard;
    FirstProblem& m_problem;
    std::set<std::string_view> m_variables;
    std::set<std::string_view> m_panels;
};

} // namespace

bool reads(const Dashboard& dashboard, std::string_view metric)
{
    const auto query_reads = [metric](const PanelQuery& query) {
        return mentions(query.expression, metric)
               || std::ranges::any_of(query.alternatives, [metric](const Query& alternative) {
                      const auto names = metrics_of(alternative);
                      return std::ranges::find(names, metric) != names.end();
                  });
    };
    return std::ranges::any_of(dashboard.rows, [&](const Row& row) {
        return std::ranges::any_of(row.panels,
                                   [&](const Panel& panel) { return std::ranges::any_of(panel.queries, query_reads); });
    });
}

void check_dashboard(const Dashboard& dashboard, FirstProblem& problem)
{
    Checks(dashboard, problem).run();
}

} // namespace tokenscope::dashboards
