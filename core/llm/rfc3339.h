// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace tokenscope::llm {

/// Seconds since 1970 of an RFC 3339 time, e.g. "2026-01-05T10:15:30.1Z"; 0 if it is none.
std::int64_t rfc3339_seconds(std::string_view text);

} // namespace tokenscope::llm
