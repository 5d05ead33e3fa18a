// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/exposition/sample_writer.h"

#include "telemetry/text.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <iterator>

namespace tokenscope::telemetry {

namespace {

/// OpenMetrics allows 128 characters of labels, names included.
constexpr std::size_t longest_trace_id = 128 - std::string_view("trace_id").size();

/// A bound as Go's %g has it, with at least one digit behind a point: how OpenMetrics wants it, since label values are
/// compared as texts.
std::string canonical_bound(double bound)
{
    std::string out;
    if (!std::isfinite(bound)) {
        append_number(out, bound);
        return out;
    }
    std::array<char, 64> buffer;
    const auto* const end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), bound, //
                                          std::chars_format::scientific)
                                .ptr;
    const std::string_view scientific(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
    const auto digits = scientific.substr(scientific.find('e') + 1);
    int exponent = 0;
    std::from_chars(digits.data() + (digits.front() == '+' ? 1 : 0), digits.data() + digits.size(), exponent);
    if (exponent < -4 || exponent >= 6)
        return std::string(scientific);
    append_number(out, bound);
    return out.find('.') == std::string::npos ? out + ".0" : out;
}

} // namespace

void append_escaped(std::string& out, std::string_view text, Quotes quotes)
{
    const std::string_view special = quotes == Quotes::escaped ? "\\\n\"" : "\\\n";
    for (auto at = text.find_first_of(special); at != std::string_view::npos; at = text.find_first_of(special)) {
        out.append(text.substr(0, at)).append("\\") += text[at] == '\n' ? 'n' : text[at];
        text.remove_prefix(at + 1);
    }
    out.append(text);
}

void SampleWriter::write(const SeriesSnapshot& series)
{
    render(series.labels);
    if (const auto* histogram = std::get_if<HistogramValue>(&series.value))
        write(*histogram);
    else
        line(m_suffix, std::get<double>(series.value));
}

void SampleWriter::write(const HistogramValue& histogram)
{
    std::size_t index = 0;
    const Bucket* last = nullptr;
    for (const auto& bucket : histogram.buckets) {
        if (std::isinf(bucket.upper_bound)) {
            last = &bucket;
            break;
        }
        begin_bucket(bound_text(index++, bucket.upper_bound));
        append_number(m_out, static_cast<double>(bucket.cumulative));
        append_exemplar(bucket);
    }
    // The +Inf bucket is the count by definition, so both are written from the one number.
    const auto count = static_cast<double>(histogram.count());
    begin_bucket("+Inf");
    append_number(m_out, count);
    append_exemplar(last ? *last : Bucket{});
    if (m_format == TextFormat::openmetrics && !(histogram.sum >= 0))
        return;
    line("_sum", histogram.sum);
    line("_count", count);
}

void SampleWriter::render(const Labels& labels)
{
    m_labels.clear();
    for (const auto& label : labels) {
        if (!m_labels.empty())
            m_labels += ',';
        m_labels.append(label.name).append("=\"");
        append_escaped(m_labels, label.value, Quotes::escaped);
        m_labels += '"';
    }
}

std::string_view SampleWriter::bound_text(std::size_t bucket, double bound)
{
    if (bucket == m_bounds.size())
        m_bounds.emplace_back(std::nan(""), std::string());
    auto& [known, text] = m_bounds[bucket];
    if (known != bound) {
        known = bound;
        text = m_format == TextFormat::openmetrics ? canonical_bound(bound) : number_text(bound);
    }
    return text;
}

void SampleWriter::begin_bucket(std::string_view bound)
{
    m_out.append(m_name).append("_bucket{").append(m_labels);
    m_out.append(m_labels.empty() ? "le=\"" : ",le=\"").append(bound).append("\"} ");
}

void SampleWriter::line(std::string_view suffix, double value)
{
    m_out.append(m_name).append(suffix);
    if (!m_labels.empty())
        m_out.append("{").append(m_labels).append("}");
    m_out += ' ';
    append_number(m_out, value);
    m_out += '\n';
}

void SampleWriter::append_exemplar(const Bucket& bucket)
{
    const auto& exemplar = bucket.exemplar;
    if (m_format == TextFormat::openmetrics && exemplar && exemplar->trace_id.size() <= longest_trace_id) {
        m_out.append(" # {trace_id=\"");
        append_escaped(m_out, exemplar->trace_id, Quotes::escaped);
        m_out.append("\"} ");
        append_number(m_out, exemplar->value);
        const auto ms = exemplar->at.time_since_epoch().count();
        if (ms > 0)
            fmt::format_to(std::back_inserter(m_out), " {}.{:03}", ms / 1000, ms % 1000);
    }
    m_out += '\n';
}

} // namespace tokenscope::telemetry
