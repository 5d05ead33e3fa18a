// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/metrics_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace tokenscope::test {

namespace {

bool is_name(std::string_view name)
{
    const auto ok = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' || (c >= '0' && c <= '9');
    };
    return !name.empty() && !(name[0] >= '0' && name[0] <= '9') && std::all_of(name.begin(), name.end(), ok);
}

/// Reads `name="value"` pairs up to the closing brace, from behind the opening one.
LabelMap read_labels(std::string_view line, std::size_t& at)
{
    LabelMap labels;
    while (at < line.size() && line[at] != '}') {
        const auto equals = line.find("=\"", at);
        if (equals == std::string_view::npos)
            throw std::runtime_error("a label without a value");
        const std::string name(line.substr(at, equals - at));
        std::string value;
        for (at = equals + 2; at < line.size() && line[at] != '"'; ++at) {
            if (line[at] != '\\') {
                value += line[at];
                continue;
            }
            const char escaped = ++at < line.size() ? line[at] : ' ';
            if (escaped != 'n' && escaped != '"' && escaped != '\\')
                throw std::runtime_error("an unknown escape");
            value += escaped == 'n' ? '\n' : escaped;
        }
        if (at >= line.size() || !is_name(name) || !labels.emplace(name, value).second)
            throw std::runtime_error("a bad or a repeated label");
        if (++at < line.size() && line[at] == ',')
            ++at;
    }
    if (at >= line.size())
        throw std::runtime_error("labels without an end");
    ++at;
    return labels;
}

} // namespace

std::string to_text(const LabelMap& labels)
{
    std::string out = "{";
    for (const auto& [name, value] : labels)
        out += fmt::format("{}{}=\"{}\"", out.size() > 1 ? "," : "", name, value);
    return out + "}";
}

LabelMap without(LabelMap labels, const std::string& name)
{
    labels.erase(name);
    return labels;
}

std::string bound_text(double bound)
{
    return std::isinf(bound) ? "+Inf" : fmt::format("{}", bound);
}

double number_of(std::string_view text)
{
    if (text == "+Inf" || text == "Inf")
        return std::numeric_limits<double>::infinity();
    if (text == "-Inf")
        return -std::numeric_limits<double>::infinity();
    if (text == "NaN")
        return std::numeric_limits<double>::quiet_NaN();
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        throw std::runtime_error(fmt::format("\"{}\" is no number", text));
    return value;
}

std::string difference(const InstantVector& is, const InstantVector& should, double relative)
{
    for (const auto& [labels, value] : should) {
        const auto found = is.find(labels);
        if (found == is.end())
            return fmt::format("{} is missing; it should be {}", to_text(labels), value);
        const bool same_kind = std::isnan(value) == std::isnan(found->second);
        const bool equal = value == found->second || std::abs(value - found->second) <= relative * std::abs(value);
        if (!same_kind || !(std::isnan(value) || equal))
            return fmt::format("{} is {} and should be {}", to_text(labels), found->second, value);
    }
    for (const auto& [labels, value] : is)
        if (!should.contains(labels))
            return fmt::format("{} is {} and should not be there", to_text(labels), value);
    return {};
}

MetricsPage::MetricsPage(std::string_view text)
{
    if (!text.empty() && text.back() != '\n')
        throw std::runtime_error("the page does not end with a newline");
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto line = text.substr(0, end);
        try {
            read_line(line);
        } catch (const std::exception& wrong) {
            throw std::runtime_error(fmt::format("{}: {}", wrong.what(), line));
        }
        text.remove_prefix(end + 1);
    }
}

void MetricsPage::read_line(std::string_view line)
{
    constexpr std::string_view type = "# TYPE ";
    if (line.empty() || (line.starts_with('#') && !line.starts_with(type)))
        return;
    if (!line.starts_with(type))
        return read_sample(line);
    line.remove_prefix(type.size());
    const auto space = line.find(' ');
    m_family = line.substr(0, space);
    if (!is_name(m_family) || !m_types.emplace(m_family, line.substr(space + 1)).second)
        throw std::runtime_error("a family in two places, or without a name");
}

void MetricsPage::read_sample(std::string_view line)
{
    auto at = line.find_first_of("{ ");
    const std::string name(line.substr(0, at));
    if (!is_name(name) || at == std::string_view::npos)
        throw std::runtime_error("no sample");
    LabelMap labels;
    if (line[at] == '{')
        labels = read_labels(line, ++at);
    if (at >= line.size() || line[at] != ' ')
        throw std::runtime_error("no value");
    if (family_of(name) != m_family)
        throw std::runtime_error("not below its TYPE");
    if (const auto le = labels.find("le"); le != labels.end())
        le->second = bound_text(number_of(le->second));
    if (!m_samples[name].emplace(std::move(labels), number_of(line.substr(at + 1))).second)
        throw std::runtime_error("a series in two places");
}

std::string MetricsPage::family_of(const std::string& sample) const
{
    for (const std::string_view suffix : {"_bucket", "_sum", "_count"}) {
        if (!sample.ends_with(suffix))
            continue;
        const auto family = m_types.find(sample.substr(0, sample.size() - suffix.size()));
        if (family != m_types.end() && family->second == "histogram")
            return family->first;
    }
    return sample;
}

bool MetricsPage::is_cumulative(const std::string& sample) const
{
    const auto type = m_types.find(family_of(sample));
    return type != m_types.end() && type->second != "gauge";
}

InstantVector MetricsPage::at(const std::string& sample, const LabelMap& where) const
{
    InstantVector found;
    const auto all = m_samples.find(sample);
    if (all == m_samples.end())
        return found;
    for (const auto& [labels, value] : all->second) {
        const bool wanted = std::all_of(where.begin(), where.end(), [&own = labels](const auto& pair) {
            const auto label = own.find(pair.first);
            return label != own.end() && label->second == pair.second;
        });
        if (wanted)
            found.emplace(labels, value);
    }
    return found;
}

double MetricsPage::sum(const std::string& sample, const LabelMap& where) const
{
    double sum = 0;
    for (const auto& [labels, value] : at(sample, where))
        sum += value;
    return sum;
}

std::string MetricsPage::nonsense() const
{
    for (const auto& [name, series] : m_samples)
        for (const auto& [labels, value] : series)
            if (std::isnan(value) || (is_cumulative(name) && value < 0))
                return fmt::format("{}{} is {}", name, to_text(labels), value);
    for (const auto& [family, type] : m_types) {
        if (type != "histogram")
            continue;
        if (auto wrong = nonsense_of_histogram(family); !wrong.empty())
            return wrong;
    }
    return {};
}

std::string MetricsPage::nonsense_of_histogram(const std::string& family) const
{
    std::map<LabelMap, std::map<double, double>> histograms;
    for (const auto& [labels, value] : at(family + "_bucket"))
        histograms[without(labels, "le")][number_of(labels.at("le"))] = value;
    const auto counts = at(family + "_count");
    const auto sums = at(family + "_sum");
    if (counts.size() != histograms.size() || sums.size() != histograms.size())
        return family + " has another number of _count or _sum than of histograms";
    for (const auto& [labels, buckets] : histograms) {
        const auto name = family + to_text(labels);
        if (!counts.contains(labels) || !sums.contains(labels))
            return name + " has no _count or no _sum";
        double before = 0, low = 0, lowest = 0, highest = 0;
        for (const auto& [le, cumulative] : buckets) {
            if (cumulative < before || cumulative != std::floor(cumulative))
                return fmt::format("{} falls at le={}, from {} to {}", name, le, before, cumulative);
            lowest += (cumulative - before) * low;
            highest += cumulative > before ? (cumulative - before) * le : 0;
            before = cumulative;
            low = le;
        }
        if (!std::isinf(buckets.rbegin()->first) || before != counts.at(labels))
            return fmt::format("{} has {} in its last bucket and a _count of {}", name, before, counts.at(labels));
        const auto sum = sums.at(labels);
        if (sum < lowest * (1 - 1e-9) || sum > highest * (1 + 1e-9))
            return fmt::format("{} has a _sum of {}, where its buckets allow {} to {}", name, sum, lowest, highest);
    }
    return {};
}

} // namespace tokenscope::test
