// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "scrape/page_reader.h"

#include "scrape/number.h"
#include "scrape/shown.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <utility>

namespace tokenscope::scrape {

PageReader::PageReader(std::string_view text, Format format, const Limits& limits, bool checked)
    : m_in(text), m_format(format), m_limits(limits), m_labels(m_in, format, limits.labels, checked),
      m_metadata(m_in, format, checked)
{
}

bool PageReader::read()
{
    while (!m_in.done() && !m_ended) {
        const auto from = m_in.at();
        if (std::min(m_in.rest().find('\n'), m_in.rest().size()) > m_limits.line_bytes)
            return m_in.fail(fmt::format("The line is longer than {} bytes.", m_limits.line_bytes));
        if (!(is_text() ? read_text_entry() : read_open_metrics_entry()))
            return false;
        // Of several lines, where a label has a line break.
        if (m_in.at() - from > m_limits.line_bytes + 1)
            return m_in.fail(from, fmt::format("The sample is longer than {} bytes.", m_limits.line_bytes));
    }
    if (m_ended && !m_in.done())
        return m_in.fail("There is more after # EOF.");
    if (!is_text() && !m_ended)
        return m_in.fail("The page does not end with # EOF: it was cut off, or is not OpenMetrics.");
    return true;
}

Page PageReader::take()
{
    m_page.families = m_metadata.take();
    return std::move(m_page);
}

bool PageReader::read_text_entry()
{
    const bool indented = m_in.at_blank();
    m_in.skip_blanks();
    if (m_in.peek() != '\n') {
        // Prometheus' scraper takes the blanks for a part of the name, and no such name.
        const bool comment = m_in.accept('#');
        if (indented && !comment)
            return m_in.fail("There are blanks before the metric's name.");
        if (!(comment ? read_text_comment() : read_sample()))
            return false;
    }
    m_in.end_line();
    return true;
}

bool PageReader::read_text_comment()
{
    if (m_in.at_blank()) {
        m_in.skip_blanks();
        const auto line = m_in.rest();
        const bool help = line.starts_with("HELP ") || line.starts_with("HELP\t");
        if (help || line.starts_with("TYPE ") || line.starts_with("TYPE\t")) {
            m_in.skip(4);
            m_in.skip_blanks();
            return m_metadata.read(help ? MetadataReader::Kind::help : MetadataReader::Kind::type);
        }
    }
    m_in.take_line();
    return true;
}

bool PageReader::read_open_metrics_entry()
{
    if (m_in.peek() == '\n')
        return m_in.fail("OpenMetrics has no empty lines.");
    if (!(m_in.accept('#') ? read_open_metrics_comment() : read_sample()))
        return false;
    m_in.end_line();
    return true;
}

bool PageReader::read_open_metrics_comment()
{
    if (m_in.accept(" HELP "))
        return m_metadata.read(MetadataReader::Kind::help);
    if (m_in.accept(" TYPE "))
        return m_metadata.read(MetadataReader::Kind::type);
    if (m_in.accept(" UNIT "))
        return m_metadata.read(MetadataReader::Kind::unit);
    if (!m_in.accept(" EOF"))
        return m_in.fail("OpenMetrics has no lines with # other than HELP, TYPE, UNIT and EOF.");
    m_ended = true;
    return m_in.peek() == '\n' || m_in.fail("There is more after # EOF.");
}

bool PageReader::read_sample()
{
    const auto name = m_in.take_metric_name();
    if (name.empty())
        return m_in.fail(m_in.peek() == '{' ? "There should be a metric's name before {."
                                            : "There should be a metric's name.");
    if (m_page.samples.size() == m_limits.samples)
        return m_in.fail(fmt::format("The page has more than {} samples.", m_limits.samples));
    auto& sample = m_page.samples.emplace_back();
    sample.name = name;
    if (is_text())
        m_in.skip_blanks();
    if (m_in.accept('{') && !m_labels.read(&sample.labels))
        return false;
    return read_value(sample.value) && (is_text() ? read_text_end() : read_open_metrics_end());
}

bool PageReader::read_value(double& value)
{
    if (is_text())
        m_in.skip_blanks();
    else if (!m_in.accept(' '))
        return m_in.fail("There should be one space and a value.");
    const auto from = m_in.at();
    const auto text = m_in.take_until(is_text() ? "{ \t\n" : " \n");
    if (text.empty())
        return m_in.fail("There should be a value.");
    const auto number = parse_number(text);
    if (!number)
        return m_in.fail(from, not_a_number(text));
    value = *number;
    return true;
}

bool PageReader::read_text_end()
{
    m_in.skip_blanks();
    const auto from = m_in.at();
    if (m_in.peek() >= '0' && m_in.peek() <= '9') {
        const auto text = m_in.take_until(" \t\n");
        std::int64_t ms = 0;
        const auto* const end = text.data() + text.size();
        const auto read = std::from_chars(text.data(), end, ms);
        if (read.ec != std::errc() || read.ptr != end)
            return m_in.fail(from, fmt::format("\"{}\" is not a time in milliseconds.", shown(text, 60)));
        m_page.times.emplace_back(m_page.samples.size() - 1, ms);
        m_in.skip_blanks();
        return expect_line_end("time");
    }
    return expect_line_end("value");
}

bool PageReader::read_open_metrics_end()
{
    if (m_in.accept(" # {"))
        return read_exemplar();
    if (m_in.accept(' ')) {
        std::int64_t ms = 0;
        if (!read_seconds(ms))
            return false;
        m_page.times.emplace_back(m_page.samples.size() - 1, ms);
        if (m_in.accept(" # {"))
            return read_exemplar();
    }
    return expect_line_end("sample");
}

bool PageReader::read_exemplar()
{
    double value = 0;
    // As the standard has it, judged by the name as Prometheus does.
    const std::string_view name = m_page.samples.back().name;
    if (!name.ends_with("_total") && !name.ends_with("_bucket"))
        return m_in.fail("Only samples that end in _total or _bucket can have an exemplar.");
    if (!m_labels.read(nullptr) || !read_value(value))
        return false;
    std::int64_t ms = 0;
    if (m_in.accept(' ') && !read_seconds(ms))
        return false;
    return expect_line_end("exemplar");
}

bool PageReader::read_seconds(std::int64_t& ms)
{
    const auto from = m_in.at();
    const auto text = m_in.take_until(" \n");
    const auto number = parse_number(text);
    // 2^63 ms is where the time no longer fits; the comparison is false for NaN.
    if (!number || !(std::abs(*number * 1000) < 0x1p63))
        return m_in.fail(from, fmt::format("\"{}\" is not a time in seconds.", shown(text, 60)));
    ms = static_cast<std::int64_t>(*number * 1000);
    return true;
}

bool PageReader::expect_line_end(std::string_view after)
{
    return m_in.peek() == '\n'
           || m_in.fail(m_in.peek() == '\r' ? std::string("The line ends with CR LF; metrics pages have LF alone.")
                                            : fmt::format("There is more after the {}.", after));
}

std::string PageReader::not_a_number(std::string_view text) const
{
    if (text.ends_with('\r'))
        return "The line ends with CR LF; metrics pages have LF alone.";
    return fmt::format("\"{}\" is not a number.", shown(text, 60));
}

} // namespace tokenscope::scrape
