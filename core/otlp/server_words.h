// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::otlp {

/// Turns what a collector says into something that may stand in our own messages: one line, valid UTF-8, not long, and
/// without the values of the configured headers, which some servers repeat when they refuse them.
class ServerWords {
public:
    static constexpr std::size_t longest = 200; ///< bytes

    explicit ServerWords(const std::map<std::string, std::string>& secret_headers);

    /// Empty where nothing readable is left.
    std::string clean(std::string_view text) const;

private:
    std::vector<std::string> m_secrets; ///< longest first
};

} // namespace tokenscope::otlp
