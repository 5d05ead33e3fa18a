// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "llm/usage.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::llm {

/// A complete call of a tool.
struct ToolCall {
    std::string id;
    std::string name;
    std::string arguments; ///< JSON, as text
};

/// Writes an OpenAI chat stream, event by event, for replies that do not come in that dialect. Every function appends
/// one whole `data:` event with its blank line. Keys stand in OpenAI's order.
struct OpenAiChunkWriter {
    std::string id;           ///< "chatcmpl-..."
    std::int64_t created = 0; ///< seconds since 1970
    std::string model;
    bool announce_usage = false; ///< the client asked for usage: OpenAI then puts "usage":null in all other chunks

    void role(std::string& out) const; ///< the first chunk: the assistant begins
    void content(std::string& out, std::string_view text) const;
    void reasoning(std::string& out, std::string_view text) const; ///< as `reasoning`, like Ollama's own /v1
    void tool_call(std::string& out, std::size_t index, const ToolCall& call) const;
    /// More of the arguments of a call that tool_call() began.
    void tool_arguments(std::string& out, std::size_t index, std::string_view text) const;
    /// One of Anthropic's blocks of thinking with its signature, whole, as JSON: `thinking_blocks`, like LiteLLM.
    void thinking_block(std::string& out, std::string_view block) const;
    void finish(std::string& out, std::string_view reason) const; ///< stop, length, tool_calls, ...
    void usage(std::string& out, const Usage& usage) const;       ///< `choices` is empty; absent counts are left out
    void done(std::string& out) const;
    void error(std::string& out, const Error& error) const; ///< an error of the upstream's, in place of the rest
};

/// What a whole reply consists of.
struct OpenAiReply {
    std::string content;
    std::string reasoning; ///< left out if empty
    std::vector<ToolCall> tool_calls;
    std::string finish_reason = "stop";
    Usage usage;                                   ///< left out if nothing was reported
    std::vector<std::string> thinking_blocks = {}; ///< JSON objects; left out if there are none
};

/// A non-streamed chat completion as one JSON object.
std::string openai_reply_body(const OpenAiChunkWriter& head, const OpenAiReply& reply);

/// `{"error":{"message","type","code","param"}}`. An empty `code` or `param` is written as null.
std::string openai_error_json(std::string_view message, std::string_view type, std::string_view code,
                              std::string_view param);

} // namespace tokenscope::llm
