// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/frame.h"
#include "query/query.h"
#include "sources/monitoring.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

/// When a question without an answer would have had one: cheaper to ask than the question itself, for it is of one column
/// and of as few series as tell it.
namespace tokenscope::sources {

/// What tells that `query`, which must satisfy query::validate(), has something to show: a count of the series, or where no
/// event is no answer (0 / 0 is nothing), the increase of the events, which says yes above 0.
query::Query presence_of(const query::Query& query);

/// A search of the time before: so far back, at these steps.
struct LookBack {
    std::chrono::milliseconds reach{0};
    std::chrono::milliseconds step{0};
};
/// First what is near and fine, then as far back as is worth asking. A source without PromQL keeps a day of its own.
std::vector<LookBack> look_backs(const Capabilities& capabilities);

/// The window that the growth of events is asked over.
std::chrono::milliseconds presence_window(const LookBack& look, const Capabilities& capabilities);

enum class Present { any, above_zero };
/// The last step at which any column has a value, or one above 0. ms since 1970.
std::optional<std::int64_t> last_present(const query::Frame& frame, Present present);

/// Whether there is nothing in it.
bool is_empty(const query::Frame& frame);

} // namespace tokenscope::sources
