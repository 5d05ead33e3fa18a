// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "e2e/source_queries.h"
#include "telemetry/catalogue.h"

#include <QStandardPaths>
#include <QTest>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

using namespace tokenscope;
using namespace tokenscope::test;
using nlohmann::json;

namespace {

/// Duration of each request in seconds, by the log: at least what the metrics say, as the log is written later.
std::map<std::string, std::pair<std::string, double>> logged_durations(const std::vector<std::string>& lines)
{
    std::map<std::string, std::pair<std::string, double>> by_id;
    for (const auto& line : lines) {
        const auto object = json::parse(line, nullptr, false);
        if (!object.is_object() || object.value("msg", "") != "request" || object.value("method", "") != "POST")
            continue;
        by_id[object["request_id"].get<std::string>()] = {object["route"].get<std::string>(),
                                                          object["duration_ms"].get<double>() / 1e3};
    }
    return by_id;
}

} // namespace

/// The queries of the source documents, asked of a real Prometheus that has scraped a busy gateway, and their answers worked out
/// from what the clients and the request records know.
class TstSourceQueries : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ScrapedTraffic> m_traffic;
    std::unique_ptr<RequestTruth> m_truth;

    void for_each_scraper()
    {
        QTest::addColumn<int>("scraper");
        QTest::newRow("OpenMetrics") << 0;
        QTest::newRow("text") << 1;
    }
    /// Of the server that does what it is told: a retry is a call of its own.
    double failed_calls() const
    {
        static const std::map<QByteArray, std::pair<int, int>> whole_and_streamed = {
            {"s400", {1, 1}},        {"s404", {1, 1}},      {"s429", {2, 2}},         {"s500", {2, 2}},
            {"s503", {2, 2}},        {"reset", {2, 2}},     {"cut", {2, 1}},          {"garbage", {1, 0}},
            {"flaky", {1, 1}},       {"stall", {1, 1}},     {"stall_inside", {1, 1}}, {"flaky_429", {1, 1}},
            {"error_event", {0, 1}}, {"unfinished", {0, 1}}};
        // That it has no Responses API shows when it is first asked.
        double failed = m_traffic->unknown_posts();
        for (const auto& told : m_traffic->told())
            if (const auto deed = whole_and_streamed.find(told.ask.deed); deed != whole_and_streamed.end())
                failed += told.ask.stream ? deed->second.second : deed->second.first;
        return failed;
    }
    Scraper& scraper(int index) { return *m_traffic->scrapers()[static_cast<std::size_t>(index)]; }

private Q_SLOTS:
    void initTestCase()
    {
        const auto executable = QStandardPaths::findExecutable(QStringLiteral("prometheus"));
        if (executable.isEmpty())
            QSKIP("prometheus is not installed, so there is nobody to ask");
        m_traffic = std::make_unique<ScrapedTraffic>();
        const auto trouble = m_traffic->run(executable);
        QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
        m_truth = std::make_unique<RequestTruth>(m_traffic->records());
        for (const auto& get : ScrapedTraffic::gets())
            m_truth->count("http_requests_total",
                           {{"method", "GET"},
                            {"path", get.route},
                            {"endpoint", get.route},
                            {"status", std::to_string(get.status)}},
                           get.times * ScrapedTraffic::waves);
    }

    void cleanupTestCase() { m_traffic.reset(); }

    void records_are_what_the_clients_saw()
    {
        std::map<std::string, const telemetry::RequestRecord*> by_id;
        for (const auto& record : m_traffic->records())
            by_id[record->request_id] = record.get();
        QCOMPARE(by_id.size(), m_traffic->told().size());
        for (const auto& told : m_traffic->told()) {
            const auto found = by_id.find(told.request_id.toStdString());
            QVERIFY2(found != by_id.end(), told.request_id);
            if (told.whole)
                QCOMPARE(static_cast<int>(found->second->http_status), told.status);
            QCOMPARE(QByteArray::fromStdString(found->second->route), path_of(told.ask.dialect));
        }
    }

    void scrapes_are_healthy_data() { for_each_scraper(); }
    void scrapes_are_healthy()
    {
        QFETCH(int, scraper);
        auto& prometheus = this->scraper(scraper);
        QCOMPARE(prometheus.ask("min_over_time(up[5m])").begin()->second, 1.0);
        const auto scraped = prometheus.ask("scrape_samples_scraped");
        QVERIFY(scraped.begin()->second > 300);
        QVERIFY(scraped == prometheus.ask("scrape_samples_post_metric_relabeling"));
        const auto targets = prometheus.server().get(QStringLiteral("/api/v1/targets"));
        QVERIFY2(targets.contains("\"health\":\"up\"") && targets.contains("\"lastError\":\"\""), targets);
        // Such as samples out of order, twice the same series, or exemplars that it would not take.
        for (const auto& line : prometheus.server().log().split('\n'))
            QVERIFY2(!line.contains("level=warn") && !line.contains("level=error"), line);
    }

    void samples_are_true_data() { for_each_scraper(); }
    void samples_are_true()
    {
        QFETCH(int, scraper);
        for (const auto& [sample, should] : m_truth->samples()) {
            const auto is = this->scraper(scraper).ask(sample);
            const auto wrong = difference(without_idle(is, should), should);
            QVERIFY2(wrong.empty(), (sample + " " + wrong).c_str());
        }
    }

    void calls_of_providers_are_true_data() { for_each_scraper(); }
    void calls_of_providers_are_true()
    {
        QFETCH(int, scraper);
        // Whoever cannot be reached is asked twice before the fallback is, and so is a server that refuses or resets.
        std::map<std::string, double> retries;
        double dead = 0;
        for (const auto& told : m_traffic->told()) {
            static const std::map<QByteArray, std::string> reasons = {
                {"s429", "status_429"}, {"flaky_429", "status_429"}, {"s500", "status_5xx"},
                {"s503", "status_5xx"}, {"flaky", "status_5xx"},     {"reset", "reset"}};
            dead += told.ask.model == "dead/d1" ? 1 : 0;
            const auto reason = reasons.find(told.ask.deed);
            if (reason != reasons.end())
                ++retries[reason->second];
            else if (told.ask.deed == "cut" && !told.ask.stream)
                ++retries["reset"]; // nobody has seen the half that came
        }
        auto& prometheus = this->scraper(scraper);
        const auto ask = [&](const char* query) { return without_idle(prometheus.ask(query), {}); };
        InstantVector expected{{{{"provider", "dead"}, {"reason", "unreachable"}}, dead}};
        for (const auto& [reason, times] : retries)
            expected[{{"provider", "alpha"}, {"reason", reason}}] = times;
        auto wrong = difference(ask("tokenscope_upstream_retries_total"), expected);
        QVERIFY2(wrong.empty(), wrong.c_str());
        wrong = difference(ask("sum by (status) (provider_requests_total{provider=\"dead\"})"),
                           {{{{"status", "error"}}, 2 * dead}});
        QVERIFY2(wrong.empty(), wrong.c_str());
        wrong = difference(ask("sum by (status) (provider_requests_total{provider=\"alpha\",status=\"error\"})"),
                           {{{{"status", "error"}}, failed_calls()}});
        QVERIFY2(wrong.empty(), wrong.c_str());
        // What these servers were sent is what the gateway says that it has sent.
        for (const auto& [name, posts] : m_traffic->posts()) {
            const auto calls = prometheus.ask("sum(provider_requests_total{provider=\"" + name + "\"})");
            QCOMPARE(calls.begin()->second, posts);
        }
    }

    void sizes_are_true_data() { for_each_scraper(); }
    void sizes_are_true()
    {
        QFETCH(int, scraper);
        std::map<std::string, std::pair<double, double>> bytes; // of the routes where every reply was read to its end
        for (const auto& told : m_traffic->told())
            if (const auto dialect = told.ask.dialect; dialect != Dialect::chat) {
                auto& [sent, received] = bytes[path_of(dialect).toStdString()];
                sent += static_cast<double>(told.sent);
                received += static_cast<double>(told.body.size());
            }
        auto& prometheus = this->scraper(scraper);
        const auto sums = prometheus.ask("sum by (path) (http_request_size_bytes_sum)");
        const auto received = prometheus.ask("sum by (path) (http_response_size_bytes_sum)");
        QCOMPARE(bytes.size(), std::size_t(8));
        for (const auto& [path, should] : bytes) {
            QCOMPARE(sums.at({{"path", path}}), should.first);
            QCOMPARE(received.at({{"path", path}}), should.second);
        }
    }

    void pipeline_is_true_data() { for_each_scraper(); }
    void pipeline_is_true()
    {
        QFETCH(int, scraper);
        auto& prometheus = this->scraper(scraper);
        const auto one = [&](const std::string& query) {
            const auto answer = prometheus.ask(query);
            return answer.size() == 1 ? answer.begin()->second : std::nan("");
        };
        double requests = 0, prompts = 0;
        std::vector<double> ages; // of the answers, in seconds before the last sample
        const auto sampled = one("timestamp(overall_throughput_qps)");
        for (const auto& record : m_traffic->records()) {
            if (record->target.backend != "demo")
                continue;
            ++requests;
            prompts += static_cast<double>(record->usage.prompt.value_or(0));
            const auto began = std::chrono::duration<double>(record->started.time_since_epoch()).count();
            ages.push_back(sampled - began - seconds(record->total()));
            QVERIFY(record->usage.prompt && record->stages.size() == telemetry::stage_count);
        }
        QVERIFY(requests > 30);
        QCOMPARE(one("sum(worker_request_count_total{worker_type=\"tokenizer\"})"), requests);
        QCOMPARE(one("sum(worker_request_count_total{worker_type=\"model\"})"), requests);
        QCOMPARE(one("total_tokens_total - padded_tokens_total"), prompts);
        QCOMPARE(one("inference_latency_seconds_count"), requests);
        QCOMPARE(one("tokenization_latency_seconds_count"), requests);
        // The last ten seconds, to a tenth.
        const auto younger = [&ages](double age) {
            return static_cast<double>(std::count_if(ages.begin(), ages.end(), [age](double a) { return a < age; }));
        };
        const auto overall = one("overall_throughput_qps");
        QVERIFY2(overall >= younger(9.7) / 10 && overall <= younger(10.3) / 10, std::to_string(overall).c_str());
        const auto inference = one("inference_throughput_qps");
        QVERIFY(std::abs(one("sum(worker_throughput_qps{worker_type=\"model\"})") - inference) < 1e-9);
        QVERIFY(std::abs(inference - overall) <= 0.5);
        QVERIFY(one("max_seq_length") >= one("avg_seq_length") && one("avg_seq_length") > 0);
        QVERIFY(one("padding_ratio") >= 0 && one("padding_ratio") < 1);
        QCOMPARE(one("tokenizer_queue_size"), 0.0);
        QCOMPARE(one("batch_queue_size"), 0.0);
    }

    void conversations_are_true_data() { for_each_scraper(); }
    void conversations_are_true()
    {
        QFETCH(int, scraper);
        double stored = 0;
        for (const auto& told : m_traffic->told())
            stored += told.ask.dialect == Dialect::responses && told.status == 200 ? 1 : 0;
        auto& prometheus = this->scraper(scraper);
        const auto created = prometheus.ask("conversation_operations_total{operation=\"create\"}");
        QCOMPARE(created,
                 (InstantVector{{{{"operation", "create"}, {"backend", "memory"}, {"status", "success"}}, stored}}));
        QCOMPARE(prometheus.ask("conversation_active_count"), (InstantVector{{{{"backend", "memory"}}, stored}}));
    }

    /// The records have no HTTP durations, but they lie between the request's own and the one that is logged last of all.
    void http_durations_are_plausible_data() { for_each_scraper(); }
    void http_durations_are_plausible()
    {
        QFETCH(int, scraper);
        const auto logged = logged_durations(m_traffic->gateway().log_lines());
        for (const auto& [labels, value] :
             this->scraper(scraper).ask("sum by (path, le) (http_request_duration_seconds_bucket{method=\"POST\"})")) {
            double at_most = 0, at_least = 0;
            const auto bound = number_of(labels.at("le"));
            for (const auto& record : m_traffic->records()) {
                const auto line = logged.find(record->request_id);
                QVERIFY(line != logged.end());
                if (record->route != labels.at("path"))
                    continue;
                at_most += seconds(record->total()) <= bound ? 1 : 0;
                at_least += line->second.second <= bound ? 1 : 0;
            }
            QVERIFY2(at_least <= value && value <= at_most, (to_text(labels) + " " + std::to_string(value)).c_str());
        }
    }

    void buckets_of_the_documents_are_there_data()
    {
        QTest::addColumn<int>("scraper");
        QTest::addColumn<QByteArray>("family");
        QTest::addColumn<QList<double>>("bounds");
        const QList<double> first{.1, .25, .5, 1, 2.5, 5, 10}, total{.1, .5, 1, 2.5, 5, 10, 20, 30, 60},
            stage{.005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10};
        const std::pair<const char*, QList<double>> families[] = {
            {"aigateway_first_token_latency_seconds", first},
            {"aigateway_inter_token_latency_seconds", first},
            {"aigateway_total_latency_seconds", total},
            {"request_latency_seconds", stage},
            {"inference_latency_seconds", stage},
            // Those that client libraries have where nothing is said.
            {"http_request_duration_seconds", {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}}};
        for (int scraper = 0; scraper < 2; ++scraper)
            for (const auto& [family, bounds] : families)
                QTest::addRow("%s, %s", scraper == 0 ? "OpenMetrics" : "text", family)
                    << scraper << QByteArray(family) << bounds;
    }

    void buckets_of_the_documents_are_there()
    {
        QFETCH(int, scraper);
        QFETCH(QByteArray, family);
        QFETCH(QList<double>, bounds);
        std::set<double> there;
        for (const auto& [labels, value] : this->scraper(scraper).ask(family.toStdString() + "_bucket"))
            there.insert(number_of(labels.at("le")));
        for (const auto bound : bounds)
            QVERIFY2(there.contains(bound), QByteArray::number(bound));
    }

    void no_metric_is_missing_data() { for_each_scraper(); }
    void no_metric_is_missing()
    {
        QFETCH(int, scraper);
        const auto body = this->scraper(scraper).server().get(QStringLiteral("/api/v1/label/__name__/values"));
        std::string missing;
        for (const auto& name : source_metrics()) {
            const auto listed = [&](const char* suffix) { return body.contains(('"' + name + suffix + '"').c_str()); };
            if (!listed("") && !listed("_bucket"))
                missing += " " + name;
        }
        QVERIFY2(missing.empty(), missing.c_str());
    }

    void answers_are_right_data()
    {
        QTest::addColumn<int>("scraper");
        QTest::addColumn<int>("query");
        for (int scraper = 0; scraper < 2; ++scraper)
            for (std::size_t i = 0; i < source_queries().size(); ++i)
                QTest::addRow("%s, %s", scraper == 0 ? "OpenMetrics" : "text", source_queries()[i].name.c_str())
                    << scraper << static_cast<int>(i);
    }

    void answers_are_right()
    {
        QFETCH(int, scraper);
        QFETCH(int, query);
        auto& prometheus = this->scraper(scraper);
        const auto& asked = source_queries()[static_cast<std::size_t>(query)];
        const auto is = prometheus.ask(asked.promql);
        const auto wrong = difference(is, asked.expected(prometheus));
        QVERIFY2(wrong.empty(), (asked.promql + ": " + wrong).c_str());
        QVERIFY2(static_cast<double>(is.size()) >= asked.at_least, std::to_string(is.size()).c_str());
        const bool some = std::any_of(is.begin(), is.end(), [](const auto& s) { return std::isfinite(s.second); });
        QVERIFY(some);
    }

    void slowest_and_fastest_request_lie_in_their_buckets_data() { for_each_scraper(); }
    void slowest_and_fastest_request_lie_in_their_buckets()
    {
        QFETCH(int, scraper);
        auto& prometheus = this->scraper(scraper);
        const auto& records = m_traffic->records();
        const auto by_time = [](const auto& a, const auto& b) { return a->total() < b->total(); };
        const auto [fastest, slowest] = std::minmax_element(records.begin(), records.end(), by_time);
        std::vector<double> bounds{0};
        for (const auto& [labels, value] : prometheus.ask("request_latency_seconds_bucket"))
            bounds.push_back(number_of(labels.at("le")));
        std::sort(bounds.begin(), bounds.end());
        const auto bucket = [&](double value) {
            return std::lower_bound(bounds.begin(), bounds.end(), value * (1 - 1e-9)) - bounds.begin();
        };
        const auto low = prometheus.ask("histogram_quantile(0.000001, request_latency_seconds_bucket)");
        const auto high = prometheus.ask("histogram_quantile(1, request_latency_seconds_bucket)");
        QVERIFY(!low.empty() && !high.empty());
        QCOMPARE(bucket(low.begin()->second * 1.001), bucket(seconds((*fastest)->total())));
        QCOMPARE(bucket(high.begin()->second), bucket(seconds((*slowest)->total())));
    }

    void what_the_documents_have_wrong_data() { for_each_scraper(); }
    void what_the_documents_have_wrong()
    {
        QFETCH(int, scraper);
        auto& prometheus = this->scraper(scraper);
        QVERIFY(prometheus.refuses(
            "histogram_quantile(0.95, rate(provider_request_duration_seconds_bucket[5m])) by (provider, model)"));
        QVERIFY(prometheus.ask("max(request_latency_seconds)").empty());
    }

    void exemplars_lead_to_requests_data() { for_each_scraper(); }
    void exemplars_lead_to_requests()
    {
        QFETCH(int, scraper);
        std::map<std::string, const telemetry::RequestRecord*> by_trace;
        for (const auto& record : m_traffic->records())
            by_trace[std::string(record->trace_id)] = record.get();
        const auto& prometheus = this->scraper(scraper);
        const auto body = this->scraper(scraper).server().get(
            QStringLiteral("/api/v1/query_exemplars?query=aigateway_total_latency_seconds_bucket&start=%1&end=%2")
                .arg(prometheus.moment() / 1'000 - 300)
                .arg(prometheus.moment() / 1'000 + 1));
        const auto answer = json::parse(body.begin(), body.end());
        std::size_t found = 0;
        for (const auto& series : answer["data"]) {
            for (const auto& exemplar : series["exemplars"]) {
                const auto record = by_trace.find(exemplar["labels"]["trace_id"].get<std::string>());
                QVERIFY2(record != by_trace.end(), body);
                const auto value = number_of(exemplar["value"].get<std::string>());
                QVERIFY(std::abs(value - seconds(record->second->total())) < 1e-6);
                QCOMPARE(series["seriesLabels"]["model"].get<std::string>(), record->second->target.model);
                ++found;
            }
        }
        // The older format has no place for them.
        QCOMPARE(found > 0, scraper == 0);
    }
};

QTEST_GUILESS_MAIN(TstSourceQueries)
#include "tst_source_queries.moc"
