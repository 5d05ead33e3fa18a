// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/frame.h"

#include <string>
#include <vector>

namespace tokenscope::remote {

/// A series as PromQL writes it, from all of its labels: name{a="b"}.
std::string series_text(const query::Labels& labels);

/// Names each column that has no name by its labels, those first that tell the columns apart best: where a name has no room, its end is left out.
void name_series(std::vector<query::Column>& columns);

} // namespace tokenscope::remote
