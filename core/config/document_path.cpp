// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/document_path.h"

#include "config/problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace tokenscope::config {
namespace {

/// Takes the steps off the front of a text.
class PathReader {
public:
    explicit PathReader(std::string_view text) : m_rest(text) {}

    bool at_end() const { return m_rest.empty(); }
    bool take(char c)
    {
        if (!m_rest.starts_with(c))
            return false;
        m_rest.remove_prefix(1);
        return true;
    }
    std::optional<PathStep> key();
    std::optional<PathStep> index(); ///< behind the '['

private:
    std::optional<PathStep> quoted_key();

    std::string_view m_rest;
};

std::optional<PathStep> PathReader::key()
{
    if (take('"'))
        return quoted_key();
    const auto end = std::min(m_rest.find_first_of(".[]\""), m_rest.size());
    if (end == 0)
        return std::nullopt;
    PathStep step{.key = std::string(m_rest.substr(0, end))};
    m_rest.remove_prefix(end);
    return step;
}

std::optional<PathStep> PathReader::quoted_key()
{
    PathStep step;
    while (!m_rest.empty()) {
        const char c = m_rest.front();
        m_rest.remove_prefix(1);
        if (c == '"')
            return step;
        if (c == '\\' && m_rest.empty())
            break;
        step.key += c == '\\' ? m_rest.front() : c;
        if (c == '\\')
            m_rest.remove_prefix(1);
    }
    return std::nullopt;
}

std::optional<PathStep> PathReader::index()
{
    PathStep step{.is_index = true};
    const auto* const end = m_rest.data() + m_rest.size();
    const auto [stopped, error] = std::from_chars(m_rest.data(), end, step.index);
    if (error != std::errc())
        return std::nullopt;
    m_rest.remove_prefix(static_cast<std::size_t>(stopped - m_rest.data()));
    return take(']') ? std::optional(step) : std::nullopt;
}

} // namespace

Result<std::vector<PathStep>> parse_path(std::string_view text)
{
    const auto broken = [&] { return failure(ErrorCode::config, fmt::format("'{}' names no key", shown(text))); };
    std::vector<PathStep> steps;
    PathReader reader(text);
    do {
        auto step = !steps.empty() && reader.take('[') ? reader.index() : std::nullopt;
        if (!step && (steps.empty() || reader.take('.')))
            step = reader.key();
        if (!step)
            return broken();
        steps.push_back(std::move(*step));
    } while (!reader.at_end());
    return steps;
}

} // namespace tokenscope::config
