// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::test {

using LabelMap = std::map<std::string, std::string>;
/// The samples of one name, as an instant query of Prometheus returns them.
using InstantVector = std::map<LabelMap, double>;

/// `{a="x",b="y"}`, for messages.
std::string to_text(const LabelMap& labels);
LabelMap without(LabelMap labels, const std::string& name);
/// The one way in which `le` is written here: a page in OpenMetrics has "1.0" where the older text format has "1".
std::string bound_text(double bound);
/// "+Inf", "NaN" and decimals; throws std::runtime_error at anything else.
double number_of(std::string_view text);
/// Where the vectors differ by more than `relative`, or which one lacks a series; empty where they are the same.
std::string difference(const InstantVector& is, const InstantVector& should, double relative = 1e-9);

/// A page in Prometheus' text format 0.0.4, read by its specification and not by the product's own code.
/// https://prometheus.io/docs/instrumenting/exposition_formats/
class MetricsPage {
public:
    /// Throws std::runtime_error that quotes the line at fault. A sample without TYPE is a fault here, and so are two of
    /// the same series and a family in two places.
    explicit MetricsPage(std::string_view text);
    MetricsPage() = default;

    /// All samples of that name; labels must have the values in `where`.
    InstantVector at(const std::string& sample, const LabelMap& where = {}) const;
    /// Their sum; 0 where there are none.
    double sum(const std::string& sample, const LabelMap& where = {}) const;
    /// Sample name -> its series.
    const std::map<std::string, InstantVector>& samples() const { return m_samples; }
    /// Family name -> "counter", "gauge", "histogram".
    const std::map<std::string, std::string>& types() const { return m_types; }
    /// The family a sample belongs to: itself, or the histogram of a _bucket, _sum, _count.
    std::string family_of(const std::string& sample) const;
    bool is_cumulative(const std::string& sample) const;

    /// What is wrong with the numbers by themselves: NaN, a negative count, buckets that fall or do not end at +Inf, a
    /// _count that is not the +Inf bucket, a _sum that the buckets make impossible. Empty where nothing is.
    std::string nonsense() const;

private:
    void read_line(std::string_view line);
    void read_sample(std::string_view line);
    std::string nonsense_of_histogram(const std::string& family) const;

    std::map<std::string, InstantVector> m_samples;
    std::map<std::string, std::string> m_types;
    std::string m_family; ///< the one being read
};

} // namespace tokenscope::test
