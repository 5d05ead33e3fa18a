// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/ndjson.h"

#include <algorithm>

namespace tokenscope::llm {

namespace {

std::string_view without_cr(std::string_view line)
{
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

} // namespace

void NdjsonSplitter::hold(std::string_view part)
{
    if (m_handed_out) {
        m_held.clear();
        m_oversized = false;
        m_handed_out = false;
    }
    m_oversized = m_oversized || m_held.size() + part.size() > m_limit;
    if (m_oversized)
        m_held.clear();
    else
        m_held += part;
}

bool NdjsonSplitter::next(std::string_view& bytes, Line& line)
{
    const std::size_t end = bytes.find('\n');
    hold(bytes.substr(0, end));
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    if (end == std::string_view::npos)
        return false;
    m_handed_out = true;
    line = {.text = without_cr(m_held), .oversized = m_oversized};
    return true;
}

bool NdjsonSplitter::finish(Line& line)
{
    hold({});
    m_handed_out = true;
    line = {.text = without_cr(m_held), .oversized = m_oversized};
    return line.oversized || !line.text.empty();
}

} // namespace tokenscope::llm
