// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "differential/prometheus_server.h"
#include "differential/promql_math.h"
#include "support/measured_gateway.h"
#include "support/model_client.h"
#include "support/request_truth.h"
#include "support/scripted_models.h"

#include <QString>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tokenscope::test {

/// A Prometheus that scrapes, and the moment at which it is asked.
class Scraper {
public:
    explicit Scraper(QString name) : m_name(std::move(name)) {}

    /// Scrapes 127.0.0.1:`port` from now on. Empty on success.
    QString start(const QString& executable, std::uint16_t port);
    bool is_up();
    /// Waits for two scrapes that began after now, and asks about the moment of the second from then on.
    bool freeze();

    const QString& name() const { return m_name; }
    std::int64_t moment() const { return m_moment; }
    /// An instant query's answer without the labels that scraping adds. Throws std::runtime_error with what Prometheus says.
    InstantVector ask(const std::string& promql);
    /// A range selector's, such as `x[5m]`.
    tests::RangeVector samples(const std::string& selector);
    /// Whether Prometheus cannot even read the query.
    bool refuses(const std::string& promql);
    tests::PrometheusServer& server() { return m_server; }

private:
    const QString m_name;
    tests::PrometheusServer m_server;
    std::int64_t m_moment = 0; ///< ms since 1970; 0: now
};

/// A gateway with providers of every kind under mixed traffic, scraped by two servers: one negotiates OpenMetrics, the other
/// is given the older text format.
class ScrapedTraffic {
public:
    ScrapedTraffic();
    ~ScrapedTraffic();

    /// Starts scraping, has the traffic, and freezes both servers at a moment when some requests wait and one is held. Empty on
    /// success.
    QString run(const QString& prometheus);

    std::vector<Scraper*> scrapers() { return {&m_open_metrics, &m_text}; }
    MeasuredGateway& gateway() { return m_gateway; }
    /// As they were at the moment.
    const Records& records() const { return m_records; }
    const std::vector<Told>& told() const { return m_told; } ///< model requests that ended
    /// GETs of each wave by route and status.
    struct Gets {
        std::string route;
        int status;
        int times;
    };
    static const std::vector<Gets>& gets();

    /// Requests of models that these providers' servers have got.
    std::map<std::string, double> posts() const;
    /// Requests to "alpha" for an API it does not have.
    double unknown_posts() const;

    static constexpr int waves = 3;
    static constexpr int held = 1;    ///< requests being served at the moment
    static constexpr int waiting = 2; ///< and in a queue

private:
    config::Config config() const;
    void wave(const QByteArray& name);
    void get_pages();
    QString hold_some();

    ScriptedModels m_alpha{{"a1", "a2"}}, m_claude{{"c1"}}, m_llama{{"phi4:latest"}}, m_narrow{{"n1"}};
    MeasuredGateway m_gateway;
    FakeUpstream m_relay; ///< of the page as text
    Scraper m_open_metrics{QStringLiteral("OpenMetrics")}, m_text{QStringLiteral("text")};
    std::vector<std::unique_ptr<RawHttp>> m_held;
    std::vector<Told> m_told;
    Records m_records;
};

} // namespace tokenscope::test
