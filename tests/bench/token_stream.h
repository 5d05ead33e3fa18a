// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/http_server.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace tokenscope::bench {

/// The words of one long reply in Markdown: paragraphs, headings, lists, code, tables. Each is a token, in an event of its own.
class TokenStream {
public:
    TokenStream(std::size_t tokens, int perSecond);

    /// Lists one model, "m1", and streams the reply to whoever asks, on time: what a stall of the machine delayed is caught up.
    net::Task<void> answer(net::Exchange& exchange) const;
    const std::string& text() const { return m_text; }
    std::size_t size() const { return m_ends.size(); }
    /// How many tokens are whole in the first `letters` of the text, which is ASCII.
    std::size_t tokensIn(std::size_t letters) const;

private:
    std::string event(std::size_t token) const;

    const int m_perSecond;
    std::string m_text;
    std::vector<std::size_t> m_ends; ///< of the tokens in the text
};

} // namespace tokenscope::bench
