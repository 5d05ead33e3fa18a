// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace tokenscope::config {

std::vector<std::string> to_lines(std::string_view file_name, std::vector<Problem> problems)
{
    std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
        return std::tie(a.line, a.column) < std::tie(b.line, b.column);
    });
    std::vector<std::string> lines;
    for (const auto& [line, column, text] : problems)
        lines.push_back(line > 0 ? fmt::format("{}:{}:{}: {}", file_name, line, column, text)
                                 : fmt::format("{}: {}", file_name, text));
    return lines;
}

Error all_in_one(std::string_view file_name, std::vector<Problem> problems)
{
    return {.code = ErrorCode::config,
            .message = fmt::format("{}", fmt::join(to_lines(file_name, std::move(problems)), "\n"))};
}

tl::unexpected<Error> refuse(std::string_view file_name, Problem problem)
{
    return failure(all_in_one(file_name, {std::move(problem)}));
}

std::string shown(std::string_view text)
{
    constexpr std::size_t longest = 60;
    std::string out;
    for (const char c : text.substr(0, longest))
        out += static_cast<unsigned char>(c) < ' ' || c == 0x7F ? '?' : c;
    if (text.size() > longest)
        out += "...";
    return out;
}

} // namespace tokenscope::config
