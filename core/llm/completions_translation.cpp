// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/completions_translation.h"

#include "llm/json_scan.h"
#include "llm/json_text.h"
#include "llm/openai_writer.h"
#include "llm/sse.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace tokenscope::llm {

namespace {

constexpr unsigned reply_depth = 256;

tl::unexpected<Error> cannot(std::string_view param, std::string_view why)
{
    return failure(Error{.code = ErrorCode::invalid_request,
                         .message = fmt::format("'{}': {}", param, why),
                         .detail = {},
                         .param = std::string(param)});
}

Result<std::string_view> one_prompt(std::string_view body)
{
    const auto prompt = find_json_value(body, "prompt");
    if (!prompt)
        return cannot("prompt", "the request has none.");
    if (is_json_string(*prompt))
        return *prompt;
    std::string_view first;
    std::string_view second;
    JsonElements elements(*prompt);
    if (elements.next(first) && is_json_string(first) && !elements.next(second))
        return first;
    return cannot("prompt", "the model's provider only chats, and takes one string.");
}

/// Members that a chat has nothing for, unless they say what is so anyway.
Result<void> check_members(std::string_view body)
{
    const auto is = [&](std::string_view key, std::string_view plain) {
        const auto value = find_json_value(body, key);
        return !value || *value == plain;
    };
    if (!is("suffix", "\"\""))
        return cannot("suffix", "the model's provider only chats, and cannot fill in a middle.");
    if (!is("echo", "false"))
        return cannot("echo", "the model's provider only chats, and cannot repeat the prompt.");
    if (!is("best_of", "1"))
        return cannot("best_of", "the model's provider only chats, and gives no best of several.");
    if (!is("logprobs", "0"))
        return cannot("logprobs", "the model's provider only chats, and reports none in this form.");
    return {};
}

bool is_replaced(std::string_view key)
{
    for (const auto* name : {"prompt", "suffix", "echo", "best_of", "logprobs", "stream_options", "messages"})
        if (json_string_is(key, name))
            return true;
    return false;
}

std::string chat_body(const ModelRequest& request, std::string_view prompt)
{
    std::string out = R"({"messages":[{"role":"user","content":)";
    out += prompt;
    out += "}]";
    const std::string_view body = request.body;
    std::string_view key;
    std::string_view value;
    for (JsonMembers members(body.substr(body.find('{'))); members.next(key, value);) {
        if (is_replaced(key))
            continue;
        out += ',';
        out.append(key).append(":").append(value);
    }
    if (request.stream)
        out += R"(,"stream_options":{"include_usage":true})";
    return out + '}';
}

void append_member(std::string& out, std::string_view object, std::string_view key)
{
    if (const auto value = find_json_member(object, key))
        out.append(",\"").append(key).append("\":").append(*value);
}

/// `{"id","object","created","model"` of a completion or one of its chunks.
void append_head(std::string& out, std::string_view chat)
{
    std::string id;
    if (const auto raw = find_json_value(chat, "id"); raw && is_json_string(*raw))
        id = unescape_json(*raw);
    constexpr std::string_view chat_prefix = "chat";
    out += R"({"id":)";
    append_json_string(out, id.starts_with(chat_prefix) ? std::string_view(id).substr(chat_prefix.size()) : id);
    out += R"(,"object":"text_completion")";
    append_member(out, chat, "created");
    append_member(out, chat, "model");
}

/// Every choice whose `part` (message or delta) has text, or that has ended. False if there is none.
bool append_choices(std::string& out, std::string_view chat, std::string_view part)
{
    const auto choices = find_json_value(chat, "choices");
    bool any = false;
    std::string_view choice;
    for (JsonElements elements(choices.value_or("[]")); elements.next(choice);) {
        const auto content = find_json_value(find_json_value(choice, part).value_or("{}"), "content");
        const auto finish = find_json_value(choice, "finish_reason");
        const bool has_text = content && is_json_string(*content);
        if (!finish && (!has_text || *content == "\"\""))
            continue;
        out.append(any ? "," : "").append(R"({"text":)").append(has_text ? *content : "\"\"");
        append_member(out, choice, "index");
        out.append(R"(,"logprobs":null,"finish_reason":)").append(finish.value_or("null")).append("}");
        any = true;
    }
    return any;
}

class CompletionsTranslation final : public Translation {
public:
    CompletionsTranslation(ModelRequest chat, bool wants_usage) : m_chat(std::move(chat)), m_wants_usage(wants_usage) {}

    const ModelRequest& chat_request() const override { return m_chat; }
    std::string_view stream_type() const override { return "text/event-stream"; }
    bool complete() const override { return m_complete; }

    Result<std::string> reply(std::string_view chat) override
    {
        if (check_json(chat, reply_depth))
            return failure(ErrorCode::upstream_bad_reply, "The upstream's reply is not JSON.");
        std::string out;
        append_head(out, chat);
        out += R"(,"choices":[)";
        if (!append_choices(out, chat, "message"))
            return failure(ErrorCode::upstream_bad_reply,
                           "The upstream's reply is not a chat completion: it has no choices.");
        out += ']';
        append_member(out, chat, "usage");
        m_complete = true;
        return out + '}';
    }

    // Both APIs word their errors alike.
    std::string refusal(std::string_view chat_error, unsigned) override { return std::string(chat_error); }

    void feed(std::string_view bytes, std::string& out) override
    {
        while (!bytes.empty()) {
            const auto step = m_events.take(bytes);
            if (step.found == SseParser::Found::event)
                take(step.event, out);
            bytes.remove_prefix(step.consumed);
        }
    }

    void finish(std::string& out) override { take(m_events.finish(), out); }

private:
    void take(const SseParser::Event& event, std::string& out)
    {
        if (!event.has_data || event.oversized || m_complete)
            return;
        if (event.data == "[DONE]") {
            m_complete = true;
            out += "data: [DONE]\n\n";
            return;
        }
        if (check_json(event.data, reply_depth))
            return;
        if (find_json_value(event.data, "error")) {
            out.append("data: ").append(event.data).append("\n\n");
            return;
        }
        std::string chunk;
        append_head(chunk, event.data);
        chunk += R"(,"choices":[)";
        const bool any = append_choices(chunk, event.data, "delta");
        const bool usage = m_wants_usage && find_json_value(event.data, "usage").has_value();
        if (!any && !usage)
            return;
        chunk += ']';
        if (m_wants_usage)
            append_member(chunk, event.data, "usage");
        out.append("data: ").append(chunk).append("}\n\n");
    }

    const ModelRequest m_chat;
    const bool m_wants_usage;
    SseParser m_events;
    bool m_complete = false;
};

} // namespace

Result<std::unique_ptr<Translation>> translate_completions(const ModelRequest& request, WallTime)
{
    const std::string_view body = std::string_view(request.body).substr(request.body.find('{'));
    if (auto checked = check_members(body); !checked)
        return failure(std::move(checked.error()));
    const auto prompt = one_prompt(body);
    if (!prompt)
        return failure(prompt.error());
    auto chat = parse_model_request(Api::chat, chat_body(request, *prompt));
    if (!chat)
        return failure(std::move(chat.error()));
    return std::make_unique<CompletionsTranslation>(std::move(*chat), request.include_usage.value_or(false));
}

} // namespace tokenscope::llm
