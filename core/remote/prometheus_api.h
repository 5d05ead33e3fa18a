// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/cancel.h"
#include "query/frame.h"
#include "remote/http_client.h"
#include "sources/metric_source.h"

#include <QUrl>

#include <nlohmann/json.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tokenscope::remote {

/// A time (ms since 1970) as the API takes it: seconds with a fraction.
std::string api_time(std::int64_t ms);

/// Prometheus' HTTP API, version 1 (prometheus.io/docs/prometheus/latest/querying/api), and what speaks it. Thread-safe.
/// Answers as MetricSource's. Errors of the API have the server's "errorType: error" as detail.
class PrometheusApi {
public:
    using Form = std::vector<std::pair<std::string, std::string>>;

    PrometheusApi(std::shared_ptr<SourceThread> thread, sources::Connection connection, config::Lookup lookup,
                  HttpLimits limits);

    /// query_range, or query where the range is one instant. For the columns see FrameReader.
    void query(const std::string& expression, const sources::Range& range, CancelToken cancel,
               sources::Answer<query::Frame> done);

    /// "data" of the reply, for answers that are small beside those to queries.
    void get(const std::string& path, Form form, CancelToken cancel, sources::Answer<nlohmann::json> done);
    /// The same with the form in the body: selectors may be long.
    void post(const std::string& path, Form form, CancelToken cancel, sources::Answer<nlohmann::json> done);
    /// What is at `path` after the connection's URL that may be a metrics page: its beginning.
    void peek(const std::string& path, CancelToken cancel, sources::Answer<HttpReply> done);

    /// The connection's, without a user and password.
    const QUrl& url() const { return m_url; }
    /// "data" is not what it should be.
    Error odd_answer() const;

private:
    std::optional<Error> nothing_there(const std::string& path, const HttpHead& head, std::string_view body) const;
    Error advised(Error error) const;
    void ask(HttpRequest request, CancelToken cancel, sources::Answer<nlohmann::json> done);
    HttpRequest request(const std::string& path, Form form) const;

    const QUrl m_url;
    const std::string m_origin;
    const std::string m_ending; ///< of the URL, where it is probably too much; empty: none
    const std::chrono::milliseconds m_timeout;
    const std::size_t m_answer_bytes;
    std::atomic_bool m_answered = false; ///< ever, so the URL is right
    HttpClient m_client;                 ///< last: its callbacks use the others
};

/// What an error of the API means for a person; nothing for a type that says no more than the HTTP status.
std::optional<Error> api_error(std::string_view origin, std::string_view type, std::string detail);

} // namespace tokenscope::remote
