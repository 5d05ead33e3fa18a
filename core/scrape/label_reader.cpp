// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "scrape/label_reader.h"

#include "scrape/escapes.h"
#include "scrape/shown.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <iterator>

namespace tokenscope::scrape {

bool LabelReader::read(query::Labels* out)
{
    bool comma = false;
    for (std::size_t count = 0;; ++count) {
        skip_blanks();
        // A comma behind the last label is for the older format alone.
        if (!(comma && m_format == Format::open_metrics) && m_in.accept('}'))
            return true;
        if (count == m_limit)
            return m_in.fail(fmt::format("The sample has more than {} labels.", m_limit));
        if (!read_one(out))
            return false;
        skip_blanks();
        // Prometheus takes labels without a comma between them, in the older format only.
        comma = m_in.accept(',');
        if (!comma && m_format == Format::open_metrics && m_in.peek() != '}')
            return m_in.fail("There should be a comma or } after the label.");
    }
}

bool LabelReader::read_one(query::Labels* out)
{
    const auto from = m_in.at();
    if (m_in.peek() == '"')
        return m_in.fail("Names in quotes are of a newer format, which is not understood.");
    const auto name = m_in.take_label_name();
    if (name.empty())
        return m_in.fail("There should be a label's name or }.");
    if (out && name == "__name__")
        return m_in.fail(from, "The label __name__ is the metric's name, which stands before the labels.");
    skip_blanks();
    if (!m_in.accept('='))
        return m_in.fail(fmt::format("There should be = after the label \"{}\".", shown(name, 60)));
    skip_blanks();
    if (!m_in.accept('"'))
        return m_in.fail(fmt::format("The value of the label \"{}\" should be in quotes.", shown(name, 60)));
    return read_value(out, name);
}

bool LabelReader::read_value(query::Labels* out, std::string_view name)
{
    const auto from = m_in.at();
    const auto text = m_in.rest();
    // In the older format a line break may stand in a value: Prometheus takes it.
    const std::string_view stops = m_format == Format::text ? "\\\"" : "\\\"\n";
    bool escaped = false;
    std::size_t length = text.find_first_of(stops);
    while (length != std::string_view::npos && text[length] == '\\') {
        escaped = true;
        check_escape(from + length, name);
        length = length + 1 < text.size() && text[length + 1] != '\n' ? text.find_first_of(stops, length + 2)
                                                                      : std::string_view::npos;
    }
    if (length == std::string_view::npos || text[length] == '\n')
        return m_in.fail(from - 1, fmt::format("The value of the label \"{}\" has no closing quote.", shown(name, 60)));
    const auto value = text.substr(0, length);
    if (!m_checked && !simdjson::validate_utf8(value.data(), value.size()))
        return m_in.fail(from, fmt::format("The value of the label \"{}\" is not UTF-8.", shown(name, 60)));
    m_in.skip(length + 1);
    if (!out || value.empty())
        return true;
    if (!add(*out, name, value, escaped))
        return m_in.fail(from, fmt::format("The label \"{}\" is there twice.", shown(name, 60)));
    return true;
}

void LabelReader::check_escape(std::size_t at, std::string_view name)
{
    const auto escape = m_in.from(at).substr(0, 2);
    if (escape.size() < 2 || std::string_view("\\\"n\n").find(escape[1]) != std::string_view::npos || m_in.remark())
        return;
    m_in.remark(at,
                fmt::format("The value of the label \"{}\" has the escape {}, which the format does not have: it is "
                            "kept as it is written.",
                            shown(name, 60), shown(escape, 8)));
}

bool LabelReader::add(query::Labels& out, std::string_view name, std::string_view value, bool escaped)
{
    // Most pages have them sorted.
    const bool last = out.empty() || std::prev(out.end())->first < name;
    const auto before = out.size();
    const auto added =
        last ? out.emplace_hint(out.end(), name, std::string()) : out.emplace(std::string(name), std::string()).first;
    if (out.size() == before)
        return false;
    if (escaped)
        append_unescaped(added->second, value, true);
    else
        added->second = value;
    return true;
}

} // namespace tokenscope::scrape
