// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/gzip.h"
#include "query/evaluator.h"
#include "remote/scrape_source.h"
#include "unit/scrape/page_server.h"

#include <QTest>
#include <QTimer>

#include <atomic>
#include <cmath>
#include <future>
#include <memory>

using namespace tokenscope;
using namespace tokenscope::sources;
using remote::ScrapeSource;
using remote::SourceThread;
using test::PageServer;

namespace {

constexpr std::int64_t start_ms = 1'700'000'000'000;
constexpr auto open_metrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Stands still until a test turns it, on any thread.
class TurnedClock final : public Clock {
public:
    Instant now() const override { return Instant(std::chrono::milliseconds(m_ms.load())); }
    WallTime wall() const override { return WallTime(std::chrono::milliseconds(start_ms + m_ms.load())); }
    void turn(std::int64_t ms) { m_ms += ms; }

private:
    std::atomic<std::int64_t> m_ms{0};
};

config::Lookup no_environment()
{
    return config::Env([](const std::string&) { return std::optional<std::string>(); });
}

template <typename T, typename Ask>
Result<T> answer(Ask ask)
{
    std::promise<Result<T>> promise;
    auto future = promise.get_future();
    ask([&promise](Result<T> result) { promise.set_value(std::move(result)); });
    // Not blocking: the server of the page lives on this thread.
    if (!QTest::qWaitFor([&] { return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }, 20'000))
        qFatal("no answer");
    return future.get();
}

QByteArray packed(const std::string& text)
{
    return QByteArray::fromStdString(net::gzip(text).value());
}

query::FramePtr ask(ScrapeSource& source, query::Query query, Range range)
{
    auto frame =
        answer<query::FramePtr>([&](auto done) { source.range(std::move(query), range, {}, std::move(done)); });
    return frame ? *frame : nullptr;
}

/// The values of the only column; empty where there is not one.
std::vector<double> values(ScrapeSource& source, const std::string& metric, Range range)
{
    const auto frame = ask(source, {.metric = metric}, range);
    return frame && frame->columns.size() == 1 ? frame->columns[0].values : std::vector<double>();
}

std::string shown(const std::vector<double>& numbers)
{
    std::string out;
    for (const auto number : numbers)
        out += (std::isnan(number) ? std::string("-") : std::to_string(static_cast<int>(number))) + " ";
    return out;
}

} // namespace

class TestScrapeSource : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void asksAsPrometheusDoes();
    void addsWhatPrometheusAdds();
    void readsGzip();
    void gzipIsReadWholeOrNotAtAll_data();
    void gzipIsReadWholeOrNotAtAll();
    void describesItsMetrics();
    void testsOnce();
    void aBadEscapeIsToldWithItsLine();
    void aPageWithoutSamplesFailsTheTest();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
    void isStaleWhileTheServerIsGone();
    void seriesThatComeAndGoHaveGaps();
    void answersAsTheEvaluatorDoes();
    void boundsABomb();
    void boundsAnEndlessPage_data();
    void boundsAnEndlessPage();
    void neverAsksTwiceAtOnce();
    void goesOnCalmlyAfterAPause();
    void followsItsOwnServerOnly();
    void sendsCredentials();
    void endsWhileAScrapeIsOnItsWay();

private:
    ScrapeSource& scrape(const QByteArray& url, std::chrono::milliseconds interval = std::chrono::milliseconds(100),
                         ScrapeSource::Limits limits = {});
    std::string message() const { return m_source->status().message; }
    Health health() const { return m_source->status().health; }

    Connection m_connection;
    std::unique_ptr<TurnedClock> m_clock;
    std::unique_ptr<PageServer> m_server;
    std::shared_ptr<SourceThread> m_thread;
    std::unique_ptr<ScrapeSource> m_source;
};

void TestScrapeSource::init()
{
    m_connection = {.id = "id", .name = "pages"};
    m_clock = std::make_unique<TurnedClock>();
    m_server = std::make_unique<PageServer>(PageServer::page("a 1\n"));
    m_thread = std::make_shared<SourceThread>();
}

void TestScrapeSource::cleanup()
{
    m_source.reset();
    m_server.reset();
    m_thread.reset();
}

ScrapeSource& TestScrapeSource::scrape(const QByteArray& url, std::chrono::milliseconds interval,
                                       ScrapeSource::Limits limits)
{
    m_connection.kind = ConnectionKind::page;
    m_connection.url = url.toStdString();
    m_connection.interval = interval;
    m_source = std::make_unique<ScrapeSource>(m_thread, m_connection, no_environment(), *m_clock, limits);
    return *m_source;
}

void TestScrapeSource::asksAsPrometheusDoes()
{
    m_server->set(PageServer::page("# TYPE a counter\na_total 1 # {x=\"y\"} 1\nb 2\n# EOF\n", open_metrics));
    const auto& source = scrape(m_server->url());
    QCOMPARE(source.name(), std::string("pages"));
    QVERIFY(source.capabilities().targets && !source.capabilities().promql && !source.capabilities().rules);
    QTRY_COMPARE(health(), Health::good);
    QCOMPARE(message(), std::string("2 samples in 2 metrics, OpenMetrics."));
    QCOMPARE(m_source->status().last_success_ms, std::optional(start_ms));
    const auto head = m_server->heads().value(0);
    QVERIFY(head.startsWith("GET /metrics HTTP/1.1\r\n"));
    QVERIFY(head.contains("application/openmetrics-text;version=1.0.0,"));
    QVERIFY(head.contains("text/plain;version=0.0.4;q=0.5,*/*;q=0.1\r\n"));
    const auto encodings = head.toLower();
    QVERIFY2(encodings.mid(encodings.indexOf("accept-encoding:")).split('\r').value(0).contains("gzip"),
             head.constData());
}

void TestScrapeSource::addsWhatPrometheusAdds()
{
    m_server->set([this](QTcpSocket& socket, const QByteArray&) {
        m_clock->turn(250);
        PageServer::reply(socket, "200 OK", "text/plain", "a{job=\"own\",exported_job=\"x\",instance=\"i\"} 1\nup 7\n");
    });
    scrape(m_server->url(), std::chrono::seconds(60));
    QTRY_COMPARE(health(), Health::good);
    const Range now{start_ms, start_ms, 1'000};
    const auto instance = "127.0.0.1:" + std::to_string(m_server->port());
    const auto frame = ask(
        *m_source,
        {.metric = "a", .by = {"job", "instance", "exported_job", "exported_instance", "exported_exported_job"}}, now);
    QVERIFY(frame && frame->columns.size() == 1);
    const query::Labels wanted{{"job", "pages"},
                               {"instance", instance},
                               {"exported_job", "x"},
                               {"exported_instance", "i"},
                               {"exported_exported_job", "own"}};
    QCOMPARE(frame->columns[0].labels, wanted);
    QCOMPARE(shown(values(*m_source, "up", now)), std::string("1 "));
    QCOMPARE(values(*m_source, "scrape_duration_seconds", now), (std::vector{0.25}));
    QCOMPARE(values(*m_source, "scrape_samples_scraped", now), (std::vector{2.0}));
    const auto targets = answer<std::vector<Target>>([&](auto done) { m_source->targets({}, std::move(done)); });
    QVERIFY(targets && targets->size() == 1);
    const auto& target = targets->front();
    QCOMPARE(target.pool, std::string("pages"));
    QCOMPARE(target.url, m_connection.url);
    QCOMPARE(target.labels, (query::Labels{{"instance", instance}, {"job", "pages"}}));
    QCOMPARE(target.health, Health::good);
    QCOMPARE(target.scrape_seconds, std::optional(0.25));
    QCOMPARE(target.last_scrape_ms, std::optional(start_ms));
}

void TestScrapeSource::readsGzip()
{
    m_server->set(PageServer::page(packed("a 1\nb 2\n# EOF\n"), open_metrics, "Content-Encoding: gzip\r\n"));
    scrape(m_server->url());
    QTRY_COMPARE(health(), Health::good);
    QCOMPARE(message(), std::string("2 samples in 2 metrics, OpenMetrics."));
}

void TestScrapeSource::gzipIsReadWholeOrNotAtAll_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("said");
    const auto whole = packed("first 123456789\nlast 987654321\n");
    const auto refused = QStringLiteral("is packed, but cannot be unpacked");
    const auto cut = QStringLiteral("before its answer was complete");
    // Of a line in the text format, some digits fewer are a number, too.
    for (const int bytes : {1, 4, 8, 9, 12, 20})
        QTest::addRow("cut by %d", bytes) << whole.chopped(bytes) << cut;
    auto garbled = whole;
    garbled[garbled.size() - 6] = static_cast<char>(garbled[garbled.size() - 6] ^ 1); // its check sum
    QTest::newRow("garbled") << garbled << refused;
    QTest::newRow("plain") << QByteArray("a 1\n") << refused;
    QTest::newRow("something behind it") << QByteArray(whole + QByteArray("junk")) << refused;
    QTest::newRow("two members") << QByteArray(whole + packed("b 2\n")) << QStringLiteral("3 samples in 3 metrics");
    QTest::newRow("nothing") << QByteArray() << QStringLiteral("0 samples in 0 metrics");
}

void TestScrapeSource::gzipIsReadWholeOrNotAtAll()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, said);
    m_server->set(PageServer::page(body, "text/plain", "Content-Encoding: gzip\r\n"));
    scrape(m_server->url(), std::chrono::seconds(10)); // which is the time-out, too
    QTRY_VERIFY(health() != Health::unknown);
    QVERIFY2(QString::fromStdString(message()).contains(said), message().c_str());
}

void TestScrapeSource::describesItsMetrics()
{
    m_server->set(
        PageServer::page("# HELP h_seconds How long.\n# TYPE h_seconds histogram\n# UNIT h_seconds seconds\n"
                         "h_seconds_bucket{le=\"+Inf\"} 1\nh_seconds_sum 1\nh_seconds_count 1\nh_seconds_created 5\n"
                         "# TYPE c counter\n# HELP c Calls.\nc_total 1\n# TYPE s stateset\ns{s=\"on\"} 1\nm 2\n# EOF\n",
                         open_metrics));
    scrape(m_server->url());
    QTRY_COMPARE(health(), Health::good);
    const auto metrics = answer<std::vector<MetricInfo>>([&](auto done) { m_source->metrics({}, std::move(done)); });
    QVERIFY(metrics);
    std::string all;
    for (const auto& metric : *metrics)
        all += metric.name + "|" + metric.type + "|" + metric.unit + "\n";
    QCOMPARE(all,
             std::string("c_total|counter|\nh_seconds_bucket|histogram|seconds\nh_seconds_count|histogram|seconds\n"
                         "h_seconds_created|gauge|seconds\nh_seconds_sum|histogram|seconds\nm|unknown|\ns|gauge|\n"
                         "scrape_duration_seconds|gauge|seconds\nscrape_samples_scraped|gauge|\nup|gauge|\n"));
    QCOMPARE(metrics->front().help, std::string("Calls."));
    const auto names =
        answer<std::vector<std::string>>([&](auto done) { m_source->label_names("s", {}, std::move(done)); });
    QCOMPARE(names.value(), (std::vector<std::string>{"instance", "job", "s"}));
    const auto jobs =
        answer<std::vector<std::string>>([&](auto done) { m_source->label_values("job", "", {}, std::move(done)); });
    QCOMPARE(jobs.value(), (std::vector<std::string>{"pages"}));
}

void TestScrapeSource::testsOnce()
{
    scrape(m_server->url(), std::chrono::seconds(60));
    QTRY_COMPARE(health(), Health::good);
    m_server->set(PageServer::page("a 1\nb 2\na{c=\"d\"} 3\n"));
    const auto good = answer<std::string>([&](auto done) { m_source->test({}, std::move(done)); });
    QCOMPARE(good.value(), std::string("3 samples in 2 metrics, Prometheus text."));
    QCOMPARE(message(),
             std::string("1 sample in 1 metric, Prometheus text.")); // of the scrape: nothing of the test is kept
    m_server->stop();
    const auto bad = answer<std::string>([&](auto done) { m_source->test({}, std::move(done)); });
    QVERIFY(!bad);
    QCOMPARE(bad.error().code, ErrorCode::upstream_unreachable);
}

void TestScrapeSource::aBadEscapeIsToldWithItsLine()
{
    const std::string remark =
        "line 2: The value of the label \"path\" has the escape \\T, which the format does not have: "
        "it is kept as it is written.";
    m_server->set(PageServer::page("a 1\nb{path=\"C:\\Temp\\x\"} 2\nb{path=\"\\q\"} 3\n"));
    auto& source = scrape(m_server->url(), std::chrono::seconds(60));
    QTRY_COMPARE(health(), Health::good);
    QCOMPARE(source.status().warnings,
             std::vector{"The page of " + m_server->url().toStdString() + " is taken, but its " + remark});
    QCOMPARE(shown(values(source, "b", {start_ms, start_ms, 1'000})), std::string("5 ")); // both series are there
    const auto tested = answer<std::string>([&](auto done) { source.test({}, std::move(done)); });
    QCOMPARE(tested.value(), "3 samples in 2 metrics, Prometheus text. In " + remark);
}

void TestScrapeSource::aPageWithoutSamplesFailsTheTest()
{
    m_server->set(PageServer::page("# TYPE a counter\n"));
    auto& source = scrape(m_server->url(), std::chrono::seconds(60));
    const auto said = answer<std::string>([&](auto done) { source.test({}, std::move(done)); });
    QVERIFY(!said);
    QVERIFY2(said.error().message.find("has no samples") != std::string::npos, said.error().message.c_str());
    QTRY_COMPARE(health(), Health::good); // it may have something later
}

void TestScrapeSource::saysWhatIsWrong_data()
{
    QTest::addColumn<QByteArray>("status");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("words");
    QTest::newRow("another path") << QByteArray("404 Not Found") << QByteArray("text/plain") << QByteArray("no")
                                  << QByteArray("/")
                                  << QByteArray("Is this the metrics page? Try http://127.0.0.1:PORT/metrics.");
    QTest::newRow("nothing at /metrics") << QByteArray("404 Not Found") << QByteArray("text/html")
                                         << QByteArray("<h1>no</h1>") << QByteArray("/metrics")
                                         << QByteArray("nothing at /metrics");
    QTest::newRow("web page") << QByteArray("200 OK") << QByteArray("text/html")
                              << QByteArray("<html><title>Grafana</title></html>") << QByteArray("/login")
                              << QByteArray("in place of a metrics page");
    QTest::newRow("web page, where it may be")
        << QByteArray("200 OK") << QByteArray("text/plain") << QByteArray("<!DOCTYPE html><html></html>")
        << QByteArray("/") << QByteArray("may be at http://127.0.0.1:PORT/metrics.");
    QTest::newRow("401") << QByteArray("401 Unauthorized") << QByteArray("text/plain") << QByteArray("who are you?")
                         << QByteArray("/metrics") << QByteArray("needs a user and password or a bearer token");
    QTest::newRow("429") << QByteArray("429 Too Many Requests\r\nRetry-After: 90") << QByteArray("text/plain")
                         << QByteArray("slow down") << QByteArray("/metrics")
                         << QByteArray("is asked too often, it wants no request for 90 s: scrape it less often.");
    QTest::newRow("500") << QByteArray("500 Oops") << QByteArray("text/plain") << QByteArray("it broke")
                         << QByteArray("/metrics") << QByteArray("it broke");
    QTest::newRow("bad line") << QByteArray("200 OK") << QByteArray("text/plain")
                              << QByteArray("a 1\nb{c=\"d\"} oops\n") << QByteArray("/metrics")
                              << QByteArray("line 2: \"oops\" is not a number. (b{c=\"d\"} oops)");
    QTest::newRow("cut off") << QByteArray("200 OK") << QByteArray(open_metrics) << QByteArray("a 1\n")
                             << QByteArray("/metrics") << QByteArray("does not end with # EOF");
    QTest::newRow("json") << QByteArray("200 OK") << QByteArray("application/json") << QByteArray("{\"a\": 1}")
                          << QByteArray("/metrics")
                          << QByteArray("is JSON and no metrics page. In line 1: There should be a metric's name");
    QTest::newRow("json, without its type")
        << QByteArray("200 OK") << QByteArray("text/plain") << QByteArray("\n[{\"a\": 1}]") << QByteArray("/x")
        << QByteArray("is JSON and no metrics page, which may be at http://127.0.0.1:PORT/metrics. In line 2: ");
    QTest::newRow("a quoted name is no json")
        << QByteArray("200 OK") << QByteArray("text/plain") << QByteArray("{\"a.b\"} 1\n") << QByteArray("/metrics")
        << QByteArray("is no valid metrics page, line 1: ");
    QTest::newRow("web page behind a BOM")
        << QByteArray("200 OK") << QByteArray("text/plain") << QByteArray("\xef\xbb\xbf<html></html>")
        << QByteArray("/metrics") << QByteArray("is HTML or XML and no metrics page. In line 1: ");
    QTest::newRow("binary") << QByteArray("200 OK") << QByteArray("application/octet-stream") << QByteArray("\0\1\2", 3)
                            << QByteArray("/metrics") << QByteArray("NUL");
}

void TestScrapeSource::saysWhatIsWrong()
{
    QFETCH(QByteArray, status);
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, words);
    m_server->set([&](QTcpSocket& socket, const QByteArray&) { PageServer::reply(socket, status, type, body); });
    scrape(m_server->url(path), std::chrono::seconds(60));
    QTRY_COMPARE(health(), Health::bad);
    words.replace("PORT", QByteArray::number(m_server->port()));
    QVERIFY2(message().find(words.toStdString()) != std::string::npos, message().c_str());
    QVERIFY(!m_source->status().last_success_ms);
    QCOMPARE(shown(values(*m_source, "up", {start_ms, start_ms, 1'000})), std::string("0 "));
    const auto targets = answer<std::vector<Target>>([&](auto done) { m_source->targets({}, std::move(done)); });
    QCOMPARE(targets.value().at(0).last_error, message());
}

void TestScrapeSource::isStaleWhileTheServerIsGone()
{
    scrape(m_server->url());
    QTRY_COMPARE(health(), Health::good);
    m_server->stop();
    m_clock->turn(10'000);
    QTRY_COMPARE(health(), Health::bad);
    QVERIFY2(message().find("Nothing answers at") != std::string::npos, message().c_str());
    QCOMPARE(m_source->status().last_success_ms, std::optional(start_ms));
    m_clock->turn(10'000);
    m_server->restart();
    QTRY_COMPARE(health(), Health::good);
    QVERIFY(*m_source->status().last_success_ms >= start_ms + 10'000);
    m_clock->turn(10'000);
    QTRY_COMPARE(m_source->status().last_success_ms, std::optional(start_ms + 30'000));
    const Range range{start_ms, start_ms + 30'000, 10'000};
    const auto up = shown(values(*m_source, "up", range));
    // The clock may have been turned between two failures or before the first scrape that found the server again.
    QVERIFY2(up == "1 0 1 1 " || up == "1 0 0 1 ", up.c_str());
    QVERIFY(std::isnan(values(*m_source, "a", range).at(1)));
    QCOMPARE(values(*m_source, "a", range).at(3), 1.0);
}

void TestScrapeSource::seriesThatComeAndGoHaveGaps()
{
    m_server->set([this, count = 0](QTcpSocket& socket, const QByteArray&) mutable {
        const auto even = count++ % 2 == 0;
        PageServer::reply(socket, "200 OK", "text/plain", even ? "a 1\nb 1\n" : "a 2\n");
        m_clock->turn(1'000);
    });
    scrape(m_server->url());
    QTRY_VERIFY(m_source->status().last_success_ms >= start_ms + 3'000);
    const Range range{start_ms, start_ms + 3'000, 1'000};
    QCOMPARE(shown(values(*m_source, "a", range)), std::string("1 2 1 2 "));
    QCOMPARE(shown(values(*m_source, "b", range)), std::string("1 - 1 - "));
}

void TestScrapeSource::answersAsTheEvaluatorDoes()
{
    m_server->set([this, count = 0](QTcpSocket& socket, const QByteArray&) mutable {
        ++count;
        PageServer::reply(socket, "200 OK", "text/plain",
                          "# TYPE c counter\nc{m=\"x\"} " + QByteArray::number(count * 3) + "\nc{m=\"y\"} "
                              + QByteArray::number(count % 3) + "\nh_bucket{le=\"1\"} " + QByteArray::number(count)
                              + "\nh_bucket{le=\"+Inf\"} " + QByteArray::number(2 * count) + "\n");
        m_clock->turn(1'000);
    });
    scrape(m_server->url());
    QTRY_VERIFY(m_source->status().last_success_ms >= start_ms + 6'000);
    const Range range{start_ms, start_ms + 5'000, 500};
    const std::chrono::milliseconds window(3'000);
    const std::vector<query::Query> queries{
        {.metric = "c", .function = query::Function::rate, .by = {"m"}, .window = window},
        {.metric = "c", .function = query::Function::increase, .window = window},
        {.metric = "h", .function = query::Function::quantile, .quantiles = {0.25, 0.9}, .window = window},
        {.metric = "c", .by = {"job", "instance"}, .where = {{"m", "x"}}},
    };
    for (const auto& query : queries) {
        const auto is = ask(*m_source, query, range);
        const auto should = query::evaluate(query, m_source->store(), range.from, range.to, range.step);
        QVERIFY(is && should && !is->columns.empty() && is->columns.size() == should->columns.size());
        for (std::size_t i = 0; i < is->columns.size(); ++i) {
            QCOMPARE(is->columns[i].labels, should->columns[i].labels);
            QCOMPARE(shown(is->columns[i].values), shown(should->columns[i].values));
        }
    }
}

void TestScrapeSource::boundsABomb()
{
    const auto bomb = packed(std::string(std::size_t{80} << 20, '\n'));
    QVERIFY(bomb.size() < (1 << 20));
    m_server->set(PageServer::page(bomb, "text/plain", "Content-Encoding: gzip\r\n"));
    scrape(m_server->url(), std::chrono::seconds(60));
    QTRY_COMPARE_WITH_TIMEOUT(health(), Health::bad, 60'000);
    QVERIFY2(message().find("larger than 64 MiB unpacked, which is not read: it was given up in line 67108865.")
                 != std::string::npos,
             message().c_str());
}

void TestScrapeSource::boundsAnEndlessPage_data()
{
    QTest::addColumn<QByteArray>("begin");
    QTest::addColumn<QByteArray>("unit");
    QTest::addColumn<QByteArray>("place");
    // A line is 4 bytes long.
    QTest::newRow("lines") << QByteArray() << QByteArray("a 1\n") << QByteArray("given up in line 786433.");
    QTest::newRow("one line") << QByteArray("b 1\nc 2\n") << QByteArray("aaaa") << QByteArray("given up in line 3.");
}

void TestScrapeSource::boundsAnEndlessPage()
{
    QFETCH(QByteArray, begin);
    QFETCH(QByteArray, unit);
    QFETCH(QByteArray, place);
    m_server->set([&](QTcpSocket& socket, const QByteArray&) {
        socket.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + begin);
        const auto more = [&socket, unit] { socket.write(unit.repeated(16 << 10)); };
        connect(&socket, &QTcpSocket::bytesWritten, &socket, [&socket, more] {
            if (socket.bytesToWrite() == 0)
                more();
        });
        more();
    });
    scrape(m_server->url(), std::chrono::seconds(60), {.page_bytes = std::size_t{3} << 20});
    QTRY_COMPARE_WITH_TIMEOUT(health(), Health::bad, 30'000);
    QVERIFY2(message().find("larger than 3 MiB") != std::string::npos, message().c_str());
    QVERIFY2(message().find(place.toStdString()) != std::string::npos, message().c_str());
}

void TestScrapeSource::neverAsksTwiceAtOnce()
{
    // Longer than the interval, which is the time-out: every scrape fails, and none meets another.
    m_server->set([](QTcpSocket& socket, const QByteArray&) {
        socket.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\na ");
    });
    m_connection.timeout = std::chrono::seconds(30);
    scrape(m_server->url(), std::chrono::milliseconds(200));
    QTRY_VERIFY(m_server->heads().size() >= 4);
    QCOMPARE(m_server->most_at_once(), 1);
    QCOMPARE(health(), Health::bad);
    QVERIFY2(message().find("did not finish its answer within 0.2 s: look into the server") != std::string::npos,
             message().c_str());
}

void TestScrapeSource::goesOnCalmlyAfterAPause()
{
    // The machine sleeps for a day in the middle of a scrape.
    m_server->set([this, count = 0](QTcpSocket& socket, const QByteArray&) mutable {
        if (++count == 1)
            m_clock->turn(24 * 3'600'000);
        PageServer::reply(socket, "200 OK", "text/plain", "a 1\n");
    });
    scrape(m_server->url(), std::chrono::seconds(60));
    QTRY_COMPARE(m_source->status().last_success_ms, std::optional(start_ms + 24 * 3'600'000));
    // What was missed is not made up for: had it been, these requests would come at once.
    bool settled = false;
    QTimer::singleShot(300, this, [&settled] { settled = true; });
    QTRY_VERIFY(settled);
    QCOMPARE(m_server->heads().size(), 2);
}

void TestScrapeSource::followsItsOwnServerOnly()
{
    m_server->set([this](QTcpSocket& socket, const QByteArray& head) {
        if (head.startsWith("GET /old "))
            PageServer::reply(socket, "302 Found", "text/plain", {}, "Location: /metrics\r\n");
        else if (head.startsWith("GET /away "))
            PageServer::reply(socket, "302 Found", "text/plain", {},
                              "Location: http://localhost:" + QByteArray::number(m_server->port()) + "/metrics\r\n");
        else
            PageServer::reply(socket, "200 OK", "text/plain", "a 1\n");
    });
    scrape(m_server->url("/old"), std::chrono::seconds(60));
    QTRY_COMPARE(health(), Health::good);
    const auto asked = m_server->heads().size();
    scrape(m_server->url("/away"), std::chrono::seconds(60));
    QTRY_COMPARE(health(), Health::bad);
    QVERIFY2(message().find("another server") != std::string::npos, message().c_str());
    QCOMPARE(m_server->heads().size(), asked + 1);
}

void TestScrapeSource::sendsCredentials()
{
    m_connection.auth = AuthKind::basic;
    m_connection.user = "user";
    m_connection.secret = "pass";
    m_connection.headers = {{"X-Scope-OrgID", "team"}};
    scrape(m_server->url());
    QTRY_COMPARE(health(), Health::good);
    QVERIFY(m_server->heads().value(0).contains("Authorization: Basic dXNlcjpwYXNz\r\n"));
    QVERIFY(m_server->heads().value(0).toLower().contains("x-scope-orgid: team\r\n"));
}

void TestScrapeSource::endsWhileAScrapeIsOnItsWay()
{
    m_server->set([](QTcpSocket&, const QByteArray&) {});
    for (int i = 0; i < 20; ++i) {
        scrape(m_server->url(), std::chrono::seconds(60));
        if (i % 2 == 0)
            QTRY_VERIFY(m_server->heads().size() > i / 2);
        bool answered = false;
        m_source->test({}, [&answered](auto) { answered = true; });
        m_source.reset();
        QVERIFY(!answered);
    }
}

QTEST_GUILESS_MAIN(TestScrapeSource)
#include "tst_scrape_source.moc"
