// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "scrape/metadata_reader.h"

#include "scrape/escapes.h"
#include "scrape/shown.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>

namespace tokenscope::scrape {

namespace {

using namespace std::string_view_literals;

constexpr std::array text_types = {"counter"sv, "gauge"sv, "histogram"sv, "summary"sv, "untyped"sv};
constexpr std::array open_metrics_types = {"counter"sv, "gauge"sv, "histogram"sv, "gaugehistogram"sv,
                                           "summary"sv, "info"sv,  "stateset"sv,  "unknown"sv};

bool is_one_of(std::string_view text, const auto& names)
{
    return std::find(names.begin(), names.end(), text) != names.end();
}

} // namespace

bool MetadataReader::read(Kind kind)
{
    const auto name = m_in.take_metric_name();
    if (name.empty())
        return m_in.fail(m_in.peek() == '"' ? "Names in quotes are of a newer format, which is not understood."
                                            : "There should be a metric's name.");
    if (m_format == Format::open_metrics && m_in.peek() != ' ')
        return m_in.fail("There should be a space after the metric's name.");
    const auto line = m_in.take_line();
    // Whatever stands between the name and the text, one byte of it does not count: so does Prometheus read it.
    const auto text = line.substr(std::min<std::size_t>(line.size(), 1));
    const auto at = m_in.at() - text.size();
    switch (kind) {
    case Kind::help: return read_help(family(name), at, text);
    case Kind::type: return read_type(family(name), at, text);
    case Kind::unit: return read_unit(family(name), at, text);
    }
    return false;
}

Family& MetadataReader::family(std::string_view name)
{
    if (!m_families.empty() && m_families.back().name == name)
        return m_families.back();
    const auto [found, is_new] = m_index.try_emplace(name, m_families.size());
    if (is_new)
        m_families.push_back({.name = std::string(name)});
    return m_families[found->second];
}

bool MetadataReader::read_help(Family& family, std::size_t at, std::string_view text)
{
    if (!m_checked && !simdjson::validate_utf8(text.data(), text.size()))
        return m_in.fail(at, "The help text is not UTF-8.");
    family.help.clear();
    append_unescaped(family.help, text, m_format == Format::open_metrics);
    return true;
}

bool MetadataReader::read_type(Family& family, std::size_t at, std::string_view text)
{
    const bool known = m_format == Format::text ? is_one_of(text, text_types) : is_one_of(text, open_metrics_types);
    if (!known)
        return m_in.fail(at, text.ends_with('\r')
                                 ? std::string("The line ends with CR LF; metrics pages have LF alone.")
                                 : fmt::format("\"{}\" is not a metric's type.", shown(text, 60)));
    family.type = text;
    return true;
}

bool MetadataReader::read_unit(Family& family, std::size_t at, std::string_view text)
{
    const std::string_view name = family.name;
    const bool fits =
        text.empty()
        || (name.size() > text.size() && name.ends_with(text) && name[name.size() - text.size() - 1] == '_');
    if (!fits)
        return m_in.fail(at, fmt::format("The unit \"{}\" is not the end of the metric's name.", shown(text, 60)));
    family.unit = text;
    return true;
}

} // namespace tokenscope::scrape
