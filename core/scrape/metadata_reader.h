// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scrape/family.h"
#include "scrape/parser.h"
#include "scrape/scanner.h"

#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tokenscope::scrape {

/// Reads HELP, TYPE and UNIT lines. What is said twice of a family: the last counts.
class MetadataReader {
public:
    /// `checked`: all of the page is known to be UTF-8.
    MetadataReader(Scanner& in, Format format, bool checked) : m_in(in), m_format(format), m_checked(checked) {}

    enum class Kind { help, type, unit };
    /// Behind the word and its space, up to the line feed.
    bool read(Kind kind);
    std::vector<Family> take() { return std::move(m_families); }

private:
    Family& family(std::string_view name);
    bool read_type(Family& family, std::size_t at, std::string_view text);
    bool read_help(Family& family, std::size_t at, std::string_view text);
    bool read_unit(Family& family, std::size_t at, std::string_view text);

    Scanner& m_in;
    const Format m_format;
    const bool m_checked;
    std::vector<Family> m_families;
    std::unordered_map<std::string_view, std::size_t> m_index; ///< by views of the page
};

} // namespace tokenscope::scrape
