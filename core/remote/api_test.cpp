// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/api_test.h"

#include "remote/prometheus_monitoring.h"
#include "scrape/parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

namespace tokenscope::remote {

namespace {

using nlohmann::json;

bool is_metrics_page(const HttpReply& reply)
{
    const auto type = QString::fromStdString(reply.head.content_type).toLower();
    if (scrape::format_of(reply.head.content_type) == scrape::Format::open_metrics
        || (type.startsWith(QLatin1String("text/plain")) && type.contains(QLatin1String("version="))))
        return true;
    std::string_view text = reply.body;
    if (reply.cut)
        text = text.substr(0, text.rfind('\n') + 1);
    const auto page = scrape::parse_page(text, scrape::Format::text);
    return page && !page->samples.empty();
}

/// Whether a server that has the API tells about itself there.
bool is_of_a_prometheus(const HttpReply& reply)
{
    const auto lines = '\n' + reply.body;
    const auto has = [&lines](const char* begin) { return lines.find(begin) != std::string::npos; };
    return has("\nprometheus_build_info") || has("\nthanos_build_info") || has("\ncortex_build_info")
           || has("\nvm_app_version");
}

std::string text_of(const json& object, const char* key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

class ApiTest : public std::enable_shared_from_this<ApiTest> {
public:
    ApiTest(PrometheusApi& api, CancelToken cancel, sources::Answer<std::string> done)
        : m_api(api), m_cancel(std::move(cancel)), m_done(std::move(done))
    {
    }

    void start()
    {
        m_api.get("/api/v1/status/buildinfo", {}, m_cancel,
                  [self = shared_from_this()](Result<json> data) { self->take_program(std::move(data)); });
    }

private:
    void take_program(Result<json> data);
    void take_names(Result<json> data);
    void look(bool below);
    void take_page(bool below, const Result<HttpReply>& reply);

    PrometheusApi& m_api;
    const CancelToken m_cancel;
    const sources::Answer<std::string> m_done;
    std::string m_program = "a server";
    Error m_error; ///< of the API, once there is one
};

void ApiTest::take_program(Result<json> data)
{
    const auto code = data ? ErrorCode::internal : data.error().code;
    // Those that only speak the API may lack this page; the next request tells.
    const bool lacking = code == ErrorCode::route_not_found || code == ErrorCode::upstream_bad_reply
                         || code == ErrorCode::invalid_request;
    if (!data && !lacking) {
        m_done(failure(std::move(data.error())));
        return;
    }
    if (data && data->is_object()) {
        const auto application = text_of(*data, "application");
        if (const auto version = text_of(*data, "version"); !version.empty())
            m_program = fmt::format("{} {}", application.empty() ? "Prometheus" : application, version);
    }
    m_api.get("/api/v1/label/__name__/values", {}, m_cancel,
              [self = shared_from_this()](Result<json> names) { self->take_names(std::move(names)); });
}

void ApiTest::take_names(Result<json> data)
{
    const auto names = data ? read_texts(*data) : std::nullopt;
    if (names) {
        m_done(fmt::format("{} with {} {}.", m_program, names->size(), names->size() == 1 ? "metric" : "metrics"));
        return;
    }
    m_error = data ? m_api.odd_answer() : std::move(data.error());
    if (m_error.code == ErrorCode::route_not_found || m_error.code == ErrorCode::upstream_bad_reply)
        look(false);
    else
        m_done(failure(m_error));
}

/// `below`: at /metrics below the connection's URL, else at that itself.
void ApiTest::look(bool below)
{
    m_api.peek(below ? "/metrics" : "", m_cancel,
               [self = shared_from_this(), below](const Result<HttpReply>& reply) { self->take_page(below, reply); });
}

void ApiTest::take_page(bool below, const Result<HttpReply>& reply)
{
    const bool page = reply && is_metrics_page(*reply);
    const bool own = page && is_of_a_prometheus(*reply);
    auto url = m_api.url();
    const bool metrics = url.path().endsWith(QLatin1String("/metrics"));
    // A server that keeps us waiting, or that is gone by now, is not asked once more.
    const bool answers =
        reply
        || (reply.error().code != ErrorCode::upstream_timeout && reply.error().code != ErrorCode::upstream_unreachable);
    if (!page && !below && !metrics && answers) {
        look(true);
        return;
    }
    if (below) {
        auto path = url.path();
        while (path.endsWith(QLatin1Char('/')))
            path.chop(1);
        url.setPath(path + QLatin1String("/metrics"));
    }
    // Below a URL, the page of a Prometheus says no more than that it is one, whose API fails.
    if (page && !(own && below)) {
        m_error.code = ErrorCode::upstream_bad_reply;
        const auto* what = own && metrics ? "{} is the metrics page of a Prometheus itself: for its API leave /metrics "
                                            "away at the end of the URL."
                                          : "There is no API of Prometheus, but at {} there is a page: that is a "
                                            "metrics page, which is a kind of connection of its own. Choose that kind, "
                                            "with this URL.";
        m_error.message = fmt::format(fmt::runtime(what), url.toString().toStdString());
    }
    m_done(failure(m_error));
}

} // namespace

void test_api(PrometheusApi& api, CancelToken cancel, sources::Answer<std::string> done)
{
    std::make_shared<ApiTest>(api, std::move(cancel), std::move(done))->start();
}

} // namespace tokenscope::remote
