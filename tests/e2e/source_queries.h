// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "e2e/scraped_traffic.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace tokenscope::test {

/// A query of one of the source documents, or the corrected form of one that is wrong there, and how its answer is worked
/// out from what was scraped.
struct SourceQuery {
    std::string name; ///< the document and what the query is for
    std::string promql;
    std::function<InstantVector(Scraper&)> expected;
    double at_least = 1; ///< series the answer must have, so that two empty answers do not agree
};

const std::vector<SourceQuery>& source_queries();

/// Every name the documents give a metric.
const std::set<std::string>& source_metrics();

} // namespace tokenscope::test
