// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "llm/stream_facts.h"
#include "net/http_client.h"
#include "providers/provider.h"

#include <concepts>
#include <string>
#include <string_view>
#include <utility>

namespace tokenscope::providers {

/// Turns an upstream's bytes into the client's: feed() appends to `out` what is ready and says what it meant; finish() is
/// called once at the body's end.
template <typename T>
concept StreamDialect = requires(T dialect, std::string_view bytes, std::string& out, llm::StreamFacts& facts)
{
    dialect.feed(bytes, out, facts);
    dialect.finish(out, facts);
};

namespace detail {

/// Folds the facts of some more bytes into what is known of the whole stream.
void note(StreamEnd& end, bool& done, llm::StreamFacts facts);

} // namespace detail

/// Begins the sink with `headers` and relays the body of `upstream` to it, one write for whatever one read brought.
template <StreamDialect Dialect>
Task<StreamEnd> pump(net::UpstreamReply& upstream, Headers headers, Dialect& dialect, StreamSink& sink)
{
    StreamEnd end;
    if (auto begun = co_await sink.begin(headers); !begun) {
        end.error = std::move(begun.error());
        co_return end;
    }
    bool done = false;
    bool more = true;
    std::string out;
    while (more) {
        const auto part = co_await upstream.read_some();
        llm::StreamFacts facts;
        out.clear();
        more = part && !part->empty();
        if (more)
            dialect.feed(*part, out, facts);
        else
            dialect.finish(out, facts);
        // What a broken stream left unfinished is of no use to the client; its error event is.
        if (!part)
            out.clear();
        const StreamChunk chunk{.bytes = out, .tokens = facts.tokens, .visible_tokens = facts.visible_tokens};
        detail::note(end, done, std::move(facts));
        if (!out.empty()) {
            auto written = co_await sink.write(chunk);
            if (!written) {
                end.error = std::move(written.error());
                co_return end;
            }
        }
        if (!part && !end.error)
            end.error = part.error();
    }
    if (!done && !end.error)
        end.error = Error{.code = ErrorCode::upstream_reset,
                          .message = "The upstream ended its stream without saying that it was complete."};
    co_return end;
}

} // namespace tokenscope::providers
