// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/frame_reader.h"

#include "remote/sample_value.h"
#include "remote/series_text.h"
#include "remote/shortened.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace tokenscope::remote {

namespace {

constexpr std::size_t deepest = 64;
// A hostile answer must not be able to fill the memory with what is beside the values.
constexpr std::size_t most_columns = 500'000;
constexpr std::size_t most_labels = 1'000;
constexpr std::size_t most_warnings = 100;
constexpr std::size_t longest_warning = 1'000;
constexpr std::size_t longest_error = 10'000;
constexpr std::size_t longest_shown = 200;        ///< of a series or a value
constexpr double latest_second = 253'402'300'800; // the year 10000
constexpr double no_value = std::numeric_limits<double>::quiet_NaN();

} // namespace

FrameReader::FrameReader(const sources::Range& range, BodyBytes& bytes)
    : m_range(range), m_steps(static_cast<std::size_t>((range.to - range.from) / range.step) + 1), m_bytes(bytes)
{
    m_frame.times.reserve(m_steps);
    for (std::size_t i = 0; i < m_steps; ++i)
        m_frame.times.push_back(range.from + static_cast<std::int64_t>(i) * range.step);
}

bool FrameReader::value()
{
    m_bytes.mark();
    return !m_stack.empty() || wrong("is not that of Prometheus' API");
}

bool FrameReader::enter(Where where)
{
    m_bytes.mark();
    if (m_stack.size() >= deepest)
        return wrong("is nested too deeply");
    m_stack.push_back(where);
    return true;
}

bool FrameReader::start_object(std::size_t)
{
    if (m_stack.empty())
        return enter(Where::root);
    if (where() == Where::root && m_key == "data")
        return enter(Where::data);
    if (where() == Where::result) {
        m_labels.clear();
        m_column.reset();
        ++m_series;
        return enter(Where::series);
    }
    if (where() == Where::series && m_key == "metric")
        return enter(Where::metric);
    return misplaced() && enter(Where::skipped);
}

bool FrameReader::start_array(std::size_t)
{
    if (m_stack.empty())
        return wrong("is not that of Prometheus' API");
    if (where() == Where::data && m_key == "result") {
        m_has_result = true;
        return enter(Where::result);
    }
    if (where() == Where::root && (m_key == "warnings" || m_key == "infos"))
        return enter(Where::warnings);
    if (where() == Where::series && m_key == "values")
        return enter(Where::values);
    if (where() == Where::values || (where() == Where::series && m_key == "value")) {
        m_time.reset();
        m_pair_items = 0;
        return enter(Where::pair);
    }
    m_native_histograms =
        m_native_histograms || (where() == Where::series && (m_key == "histogram" || m_key == "histograms"));
    return misplaced() && enter(Where::skipped);
}

bool FrameReader::end_array()
{
    m_bytes.mark();
    if (where() == Where::pair && !pair_complete())
        return false;
    m_stack.pop_back();
    return true;
}

bool FrameReader::end_object()
{
    m_bytes.mark();
    if (where() == Where::series && m_column)
        m_frame.columns[*m_column].labels = std::move(m_labels);
    m_stack.pop_back();
    return true;
}

bool FrameReader::key(string_t& text)
{
    m_bytes.mark();
    m_key = text;
    return true;
}

bool FrameReader::string(string_t& text)
{
    if (!value())
        return false;
    switch (where()) {
    case Where::root:
        if (m_key == "status")
            m_status = text;
        else if (m_key == "errorType")
            m_error_type = text;
        else if (m_key == "error")
            m_error_text = text;
        break;
    case Where::data:
        if (m_key == "resultType")
            m_type = text;
        break;
    case Where::metric:
        m_labels[m_key] = text;
        return m_labels.size() <= most_labels || wrong("has a series with too many labels");
    case Where::warnings:
        if (m_frame.warnings.size() < most_warnings)
            m_frame.warnings.push_back(shortened(text, longest_warning));
        break;
    case Where::pair: return ++m_pair_items <= 2 ? sample(text) : misplaced();
    case Where::result: // of a scalar or a string, which are a pair by themselves
        if (m_type == "string") {
            if (!begin_column())
                return false;
            m_frame.columns.back().name = text;
            m_frame.columns.back().values.clear();
            return true;
        }
        return list_of_series() ? misplaced() : sample(text);
    case Where::series:
    case Where::values: return misplaced();
    case Where::skipped: break;
    }
    return true;
}

/// Of what the series being read has to have.
bool FrameReader::series_value() const
{
    return m_key == "values" || m_key == "value";
}

bool FrameReader::misplaced()
{
    switch (where()) {
    case Where::series:
        if (series_value())
            return wrong_series("has something that is no sample");
        return m_key != "metric" || wrong_series("has labels that are no JSON object");
    case Where::metric: return wrong_series("has a label whose value is no text");
    case Where::values: return wrong_series("has something that is no sample");
    case Where::pair: return wrong_series("has a sample that is no pair of a time and a value in quotes");
    case Where::result: return wrong("has something that is no series");
    case Where::root:
    case Where::data:
    case Where::warnings:
    case Where::skipped: break;
    }
    return true;
}

bool FrameReader::pair_complete()
{
    return m_pair_items == 2 || misplaced();
}

bool FrameReader::time(double seconds)
{
    if (!value())
        return false;
    if (where() != Where::pair && where() != Where::result)
        return misplaced();
    if (where() == Where::pair ? m_pair_items++ > 0 : list_of_series())
        return misplaced();
    if (!(std::abs(seconds) < latest_second))
        return wrong_series(fmt::format("has the time {}, which is none", seconds));
    m_time = std::llround(seconds * 1'000);
    return true;
}

bool FrameReader::sample(std::string_view text)
{
    const auto number = parse_sample_value(text);
    if (!number)
        return wrong_series(fmt::format("has the value '{}', which is no number", shortened(text, longest_shown)));
    if (!m_time)
        return wrong_series("has a value without its time");
    return put(*number);
}

bool FrameReader::begin_column()
{
    m_column = m_frame.columns.size();
    auto& column = m_frame.columns.emplace_back();
    m_values += m_steps;
    if (m_values > max_values || m_frame.columns.size() > most_columns) {
        m_error.code = ErrorCode::invalid_request;
        m_error.param = "by";
        return wrong(
            fmt::format("has more than {} values or {} series: group by fewer labels, match fewer series or use a "
                        "longer step",
                        max_values, most_columns));
    }
    column.values.assign(m_steps, no_value);
    m_step = 0;
    return true;
}

bool FrameReader::placed(std::int64_t time)
{
    // In order, as nearly always: no division for every value.
    if (m_step < m_steps && m_frame.times[m_step] == time)
        return true;
    const double steps = static_cast<double>(time - m_range.from) / static_cast<double>(m_range.step);
    const auto nearest = std::round(steps);
    if (nearest < 0 || nearest >= static_cast<double>(m_steps)) {
        m_outside = true;
        return false;
    }
    m_step = static_cast<std::size_t>(nearest);
    m_off_grid = m_off_grid || m_frame.times[m_step] != time;
    return true;
}

bool FrameReader::put(double number)
{
    if (!m_column || where() == Where::result) {
        if (!begin_column())
            return false;
    }
    const bool raw = m_range.from == m_range.to && m_stack.size() >= 2 && m_stack[m_stack.size() - 2] == Where::values;
    if (raw) {
        m_raw.resize(m_frame.columns.size());
        m_raw.back().emplace_back(*m_time, number);
        return ++m_values <= max_values || too_many();
    }
    // One instant is the one that was asked for, whatever precision the server writes it with.
    if (m_range.from == m_range.to)
        m_frame.columns[*m_column].values.front() = number;
    else if (placed(*m_time)) {
        m_on_range = true;
        m_frame.columns[*m_column].values[m_step++] = number;
    }
    return true;
}

void FrameReader::join_raw_samples()
{
    m_raw.resize(m_frame.columns.size());
    std::set<std::int64_t> times;
    for (const auto& samples : m_raw)
        for (const auto& [time, number] : samples)
            times.insert(time);
    if (times.size() * m_raw.size() > max_values) {
        too_many();
        return;
    }
    m_frame.times.assign(times.begin(), times.end());
    for (std::size_t i = 0; i < m_raw.size(); ++i) {
        auto& values = m_frame.columns[i].values;
        values.assign(m_frame.times.size(), no_value);
        for (const auto& [time, number] : m_raw[i])
            values[static_cast<std::size_t>(std::ranges::lower_bound(m_frame.times, time) - m_frame.times.begin())] =
                number;
    }
}

bool FrameReader::wrong(std::string what)
{
    if (m_error.message.empty())
        m_error.message = std::move(what);
    return false;
}

bool FrameReader::too_many()
{
    m_error.code = ErrorCode::invalid_request;
    return wrong("has too many values: match fewer series or ask for a shorter range");
}

bool FrameReader::wrong_series(std::string_view what)
{
    if (where() == Where::result) // a scalar
        return wrong(std::string(what));
    const auto labels = m_labels.empty() ? std::string() : ' ' + shortened(series_text(m_labels), longest_shown);
    return wrong(fmt::format("{}, in its series {}{}", what, m_series, labels));
}

bool FrameReader::parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error)
{
    // It repeats the token, however long that is.
    m_error.detail = shortened(error.what(), 300);
    return wrong(m_bytes.token_too_long() ? "has a text that is too long"
                 : m_bytes.at_end()       ? "ends in the middle"
                                          : "is not JSON");
}

Result<query::Frame> FrameReader::take(bool parsed)
{
    if (parsed && m_status == "error")
        return failure(ErrorCode::upstream_bad_reply, {}, shortened(m_error_type + ": " + m_error_text, longest_error));
    if (parsed && (m_status != "success" || !m_has_result))
        wrong("is not that of Prometheus' API");
    if (m_error.message.empty() && !m_raw.empty())
        join_raw_samples();
    if (!m_error.message.empty())
        return failure(std::move(m_error));
    warn();
    return std::move(m_frame);
}

void FrameReader::warn()
{
    if (m_outside && m_on_range)
        m_frame.warnings.emplace_back(
            "The server answered for times before or after those it was asked for, too, which are left out.");
    else if (m_outside)
        m_frame.warnings.emplace_back(
            "The server answered only for times before or after those it was asked for, so there is nothing to show: "
            "compare its clock with this machine's.");
    if (m_off_grid)
        m_frame.warnings.emplace_back(
            "The server answered for other times than it was asked for; its values are shown at "
            "the nearest steps.");
    if (m_native_histograms)
        m_frame.warnings.emplace_back(
            "The answer has native histograms, which cannot be shown: use histogram_quantile() "
            "or another function on them.");
    warn_of_duplicates();
}

void FrameReader::warn_of_duplicates()
{
    std::vector<const query::Labels*> all;
    all.reserve(m_frame.columns.size());
    for (const auto& column : m_frame.columns) {
        if (column.name.empty()) // a string has no labels
            all.push_back(&column.labels);
    }
    const auto less = [](const auto* a, const auto* b) { return *a < *b; };
    const auto same = [](const auto* a, const auto* b) { return *a == *b; };
    std::ranges::sort(all, less);
    const auto twice = std::ranges::adjacent_find(all, same);
    if (twice != all.end())
        m_frame.warnings.push_back(fmt::format(
            "The answer has the series {} more than once, which are shown one beside the other: whoever put it "
            "together, such as a proxy before several servers, did not join them.",
            shortened(series_text(**twice), longest_shown)));
}

} // namespace tokenscope::remote
