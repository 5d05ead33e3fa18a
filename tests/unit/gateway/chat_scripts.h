// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/fake_upstream.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>

namespace tokenscope::test {

// Chats, and what upstreams make of them.

inline const QByteArray chat_body = R"({"model":"m1","messages":[{"role":"user","content":"my secret prompt"}]})";
inline const QByteArray chat_stream_body =
    R"({"model":"m1","stream":true,"messages":[{"role":"user","content":"my secret prompt"}]})";
inline const QByteArray chat_reply_body =
    R"({"id":"c1","object":"chat.completion","created":1,"model":"m1-2026",)"
    R"("choices":[{"index":0,"message":{"role":"assistant","content":"a secret reply"},)"
    R"("finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}})";

inline QByteArray chat_delta(const QByteArray& content, const QByteArray& finish = "null")
{
    return R"(data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m1-2026","choices":[{"index":0,)"
           R"("delta":{"content":")"
           + content + R"("},"finish_reason":)" + finish + "}]}\n\n";
}

inline const QByteArray chat_usage =
    R"(data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m1-2026","choices":[],)"
    R"("usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}})"
    "\n\n";

inline FakeUpstream::Script json_script(int status, const QByteArray& body)
{
    return {FakeUpstream::reply(status, "application/json", body)};
}

inline FakeUpstream::Script stream_script(FakeUpstream::Script middle)
{
    middle.prepend(FakeUpstream::chunked_head(200, "text/event-stream"));
    return middle;
}

/// Lists the model m1, and answers everything else with what `scripts` has for the how-manieth, or its last.
inline std::function<FakeUpstream::Script(const FakeUpstream::Request&)> answering_in_turn(
    QList<FakeUpstream::Script> scripts)
{
    auto turn = std::make_shared<std::atomic<qsizetype>>(0); // each connection has a thread
    return [scripts = std::move(scripts), turn](const FakeUpstream::Request& request) -> FakeUpstream::Script {
        if (request.target == "/v1/models")
            return json_script(200, R"({"object":"list","data":[{"id":"m1","created":5}]})");
        return scripts[std::min(scripts.size() - 1, turn->fetch_add(1))];
    };
}

/// The requests but for those that list models.
inline QList<FakeUpstream::Request> asked(const FakeUpstream& upstream)
{
    auto requests = upstream.requests();
    requests.removeIf([](const auto& request) { return request.target == "/v1/models"; });
    return requests;
}

} // namespace tokenscope::test
