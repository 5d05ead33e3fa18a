// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::gateway {

/// The last value of `key` in the query of a request target, as sent; empty if there is none.
std::string_view query_value(std::string_view target, std::string_view key);

/// The body of GET /v1/responses/{id}/input_items for a response's items, oldest first, as the query of `target` wants it:
/// `limit` 1 to 100 (20), `order` desc or asc (desc), `after` the id of the item before the page's first. Error:
/// invalid_request with `param`.
Result<std::string> input_items_page(std::vector<std::string> items, std::string_view target);

} // namespace tokenscope::gateway
