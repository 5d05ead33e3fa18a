// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/series_store.h"

#include <optional>
#include <string>

namespace tokenscope::sources {

/// What a person should know of a store whose memory is used up: how far back it reaches now, and what it refused. Nothing
/// while there is room.
std::optional<std::string> memory_warning(const query::SeriesStore::Use& use);

} // namespace tokenscope::sources
