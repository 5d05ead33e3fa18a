// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/headers.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tokenscope::net {

/// One member of an Accept or Accept-Encoding field, e.g. "text/plain;version=0.0.4;q=0.5".
struct WeightedItem {
    std::string_view name; ///< as written; compare without case
    /// In order, without the weight; values without their quotes.
    std::vector<std::pair<std::string_view, std::string_view>> parameters;
    double weight = 1; ///< q, 0 to 1; 0: not acceptable

    /// Empty where it is not there. Names are compared without case.
    std::string_view parameter(std::string_view wanted) const;
};

/// The members of such a field, in order (RFC 9110, 12.4.2 and 12.5). One whose weight is no weight is left out. Views of
/// `field`.
std::vector<WeightedItem> weighted_list(std::string_view field);

/// The values of all fields of that name as one list: to send two is the same as one with a comma (RFC 9110, 5.2).
std::string joined_fields(const Headers& headers, std::string_view name);

/// Whether a client with this Accept-Encoding wants gzip rather than the bytes as they are.
bool accepts_gzip(std::string_view accept_encoding);

} // namespace tokenscope::net
