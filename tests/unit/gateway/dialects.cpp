// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialects.h"

#include <QByteArrayList>

#include <nlohmann/json.hpp>

namespace tokenscope::test {

using nlohmann::json;

namespace {

json parsed(const QByteArray& text)
{
    return json::parse(text.toStdString(), nullptr, false);
}

bool is_text(const json& object, const char* key)
{
    return object.contains(key) && object[key].is_string() && !object[key].get<std::string>().empty();
}

/// The data of the last event, if there are no others like it.
QByteArray last_data(const QByteArray& stream)
{
    // An event of its own: a blank line stands before it, and one after it.
    if (!stream.endsWith("\n\n"))
        return {};
    const auto before = stream.lastIndexOf("\n\n", stream.size() - 3);
    const auto event = stream.mid(before < 0 ? 0 : before + 2);
    const auto data = event.startsWith("event: ") ? event.mid(event.indexOf('\n') + 1) : event;
    return data.startsWith("data: ") ? data.mid(6).trimmed() : QByteArray();
}

} // namespace

QByteArray Dialect::request(const QByteArray& model, bool streamed) const
{
    return "{\"model\":\"" + model + "\",\"stream\":" + (streamed ? "true" : "false") + "," + input + "}";
}

QByteArray http_post(const QByteArray& path, const QByteArray& body, const QByteArray& headers)
{
    const QByteArray type = headers.toLower().contains("content-type:") ? "" : "Content-Type: application/json\r\n";
    return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + type + headers
           + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

QByteArray chat_delta(const QByteArray& text)
{
    return QByteArray(
               "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m1\",\"choices\":[{"
               "\"index\":0,\"delta\":{\"content\":\"")
           + text + "\"},\"finish_reason\":null}]}\n\n";
}

bool error_in_shape(const QByteArray& body, const Dialect& dialect, const QByteArray& code)
{
    const auto error = parsed(body);
    switch (dialect.shape) {
    case Dialect::Shape::openai:
    case Dialect::Shape::responses: {
        if (!error.is_object() || !error.contains("error") || !error["error"].is_object())
            return false;
        const auto& inner = error["error"];
        const bool whole = is_text(inner, "message") && is_text(inner, "type") && inner.contains("param");
        return whole && (code.isEmpty() || inner.value("code", "") == code.toStdString());
    }
    case Dialect::Shape::anthropic:
        return error.is_object() && error.value("type", "") == "error" && error.contains("error")
               && is_text(error["error"], "type") && is_text(error["error"], "message");
    case Dialect::Shape::ollama: return error.is_object() && error.size() == 1 && is_text(error, "error");
    }
    return false;
}

bool stream_ends_with_error(const QByteArray& body, const Dialect& dialect, const QByteArray& words)
{
    if (!body.contains(words))
        return false;
    switch (dialect.shape) {
    case Dialect::Shape::openai: return body.count("\"error\"") == 1 && error_in_shape(last_data(body), dialect, {});
    case Dialect::Shape::anthropic:
        return body.count("event: error\n") == 1 && !body.contains("message_stop")
               && error_in_shape(last_data(body), dialect, {});
    case Dialect::Shape::responses: {
        const auto last = parsed(last_data(body));
        const auto type = last.is_object() ? last.value("type", "") : std::string();
        return !body.contains("response.completed") && (type == "error" || type == "response.failed");
    }
    case Dialect::Shape::ollama: {
        const auto lines = body.trimmed().split('\n');
        return !body.contains("\"done\":true") && body.count("\"error\"") == 1
               && error_in_shape(lines.last(), dialect, {});
    }
    }
    return false;
}

} // namespace tokenscope::test
