// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/openai_writer.h"

#include "llm/json_text.h"

#include <fmt/format.h>

#include <iterator>
#include <optional>

namespace tokenscope::llm {

namespace {

void append_member(std::string& out, std::string_view key, std::string_view text)
{
    out += '"';
    out += key;
    out += "\":";
    append_json_string(out, text);
}

void append_head(std::string& out, const OpenAiChunkWriter& head, std::string_view object)
{
    out += '{';
    append_member(out, "id", head.id);
    fmt::format_to(std::back_inserter(out), R"(,"object":"{}","created":{},)", object, head.created);
    append_member(out, "model", head.model);
}

void append_or_null(std::string& out, std::string_view text)
{
    if (text.empty())
        out += "null";
    else
        append_json_string(out, text);
}

void begin_chunk(std::string& out, const OpenAiChunkWriter& head)
{
    out += "data: ";
    append_head(out, head, "chat.completion.chunk");
}

void begin_delta(std::string& out, const OpenAiChunkWriter& head)
{
    begin_chunk(out, head);
    out += R"(,"choices":[{"index":0,"delta":{)";
}

void end_delta(std::string& out, const OpenAiChunkWriter& head, std::string_view finish_reason = {})
{
    out += R"(},"logprobs":null,"finish_reason":)";
    append_or_null(out, finish_reason);
    out += head.announce_usage ? "}],\"usage\":null}\n\n" : "}]}\n\n";
}

void append_call(std::string& out, const ToolCall& call)
{
    append_member(out, "id", call.id);
    out += R"(,"type":"function","function":{)";
    append_member(out, "name", call.name);
    out += ',';
    append_member(out, "arguments", call.arguments);
    out += "}}";
}

void append_details(std::string& out, std::string_view key, std::string_view name, std::optional<std::uint64_t> count)
{
    if (count)
        fmt::format_to(std::back_inserter(out), R"("{}":{{"{}":{}}},)", key, name, *count);
}

void append_usage(std::string& out, const Usage& usage)
{
    const auto count = [&](std::string_view name, std::optional<std::uint64_t> value) {
        if (value)
            fmt::format_to(std::back_inserter(out), R"("{}":{},)", name, *value);
    };
    out += R"("usage":{)";
    count("prompt_tokens", usage.prompt);
    count("completion_tokens", usage.completion);
    count("total_tokens", usage.total);
    append_details(out, "prompt_tokens_details", "cached_tokens", usage.cached);
    append_details(out, "completion_tokens_details", "reasoning_tokens", usage.reasoning);
    if (out.back() == ',')
        out.pop_back();
    out += '}';
}

void append_calls(std::string& out, const std::vector<ToolCall>& calls)
{
    if (calls.empty())
        return;
    out += R"(,"tool_calls":[)";
    for (const ToolCall& call : calls) {
        out += '{';
        append_call(out, call);
        out += ',';
    }
    out.back() = ']';
}

void append_blocks(std::string& out, const std::vector<std::string>& blocks)
{
    if (!blocks.empty())
        fmt::format_to(std::back_inserter(out), R"(,"thinking_blocks":[{}])", fmt::join(blocks, ","));
}

} // namespace

void OpenAiChunkWriter::role(std::string& out) const
{
    begin_delta(out, *this);
    out += R"("role":"assistant","content":"")";
    end_delta(out, *this);
}

void OpenAiChunkWriter::content(std::string& out, std::string_view text) const
{
    begin_delta(out, *this);
    append_member(out, "content", text);
    end_delta(out, *this);
}

void OpenAiChunkWriter::reasoning(std::string& out, std::string_view text) const
{
    begin_delta(out, *this);
    append_member(out, "reasoning", text);
    end_delta(out, *this);
}

void OpenAiChunkWriter::tool_call(std::string& out, std::size_t index, const ToolCall& call) const
{
    begin_delta(out, *this);
    fmt::format_to(std::back_inserter(out), R"("tool_calls":[{{"index":{},)", index);
    append_call(out, call);
    out += ']';
    end_delta(out, *this);
}

void OpenAiChunkWriter::tool_arguments(std::string& out, std::size_t index, std::string_view text) const
{
    begin_delta(out, *this);
    fmt::format_to(std::back_inserter(out), R"("tool_calls":[{{"index":{},"function":{{)", index);
    append_member(out, "arguments", text);
    out += "}}]";
    end_delta(out, *this);
}

void OpenAiChunkWriter::thinking_block(std::string& out, std::string_view block) const
{
    begin_delta(out, *this);
    fmt::format_to(std::back_inserter(out), R"("thinking_blocks":[{}])", block);
    end_delta(out, *this);
}

void OpenAiChunkWriter::finish(std::string& out, std::string_view reason) const
{
    begin_delta(out, *this);
    end_delta(out, *this, reason);
}

void OpenAiChunkWriter::usage(std::string& out, const Usage& counts) const
{
    begin_chunk(out, *this);
    out += R"(,"choices":[],)";
    append_usage(out, counts);
    out += "}\n\n";
}

void OpenAiChunkWriter::done(std::string& out) const
{
    out += "data: [DONE]\n\n";
}

void OpenAiChunkWriter::error(std::string& out, const Error& error) const
{
    out += "data: ";
    out += openai_error_json(error.message, "upstream_error", to_string(error.code), error.param);
    out += "\n\n";
}

std::string openai_reply_body(const OpenAiChunkWriter& head, const OpenAiReply& reply)
{
    std::string out;
    out.reserve(reply.content.size() + reply.reasoning.size() + 512);
    append_head(out, head, "chat.completion");
    out += R"(,"choices":[{"index":0,"message":{"role":"assistant","content":)";
    if (reply.content.empty() && !reply.tool_calls.empty())
        out += "null";
    else
        append_json_string(out, reply.content);
    if (!reply.reasoning.empty()) {
        out += ',';
        append_member(out, "reasoning", reply.reasoning);
    }
    append_blocks(out, reply.thinking_blocks);
    append_calls(out, reply.tool_calls);
    out += R"(},"logprobs":null,"finish_reason":)";
    append_or_null(out, reply.finish_reason);
    out += "}]";
    if (reply.usage.reported()) {
        out += ',';
        append_usage(out, reply.usage);
    }
    out += '}';
    return out;
}

std::string openai_error_json(std::string_view message, std::string_view type, std::string_view code,
                              std::string_view param)
{
    std::string out = R"({"error":{)";
    append_member(out, "message", message);
    out += ',';
    append_member(out, "type", type);
    out += R"(,"code":)";
    append_or_null(out, code);
    out += R"(,"param":)";
    append_or_null(out, param);
    out += "}}";
    return out;
}

} // namespace tokenscope::llm
