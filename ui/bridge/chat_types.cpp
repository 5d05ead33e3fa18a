// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/chat_types.h"

#include "format/shell_text.h"

#include <nlohmann/json.hpp>

namespace tokenscope::ui {

namespace {

nlohmann::ordered_json chatJson(const ChatRequest& request)
{
    auto messages = nlohmann::ordered_json::array();
    for (const auto& message : request.messages)
        messages.push_back({{"role", message.role.toStdString()}, {"content", message.text.toStdString()}});
    nlohmann::ordered_json json{{"model", request.model.toStdString()}, {"messages", std::move(messages)}};
    if (request.temperature)
        json["temperature"] = *request.temperature;
    if (request.maxTokens)
        json["max_tokens"] = *request.maxTokens;
    json["stream"] = true;
    json["stream_options"] = {{"include_usage", true}};
    return json;
}

std::string dump(const ChatRequest& request, int indent)
{
    // A lone surrogate in pasted text has no UTF-8: replaced, never an exception.
    return chatJson(request).dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace

QByteArray chatBody(const ChatRequest& request)
{
    return QByteArray::fromStdString(dump(request, -1));
}

QString curlCommand(const QString& apiUrl, const ChatRequest& request)
{
    return QStringLiteral("curl -N ") + shellQuoted(apiUrl + QStringLiteral("/chat/completions"))
           + QStringLiteral(" \\\n  -H 'Content-Type: application/json' \\\n  -d ")
           + shellQuoted(QString::fromStdString(dump(request, 2)));
}

} // namespace tokenscope::ui
