// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/labels.h"
#include "query/series_store.h"

#include <vector>

namespace tokenscope::scrape {

/// Gives every sample the labels of the target that it was scraped from. A label of the same name that the page itself has
/// goes on as "exported_" and its name, with as many "exported_" as it takes to be free: what Prometheus does unless told to
/// honor the page's labels.
void add_target_labels(std::vector<query::Sample>& samples, const query::Labels& target);

} // namespace tokenscope::scrape
