// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::query {

/// "1h30m", "-500ms": whole numbers with d, h, m, s or ms, the longer units first and each at most once, after at most one
/// minus. Absent where the text is anything else or longer than 15 digits a number can say.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// The shortest text that parse_duration() reads back: 90'000 ms is "1m30s".
std::string duration_text(std::chrono::milliseconds duration);

} // namespace tokenscope::query
