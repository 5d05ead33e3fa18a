// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/exposition.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tokenscope::telemetry {

enum class Quotes { kept, escaped };
/// Appends `text` with backslashes and line feeds escaped, and quotes where asked.
void append_escaped(std::string& out, std::string_view text, Quotes quotes);

/// Writes the lines of one family's series, in either text format. What lines share, labels and bounds, is rendered once.
class SampleWriter {
public:
    /// `name` is what the lines' names begin with; a counter's or gauge's end with `suffix`.
    SampleWriter(std::string& out, TextFormat format, std::string_view name, std::string_view suffix = {})
        : m_out(out), m_format(format), m_name(name), m_suffix(suffix)
    {
    }

    void write(const SeriesSnapshot& series);

private:
    void write(const HistogramValue& histogram);
    void render(const Labels& labels);
    std::string_view bound_text(std::size_t bucket, double bound);
    void begin_bucket(std::string_view bound);
    void line(std::string_view suffix, double value);
    void append_exemplar(const Bucket& bucket);

    std::string& m_out;
    const TextFormat m_format;
    const std::string_view m_name;
    const std::string_view m_suffix;
    std::string m_labels;                                 ///< of the series at hand: a="b",c="d"
    std::vector<std::pair<double, std::string>> m_bounds; ///< by bucket: most often those of the series before
};

} // namespace tokenscope::telemetry
