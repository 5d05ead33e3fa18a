// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/query.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace tokenscope::tests {

struct DashboardQuery {
    std::string where; ///< the file and the JSON pointer in it
    query::Query query;
};

struct DashboardExpression {
    std::string where;
    std::string promql;
};

/// The queries of dashboards, found by their keys "query", "first_of" and "expr" wherever they are.
class DashboardQueries {
public:
    /// Every *.json of a folder.
    explicit DashboardQueries(const std::string& folder);

    const std::vector<DashboardQuery>& queries() const { return m_queries; }
    /// Raw PromQL, which has no counterpart here to be compared with: a real Prometheus can only say whether it answers it.
    const std::vector<DashboardExpression>& expressions() const { return m_expressions; }
    const std::vector<std::string>& problems() const { return m_problems; } ///< files and queries that do not parse
    std::size_t files() const { return m_files; }

private:
    void search(const nlohmann::json& json, const std::string& where);
    void add(const nlohmann::json& json, const std::string& where);

    std::vector<DashboardQuery> m_queries;
    std::vector<DashboardExpression> m_expressions;
    std::vector<std::string> m_problems;
    std::size_t m_files = 0;
};

} // namespace tokenscope::tests
