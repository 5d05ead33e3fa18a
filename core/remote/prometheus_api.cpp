// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/prometheus_api.h"

#include "remote/body_bytes.h"
#include "remote/exchange.h"
#include "remote/frame_reader.h"
#include "remote/http_words.h"
#include "remote/shortened.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace tokenscope::remote {

namespace {

using nlohmann::json;

constexpr int deepest = 64;
constexpr std::size_t longest_error = 10'000;
constexpr std::size_t max_json_bytes = std::size_t{64} << 20;
constexpr std::size_t peeked_bytes = std::size_t{64} << 10;
constexpr std::string_view odd = "is not that of Prometheus' API";

std::string path_of(const QUrl& url)
{
    auto path = url.path();
    while (path.endsWith(QLatin1Char('/')))
        path.chop(1);
    return path.toStdString();
}

/// Where the URL is that of a question, or of a page of Prometheus' own in a browser: what comes after the place of the API.
std::string ending_of(const QUrl& url)
{
    const auto path = path_of(url);
    constexpr std::string_view api = "/api/v1";
    const auto at = (path + '/').find(std::string(api) + '/');
    if (at != std::string::npos)
        return path.substr(at);
    for (const char* page : {"/v1", "/graph", "/query", "/alerts", "/targets", "/rules"}) {
        if (path.ends_with(page))
            return page;
    }
    return {};
}

/// What not all have that answer queries.
const char* offered_at(std::string_view path)
{
    return path == "/api/v1/rules"     ? "rules and no alerts"
           : path == "/api/v1/targets" ? "list of its targets"
                                       : nullptr;
}

std::string text_of(const json& object, const char* key)
{
    const auto found = object.is_object() ? object.find(key) : object.end();
    return object.is_object() && found != object.end() && found->is_string() ? found->get<std::string>()
                                                                             : std::string();
}

/// The error of a reply of the API, by itself or with a status that is no success.
std::optional<Error> error_of(std::string_view origin, const json& reply)
{
    if (text_of(reply, "status") != "error")
        return std::nullopt;
    const auto type = text_of(reply, "errorType");
    return api_error(origin, type, shortened(type + ": " + text_of(reply, "error"), longest_error));
}

Error unreadable(std::string_view origin, std::string_view what, std::string detail)
{
    return {.code = ErrorCode::upstream_bad_reply,
            .message = fmt::format("The answer of {} {}: check the URL, and what stands between here and there.",
                                   origin, what),
            .detail = std::move(detail)};
}

Error empty_answer(std::string_view origin, const HttpHead& head)
{
    return unreadable(origin, fmt::format("is empty, with status {}", head.status), {});
}

/// Where its answer takes too long. A few minutes, or one moment, cannot well be shorter.
const char* advice_for(const sources::Range& range)
{
    constexpr auto few = std::chrono::minutes(5);
    const std::chrono::milliseconds length(range.to - range.from);
    return length > few ? "ask for a shorter range or match fewer series" : "match fewer series, look into the server";
}

Result<json> read_json(std::string_view origin, const HttpHead& head, BodyPipe& body)
{
    BodyBytes bytes(body);
    if (bytes.none() && !body.error())
        return failure(empty_answer(origin, head));
    const auto shallow = [&bytes](int depth, json::parse_event_t, json&) {
        bytes.mark();
        return depth <= deepest; // what is deeper is left out
    };
    json reply;
    try {
        reply = json::parse(bytes.begin(), BodyBytes::end(), shallow);
    } catch (const json::exception& error) {
        if (auto broken = body.error())
            return failure(std::move(*broken));
        return failure(unreadable(origin,
                                  bytes.token_too_long() ? "has a text that is too long"
                                  : bytes.at_end()       ? "ends in the middle"
                                                         : "is not JSON",
                                  // It repeats the token, however long that is.
                                  shortened(error.what(), 300)));
    }
    if (auto error = error_of(origin, reply))
        return failure(std::move(*error));
    const auto status = text_of(reply, "status");
    if (status == "error")
        return failure(unreadable(origin, "is an error", text_of(reply, "errorType") + ": " + text_of(reply, "error")));
    if (status != "success" || !reply.contains("data"))
        return failure(unreadable(origin, odd, {}));
    return std::move(reply["data"]);
}

Result<query::Frame> read_frame(std::string_view origin, const sources::Range& range, const HttpHead& head,
                                BodyPipe& body)
{
    BodyBytes bytes(body);
    if (bytes.none() && !body.error())
        return failure(empty_answer(origin, head));
    FrameReader reader(range, bytes);
    const bool parsed = json::sax_parse(bytes.begin(), BodyBytes::end(), &reader);
    // A body that broke off explains more than the JSON that ends with it.
    if (auto broken = body.error())
        return failure(std::move(*broken));
    auto frame = reader.take(parsed);
    if (frame)
        return frame;
    auto& error = frame.error();
    if (error.message.empty()) {
        auto meant = api_error(origin, reader.error_type(), error.detail);
        return failure(meant ? std::move(*meant) : unreadable(origin, "is an error", error.detail));
    }
    if (error.code == ErrorCode::invalid_request)
        error.message = fmt::format("The answer of {} {}.", origin, error.message);
    else
        error = unreadable(origin, error.message, error.detail);
    return frame;
}

} // namespace

std::string api_time(std::int64_t ms)
{
    return fmt::format("{:.3f}", static_cast<double>(ms) / 1'000);
}

std::optional<Error> api_error(std::string_view origin, std::string_view type, std::string detail)
{
    const auto error = [&](ErrorCode code, std::string message) {
        const auto reason =
            std::string_view(detail).substr(std::min(detail.size(), type.size() + 2)); // behind "type: "
        if (!reason.empty())
            message += fmt::format(" It says '{}'.", shortened(reason, 200));
        return Error{.code = code, .message = std::move(message), .detail = detail};
    };
    if (type == "bad_data")
        return error(ErrorCode::invalid_request, fmt::format("{} does not accept the query: correct it.", origin));
    if (type == "execution")
        return error(ErrorCode::invalid_request,
                     fmt::format("{} could not evaluate the query: correct it, or ask for fewer series.", origin));
    if (type == "timeout")
        return error(
            ErrorCode::upstream_timeout,
            fmt::format("The query takes {} longer than it allows: match fewer series or ask for a shorter range.",
                        origin));
    if (type == "canceled")
        return error(ErrorCode::upstream_reset, fmt::format("{} gave the query up: try again.", origin));
    if (type == "internal")
        return error(ErrorCode::upstream_bad_reply, fmt::format("{} failed: look into its log.", origin));
    return std::nullopt;
}

PrometheusApi::PrometheusApi(std::shared_ptr<SourceThread> thread, sources::Connection connection,
                             config::Lookup lookup, HttpLimits limits)
    : m_url(QUrl(QString::fromStdString(connection.url)).adjusted(QUrl::RemoveUserInfo | QUrl::RemoveFragment)),
      m_origin(origin_text(m_url)), m_ending(ending_of(m_url)), m_timeout(connection.timeout),
      m_answer_bytes(static_cast<std::size_t>(connection.answer_mib) << 20),
      m_client(std::move(thread), std::move(connection), std::move(lookup), limits)
{
}

HttpRequest PrometheusApi::request(const std::string& path, Form form) const
{
    HttpRequest request{.path = path, .form = std::move(form)};
    request.explain = [this, path](const HttpHead& head, std::string_view body) -> std::optional<Error> {
        // These say more about who asks than about the question.
        if (head.status == 401 || head.status == 403 || head.status == 429)
            return std::nullopt;
        const auto reply = json::parse(body, nullptr, false);
        auto error = reply.is_discarded() ? std::nullopt : error_of(m_origin, reply);
        return error || head.status != 404 ? error : nothing_there(path, head, body);
    };
    return request;
}

std::optional<Error> PrometheusApi::nothing_there(const std::string& path, const HttpHead& head,
                                                  std::string_view body) const
{
    Error error{.code = ErrorCode::route_not_found, .detail = words_of(head.content_type, body)};
    const auto place = path_of(m_url) + path;
    if (!m_answered && !m_ending.empty()) {
        error.message =
            fmt::format("{} has nothing at {}: leave {} away at the end of the URL.", m_origin, place, m_ending);
        return error;
    }
    const auto* offered = offered_at(path);
    if (!offered)
        return std::nullopt;
    error.code = ErrorCode::unsupported_api;
    error.message = fmt::format("{} offers no {}: it has nothing at {}.{}", m_origin, offered, place,
                                m_answered ? "" : " If queries fail, too, correct the path of the URL.");
    return error;
}

/// A web page, say, at a URL that was copied from a browser.
Error PrometheusApi::advised(Error error) const
{
    if (error.code == ErrorCode::upstream_bad_reply && !m_answered && !m_ending.empty())
        error.message += fmt::format(" The URL ends in {}: leave that away.", m_ending);
    return error;
}

Error PrometheusApi::odd_answer() const
{
    return unreadable(m_origin, odd, {});
}

void PrometheusApi::query(const std::string& expression, const sources::Range& range, CancelToken cancel,
                          sources::Answer<query::Frame> done)
{
    Form form = {{"query", expression},
                 {"timeout", fmt::format("{:.3f}", std::chrono::duration<double>(m_timeout).count())}};
    const bool instant = range.from == range.to;
    if (instant) {
        form.emplace_back("time", api_time(range.from));
    } else {
        form.emplace_back("start", api_time(range.from));
        form.emplace_back("end", api_time(range.to));
        form.emplace_back("step", api_time(range.step));
    }
    auto request = this->request(instant ? "/api/v1/query" : "/api/v1/query_range", std::move(form));
    request.post = true;
    request.advice = advice_for(range);
    request.max_bytes = m_answer_bytes;
    request.max_is_set = true;
    auto read = [this, range, cancel, done](const HttpHead& head, BodyPipe& body) {
        auto frame = read_frame(m_origin, range, head, body);
        if (frame)
            m_answered = true;
        if (!cancel.cancelled() && !body.abandoned())
            done(std::move(frame));
    };
    auto fail = [this, done](Error error) { done(failure(advised(std::move(error)))); };
    m_client.stream(std::move(request), std::move(cancel), {.read = std::move(read), .fail = std::move(fail)});
}

void PrometheusApi::get(const std::string& path, Form form, CancelToken cancel, sources::Answer<json> done)
{
    ask(request(path, std::move(form)), std::move(cancel), std::move(done));
}

void PrometheusApi::post(const std::string& path, Form form, CancelToken cancel, sources::Answer<json> done)
{
    auto request = this->request(path, std::move(form));
    request.post = true;
    ask(std::move(request), std::move(cancel), std::move(done));
}

void PrometheusApi::peek(const std::string& path, CancelToken cancel, sources::Answer<HttpReply> done)
{
    m_client.fetch({.path = path,
                    .accept = accepted_pages,
                    .wanted = std::string(metrics_page),
                    .max_bytes = peeked_bytes,
                    .cuts = true},
                   std::move(cancel), std::move(done));
}

void PrometheusApi::ask(HttpRequest request, CancelToken cancel, sources::Answer<json> done)
{
    request.max_bytes = max_json_bytes;
    auto read = [this, cancel, done](const HttpHead& head, BodyPipe& body) {
        auto data = read_json(m_origin, head, body);
        if (data)
            m_answered = true;
        if (!cancel.cancelled() && !body.abandoned())
            done(std::move(data));
    };
    auto fail = [this, done](Error error) { done(failure(advised(std::move(error)))); };
    m_client.stream(std::move(request), std::move(cancel), {.read = std::move(read), .fail = std::move(fail)});
}

} // namespace tokenscope::remote
