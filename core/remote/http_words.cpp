// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/http_words.h"

#include "remote/shortened.h"

#include <QDateTime>
#include <QLocale>
#include <QString>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace tokenscope::remote {

namespace {

using namespace std::chrono_literals;
constexpr std::chrono::seconds longest_patience = 1h;

Error error(ErrorCode code, std::string message, std::string_view detail = {})
{
    return {.code = code, .message = std::move(message), .detail = std::string(detail)};
}

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

/// Of the sentence that tells an error, the server's own reason, where it gave one.
std::string in_its_words(std::string_view words)
{
    return words.empty() ? std::string() : fmt::format(" It says '{}'.", shortened(words, 200));
}

Error unauthorized(std::string_view origin, sources::AuthKind auth, std::string_view challenge, std::string_view words)
{
    const auto said = QString::fromUtf8(words.data(), qsizetype(words.size())).toLower();
    // Mimir, Loki and the like say "no org id" with this status.
    if (said.contains(QLatin1String("org id")) || said.contains(QLatin1String("orgid"))
        || said.contains(QLatin1String("tenant")))
        return error(ErrorCode::unauthorized,
                     fmt::format("{} wants to know the tenant (it says '{}'): give the header X-Scope-OrgID in the "
                                 "connection.",
                                 origin, shortened(std::string(words), 100)),
                     words);
    const auto scheme = QString::fromUtf8(challenge.data(), qsizetype(challenge.size())).toLower();
    std::string message;
    switch (auth) {
    case sources::AuthKind::basic:
        message = fmt::format("{} refused the user and password: correct them in the connection.", origin);
        break;
    case sources::AuthKind::bearer:
        message = fmt::format("{} refused the bearer token: replace it in the connection.", origin);
        break;
    case sources::AuthKind::none: {
        const auto* needed = scheme.startsWith(QLatin1String("basic")) ? "a user and password: give them"
                             : scheme.startsWith(QLatin1String("bearer"))
                                 ? "a bearer token: give it"
                                 : "a user and password or a bearer token: give them";
        message = fmt::format("{} needs {} in the connection.", origin, needed);
        break;
    }
    }
    return error(ErrorCode::unauthorized, std::move(message) + in_its_words(words), words);
}

std::string title_of(std::string_view html)
{
    const auto text = QString::fromUtf8(html.data(), qsizetype(html.size()));
    const auto open = text.indexOf(QLatin1String("<title"), 0, Qt::CaseInsensitive);
    const auto begin = open < 0 ? open : text.indexOf(QLatin1Char('>'), open);
    const auto end = begin < 0 ? begin : text.indexOf(QLatin1String("</title"), begin, Qt::CaseInsensitive);
    return end < 0 ? std::string() : text.mid(begin + 1, end - begin - 1).simplified().toStdString();
}

/// Of an error in JSON, the sentence in it: {"error": "..."} as Prometheus says it, or {"message": "..."}; empty: there is none.
std::string json_words(std::string_view body)
{
    const auto reply = nlohmann::json::parse(body, nullptr, false);
    if (!reply.is_object())
        return {};
    for (const char* key : {"error", "message", "detail"}) {
        const auto found = reply.find(key);
        if (found != reply.end() && found->is_string())
            return found->get<std::string>();
    }
    return {};
}

} // namespace

Error network_error(std::string_view origin, QNetworkReply::NetworkError code, std::string_view detail, bool body_begun)
{
    using Reply = QNetworkReply;
    if (body_begun)
        return error(ErrorCode::upstream_reset,
                     fmt::format("{} closed the connection before its answer was complete: try again, and look into "
                                 "the log of the server or of the proxy before it.",
                                 origin),
                     detail);
    switch (code) {
    case Reply::ConnectionRefusedError:
        return error(ErrorCode::upstream_unreachable,
                     fmt::format("Nothing answers at {}: start the server, or correct the URL.", origin), detail);
    case Reply::HostNotFoundError:
        return error(
            ErrorCode::upstream_unreachable,
            fmt::format("The host of {} is not known: correct the URL, or check this machine's name server.", origin),
            detail);
    case Reply::RemoteHostClosedError: // what Qt says of a reset, and of a first line that is not HTTP
        return error(
            ErrorCode::upstream_bad_reply,
            fmt::format("{} gave no answer in HTTP, or closed or reset the connection before it: look into its "
                        "log, correct the URL's port, or use https:// if it speaks TLS.",
                        origin),
            detail);
    case Reply::ProtocolFailure:
    case Reply::ProtocolInvalidOperationError:
        return error(
            ErrorCode::upstream_bad_reply,
            fmt::format("{} gave no answer in HTTP: correct the URL's port, or use https:// if it speaks TLS.", origin),
            detail);
    case Reply::ProxyConnectionRefusedError:
    case Reply::ProxyConnectionClosedError:
    case Reply::ProxyNotFoundError:
    case Reply::ProxyTimeoutError:
        return error(ErrorCode::upstream_unreachable,
                     fmt::format("The proxy for {} cannot be reached: check the proxy variables of the environment, or "
                                 "name the host in NO_PROXY.",
                                 origin),
                     detail);
    case Reply::ProxyAuthenticationRequiredError:
        return error(ErrorCode::unauthorized,
                     fmt::format("The proxy for {} needs another user and password: correct them in the proxy variable "
                                 "of the environment.",
                                 origin),
                     detail);
    case Reply::UnknownContentError:
        return error(ErrorCode::upstream_bad_reply,
                     fmt::format("The answer of {} is packed, but cannot be unpacked: look into the server, or the "
                                 "proxy before it.",
                                 origin),
                     detail);
    default:
        return error(ErrorCode::upstream_unreachable,
                     fmt::format("{} cannot be reached: check the URL and the network.", origin), detail);
    }
}

Error status_error(std::string_view origin, std::string_view path, sources::AuthKind auth, const HttpHead& head,
                   std::string_view body)
{
    const auto words = words_of(head.content_type, body);
    const auto retry_after = read_retry_after(net::find_header(head.headers, "Retry-After"));
    switch (head.status) {
    case 401: return unauthorized(origin, auth, net::find_header(head.headers, "WWW-Authenticate"), words);
    case 403:
        return error(ErrorCode::forbidden,
                     fmt::format("{} does not allow it: ask its administrator for access, and check the headers of the "
                                 "connection, such as the tenant's.{}",
                                 origin, in_its_words(words)),
                     words);
    case 404:
        return error(ErrorCode::route_not_found,
                     fmt::format("{} has nothing at {}: correct the path of the URL. Where that is right, this server "
                                 "does not offer it.",
                                 origin, path),
                     words);
    case 407: return network_error(origin, QNetworkReply::ProxyAuthenticationRequiredError, words, false);
    case 429: {
        auto result =
            error(ErrorCode::rate_limited,
                  retry_after ? fmt::format("{} is asked too often: it wants no request for {} s.", origin,
                                            retry_after->count())
                              : fmt::format("{} is asked too often: show fewer panels or refresh less often.", origin),
                  words);
        result.retry_after = retry_after;
        return result;
    }
    case 503: {
        const auto when =
            retry_after ? fmt::format("cannot serve now, and wants no request for {} s: wait", retry_after->count())
                        : std::string("cannot serve now: try again later");
        auto result = error(ErrorCode::upstream_unreachable,
                            fmt::format("{} {}, or look into its log.{}", origin, when, in_its_words(words)), words);
        result.retry_after = retry_after;
        return result;
    }
    default:
        return error(ErrorCode::upstream_bad_reply,
                     head.status >= 500
                         ? fmt::format("{} failed with status {}: look into its log.{}", origin, head.status,
                                       in_its_words(words))
                         : fmt::format("{} answered with status {}: check the URL and what stands before the server.{}",
                                       origin, head.status, in_its_words(words)),
                     words);
    }
}

Error web_page_error(std::string_view origin, std::string_view wanted, const HttpHead& head, std::string_view body)
{
    const auto words = words_of(head.content_type.empty() ? "text/html" : head.content_type, body);
    // Exporters answer every path but one with a page that leads to that one.
    const bool leads = contains(body, "href=\"/metrics\"") || contains(body, "href='/metrics'");
    if (leads && wanted != metrics_page)
        return error(ErrorCode::upstream_bad_reply,
                     fmt::format("A web page that leads to {0}/metrics came in place of {1}: that is a metrics page, "
                                 "which is a kind of connection of its own.",
                                 origin, wanted),
                     words);
    return error(ErrorCode::upstream_bad_reply,
                 fmt::format("A web page came from {} in place of {}: a login page or a proxy answered. Give "
                             "credentials in the connection, or the URL behind it.",
                             origin, wanted),
                 words);
}

Error redirect_error(std::string_view origin, std::string_view target)
{
    return error(ErrorCode::upstream_bad_reply,
                 fmt::format("{} sends us on to {}, another server, which is not given this connection's credentials: "
                             "make that the connection's URL if you trust it.",
                             origin, target),
                 target);
}

Error bad_redirect_error(std::string_view origin, std::string_view location)
{
    const auto text = QString::fromUtf8(location.data(), qsizetype(location.size())).simplified().toStdString();
    return error(ErrorCode::upstream_bad_reply,
                 fmt::format("{} sends us on to '{}', which is no URL: correct the redirects of the server, or of the "
                             "proxy before it.",
                             origin, shortened(text, 100)));
}

Error interim_error(std::string_view origin, int status)
{
    return error(ErrorCode::upstream_bad_reply,
                 fmt::format("{} sends the interim status {} before its answer, which is not understood here: switch "
                             "that off in the server, or in the proxy before it.",
                             origin, status));
}

Error redirect_loop_error(std::string_view origin, std::string_view target)
{
    return error(ErrorCode::upstream_bad_reply,
                 fmt::format("{} sends us on and on: correct the URL, or the redirects of the server.", origin),
                 target);
}

Error endless_head_error(std::string_view origin)
{
    return error(ErrorCode::upstream_bad_reply,
                 fmt::format("{} sends headers without an end: correct the URL, and look into the server, or the proxy "
                             "before it.",
                             origin));
}

Error too_large_error(std::string_view origin, std::size_t max_bytes, bool is_set)
{
    return error(ErrorCode::body_too_large,
                 fmt::format("The answer of {} is larger than {} MiB: ask for fewer series or a longer step{}.", origin,
                             max_bytes >> 20, is_set ? ", or allow larger answers in the connection" : ""));
}

Error timeout_error(std::string_view origin, Waiting what, std::chrono::milliseconds time, std::string_view advice)
{
    const auto text = seconds_text(time);
    switch (what) {
    case Waiting::turn:
        return error(
            ErrorCode::upstream_timeout,
            fmt::format("{} did not come round to this question within {}, the ones before it took that long: show "
                        "fewer panels, or raise the connection's time-out.",
                        origin, text));
    case Waiting::connect:
        return error(ErrorCode::upstream_timeout,
                     fmt::format("{} did not accept a connection within {}: check the URL, and that no firewall is in "
                                 "between.",
                                 origin, text));
    case Waiting::head:
        return error(
            ErrorCode::upstream_timeout,
            fmt::format("{} did not answer within {}: {}, or raise the connection's time-out.", origin, text, advice));
    case Waiting::body:
        return error(ErrorCode::upstream_timeout,
                     fmt::format("{} did not finish its answer within {}: {}, or raise the connection's time-out.",
                                 origin, text, advice));
    case Waiting::idle: break;
    }
    return error(ErrorCode::upstream_timeout,
                 fmt::format("{} stopped in the middle of its answer, nothing came for {}: try again, and look into "
                             "the log of the server or of the proxy before it.",
                             origin, text));
}

Error patience_error(std::string_view origin, std::chrono::seconds left)
{
    auto result = error(ErrorCode::rate_limited,
                        fmt::format("{} wants no request for another {} s: wait, show fewer panels or refresh less "
                                    "often.",
                                    origin, left.count()));
    result.retry_after = left;
    return result;
}

std::optional<std::chrono::seconds> read_retry_after(std::string_view text)
{
    const auto value = QString::fromUtf8(text.data(), qsizetype(text.size())).trimmed();
    bool number = false;
    const auto count = value.toLongLong(&number);
    if (number)
        return count < 0 ? std::nullopt : std::optional(std::min(std::chrono::seconds(count), longest_patience));
    auto date = QLocale::c().toDateTime(value, QStringLiteral("ddd, dd MMM yyyy HH:mm:ss 'GMT'"));
    if (!date.isValid())
        return std::nullopt;
    date.setTimeSpec(Qt::UTC);
    const std::chrono::seconds left(QDateTime::currentDateTimeUtc().secsTo(date));
    return std::clamp(left, 0s, longest_patience);
}

bool is_html(std::string_view content_type)
{
    const auto type = QString::fromUtf8(content_type.data(), qsizetype(content_type.size())).toLower();
    return contains(type.toStdString(), "text/html") || contains(type.toStdString(), "application/xhtml");
}

std::string words_of(std::string_view content_type, std::string_view body)
{
    if (is_html(content_type)) {
        if (auto title = title_of(body); !title.empty())
            return title;
    }
    const auto said = json_words(body);
    const std::string_view words = said.empty() ? body : said;
    constexpr std::size_t longest = 300;
    const auto text =
        QString::fromUtf8(words.data(), qsizetype(std::min<std::size_t>(words.size(), 4'096))).simplified();
    return shortened(text.toStdString(), longest);
}

std::string seconds_text(std::chrono::milliseconds time)
{
    return fmt::format("{:.6g} s", std::chrono::duration<double>(time).count());
}

} // namespace tokenscope::remote
