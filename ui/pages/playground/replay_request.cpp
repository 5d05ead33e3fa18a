// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/playground/replay_request.h"

#include "llm/json_scan.h"

#include <nlohmann/json.hpp>

#include <QCoreApplication>

#include <set>
#include <string_view>

namespace tokenscope::ui {

namespace {

using Json = nlohmann::ordered_json;

constexpr unsigned deepestJson = 256;

QString tr(const char* text)
{
    return QCoreApplication::translate("ReplayRequest", text);
}

QString textOf(const Json& value)
{
    return value.is_string() ? QString::fromStdString(value.get_ref<const std::string&>()) : QString();
}

/// Null where there is none.
const Json& member(const Json& object, const char* key)
{
    static const Json none;
    if (!object.is_object())
        return none;
    const auto found = object.find(key);
    return found == object.end() ? none : *found;
}

class Reader {
public:
    explicit Reader(ReplayRequest& out) : m_out(out) {}

    void read(const Json& messages)
    {
        for (const auto& message : messages)
            take(message);
        m_out.prompt = m_prompt;
        if (m_prompt.isEmpty() && !m_out.turns.empty())
            note(tr("The last message is the model's: write what comes next."));
    }

private:
    void note(const QString& sentence)
    {
        if (!m_out.notes.contains(sentence))
            m_out.notes << sentence;
    }

    static void append(QString& to, const QString& text)
    {
        if (!text.isEmpty())
            to += (to.isEmpty() ? QString() : QStringLiteral("\n\n")) + text;
    }

    QString contentOf(const Json& message)
    {
        const auto& content = member(message, "content");
        if (!content.is_array())
            return textOf(content);
        QString text;
        for (const auto& part : content) {
            const auto type = textOf(member(part, "type"));
            if (type == QLatin1StringView("text") || type == QLatin1StringView("input_text"))
                append(text, textOf(member(part, "text")));
            else if (type.startsWith(QLatin1StringView("image")) || type == QLatin1StringView("input_image"))
                note(tr("Images are left out."));
            else
                note(tr("Parts of the kind “%1” are left out.").arg(type.left(40)));
        }
        return text;
    }

    void take(const Json& message)
    {
        const auto role = textOf(member(message, "role"));
        const auto text = contentOf(message);
        if (role == QLatin1StringView("system") || role == QLatin1StringView("developer")) {
            if (m_talking && !text.isEmpty())
                note(tr("A system message within the conversation was moved to its beginning."));
            append(m_out.system, text);
        } else if (role == QLatin1StringView("user")) {
            m_talking = true;
            if (!m_prompt.isEmpty() && !text.isEmpty())
                note(tr("User messages that follow each other were joined."));
            append(m_prompt, text);
        } else if (role == QLatin1StringView("assistant")) {
            m_talking = true;
            takeReply(message, text);
        } else {
            note(role == QLatin1StringView("tool") || role == QLatin1StringView("function")
                     ? tr("Results of tools are left out.")
                     : tr("Messages of the role “%1” are left out.").arg(role.left(40)));
        }
    }

    void takeReply(const Json& message, const QString& text)
    {
        if (!member(message, "tool_calls").is_null())
            note(tr("Calls of tools are left out."));
        if (text.isEmpty())
            return;
        if (!m_prompt.isEmpty()) {
            m_out.turns.push_back({m_prompt, text});
            m_prompt.clear();
        } else if (!m_out.turns.empty()) {
            note(tr("Replies that follow each other were joined."));
            append(m_out.turns.back().reply, text);
        } else {
            note(tr("A reply that nothing had been asked for is left out."));
        }
    }

    ReplayRequest& m_out;
    QString m_prompt;
    bool m_talking = false;
};

QString numberText(const Json& value)
{
    if (value.is_number_integer())
        return QString::number(value.get<std::int64_t>());
    return value.is_number() ? QString::number(value.get<double>(), 'g', 6) : QString();
}

void readSettings(ReplayRequest& out, const Json& body)
{
    out.temperature = numberText(member(body, "temperature"));
    out.maxTokens = numberText(member(body, "max_completion_tokens"));
    if (out.maxTokens.isEmpty())
        out.maxTokens = numberText(member(body, "max_tokens"));
    static const std::set<std::string, std::less<>> quiet{
        "model",  "messages",       "temperature", "max_tokens", "max_completion_tokens",
        "stream", "stream_options", "user",        "metadata",   "store"};
    QStringList others;
    for (const auto& [key, value] : body.items()) {
        if (!quiet.contains(key) && !value.is_null())
            others << QString::fromStdString(key).left(40);
    }
    if (!others.empty())
        out.notes << tr("Not repeated: %1.").arg(others.join(QStringLiteral(", ")));
}

} // namespace

ReplayRequest readReplay(const ReplayWanted& wanted)
{
    ReplayRequest out;
    out.model = wanted.model;
    const std::string_view text(wanted.body.constData(), static_cast<std::size_t>(wanted.body.size()));
    // Checked first: what is read below is known to be valid and not too deep.
    const auto body = llm::check_json(text, deepestJson) ? Json() : Json::parse(text, nullptr, false);
    const auto& messages = member(body, "messages");
    if (!messages.is_array() || messages.empty()) {
        out.problem = tr("This request cannot be replayed: its body is no chat completion.");
        return out;
    }
    if (out.model.isEmpty())
        out.model = textOf(member(body, "model"));
    Reader(out).read(messages);
    readSettings(out, body);
    if (out.prompt.isEmpty() && out.turns.empty() && out.system.isEmpty())
        out.problem = tr("This request cannot be replayed: it has no text.");
    return out;
}

} // namespace tokenscope::ui
