// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace tokenscope::scrape {

/// Appends the text with `\\` and `\n` resolved, and `\"` where `quotes`. Any other backslash stays, as in Prometheus.
void append_unescaped(std::string& out, std::string_view text, bool quotes);

} // namespace tokenscope::scrape
