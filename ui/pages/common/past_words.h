// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/past_look.h"
#include "bridge/time_range.h"

#include <QString>

#include <cstdint>
#include <optional>

namespace tokenscope::ui {

/// What a panel without a value says, e.g. "No m in this time range. Last seen 3 h ago."; nothing while no more is known than that it
/// is empty. `now`: ms since 1970.
QString pastWords(const std::optional<Past>& past, std::int64_t now);

/// As long as the range that is shown now, so that what was seen last stands near its end; with `endsThere` at it.
TimeRange::Span spanAround(const Past& past, const TimeRange& range, bool endsThere = false);

} // namespace tokenscope::ui
