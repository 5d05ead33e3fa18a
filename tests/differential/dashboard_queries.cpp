// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard_queries.h"

#include "query/query_json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>

namespace tokenscope::tests {

namespace {

/// "$model" stands for what is chosen on the screen.
std::string with_variables(const std::string& text)
{
    static const std::regex variable("\\$\\{?[A-Za-z_][A-Za-z0-9_]*\\}?");
    return std::regex_replace(text, variable, "chosen");
}

void choose_variables(query::Query& query)
{
    for (auto& [label, matcher] : query.where)
        matcher = with_variables(matcher);
    for (auto& part : query.parts)
        choose_variables(part);
}

} // namespace

DashboardQueries::DashboardQueries(const std::string& folder)
{
    std::error_code ignored; // a folder that is not there holds nothing
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored))
        if (entry.path().extension() == ".json")
            paths.push_back(entry.path());
    std::ranges::sort(paths);
    for (const auto& path : paths) {
        ++m_files;
        std::ifstream file(path);
        const auto json = nlohmann::json::parse(file, nullptr, false);
        if (json.is_discarded())
            m_problems.push_back(path.filename().string() + " is not JSON");
        else
            search(json, path.filename().string() + '#');
    }
}

void DashboardQueries::search(const nlohmann::json& json, const std::string& where)
{
    if (!json.is_structured())
        return;
    for (const auto& [key, value] : json.items()) {
        const auto place = where + '/' + key;
        search(value, place);
        if (json.is_object() && key == "expr" && value.is_string())
            m_expressions.push_back({place, with_variables(value.get<std::string>())});
        if (!json.is_object() || (key != "query" && key != "first_of"))
            continue;
        if (!value.is_array())
            add(value, place);
        else
            for (std::size_t i = 0; i < value.size(); ++i)
                add(value[i], place + '/' + std::to_string(i));
    }
}

void DashboardQueries::add(const nlohmann::json& json, const std::string& where)
{
    // Around alternatives and expressions, which are found on their own.
    if (json.is_object() && (json.contains("first_of") || json.contains("expr")))
        return;
    auto query = query::parse_query(json);
    if (!query) {
        m_problems.push_back(where + query.error().param + ": " + query.error().message);
        return;
    }
    choose_variables(*query);
    m_queries.push_back({where, std::move(*query)});
}

} // namespace tokenscope::tests
