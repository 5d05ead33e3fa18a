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
      m_outcomes(factory.labels()), m_in_flight_family(factory.make<Gauge>(Metric::http_requests_in_flight)),
      m_in_flight(m_in_flight_family.at({}))
{
}

void HttpRecorder::started()
{
    m_in_flight.add(1);
}

void HttpRecorder::finished(const HttpEnd& end)
{
    m_in_flight.add(-1);
    // Of what has been recorded before, the method is known to be one of the list.
    if (auto* series = m_bundles.last(end.method, end.route)) [[likely]] {
        record(*series, end.method, end);
        return;
    }
    const auto method = known_or_other(known_methods, end.method);
    Bundles<Bundle>::Spare spare;
    record(m_bundles.at(spare, method, end.route), method, end);
}

[[gnu::always_inline]] inline void HttpRecorder::record(Bundle& series, std::string_view method, const HttpEnd& end)
{
    series.request_size.in(m_request_size, method, end.route, end.route).observe(end.request_bytes);
    series.response_size.in(m_response_size, method, end.route, end.route).observe(end.response_bytes);
    if (end.status == 200)
        record_outcome(series.ok, method, "200", end);
    else
        record_rare(method, end);
}

[[gnu::always_inline]] inline void HttpRecorder::record_outcome(Outcome& outcome, std::string_view method,
                                                                std::string_view status, const HttpEnd& end)
{
    outcome.requests.in(m_requests, method, end.route, end.route, status).increment();
    outcome.duration.in(m_duration, method, end.route, end.route, status).observe(end.duration, end.trace_id);
}

[[gnu::noinline]] void HttpRecorder::record_rare(std::string_view method, const HttpEnd& end)
{
    const bool known_status = end.status >= 100 && end.status <= 999;
    const auto digit = [&end](unsigned unit) { return static_cast<char>('0' + end.status / unit % 10); };
    const std::array digits{digit(100), digit(10), digit(1)};
    const auto status = known_status ? std::string_view(digits.data(), digits.size()) : other_label;
    Bundles<Outcome>::Spare spare;
    record_outcome(m_outcomes.at(spare, method, end.route, status), method, status, end);
}

} // namespace tokenscope::telemetry
