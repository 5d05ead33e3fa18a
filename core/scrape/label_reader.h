// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/labels.h"
#include "scrape/parser.h"
#include "scrape/scanner.h"

#include <cstddef>
#include <string_view>

namespace tokenscope::scrape {

/// Reads `a="b",c="d"}`, in the way of the format.
class LabelReader {
public:
    /// `checked`: all of the page is known to be UTF-8.
    LabelReader(Scanner& in, Format format, std::size_t limit, bool checked)
        : m_in(in), m_format(format), m_limit(limit), m_checked(checked)
    {
    }

    /// Behind the opening brace. Labels without a value are left out: to Prometheus they are none. Where `out` is null they
    /// are read and forgotten.
    bool read(query::Labels* out);

private:
    void skip_blanks()
    {
        if (m_format == Format::text)
            m_in.skip_blanks();
    }
    bool read_one(query::Labels* out);
    bool read_value(query::Labels* out, std::string_view name);
    /// Remarks on an escape that the format does not have.
    void check_escape(std::size_t at, std::string_view name);
    bool add(query::Labels& out, std::string_view name, std::string_view value, bool escaped);

    Scanner& m_in;
    const Format m_format;
    const std::size_t m_limit;
    const bool m_checked;
};

} // namespace tokenscope::scrape
