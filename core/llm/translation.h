// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "llm/model_request.h"

#include <memory>
#include <string>
#include <string_view>

namespace tokenscope::llm {

/// A request of some other API, carried out by a provider that speaks chat completions: the request on its way there and
/// the reply on its way back. One object a request. Translations only translate: what a reply says about itself (usage,
/// finish reason) is learnt from the provider's bytes, not from here.
class Translation {
public:
    virtual ~Translation() = default;

    /// The request in the pivot dialect: Api::chat, or Api::embeddings for those of embeddings. Its `model` is the client's; a stream has include_usage true, so that
    /// the usage gets into the reply.
    virtual const ModelRequest& chat_request() const = 0;

    /// A whole, good chat completion -> the client's API. Error: upstream_bad_reply.
    virtual Result<std::string> reply(std::string_view chat_reply) = 0;
    /// The provider's refusal, whose body is OpenAI's error object or anything else, in the client's own shape.
    virtual std::string refusal(std::string_view chat_error, unsigned status) = 0;

    /// Of a streamed reply: "text/event-stream" or "application/x-ndjson".
    virtual std::string_view stream_type() const = 0;
    /// Bytes of an OpenAI chat event stream, split anywhere; appends to `out` what the client is to get for them. An error
    /// event in it becomes the client's own kind of error event.
    virtual void feed(std::string_view chat_events, std::string& out) = 0;
    /// The stream has ended, well or not. Writes the client's terminal event only if the chat stream had its own.
    virtual void finish(std::string& out) = 0;
    /// True once the reply's end has been written by reply(), feed() or finish(): nothing about it will change.
    virtual bool complete() const = 0;
};

/// Begins the translation of one request; `now` dates its reply. Errors: invalid_request, with param.
using Translator = Result<std::unique_ptr<Translation>> (*)(const ModelRequest& request, WallTime now);

} // namespace tokenscope::llm
