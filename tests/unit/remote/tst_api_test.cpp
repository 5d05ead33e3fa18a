// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/prometheus_source.h"
#include "unit/remote/scripted_source.h"

using namespace tokenscope;
using namespace tokenscope::remote;
using tokenscope::test::Awaited;
using tokenscope::test::ScriptedSource;
using tokenscope::test::variables;
using namespace std::chrono_literals;

namespace {

using Answer = ScriptedSource::Answer;

const char* const text_page = "# HELP vllm_up Whether.\n# TYPE vllm_up gauge\nvllm_up{model=\"a\"} 1\n";
const char* const own_page = "go_goroutines 7\nprometheus_build_info{version=\"2.42.0\"} 1\n";

} // namespace

Q_DECLARE_METATYPE(Answer)

/// What a person is told who tests a connection of the kind Prometheus to something else; SERVER stands for the origin.
class TestApiTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void metricsPagesAreRecognised_data();
    void metricsPagesAreRecognised();
    void endingsOfTheUrlAreTold_data();
    void endingsOfTheUrlAreTold();
    void anEndingOfAServerThatAnswersIsRight();
    void ofAPageOnlyTheBeginningIsRead();
    void aServerThatKeepsSilentIsNotAskedOnAndOn();
    void whatIsNoListIsNoAnswer();
    void whatAServerDoesNotOfferIsNoFault_data();
    void whatAServerDoesNotOfferIsNoFault();

private:
    QString test(ScriptedSource& server, const QString& path, std::chrono::milliseconds timeout = 10s)
    {
        PrometheusSource source(
            m_thread, {.name = "test", .url = server.url() + path.toStdString(), .timeout = timeout}, variables());
        Awaited<std::string> said;
        source.test({}, said.callback());
        const auto answer = said.get();
        return plain(answer ? *answer : answer.error().message, server);
    }
    QString plain(const std::string& text, const ScriptedSource& server) const
    {
        return QString::fromStdString(text).replace(QString::fromStdString(server.url()), QStringLiteral("SERVER"));
    }

    std::shared_ptr<SourceThread> m_thread = std::make_shared<SourceThread>();
};

void TestApiTest::metricsPagesAreRecognised_data()
{
    QTest::addColumn<QString>("path"); // of the connection's URL
    QTest::addColumn<QByteArray>("place");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("page");
    QTest::addColumn<Answer>("elsewhere");
    QTest::addColumn<QString>("said");
    const auto missing = ScriptedSource::reply(404, "application/json", R"({"detail":"Not Found"})");
    const auto nothing = QStringLiteral("SERVER has nothing at %1/api/v1/label/__name__/values: correct the path of "
                                        "the URL. Where that is right, this server does not offer it.");
    const auto is_page = [](const char* place) {
        return QStringLiteral("There is no API of Prometheus, but at SERVER%1 there is a page: that is a metrics page, "
                              "which is a kind of connection of its own. Choose that kind, with this URL.")
            .arg(QLatin1StringView(place));
    };
    QTest::newRow("the server") << QString() << QByteArray("/metrics") << QByteArray("text/plain; version=0.0.4")
                                << QByteArray(text_page) << missing << is_page("/metrics");
    QTest::newRow("the page") << QStringLiteral("/metrics") << QByteArray("/metrics")
                              << QByteArray("text/plain; version=0.0.4") << QByteArray(text_page) << missing
                              << is_page("/metrics");
    QTest::newRow("OpenMetrics") << QStringLiteral("/") << QByteArray("/metrics")
                                 << QByteArray("application/openmetrics-text; version=1.0.0")
                                 << QByteArray("a 1\n# EOF\n") << missing << is_page("/metrics");
    QTest::newRow("without its type") << QStringLiteral("/sub/") << QByteArray("/sub/metrics")
                                      << QByteArray("text/plain") << QByteArray(text_page) << missing
                                      << is_page("/sub/metrics");
    QTest::newRow("everywhere") << QStringLiteral("/any") << QByteArray("/any")
                                << QByteArray("text/plain; version=0.0.4; charset=utf-8") << QByteArray(text_page)
                                << ScriptedSource::reply(200, "text/plain; version=0.0.4", text_page)
                                << is_page("/any");
    QTest::newRow("a web page without a link")
        << QString() << QByteArray("/metrics") << QByteArray("text/plain") << QByteArray(text_page)
        << ScriptedSource::reply(200, "text/html", "<html>Exporter</html>") << is_page("/metrics");
    QTest::newRow("the page of a Prometheus")
        << QStringLiteral("/metrics") << QByteArray("/metrics") << QByteArray("text/plain; version=0.0.4")
        << QByteArray(own_page) << missing
        << QStringLiteral("SERVER/metrics is the metrics page of a Prometheus itself: for its API leave /metrics away "
                          "at the end of the URL.");
    QTest::newRow("a Prometheus whose API is elsewhere")
        << QString() << QByteArray("/metrics") << QByteArray("text/plain; version=0.0.4") << QByteArray(own_page)
        << missing << nothing.arg(QString());
    QTest::newRow("text") << QString() << QByteArray("/metrics") << QByteArray("text/plain") << QByteArray("hello\n")
                          << missing << nothing.arg(QString());
    QTest::newRow("nothing") << QStringLiteral("/sub") << QByteArray("/other") << QByteArray() << QByteArray()
                             << missing << nothing.arg(QStringLiteral("/sub"));
}

void TestApiTest::metricsPagesAreRecognised()
{
    QFETCH(QString, path);
    QFETCH(QByteArray, place);
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, page);
    QFETCH(Answer, elsewhere);
    QFETCH(QString, said);
    ScriptedSource server([&](const auto& request) {
        return request.target == place ? ScriptedSource::reply(200, type, page) : elsewhere;
    });
    QCOMPARE(test(server, path), said);
    QVERIFY(server.requests().size() <= 4);
}

void TestApiTest::endingsOfTheUrlAreTold_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("ending"); // empty: none is told
    QTest::newRow("/graph") << QStringLiteral("/graph") << QStringLiteral("/graph");
    QTest::newRow("below") << QStringLiteral("/prometheus/query/") << QStringLiteral("/query");
    QTest::newRow("/api/v1") << QStringLiteral("/api/v1") << QStringLiteral("/api/v1");
    QTest::newRow("/api/v1/query") << QStringLiteral("/api/v1/query") << QStringLiteral("/api/v1/query");
    QTest::newRow("/api/v1/rules") << QStringLiteral("/x/api/v1/rules") << QStringLiteral("/api/v1/rules");
    QTest::newRow("another") << QStringLiteral("/prometheus") << QString();
    QTest::newRow("/api/v10") << QStringLiteral("/api/v10") << QString();
}

void TestApiTest::endingsOfTheUrlAreTold()
{
    QFETCH(QString, path);
    QFETCH(QString, ending);
    Answer all = ScriptedSource::reply(404, "text/plain", "404 page not found");
    ScriptedSource server([&](const auto&) { return all; });
    auto base = path.section(QLatin1Char('?'), 0, 0);
    if (base.endsWith(QLatin1Char('/')))
        base.chop(1);
    const auto place = QStringLiteral("SERVER has nothing at %1/api/v1/label/__name__/values: ").arg(base);
    const QString advice = ending.isEmpty() ? QStringLiteral("correct the path of the URL. Where that is right, this "
                                                             "server does not offer it.")
                                            : QStringLiteral("leave %1 away at the end of the URL.").arg(ending);
    QCOMPARE(test(server, path), QString(place + advice));
    // Where the URL was copied from a browser, and all that is below it is the same page.
    all = ScriptedSource::reply(200, "text/html", "<html>Prometheus</html>");
    const auto said = test(server, path);
    const auto hint = QStringLiteral(" The URL ends in %1: leave that away.").arg(ending);
    QVERIFY2(said.startsWith(QStringLiteral("A web page came")), qUtf8Printable(said));
    QCOMPARE(said.endsWith(hint), !ending.isEmpty());
}

void TestApiTest::anEndingOfAServerThatAnswersIsRight()
{
    ScriptedSource server([](const auto& request) {
        return request.target == "/query/api/v1/labels"
                   ? ScriptedSource::json(R"({"status":"success","data":["a"]})")
                   : ScriptedSource::reply(404, "text/plain", "404 page not found");
    });
    PrometheusSource source(m_thread, {.name = "test", .url = server.url() + "/query"}, variables());
    Awaited<std::vector<std::string>> names, values;
    source.label_names({}, {}, names.callback());
    QVERIFY(names.get());
    source.label_values("job", {}, {}, values.callback());
    QCOMPARE(plain(values.get().error().message, server),
             QStringLiteral("SERVER has nothing at /query/api/v1/label/job/values: correct the path of the URL. Where "
                            "that is right, this server does not offer it."));
}

void TestApiTest::ofAPageOnlyTheBeginningIsRead()
{
    QByteArray page;
    while (page.size() < 32 << 20)
        page += "a_metric_with_a_long_name{label=\"value\"} 1\n";
    ScriptedSource server([&](const auto& request) {
        return request.target == "/metrics" ? ScriptedSource::reply(200, "text/plain", page)
                                            : ScriptedSource::reply(404, "text/plain", "no");
    });
    const auto said = test(server, QStringLiteral("/metrics"));
    QVERIFY2(said.contains(QStringLiteral("that is a metrics page")), qUtf8Printable(said));
    QTRY_COMPARE(server.open(), 0);
    QVERIFY(server.written() < page.size() / 2);
}

void TestApiTest::aServerThatKeepsSilentIsNotAskedOnAndOn()
{
    ScriptedSource server([](const auto& request) {
        return request.target.startsWith("/api/") ? ScriptedSource::reply(404, "text/plain", "no")
                                                  : Answer{.pieces = {}, .hold = true};
    });
    const auto said = test(server, QString(), 500ms);
    QVERIFY2(said.startsWith(QStringLiteral("SERVER has nothing at /api/v1/label/")), qUtf8Printable(said));
    QCOMPARE(server.requests().size(), 3);
}

/// Else the health of a server that answers everything alike would go from good to bad and back, and nobody be told.
void TestApiTest::whatIsNoListIsNoAnswer()
{
    QByteArray data;
    ScriptedSource server(
        [&](const auto&) { return ScriptedSource::json(R"({"status":"success","data":)" + data + '}'); });
    const auto odd = QStringLiteral("The answer of SERVER is not that of Prometheus' API: check the URL, and what "
                                    "stands between here and there.");
    for (const char* body : {R"({"hello":1})", "5", "[1]", R"({"activeTargets":5,"groups":5})"}) {
        data = body;
        QCOMPARE(test(server, {}), odd);
        const auto fails = [&](auto& awaited, PrometheusSource& source) {
            const auto answer = awaited.get();
            QVERIFY2(!answer, body);
            QCOMPARE(plain(answer.error().message, server), odd);
            QCOMPARE(source.status().health, sources::Health::bad);
            QVERIFY(!source.status().last_success_ms);
        };
        PrometheusSource source(m_thread, {.name = "test", .url = server.url()}, variables());
        Awaited<std::vector<std::string>> names, values;
        Awaited<std::vector<sources::MetricInfo>> metrics;
        Awaited<std::vector<sources::Target>> targets;
        Awaited<std::vector<sources::RuleGroup>> rules;
        Awaited<std::vector<query::Labels>> series;
        source.label_names({}, {}, names.callback());
        fails(names, source);
        source.label_values("job", {}, {}, values.callback());
        fails(values, source);
        source.metrics({}, metrics.callback());
        fails(metrics, source);
        source.targets({}, targets.callback());
        fails(targets, source);
        source.rules({}, rules.callback());
        fails(rules, source);
        source.series("up", {}, series.callback());
        fails(series, source);
    }
    data = "null";
    QCOMPARE(test(server, {}), QStringLiteral("a server with 0 metrics."));
}

void TestApiTest::whatAServerDoesNotOfferIsNoFault_data()
{
    QTest::addColumn<bool>("answers");
    QTest::addColumn<QString>("more");
    QTest::newRow("it has answered") << true << QString();
    QTest::newRow("not known") << false << QStringLiteral(" If queries fail, too, correct the path of the URL.");
}

void TestApiTest::whatAServerDoesNotOfferIsNoFault()
{
    QFETCH(bool, answers);
    QFETCH(QString, more);
    ScriptedSource server([&](const auto& request) {
        return request.target == "/api/v1/labels" ? ScriptedSource::json(R"({"status":"success","data":["a"]})")
                                                  : ScriptedSource::reply(404, "text/plain", "404 page not found");
    });
    PrometheusSource source(m_thread, {.name = "test", .url = server.url()}, variables());
    Awaited<std::vector<std::string>> names;
    if (answers) {
        source.label_names({}, {}, names.callback());
        QVERIFY(names.get());
    }
    const auto before = source.status().health;
    Awaited<std::vector<sources::Target>> targets;
    source.targets({}, targets.callback());
    const auto no_targets = targets.get();
    QCOMPARE(
        plain(no_targets.error().message, server),
        QString(QStringLiteral("SERVER offers no list of its targets: it has nothing at /api/v1/targets.") + more));
    QCOMPARE(no_targets.error().code, ErrorCode::unsupported_api);
    Awaited<std::vector<sources::RuleGroup>> rules;
    source.rules({}, rules.callback());
    QCOMPARE(plain(rules.get().error().message, server),
             QString(QStringLiteral("SERVER offers no rules and no alerts: it has nothing at /api/v1/rules.") + more));
    QCOMPARE(source.status().health, before);
}

QTEST_GUILESS_MAIN(TestApiTest)
#include "tst_api_test.moc"
