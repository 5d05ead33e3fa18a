// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/http_recorder.h"

#include "telemetry/label_lists.h"

#include <array>

namespace tokenscope::telemetry {

namespace {

/// The most frequent ones first.
constexpr std::string_view known_methods[] = {"POST",    "GET",     "HEAD",  "PUT",  "DELETE",
                                              "CONNECT", "OPTIONS", "TRACE", "PATCH"};

} // namespace

HttpRecorder::HttpRecorder(SeriesFactory& factory)
    : m_requests(factory.make<Counter>(Metric::http_requests)),
      m_duration(factory.make<Histogram>(Metric::http_request_duration)),
      m_request_size(factory.make<Histogram>(Metric::http_request_size)),
      m_response_size(factory.make<Histogram>(Metric::http_response_size)), m_bundles(factory.labels()),
      m_in_flight_family(factory.make<Gauge>(Metric::http_requests_in_flight)), m_in_flight(m_in_flight_family.at({}))
{
}

void HttpRecorder::started()
{
    m_in_flight.add(1);
}

void HttpRecorder::finished(const HttpEnd& end)
{
    m_in_flight.add(-1);
    const bool known_status = end.status >= 100 && end.status <= 999;
    const auto digit = [&end](unsigned unit) { return static_cast<char>('0' + end.status / unit % 10); };
    const std::array digits{digit(100), digit(10), digit(1)};
    const auto status = known_status ? std::string_view(digits.data(), digits.size()) : other_label;
    const auto method = known_or_other(known_methods, end.method);
    const auto route = end.route;
    Bundles<Bundle>::Spare spare;
    auto& series = m_bundles.at(spare, method, route, status);
    series.requests.in(m_requests, method, route, route, status).increment();
    series.duration.in(m_duration, method, route, route, status).observe(seconds(end.duration), end.trace_id);
    series.request_size.in(m_request_size, method, route, route).observe(static_cast<double>(end.request_bytes));
    series.response_size.in(m_response_size, method, route, route).observe(static_cast<double>(end.response_bytes));
}

} // namespace tokenscope::telemetry
