// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/chat_stream.h"

#include <nlohmann/json.hpp>

#include <utility>

namespace tokenscope::ui {

namespace {

using Json = nlohmann::json;

std::string text(const Json& object, const char* key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<std::uint64_t> count(const Json& object, const char* key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_number_unsigned() ? std::optional(found->get<std::uint64_t>())
                                                                : std::nullopt;
}

QString complaint(const Json& error)
{
    const auto message = error.is_object() ? text(error, "message") : error.is_string() ? error.get<std::string>() : "";
    return QString::fromStdString(message.empty() ? error.dump(-1, ' ', false, Json::error_handler_t::replace)
                                                  : message);
}

} // namespace

void ChatStream::append(std::string_view bytes, double at)
{
    while (!bytes.empty()) {
        const auto step = m_parser.take(bytes);
        if (step.found == llm::SseParser::Found::event && step.event.oversized)
            m_error = QStringLiteral("An event of the stream is larger than 1 MiB.");
        else if (step.found == llm::SseParser::Found::event && step.event.has_data)
            event(step.event.data, at);
        bytes.remove_prefix(step.consumed);
    }
}

void ChatStream::end(double at)
{
    const auto last = m_parser.finish();
    // Half an event is a lost connection, not nonsense from the other side.
    if (last.has_data && !last.oversized && (last.data == "[DONE]" || Json::accept(last.data)))
        event(last.data, at);
}

void ChatStream::event(std::string_view data, double at)
{
    if (m_done || m_error)
        return;
    if (data == "[DONE]") {
        m_done = true;
        return;
    }
    const auto json = Json::parse(data.begin(), data.end(), nullptr, false);
    if (!json.is_object()) {
        m_error = QStringLiteral("The stream holds an event that is not a JSON object: ")
                  + QString::fromUtf8(data.substr(0, 200));
        return;
    }
    if (const auto error = json.find("error"); error != json.end() && !error->is_null()) {
        m_error = complaint(*error);
        return;
    }
    if (const auto model = text(json, "model"); !model.empty())
        m_stats.model = QString::fromStdString(model);
    if (const auto usage = json.find("usage"); usage != json.end() && usage->is_object()) {
        m_stats.promptTokens = count(*usage, "prompt_tokens");
        m_stats.completionTokens = count(*usage, "completion_tokens");
    }
    const auto choices = json.find("choices");
    if (choices == json.end() || !choices->is_array() || choices->empty() || !choices->front().is_object())
        return;
    const auto& choice = choices->front();
    if (const auto reason = text(choice, "finish_reason"); !reason.empty())
        m_stats.finishReason = QString::fromStdString(reason);
    const auto delta = choice.find("delta");
    if (delta == choice.end() || !delta->is_object())
        return;
    const auto content = text(*delta, "content");
    auto reasoning = text(*delta, "reasoning_content");
    if (reasoning.empty())
        reasoning = text(*delta, "reasoning");
    if (content.empty() && reasoning.empty())
        return;
    if (m_lastText)
        m_stats.gaps.push_back(at - *m_lastText);
    else
        m_firstText = at;
    m_lastText = at;
    m_content += content;
    m_reasoning += reasoning;
}

QString ChatStream::takeContent()
{
    return QString::fromStdString(std::exchange(m_content, {}));
}

QString ChatStream::takeReasoning()
{
    return QString::fromStdString(std::exchange(m_reasoning, {}));
}

ChatStats ChatStream::stats(double now) const
{
    auto stats = m_stats;
    stats.ttft = m_firstText;
    stats.total = now;
    if (stats.completionTokens && m_firstText && *m_lastText > *m_firstText)
        stats.tokensPerSecond = static_cast<double>(*stats.completionTokens) / (*m_lastText - *m_firstText);
    return stats;
}

} // namespace tokenscope::ui
