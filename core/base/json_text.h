// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string_view>

namespace tokenscope {

/// No file of ours is as large; one that is larger is refused before it is read.
inline constexpr std::size_t max_file_bytes = std::size_t{4} << 20U;

/// Parses text from anywhere: refuses what is too large, nested too deeply, not UTF-8, not JSON, or has a key twice. Fails with
/// ErrorCode::invalid_request, naming the line and column.
Result<nlohmann::json> parse_json_text(std::string_view text);

} // namespace tokenscope
