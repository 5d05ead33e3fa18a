// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/body_text.h"

#include "format/format.h"
#include "llm/json_scan.h"
#include "llm/json_text.h"
#include "llm/sse.h"

#include <QCoreApplication>

#include <algorithm>
#include <cctype>

namespace tokenscope::ui {

namespace {

constexpr unsigned deepestJson = 512;
constexpr int deepestIndent = 24;
constexpr std::size_t bytesPerLine = 8;

QString tr(const char* text)
{
    return QCoreApplication::translate("BodyText", text);
}

QString bytes(std::uint64_t count)
{
    return formatValue(static_cast<double>(count), Unit::bytes).joined();
}

/// What no font shows becomes its symbol.
QString visible(std::string_view text)
{
    auto shown = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    for (auto& letter : shown) {
        const auto code = letter.unicode();
        if (code < 0x20 && code != '\n' && code != '\t' && code != '\r')
            letter = QChar(0x2400 + code);
        else if (code == 0x7F)
            letter = QChar(0x2421);
    }
    return shown;
}

bool contains(std::string_view text, std::string_view part)
{
    const auto same = [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
    };
    return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

bool looksLikeJson(std::string_view text)
{
    const auto at = text.find_first_not_of(" \t\r\n");
    return at != std::string_view::npos && (text[at] == '{' || text[at] == '[');
}

bool looksLikeEvents(std::string_view text)
{
    return text.starts_with("data:") || text.starts_with("event:") || text.starts_with(":");
}

/// A number of lines, each a JSON object of its own, as Ollama streams.
bool looksLikeLines(std::string_view contentType)
{
    return contains(contentType, "ndjson") || contains(contentType, "jsonl");
}

std::string_view member(std::string_view object, std::string_view key)
{
    return llm::find_json_value(object, key).value_or(std::string_view());
}

QString unquoted(std::string_view raw)
{
    return llm::is_json_string(raw) ? visible(llm::unescape_json(raw)) : QString();
}

/// The words in a chat chunk, an Anthropic delta, an event of the Responses API or a line of Ollama.
QString saidBy(std::string_view data)
{
    if (llm::check_json(data, deepestJson))
        return {};
    std::string_view choice;
    if (llm::JsonElements choices(member(data, "choices")); choices.next(choice)) {
        const auto delta = member(choice, "delta");
        for (const auto* key : {"content", "reasoning_content", "reasoning"}) {
            if (const auto text = unquoted(member(delta, key)); !text.isEmpty())
                return text;
        }
        return unquoted(member(choice, "text"));
    }
    const auto delta = member(data, "delta");
    if (llm::is_json_string(delta))
        return unquoted(delta);
    for (const auto* key : {"text", "thinking", "partial_json"}) {
        if (const auto text = unquoted(member(delta, key)); !text.isEmpty())
            return text;
    }
    return unquoted(member(member(data, "message"), "content"));
}

void readEvents(BodyText& out, std::string_view text)
{
    llm::SseParser parser;
    std::size_t more = 0;
    const auto add = [&](const llm::SseParser::Event& event) {
        if (!event.has_data && event.name.empty())
            return;
        if (out.events.size() < BodyText::mostEvents)
            out.events.push_back({visible(event.name), visible(event.data), saidBy(event.data)});
        else
            ++more;
    };
    while (!text.empty()) {
        const auto step = parser.take(text);
        if (step.found == llm::SseParser::Found::event)
            add(step.event);
        text.remove_prefix(step.consumed);
    }
    add(parser.finish());
    if (more > 0)
        out.note += tr("%1 more events are not listed. ").arg(more);
}

void readLines(BodyText& out, std::string_view text)
{
    std::size_t more = 0;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (line.find_first_not_of(" \t\r") == std::string_view::npos)
            continue;
        if (out.events.size() < BodyText::mostEvents)
            out.events.push_back({{}, visible(line), saidBy(line)});
        else
            ++more;
    }
    if (more > 0)
        out.note += tr("%1 more lines are not listed. ").arg(more);
}

void noteWhatIsMissing(BodyText& out, const telemetry::CapturedBody& body)
{
    if (body.cut())
        out.note += tr("The first %1 of %2 were kept. ").arg(bytes(body.bytes.size()), bytes(body.whole));
    if (body.bytes.size() > BodyText::most)
        out.note += tr("The first %1 are shown; copying takes all that was kept. ").arg(bytes(BodyText::most));
}

} // namespace

BodyText bodyTextOf(const telemetry::CapturedBody& body, std::string_view contentType)
{
    BodyText out;
    if (body.bytes.empty()) {
        out.kind = body.wanted && body.whole == 0 ? BodyText::Kind::empty : BodyText::Kind::notCaptured;
        return out;
    }
    noteWhatIsMissing(out, body);
    const bool partial = body.cut() || body.bytes.size() > BodyText::most;
    const auto all = std::string_view(body.bytes).substr(0, BodyText::most);
    auto text = all;
    // A cut may go through a character: what is left of it is no reason to call the text binary.
    if (const auto bad = llm::invalid_utf8_at(all); partial && bad && *bad + 3 >= all.size())
        text = all.substr(0, *bad);
    if (llm::invalid_utf8_at(text) || text.find('\0') != std::string_view::npos) {
        out.kind = BodyText::Kind::binary;
        out.note += tr("This is not text (UTF-8). ");
        out.raw = out.pretty = hexDump(all);
        return out;
    }
    out.raw = visible(text);
    out.pretty = out.raw;
    out.kind = BodyText::Kind::text;
    if (contains(contentType, "event-stream") || (contentType.empty() && looksLikeEvents(text))) {
        out.kind = BodyText::Kind::events;
        readEvents(out, text);
    } else if (looksLikeLines(contentType)) {
        out.kind = BodyText::Kind::events;
        readLines(out, text);
    } else if (contains(contentType, "json") || looksLikeJson(text)) {
        const auto fault = partial ? std::nullopt : llm::check_json(text, deepestJson);
        if (fault && !looksLikeJson(text)) {
            out.note += tr("This is not JSON: byte %1, %2. ").arg(fault->at).arg(QString::fromStdString(fault->what));
            return out;
        }
        out.kind = BodyText::Kind::json;
        out.pretty = prettyJson(text);
        if (fault)
            out.note +=
                tr("This is not valid JSON: byte %1, %2. ").arg(fault->at).arg(QString::fromStdString(fault->what));
    }
    return out;
}

QString prettyJson(std::string_view text)
{
    const auto letters = visible(text);
    QString out;
    out.reserve(letters.size() * 2);
    int depth = 0;
    const auto line = [&] {
        out += QLatin1Char('\n') + QString(2 * std::clamp(depth, 0, deepestIndent), QLatin1Char(' '));
    };
    for (qsizetype i = 0; i < letters.size(); ++i) {
        if (out.size() > BodyText::mostPretty)
            return out + QLatin1Char('\n') + QChar(0x2026);
        const auto c = letters[i];
        if (c == QLatin1Char('"')) {
            const auto from = i;
            for (++i; i < letters.size() && letters[i] != QLatin1Char('"'); ++i)
                i += letters[i] == QLatin1Char('\\') ? 1 : 0;
            out += QStringView(letters).mid(from, i + 1 - from);
        } else if (c == QLatin1Char('{') || c == QLatin1Char('[')) {
            auto next = i + 1;
            while (next < letters.size() && letters[next].isSpace())
                ++next;
            out += c;
            if (next < letters.size()
                && letters[next] == (c == QLatin1Char('{') ? QLatin1Char('}') : QLatin1Char(']'))) {
                out += letters[next];
                i = next;
            } else {
                ++depth;
                line();
            }
        } else if (c == QLatin1Char('}') || c == QLatin1Char(']')) {
            --depth;
            line();
            out += c;
        } else if (c == QLatin1Char(',')) {
            out += c;
            line();
        } else if (c == QLatin1Char(':')) {
            out += QStringLiteral(": ");
        } else if (!c.isSpace()) {
            out += c;
        }
    }
    return out;
}

QString hexDump(std::string_view data)
{
    static constexpr char digits[] = "0123456789abcdef";
    QString out;
    for (std::size_t at = 0; at < data.size(); at += bytesPerLine) {
        out += QString::number(at, 16).rightJustified(6, QLatin1Char('0')) + QStringLiteral("  ");
        QString letters;
        for (std::size_t i = 0; i < bytesPerLine; ++i) {
            if (at + i >= data.size()) {
                out += QStringLiteral("   ");
                continue;
            }
            const auto byte = static_cast<unsigned char>(data[at + i]);
            out += QLatin1Char(digits[byte >> 4]);
            out += QLatin1Char(digits[byte & 0xF]);
            out += QLatin1Char(' ');
            letters += byte >= 0x20 && byte < 0x7F ? QLatin1Char(static_cast<char>(byte)) : QLatin1Char('.');
        }
        out += QLatin1Char(' ') + letters + QLatin1Char('\n');
    }
    return out;
}

std::string_view headerOf(const telemetry::CapturedHeaders& headers, std::string_view name)
{
    const auto found = std::find_if(headers.begin(), headers.end(), [&](const auto& header) {
        return header.first.size() == name.size() && contains(header.first, name);
    });
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

} // namespace tokenscope::ui
