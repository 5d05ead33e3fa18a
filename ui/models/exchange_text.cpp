// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/exchange_text.h"

#include "format/shell_text.h"
#include "llm/json_scan.h"
#include "llm/json_text.h"
#include "telemetry/capture/masking.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cctype>

namespace tokenscope::ui {

namespace {

using namespace std::string_view_literals;

constexpr unsigned deepestJson = 512;

QString tr(const char* text)
{
    return QCoreApplication::translate("ExchangeText", text);
}

std::string lower(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

/// What curl sets itself, what belongs to one connection, and what would put the repetition into the old trace.
bool isLeftOut(const std::string& name)
{
    constexpr std::array names{
        "host"sv,   "content-length"sv, "connection"sv, "keep-alive"sv, "accept-encoding"sv, "transfer-encoding"sv,
        "te"sv,     "upgrade"sv,        "expect"sv,     "user-agent"sv, "traceparent"sv,     "tracestate"sv,
        "cookie"sv, "x-request-id"sv};
    return std::find(names.begin(), names.end(), name) != names.end();
}

QString headerArgument(const std::string& name, std::string_view value)
{
    const auto shown = QString::fromStdString(name);
    // In double quotes, so that the shell puts the key in.
    if (name == "authorization" || name == "proxy-authorization")
        return QLatin1Char('"') + shown + QStringLiteral(": Bearer ${TOKENSCOPE_KEY}\"");
    if (telemetry::is_secret_name(name)) // its value was masked where it was captured, and is of no use to a server
        return QLatin1Char('"') + shown + QStringLiteral(": ${TOKENSCOPE_KEY}\"");
    return shellQuoted(shown + QStringLiteral(": ")
                       + QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size())));
}

bool isPlainName(std::string_view name)
{
    return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return std::isalnum(c) || c == '-' || c == '_';
    });
}

} // namespace

QString curlOf(const telemetry::CapturedExchange& exchange, const QString& baseUrl)
{
    const auto& body = exchange.request_body;
    const bool text = !llm::invalid_utf8_at(body.bytes) && body.bytes.find('\0') == std::string::npos;
    QString note;
    QString data;
    const bool none = body.wanted && body.whole == 0;
    if (!body.bytes.empty() && text && !body.cut()) {
        data = shellQuoted(QString::fromStdString(body.bytes));
    } else if (!none) {
        note = !body.wanted ? tr("# The body was not captured: put it into body.json.\n")
               : body.cut() ? tr("# Only a part of the body was kept: put all of it into body.json.\n")
                            : tr("# The body is not text: put it into body.json.\n");
        data = QStringLiteral("@body.json");
    }
    QString command = note + QStringLiteral("curl -N");
    const auto method = QString::fromStdString(exchange.method);
    if (exchange.method != "POST" && isPlainName(exchange.method))
        command += QStringLiteral(" -X ") + method;
    command += QLatin1Char(' ') + shellQuoted(baseUrl + QString::fromStdString(exchange.target));
    for (const auto& [header, value] : exchange.request_headers) {
        const auto name = lower(header);
        if (!isLeftOut(name) && isPlainName(name))
            command += QStringLiteral(" \\\n  -H ") + headerArgument(name, value);
    }
    if (!data.isEmpty())
        command += QStringLiteral(" \\\n  --data-binary ") + data;
    return command;
}

QString howToCapture()
{
    return tr(
        "Set observability.requests.bodies to true in the configuration (Settings) to have the bodies of the requests "
        "to come.");
}

QString replayObstacle(const telemetry::CapturedExchange* exchange, bool bodiesAreCaptured)
{
    if (!exchange)
        return tr("Nothing is kept of this exchange (any more).");
    const auto& body = exchange->request_body;
    if (body.bytes.empty())
        return body.wanted || bodiesAreCaptured ? tr("The request's body was not captured when it came.")
                                                : tr("The request's body was not captured. ") + howToCapture();
    if (body.cut())
        return tr("Only a part of the request's body was kept.");
    const auto path = std::string_view(exchange->target).substr(0, exchange->target.find('?'));
    if (path != "/v1/chat/completions")
        return tr("The Playground speaks chat completions only; this was %1.")
            .arg(QString::fromUtf8(path.data(), static_cast<qsizetype>(path.size())));
    if (llm::check_json(body.bytes, deepestJson))
        return tr("The request's body is not valid JSON.");
    std::string_view message;
    if (!llm::JsonElements(llm::find_json_value(body.bytes, "messages").value_or("null")).next(message))
        return tr("The request has no messages.");
    return {};
}

} // namespace tokenscope::ui
