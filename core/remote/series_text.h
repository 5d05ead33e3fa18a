// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/labels.h"

#include <string>

namespace tokenscope::remote {

/// A series as PromQL writes it, from all of its labels: name{a="b"}.
std::string series_text(const query::Labels& labels);

} // namespace tokenscope::remote
