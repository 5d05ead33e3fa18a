// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/scripted_models.h"

#include <QByteArrayList>

#include <utility>

namespace tokenscope::test {

using F = FakeUpstream;
using Script = FakeUpstream::Script;

namespace {

enum class Shape { chat, completions, embeddings, rerank, messages, ollama_chat, ollama_generate, ollama_embed, none };

Shape shape_of(const QByteArray& target)
{
    static const std::map<QByteArray, Shape> shapes = {
        {"/v1/chat/completions", Shape::chat},     {"/v1/completions", Shape::completions},
        {"/v1/embeddings", Shape::embeddings},     {"/v1/rerank", Shape::rerank},
        {"/v1/messages", Shape::messages},         {"/api/chat", Shape::ollama_chat},
        {"/api/generate", Shape::ollama_generate}, {"/api/embed", Shape::ollama_embed}};
    const auto found = shapes.find(target);
    return found == shapes.end() ? Shape::none : found->second;
}

/// What follows `key` in the last order of the text; a conversation repeats earlier ones.
QByteArray told(const QByteArray& body, const QByteArray& key)
{
    const auto order = body.mid(body.lastIndexOf("do="));
    const auto at = order.indexOf(QByteArray(key + "="));
    const auto from = at + key.size() + 1;
    return at < 0 ? QByteArray() : order.mid(from, order.indexOf(';', from) - from);
}

QByteArray text_member(const QByteArray& body, const QByteArray& name)
{
    const auto at = body.indexOf(QByteArray("\"" + name + "\":\""));
    const auto from = at + name.size() + 4;
    return at < 0 ? QByteArray() : body.mid(from, body.indexOf('"', from) - from);
}

} // namespace

struct ScriptedModels::Work {
    Shape shape;
    QByteArray deed, id, model, prompt;
    int tokens = 0;
    bool stream = false;

    bool is_ollama() const { return shape == Shape::ollama_chat || shape == Shape::ollama_generate; }
    QByteArray completion() const { return QByteArray::number(tokens); }
    QByteArray total() const { return QByteArray::number(prompt.toInt() + tokens); }
    QByteArray usage() const
    {
        return "{\"prompt_tokens\":" + prompt + ",\"completion_tokens\":" + completion()
               + ",\"total_tokens\":" + total() + "}";
    }
    QByteArray ollama_end() const
    {
        return "\"done\":true,\"done_reason\":\"stop\",\"total_duration\":9,\"prompt_eval_count\":" + prompt
               + ",\"eval_count\":" + completion() + "}";
    }
    QByteArray whole() const;
    QByteArray head() const { return "{\"id\":\"c1\",\"created\":1,\"model\":\"" + model + "\","; }
    QByteArray token() const;
    QByteArrayList events() const;     ///< up to the last token
    QByteArrayList end_events() const; ///< what makes the stream complete
    QByteArray error_event() const;
};

QByteArray ScriptedModels::Work::whole() const
{
    const auto words = QByteArray("w ").repeated(tokens);
    const QByteArray ollama = "{\"model\":\"" + model + "\",\"created_at\":\"2026-01-05T10:15:30Z\",";
    switch (shape) {
    case Shape::chat:
        return head() + "\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
               + "\"content\":\"" + words + "\"},\"finish_reason\":\"stop\"}],\"usage\":" + usage() + "}";
    case Shape::completions:
        return head() + "\"object\":\"text_completion\",\"choices\":[{\"index\":0,\"text\":\"" + words
               + "\",\"finish_reason\":\"stop\"}],\"usage\":" + usage() + "}";
    case Shape::embeddings:
        return "{\"object\":\"list\",\"model\":\"" + model
               + "\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.5]}],\"usage\":{"
               + "\"prompt_tokens\":" + prompt + ",\"total_tokens\":" + prompt + "}}";
    case Shape::rerank:
        return "{\"model\":\"" + model + "\",\"results\":[{\"index\":0,\"relevance_score\":0.5}],\"usage\":{"
               + "\"total_tokens\":" + prompt + "}}";
    case Shape::messages:
        return "{\"id\":\"m1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"" + model
               + "\",\"content\":[{\"type\":\"text\",\"text\":\"" + words
               + "\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,\"usage\":{\"input_tokens\":" + prompt
               + ",\"output_tokens\":" + completion() + "}}";
    case Shape::ollama_chat:
        return ollama + "\"message\":{\"role\":\"assistant\",\"content\":\"" + words + "\"}," + ollama_end();
    case Shape::ollama_generate: return ollama + "\"response\":\"" + words + "\"," + ollama_end();
    case Shape::ollama_embed:
        return "{\"model\":\"" + model + "\",\"embeddings\":[[0.5]],\"total_duration\":9,\"load_duration\":1,"
               + "\"prompt_eval_count\":" + prompt + "}";
    case Shape::none: break;
    }
    return {};
}

QByteArray ScriptedModels::Work::token() const
{
    const QByteArray ollama = "{\"model\":\"" + model + "\",\"created_at\":\"2026-01-05T10:15:30Z\",";
    switch (shape) {
    case Shape::completions:
        return "data: " + head() + "\"object\":\"text_completion\",\"choices\":[{\"index\":0,\"text\":\"w \"}]}\n\n";
    case Shape::messages:
        return "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{"
               "\"type\":\"text_delta\",\"text\":\"w \"}}\n\n";
    case Shape::ollama_chat:
        return ollama + "\"message\":{\"role\":\"assistant\",\"content\":\"w \"},\"done\":false}\n";
    case Shape::ollama_generate: return ollama + "\"response\":\"w \",\"done\":false}\n";
    default:
        return "data: " + head()
               + "\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"w \"}}]}\n\n";
    }
}

QByteArrayList ScriptedModels::Work::events() const
{
    QByteArrayList all;
    if (shape == Shape::chat)
        all.append("data: " + head()
                   + "\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"role\":"
                     "\"assistant\",\"content\":\"\"}}]}\n\n");
    if (shape == Shape::messages)
        all.append("event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m1\",\"type\":"
                   "\"message\",\"role\":\"assistant\",\"model\":\""
                   + model + "\",\"content\":[],\"stop_reason\":null,\"usage\":{\"input_tokens\":" + prompt
                   + ",\"output_tokens\":1}}}\n\nevent: content_block_start\ndata: {\"type\":\"content_block_start\","
                     "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n");
    for (int i = 0; i < tokens; ++i)
        all.append(token());
    return all;
}

QByteArrayList ScriptedModels::Work::end_events() const
{
    if (is_ollama()) {
        const QByteArray empty = shape == Shape::ollama_chat ? "\"message\":{\"role\":\"assistant\",\"content\":\"\"},"
                                                             : "\"response\":\"\",";
        return {"{\"model\":\"" + model + "\",\"created_at\":\"2026-01-05T10:15:30Z\"," + empty + ollama_end() + "\n"};
    }
    if (shape == Shape::messages)
        return {"event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
                "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
                "\"usage\":{\"output_tokens\":"
                + completion() + "}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"};
    QByteArrayList all;
    const QByteArray last = shape == Shape::chat ? "\"delta\":{}" : "\"text\":\"\"";
    all.append("data: " + head() + "\"choices\":[{\"index\":0," + last + ",\"finish_reason\":\"stop\"}]}\n\n");
    if (deed != "no_usage")
        all.append("data: " + head() + "\"choices\":[],\"usage\":" + usage() + "}\n\n");
    all.append("data: [DONE]\n\n");
    return all;
}

QByteArray ScriptedModels::Work::error_event() const
{
    if (is_ollama())
        return "{\"error\":\"out of luck\"}\n";
    if (shape == Shape::messages)
        return "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"out of "
               "luck\"}}\n\n";
    return "data: {\"error\":{\"message\":\"out of luck\",\"type\":\"server_error\"}}\n\n";
}

ScriptedModels::ScriptedModels(QByteArrayList models, bool anything)
    : upstream([this](const F::Request& request) { return answer(request); }), m_models(std::move(models)),
      m_anything(anything)
{
}

Script ScriptedModels::listing(const F::Request& request) const
{
    QByteArrayList entries;
    const bool ollama = request.target == "/api/tags";
    for (const auto& model : m_models)
        entries.append("{\"type\":\"model\",\"id\":\"" + model + "\",\"name\":\"" + model + "\",\"model\":\"" + model
                       + "\"}");
    const QByteArray name = ollama ? "models" : "data";
    return {F::reply(200, "application/json", "{\"" + name + "\":[" + entries.join(',') + "]}")};
}

/// The deeds that are done before anything is generated.
Script ScriptedModels::refusal_or_none(const Work& work)
{
    const auto error = [](int status) {
        return Script{F::reply(status, "application/json",
                               "{\"error\":{\"message\":\"out of luck\",\"type\":\"server_error\",\"code\":null}}")};
    };
    const auto& deed = work.deed;
    if (deed.startsWith("flaky")) {
        const std::scoped_lock lock(m_mutex);
        if (m_attempts[work.id]++ > 0)
            return {};
        return deed == "flaky_reset" ? Script{F::Reset{}} : error(deed == "flaky_429" ? 429 : 503);
    }
    if (deed.startsWith('s') && deed.size() == 4 && deed.mid(1).toInt() > 0)
        return error(deed.mid(1).toInt());
    if (deed == "reset")
        return {F::Reset{}};
    if (deed == "close")
        return {F::Close{}};
    if (deed == "stall")
        return {F::Hold{}};
    if (deed == "not_http")
        return {F::Send{"220 mail ready\r\n"}, F::Close{}};
    if (deed == "garbage" && !work.stream)
        return {F::reply(200, "application/json", "<html>{\"usage")};
    return {};
}

Script ScriptedModels::answer(const F::Request& request)
{
    if (request.method == "GET")
        return request.target == "/v1/models" || request.target.startsWith("/v1/models?")
                       || request.target == "/api/tags"
                   ? listing(request)
                   : Script{F::reply(404, "application/json", "{}")};
    Work work{.shape = shape_of(request.target),
              .deed = told(request.body, "do"),
              .id = told(request.body, "id"),
              .model = text_member(request.body, "model"),
              .prompt = told(request.body, "prompt"),
              .tokens = told(request.body, "completion").toInt()};
    if (work.shape == Shape::none || work.deed.isEmpty())
        return {F::reply(404, "application/json", "{\"error\":{\"message\":\"no such API\"}}")};
    if (!m_anything && !m_models.contains(work.model))
        return {F::reply(404, "application/json",
                         "{\"error\":{\"message\":\"no such model\",\"code\":\"model_not_found\"}}")};
    const bool denied = request.body.contains("\"stream\":false");
    work.stream = request.body.contains("\"stream\":true") || (work.is_ollama() && !denied);
    if (auto refusal = refusal_or_none(work); !refusal.isEmpty())
        return refusal;
    const auto fault = [&work](Script script) {
        if (work.deed == "cut")
            script.append(F::Close{});
        else if (work.deed == "reset_inside")
            script.append(F::Reset{});
        else
            script.append(F::Hold{});
        return script;
    };
    const bool inside = work.deed == "cut" || work.deed == "reset_inside" || work.deed == "stall_inside";
    if (!work.stream) {
        auto bytes = std::get<F::Send>(F::reply(200, "application/json", work.whole())).bytes;
        return inside ? fault({F::Send{bytes.left(bytes.size() - 5)}}) : Script{F::Send{bytes}};
    }
    Script script{F::chunked_head(200, work.is_ollama() ? "application/x-ndjson" : "text/event-stream")};
    auto events = work.events();
    if (work.deed == "garbage")
        events.insert(events.size() / 2, work.is_ollama() ? "{not json\n" : "data: {not json\n\n");
    if (inside || work.deed == "error_event")
        events = events.mid(0, (events.size() + 1) / 2);
    else if (work.deed != "unfinished")
        events += work.end_events();
    if (work.deed == "error_event")
        events.append(work.error_event());
    if (work.deed == "lump")
        events = {events.join()};
    for (const auto& event : std::as_const(events)) {
        script.append(F::chunk(event));
        if (work.deed == "slow")
            script.append(F::Wait{3});
    }
    if (inside)
        return fault(script);
    script.append(F::last_chunk());
    return script;
}

} // namespace tokenscope::test
