// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

namespace tokenscope::test {

/// An example query of a source document, in words, and how the dashboard of that document must ask it.
struct DocumentQuery {
    std::string_view dashboard;
    std::string_view promql; ///< as the document writes it, or as corrected
    std::string_view query;  ///< the same as data, without variables
};

/// All that a query can say: a sum of three gauges is a stacked panel of the three.
const std::vector<DocumentQuery>& document_queries();

} // namespace tokenscope::test
