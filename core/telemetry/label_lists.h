// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/catalogue.h"
#include "telemetry/registry/label_hash.h"
#include "telemetry/token_metrics.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace tokenscope::telemetry {

/// For labels whose values are few: one that is not in the list must not become a series.
template <typename List>
std::string_view known_or_other(const List& list, std::string_view value)
{
    const auto same = [value](std::string_view known) { return same_text(known, value); };
    return std::any_of(std::begin(list), std::end(list), same) ? value : other_label;
}

/// The label `status` of requests and calls.
inline std::string_view to_string(RequestStatus status)
{
    return status == RequestStatus::success ? "success" : "error";
}

} // namespace tokenscope::telemetry
