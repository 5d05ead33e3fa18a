// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/page_scraper.h"

#include "remote/exchange.h"
#include "remote/http_words.h"

#include <QUrl>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace tokenscope::remote {

namespace {

/// The usual place of the page, where the URL has another.
std::string usual_place(const std::string& text)
{
    QUrl url(QString::fromStdString(text));
    if (url.path().endsWith(QLatin1String("/metrics")))
        return {};
    url.setPath(QStringLiteral("/metrics"));
    return url.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment).toStdString();
}

std::string origin_of(const std::string& url)
{
    return origin_text(QUrl(QString::fromStdString(url)));
}

/// What came, where that is no damaged metrics page but something else; null: no idea.
const char* other_format(const HttpReply& reply)
{
    const auto begin = std::string_view(reply.body).find_first_not_of("\xef\xbb\xbf \t\r\n");
    const char first = begin == std::string_view::npos ? '\0' : reply.body[begin];
    if (first == '<')
        return "HTML or XML";
    if (first != '{' && first != '[')
        return nullptr;
    // Newer pages may begin with {, too.
    const bool json = reply.head.content_type.find("json") != std::string::npos || nlohmann::json::accept(reply.body);
    return json ? "JSON" : nullptr;
}

std::size_t count_metrics(const std::vector<query::Sample>& samples)
{
    std::unordered_set<std::string_view> names;
    for (const auto& sample : samples)
        names.insert(sample.name);
    return names.size();
}

} // namespace

std::string ScrapedPage::summary() const
{
    const auto metrics = count_metrics(page.samples);
    return fmt::format("{} sample{} in {} metric{}, {}", page.samples.size(), page.samples.size() == 1 ? "" : "s",
                       metrics, metrics == 1 ? "" : "s",
                       format == scrape::Format::text ? "Prometheus text" : "OpenMetrics");
}

PageScraper::PageScraper(std::shared_ptr<SourceThread> thread, sources::Connection connection, config::Lookup lookup,
                         const scrape::Limits& limits, std::size_t max_bytes)
    : m_connection(std::move(connection)), m_elsewhere(usual_place(m_connection.url)), m_limits(limits),
      m_max_bytes(max_bytes), m_client(std::move(thread), m_connection, std::move(lookup))
{
}

void PageScraper::scrape(CancelToken cancel, sources::Answer<ScrapedPage> done)
{
    HttpRequest request{
        .accept = accepted_pages, .wanted = std::string(metrics_page), .max_bytes = m_max_bytes, .cuts = true};
    request.explain = [url = m_connection.url, place = m_elsewhere](const HttpHead& head,
                                                                    std::string_view body) -> std::optional<Error> {
        if (head.status != 404 || place.empty())
            return std::nullopt;
        return Error{
            .code = ErrorCode::route_not_found,
            .message = fmt::format("There is nothing at {} (HTTP 404). Is this the metrics page? Try {}.", url, place),
            .detail = words_of(head.content_type, body)};
    };
    m_client.fetch(std::move(request), cancel, [this, cancel, done = std::move(done)](Result<HttpReply> reply) {
        if (!reply) {
            done(failure(in_words_of_pages(std::move(reply.error()))));
            return;
        }
        if (reply->cut) {
            done(failure(too_large(reply->body)));
            return;
        }
        const auto format = scrape::format_of(reply->head.content_type);
        auto page = scrape::parse_page(reply->body, format, m_limits);
        const auto* other = page ? nullptr : other_format(*reply);
        reply->body = {};
        if (cancel.cancelled())
            return;
        if (page) {
            done(ScrapedPage{std::move(*page), format});
            return;
        }
        auto& error = page.error();
        error.message =
            other ? fmt::format("What {} sends is {} and no metrics page{}. In {}", m_connection.url, other,
                                m_elsewhere.empty() ? "" : fmt::format(", which may be at {}", m_elsewhere),
                                error.message)
                  : fmt::format("What {} sends is no valid metrics page, {}", m_connection.url, error.message);
        done(failure(std::move(error)));
    });
}

/// `read` is all of it that was.
Error PageScraper::too_large(std::string_view read) const
{
    return {.code = ErrorCode::body_too_large,
            .message = fmt::format("The metrics page of {} is larger than {} MiB unpacked, which is not read: it was "
                                   "given up in line {}.",
                                   origin_of(m_connection.url), m_max_bytes >> 20,
                                   1 + std::count(read.begin(), read.end(), '\n'))};
}

/// The client speaks of queries.
Error PageScraper::in_words_of_pages(Error error) const
{
    const auto origin = origin_of(m_connection.url);
    if (error.code == ErrorCode::rate_limited)
        error.message = error.retry_after
                            ? fmt::format("{} is asked too often, it wants no request for {} s: scrape it less often.",
                                          origin, error.retry_after->count())
                            : fmt::format("{} is asked too often: scrape it less often.", origin);
    else if (error.code == ErrorCode::upstream_bad_reply && error.message.starts_with("A web page")
             && !m_elsewhere.empty())
        error.message += fmt::format(" The metrics may be at {}.", m_elsewhere);
    return error;
}

} // namespace tokenscope::remote
