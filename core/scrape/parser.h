// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "query/series_store.h"
#include "scrape/family.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tokenscope::scrape {

/// The two formats of a metrics page. Anything that is not OpenMetrics is read as text 0.0.4, as Prometheus does.
enum class Format { text, open_metrics };
Format format_of(std::string_view content_type);

struct Limits {
    std::size_t line_bytes = std::size_t{1} << 20;
    std::size_t samples = 1'000'000;
    std::size_t labels = 64; ///< of one sample
};

/// What a page said. Exemplars are read and forgotten.
struct Page {
    std::vector<query::Sample> samples; ///< in the page's order
    /// Of those samples that have a time of their own (ms since 1970): its index in `samples`, and the time.
    std::vector<std::pair<std::size_t, std::int64_t>> times;
    std::vector<Family> families;
    /// The first thing that is odd but no mistake: "line 12: The value of ..."
    std::optional<std::string> remark;
};

/// Reads a whole page in the text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/) or OpenMetrics
/// 1.0. All or nothing: a mistake fails with ErrorCode::upstream_bad_reply, whose message begins "line 12: " and whose
/// detail is that line, cut and cleaned for display. Never throws, never takes more than linear time.
///
/// Takes and refuses what Prometheus 2.42 takes and refuses (model/textparse), quirks included: labels of the text format need
/// no commas between them, unknown escapes stay as they are (and are remarked on), CR LF is refused. Stricter in that a NUL is refused anywhere and
/// that a label must not be there twice. A series that is there twice is no mistake: both samples are returned, and of them
/// the SeriesStore takes the first, as Prometheus does.
Result<Page> parse_page(std::string_view text, Format format, const Limits& limits = {});

} // namespace tokenscope::scrape
