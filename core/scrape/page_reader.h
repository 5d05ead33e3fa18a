// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scrape/label_reader.h"
#include "scrape/metadata_reader.h"
#include "scrape/parser.h"
#include "scrape/scanner.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::scrape {

/// Reads one page.
class PageReader {
public:
    /// `checked`: all of it is known to be UTF-8.
    PageReader(std::string_view text, Format format, const Limits& limits, bool checked);

    /// False: fault() says why.
    bool read();
    Page take();
    Scanner::Fault fault() const { return *m_in.fault(); }
    const std::optional<Scanner::Fault>& remark() const { return m_in.remark(); }

private:
    bool read_text_entry();
    bool read_text_comment();
    bool read_open_metrics_entry();
    bool read_open_metrics_comment();
    bool read_sample();
    bool read_value(double& value);
    bool read_text_end();
    bool read_open_metrics_end();
    bool read_exemplar();
    bool read_seconds(std::int64_t& ms);
    bool expect_line_end(std::string_view after);
    bool is_text() const { return m_format == Format::text; }
    std::string not_a_number(std::string_view text) const;

    Scanner m_in;
    const Format m_format;
    const Limits m_limits;
    LabelReader m_labels;
    MetadataReader m_metadata;
    Page m_page;
    bool m_ended = false; ///< "# EOF" was read
};

} // namespace tokenscope::scrape
