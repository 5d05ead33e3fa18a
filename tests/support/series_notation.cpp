// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/series_notation.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <sstream>
#include <stdexcept>

namespace tokenscope::tests {

namespace {

[[noreturn]] void refuse(std::string_view what)
{
    throw std::invalid_argument("not a series: " + std::string(what));
}

double take_number(std::string_view& text)
{
    const auto whole = text;
    if (text.starts_with('+'))
        text.remove_prefix(1);
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc())
        refuse(whole);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

std::size_t take_times(std::string_view& text)
{
    if (!text.starts_with('x'))
        refuse(text);
    text.remove_prefix(1);
    const auto times = take_number(text);
    if (!text.empty() || times < 0)
        refuse(text);
    return static_cast<std::size_t>(times);
}

void add_item(std::string_view item, std::vector<std::optional<double>>& out)
{
    if (item == "stale") {
        out.emplace_back(query::stale_marker());
    } else if (item.starts_with('_')) {
        item.remove_prefix(1);
        out.resize(out.size() + (item.empty() ? 1 : take_times(item)));
    } else {
        const double first = take_number(item);
        out.emplace_back(first);
        if (item.empty())
            return;
        const double slope = item.starts_with('x') ? 0 : take_number(item);
        const auto more = take_times(item);
        for (std::size_t i = 1; i <= more; ++i)
            out.emplace_back(first + slope * static_cast<double>(i));
    }
}

struct Line {
    query::Sample sample;
    std::vector<std::optional<double>> values;
};

/// name, or name{a="b", c="d"} without escapes; then the values.
Line parse_line(std::string_view text)
{
    Line line;
    const auto name_end = text.find_first_of("{ ");
    line.sample.name = text.substr(0, name_end);
    if (name_end == text.npos)
        refuse(text);
    text.remove_prefix(name_end);
    if (text.front() == '{') {
        auto inside = text.substr(1, text.find('}') - 1);
        text.remove_prefix(inside.size() + 2);
        while (!inside.empty()) {
            const auto equals = inside.find("=\"");
            const auto end = equals == inside.npos ? equals : inside.find('"', equals + 2);
            if (end == inside.npos)
                refuse(inside);
            line.sample.labels.emplace(inside.substr(0, equals), inside.substr(equals + 2, end - equals - 2));
            inside.remove_prefix(std::min(inside.find_first_not_of(", ", end + 1), inside.size()));
        }
    }
    line.values = parse_values(text);
    return line;
}

} // namespace

std::vector<std::optional<double>> parse_values(std::string_view text)
{
    std::vector<std::optional<double>> out;
    std::istringstream words{std::string(text)};
    for (std::string word; words >> word;)
        add_item(word, out);
    return out;
}

void load(query::SeriesStore& store, std::string_view lines, std::int64_t step_ms)
{
    std::vector<Line> all;
    std::istringstream stream{std::string(lines)};
    std::size_t steps = 0;
    for (std::string text; std::getline(stream, text);) {
        text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
        if (!text.empty())
            steps = std::max(steps, all.emplace_back(parse_line(text)).values.size());
    }
    for (std::size_t step = 0; step < steps; ++step) {
        std::vector<query::Sample> samples;
        std::size_t gaps = 0;
        for (auto& line : all) {
            if (step < line.values.size() && line.values[step]) {
                line.sample.value = *line.values[step];
                samples.push_back(line.sample);
            } else if (std::ranges::any_of(line.values.begin(),
                                           line.values.begin()
                                               + static_cast<std::ptrdiff_t>(std::min(step, line.values.size())),
                                           [](const auto& value) { return value.has_value(); })) {
                ++gaps;
            }
        }
        if (gaps > 0 && !samples.empty())
            throw std::invalid_argument("a gap of some series only, at step " + std::to_string(step));
        if (!samples.empty())
            store.append(static_cast<std::int64_t>(step) * step_ms, samples);
    }
}

} // namespace tokenscope::tests
