// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/token_stream.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace tokenscope::bench {

namespace {

using Steady = std::chrono::steady_clock;

/// What a chapter of the reply is made of; "@" is its number.
constexpr std::array<std::string_view, 6> pieces{
    "## Chapter @\n\n",
    "The **queue** of chapter @ waits until a worker is free, and *that* is what the first token waits for: its length "
    "times "
    "the time that one request takes, as `wait(@)` says, whatever the model behind it may be called on that day.\n\n",
    "- the prompt is tokenised\n- a batch of @ requests forms\n- the [first token](https://example.org/@) leaves\n\n",
    "```cpp\nint chapter_@(int tokens)\n{\n    // as above\n    return tokens * @;\n}\n```\n\n",
    "| what | chapter @ |\n| --- | --- |\n| tokens | @ |\n| wait | short |\n\n",
    "> Measure first.\n\nAfter that, @ words come at a steady pace, and nobody has to wait for the one after the "
    "next.\n\n",
};

std::string chapter(std::size_t number)
{
    std::string text;
    for (const auto piece : pieces) {
        for (const char c : piece)
            c == '@' ? text += std::to_string(number) : text += c;
    }
    return text;
}

} // namespace

TokenStream::TokenStream(std::size_t tokens, int perSecond) : m_perSecond(perSecond)
{
    while (m_ends.size() < tokens) {
        const auto begin = m_text.size();
        m_text += chapter(m_ends.size());
        // A token is a word with the space after it.
        for (auto at = begin + 1; at <= m_text.size() && m_ends.size() < tokens; ++at) {
            if (at == m_text.size() || m_text[at - 1] == ' ' || (m_text[at - 1] == '\n' && m_text[at] != '\n'))
                m_ends.push_back(at);
        }
    }
    m_text.resize(m_ends.back());
}

std::size_t TokenStream::tokensIn(std::size_t letters) const
{
    return static_cast<std::size_t>(std::upper_bound(m_ends.begin(), m_ends.end(), letters) - m_ends.begin());
}

std::string TokenStream::event(std::size_t token) const
{
    const auto from = token == 0 ? 0 : m_ends[token - 1];
    const nlohmann::json chunk = {
        {"model", "m1"},
        {"choices", {{{"index", 0}, {"delta", {{"content", m_text.substr(from, m_ends[token] - from)}}}}}}};
    return "data: " + chunk.dump() + "\n\n";
}

net::Task<void> TokenStream::answer(net::Exchange& exchange) const
{
    const auto body = co_await exchange.read_body();
    if (exchange.method() == "GET") {
        net::Response listing{.status = 200, .headers = {}, .body = R"({"data":[{"id":"m1"}]})"};
        co_await exchange.reply(std::move(listing));
        co_return;
    }
    net::Headers headers{{"Content-Type", "text/event-stream"}};
    co_await exchange.begin_stream(200, std::move(headers));
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    const auto began = Steady::now();
    std::size_t sent = 0;
    bool there = true;
    while (there && sent < size()) {
        const auto due =
            std::min(size(), static_cast<std::size_t>(std::chrono::duration<double>(Steady::now() - began).count()
                                                      * m_perSecond));
        for (; there && sent < due; ++sent)
            there = (co_await exchange.write(event(sent))).has_value();
        timer.expires_at(began + std::chrono::microseconds(1'000'000) * static_cast<long>(sent + 1) / m_perSecond);
        co_await timer.async_wait(net::awaiting);
    }
    const auto tokens = std::to_string(sent);
    co_await exchange.write("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n");
    co_await exchange.write(R"(data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":)" + tokens
                            + R"(,"total_tokens":)" + tokens + "}}\n\n");
    co_await exchange.write("data: [DONE]\n\n");
    co_await exchange.end_stream();
}

} // namespace tokenscope::bench
