// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/frame.h"

#include <cstddef>
#include <string>
#include <vector>

namespace tokenscope::query {

/// topk(k, ...): at each step only the `count` highest values stay, all others become NaN. Of equal ones those of the first
/// columns stay; Prometheus leaves that choice open.
void keep_highest(std::vector<Column>& columns, std::size_t count);

/// of / on (labels) group_left () in: each column of `of` by the one of `in` that has the same values of `labels`, without which
/// it is left out. `in` has these labels and no others.
std::vector<Column> share_of(std::vector<Column> of, const std::vector<Column>& in,
                             const std::vector<std::string>& labels);

/// What a share's `or_zero` puts into `of`: in * 0 where it has no value. Both have the same labels.
void add_zeros(std::vector<Column>& of, const std::vector<Column>& in);

} // namespace tokenscope::query
