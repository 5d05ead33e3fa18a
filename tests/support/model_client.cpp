// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/model_client.h"

#include "support/raw_http.h"

#include <utility>

namespace tokenscope::test {

namespace {

QByteArray body_of(const Ask& ask, const QByteArray& id)
{
    if (!ask.broken.isEmpty())
        return ask.broken;
    const QByteArray text = "\"do=" + ask.deed + ";prompt=" + QByteArray::number(ask.prompt) + ";completion="
                            + QByteArray::number(ask.completion) + ";id=" + id + "; " + secret_words + "\"";
    const QByteArray messages = "\"messages\":[{\"role\":\"user\",\"content\":" + text + "}]";
    QByteArray body = "{\"model\":\"" + ask.model + "\",\"stream\":" + (ask.stream ? "true" : "false") + ",";
    switch (ask.dialect) {
    case Dialect::chat:
    case Dialect::ollama_chat: return body + messages + "}";
    case Dialect::completions:
    case Dialect::ollama_generate: return body + "\"prompt\":" + text + "}";
    case Dialect::embeddings:
    case Dialect::ollama_embed: return "{\"model\":\"" + ask.model + "\",\"input\":" + text + "}";
    case Dialect::rerank: return "{\"model\":\"" + ask.model + "\",\"query\":" + text + ",\"documents\":[\"a\"]}";
    case Dialect::messages: return body + "\"max_tokens\":100," + messages + "}";
    case Dialect::responses: break;
    }
    if (!ask.previous.isEmpty())
        body += "\"previous_response_id\":\"" + ask.previous + "\",";
    return body + "\"input\":" + text + "}";
}

} // namespace

QByteArray path_of(Dialect dialect)
{
    switch (dialect) {
    case Dialect::chat: return "/v1/chat/completions";
    case Dialect::completions: return "/v1/completions";
    case Dialect::embeddings: return "/v1/embeddings";
    case Dialect::rerank: return "/v1/rerank";
    case Dialect::responses: return "/v1/responses";
    case Dialect::messages: return "/v1/messages";
    case Dialect::ollama_chat: return "/api/chat";
    case Dialect::ollama_generate: return "/api/generate";
    case Dialect::ollama_embed: return "/api/embed";
    }
    return {};
}

bool can_stream(Dialect dialect)
{
    return dialect != Dialect::embeddings && dialect != Dialect::rerank && dialect != Dialect::ollama_embed;
}

ModelClient::ModelClient(std::uint16_t port, QByteArray name) : m_port(port), m_name(std::move(name)) {}

ModelClient::~ModelClient() = default;

void ModelClient::send(const Ask& ask, Told& told)
{
    const auto body = body_of(ask, told.request_id);
    const QByteArray head =
        "POST " + path_of(ask.dialect)
        + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nX-Request-Id: " + told.request_id
        + "\r\nAuthorization: Bearer " + secret_key + "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n";
    told.sent = ask.leave == Leave::in_headers ? 0 : ask.leave == Leave::in_body ? body.size() / 2 : body.size();
    m_connection->send(ask.leave == Leave::in_headers ? head : QByteArray(head + "\r\n" + body.left(told.sent)));
}

const Told& ModelClient::ask(const Ask& ask)
{
    if (!m_connection || m_connection->connection_closed())
        m_connection = std::make_unique<RawHttp>(m_port);
    Told told{.ask = ask, .request_id = m_name + "-" + QByteArray::number(static_cast<int>(m_log.size()))};
    send(ask, told);
    if (ask.leave == Leave::in_reply)
        m_connection->read_until([](const QByteArray& body) { return !body.isEmpty(); });
    else if (ask.leave == Leave::never)
        m_connection->read_reply(20'000);
    told.status = m_connection->status();
    told.whole = m_connection->complete();
    told.body = m_connection->body();
    if (ask.leave != Leave::never || m_connection->header("connection") == "close") {
        m_connection->close();
        m_connection.reset();
    }
    m_log.push_back(std::move(told));
    return m_log.back();
}

} // namespace tokenscope::test
