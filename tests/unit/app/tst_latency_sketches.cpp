// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/latency_sketches.h"
#include "query/evaluator.h"
#include "telemetry/metrics.h"

#include <QTest>

#include <cmath>
#include <vector>

using namespace tokenscope;
using namespace tokenscope::query;
using telemetry::RequestRecord;
using telemetry::RequestStatus;

namespace {

constexpr std::int64_t second = 1'000;

bool near(double got, double wanted)
{
    return std::abs(got - wanted) <= 0.0101 * wanted;
}

} // namespace

class TstLatencySketches : public QObject {
    Q_OBJECT

private:
    ManualClock m_clock;
    telemetry::Metrics m_metrics{{.version = "1", .qt = ""}, 2000, &m_clock};
    SeriesStore m_series{SeriesStore::Limits{}};
    SketchStore m_store;
    app::LatencySketches m_sketches{m_metrics.tokens(), m_metrics.requests(), m_store, m_clock};

    RequestRecord record(Nanos total, std::string model = "m") const
    {
        RequestRecord record;
        record.target = {.backend = "b", .model = std::move(model)};
        record.operation = "chat";
        record.status = RequestStatus::success;
        record.accepted = m_clock.now();
        record.ended = record.accepted + total;
        return record;
    }
    std::int64_t now() const { return m_clock.wall().time_since_epoch().count(); }
    Result<Frame> ask(const Query& query) const
    {
        return evaluate(query, m_series, now() - 5 * second, now() + 10 * second, second, &m_store);
    }

private Q_SLOTS:
    void init() { m_clock.advance(std::chrono::hours(2)); }

    void latenciesAreKeptAndPassedOn()
    {
        using std::chrono::milliseconds;
        for (int i = 1; i <= 100; ++i)
            m_sketches.finished(record(milliseconds(i * 7)));
        m_sketches.first_token({.backend = "b", .model = "m"}, milliseconds(83), {});
        const std::vector<telemetry::TokenGap> gaps{{milliseconds(60), 3}, {milliseconds(40), 1}, {milliseconds(9), 0}};
        m_sketches.inter_token({.backend = "b", .model = "m"}, gaps);

        const auto total = ask({.metric = "aigateway_total_latency_seconds",
                                .function = Function::quantile,
                                .quantiles = {0.5, 0.99},
                                .by = {"model", "status"}});
        QVERIFY(total);
        QCOMPARE(total->columns.size(), std::size_t{2});
        QCOMPARE(total->columns[0].labels, (Labels{{"model", "m"}, {"quantile", "0.5"}, {"status", "success"}}));
        QCOMPARE(total->columns[0].name, std::string("p50 / m / success"));
        const auto& values = total->columns[0].values;
        QVERIFY(std::isnan(values[5])); // this second is not over yet
        QVERIFY(near(values[6], 0.35));
        QVERIFY(near(total->columns[1].values[6], 0.693));

        const auto one = [this](const char* metric, double q) {
            return ask({.metric = metric, .function = Function::quantile, .quantiles = {q}})
                ->columns.at(0)
                .values.at(6);
        };
        QVERIFY(near(one("aigateway_first_token_latency_seconds", 0.5), 0.083));
        QVERIFY(near(one("aigateway_inter_token_latency_seconds", 0.5), 0.02));
        QVERIFY(near(one("aigateway_inter_token_latency_seconds", 1), 0.04));
        QVERIFY(near(one("gen_ai_server_request_duration_seconds", 1), 0.7));

        bool counted = false;
        for (const auto& family : m_metrics.collect())
            counted = counted || family.name == "aigateway_total_latency_seconds";
        QVERIFY(counted);
    }

    void aWindowForgets()
    {
        m_sketches.finished(record(std::chrono::seconds(8), "slow"));
        m_clock.advance(std::chrono::seconds(3));
        m_sketches.finished(record(std::chrono::seconds(1), "slow"));
        const Query query{.metric = "aigateway_total_latency_seconds",
                          .function = Function::quantile,
                          .quantiles = {1},
                          .where = {{"model", "slow"}},
                          .window = std::chrono::seconds(4),
                          .scale = 1'000};
        const auto frame = evaluate(query, m_series, now() - 3 * second, now() + 6 * second, second, &m_store);
        QVERIFY(frame);
        const auto& values = frame->columns.at(0).values;
        QVERIFY(std::isnan(values[0]));
        for (const std::size_t i : {1, 2, 3, 4})
            QVERIFY2(near(values[i], 8'000), qPrintable(QString::number(values[i])));
        for (const std::size_t i : {5, 6, 7})
            QVERIFY2(near(values[i], 1'000), qPrintable(QString::number(values[i])));
        QVERIFY(std::isnan(values[8]));

        auto before = query;
        before.offset = std::chrono::seconds(2);
        const auto shifted = evaluate(before, m_series, now() - 3 * second, now() + 6 * second, second, &m_store);
        QVERIFY(std::isnan(shifted->columns.at(0).values[2]));
        QVERIFY(near(shifted->columns.at(0).values[3], 8'000));
    }

    void otherMetricsComeFromTheirBuckets()
    {
        m_series.append(now() - second,
                        std::vector<Sample>{{"h_bucket", {{"le", "1"}}, 0}, {"h_bucket", {{"le", "+Inf"}}, 0}});
        m_series.append(now(), std::vector<Sample>{{"h_bucket", {{"le", "1"}}, 4}, {"h_bucket", {{"le", "+Inf"}}, 4}});
        const auto frame = ask({.metric = "h", .function = Function::quantile, .quantiles = {0.5}});
        QCOMPARE(frame->columns.at(0).values.at(5), 0.5);
        const auto none = ask({.metric = "nothing", .function = Function::quantile, .quantiles = {0.5}});
        QVERIFY(none && none->columns.empty());
    }
};

QTEST_APPLESS_MAIN(TstLatencySketches)
#include "tst_latency_sketches.moc"
