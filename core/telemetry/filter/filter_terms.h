// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "telemetry/filter/filter_error.h"
#include "telemetry/filter/filter_lexer.h"
#include "telemetry/request_record.h"

#include <functional>

namespace tokenscope::telemetry {

/// Whether a record is wanted, at that moment.
using RequestMatch = std::function<bool(const RequestRecord&, WallTime now)>;

/// A word, with or without a field, as what it asks for. `changes_with_time`: set where the answer depends on `now`, else left.
FilterResult<RequestMatch> read_filter_term(const FilterToken& word, bool& changes_with_time);

} // namespace tokenscope::telemetry
