// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/explore/explore_steps.h"
#include "pages/explore/export_text.h"
#include "pages/explore/question_title.h"
#include "pages/common/metric_families.h"
#include "pages/common/query_draft.h"
#include "pages/common/query_history.h"

#include "base/clock.h"
#include "bridge/time_range.h"
#include "pages/targets/monitor_list.h"
#include "query/matcher.h"
#include "query/promql.h"

#include <QBuffer>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::ui;

namespace {

sources::MetricInfo info(const char* name, const char* type)
{
    return {.name = name, .type = type, .help = "Help of it.", .unit = {}};
}

QByteArray written(void (*write)(const query::Frame&, QIODevice&), const query::Frame& frame)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    write(frame, buffer);
    return buffer.data();
}

} // namespace

class TestExploreParts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void historyKeepsEachTextOnceAndNewestFirst()
    {
        QTemporaryDir directory;
        const auto file = directory.filePath(QStringLiteral("s.ini"));
        {
            QSettings settings(file, QSettings::IniFormat);
            QueryHistory history(settings);
            history.add(QStringLiteral("lost")); // no source yet
            history.setSource(QStringLiteral("a"));
            QSignalSpy changed(&history, &QueryHistory::changed);
            for (const char* text : {"up", "rate(x[5m])", "  up\n", "", "  "})
                history.add(QString::fromLatin1(text));
            QCOMPARE(history.entries(), QStringList({QStringLiteral("up"), QStringLiteral("rate(x[5m])")}));
            QCOMPARE(changed.size(), 3);
            history.add(QString(QueryHistory::longest + 1, QLatin1Char('x')));
            QCOMPARE(history.entries().size(), 2);
            QCOMPARE(history.found(QStringLiteral("5M RATE")), QStringList({QStringLiteral("rate(x[5m])")}));
            history.setSource(QStringLiteral("b"));
            QVERIFY(history.entries().isEmpty());
            for (int i = 0; i < QueryHistory::most + 20; ++i)
                history.add(QString::number(i));
            QCOMPARE(history.entries().size(), QueryHistory::most);
            QCOMPARE(history.entries().front(), QString::number(QueryHistory::most + 19));
        }
        QSettings settings(file, QSettings::IniFormat);
        QueryHistory history(settings);
        history.setSource(QStringLiteral("a"));
        QCOMPARE(history.entries().size(), 2);
        history.remove(QStringLiteral("up"));
        history.remove(QStringLiteral("rate(x[5m])"));
        history.setSource(QStringLiteral("b"));
        history.setSource(QStringLiteral("a"));
        QVERIFY(history.entries().isEmpty());
    }

    void awkwardTextsSurviveTheFile()
    {
        QTemporaryDir directory;
        const auto file = directory.filePath(QStringLiteral("s.ini"));
        const auto text = QStringLiteral("up{a=\"1,2;%\\\\\", b=\"ä€\"}\n# @Invalid()");
        {
            QSettings settings(file, QSettings::IniFormat);
            QueryHistory history(settings);
            history.setSource(QStringLiteral("a"));
            history.add(text);
        }
        QSettings settings(file, QSettings::IniFormat);
        QueryHistory history(settings);
        history.setSource(QStringLiteral("a"));
        QCOMPARE(history.entries(), QStringList(text));
    }

    void partsOfAHistogramAreOneMetric()
    {
        const auto families = metricFamilies(
            {info("h_bucket", "histogram"), info("h_sum", "histogram"), info("h_count", "histogram"),
             info("s", "summary"), info("s_sum", "summary"), info("s_count", "summary"), info("alone_count", "gauge"),
             info("c_total", "unknown"), info("g", "gauge"), info("_bucket", "gauge"), info("x", "unknown")});
        QStringList told;
        for (const auto& family : families)
            told << family.name + QLatin1Char(':') + family.type;
        QCOMPARE(
            told.join(QLatin1Char(' ')),
            QStringLiteral("_bucket:gauge alone_count:gauge c_total:counter g:gauge h:histogram s:summary x:unknown"));
        QVERIFY(functionsOf(families[4]).front() == BuilderFunction::quantile);
        QVERIFY(functionsOf(families[2]).front() == BuilderFunction::rate);
        QVERIFY(functionsOf(families[3]) == std::vector{BuilderFunction::value});
    }

    void theTitleSaysWhatIsShown_data()
    {
        QTest::addColumn<QString>("saved");
        QTest::addColumn<QString>("title");
        const auto row = [](const QueryDraft& draft, const char* title) {
            QTest::newRow(title) << savedDraft(draft) << QString::fromUtf8(title);
        };
        using enum BuilderFunction;
        const auto h = QStringLiteral("h");
        const auto model = QStringLiteral("model");
        row({.metric = h, .function = quantile, .by = model}, "h · quantiles by model");
        row({.metric = h, .function = quantile, .quantiles = QStringLiteral("0.9")}, "h · 0.9 quantile");
        row({.metric = h, .function = heatmap}, "h · distribution over time");
        row({.metric = h, .function = mean, .by = QStringLiteral("model, backend")}, "h · mean by model, backend");
        row({.metric = h, .function = eventRate}, "h_count · rate per second");
        row({.metric = QStringLiteral("c_total"), .function = increase, .window = QStringLiteral("5m")},
            "c_total · increase in 5m");
        row({.metric = h, .matchers = {{model, query::MatchKind::not_regex, QStringLiteral("x.*")}}, .topk = 3},
            "h{model!~\"x.*\"} · sum · highest 3");
        row({.metric = h, .aggregation = query::Aggregation::max}, "h · highest");
    }
    void theTitleSaysWhatIsShown()
    {
        QFETCH(QString, saved);
        const auto query = queryOf(draftFrom(saved));
        QVERIFY(query);
        QTEST(questionTitle(*query), "title");
    }

    void theTitleOfPromqlIsItsBeginning()
    {
        QCOMPARE(questionTitle(std::string("rate(\n  up[5m]\n)")), QStringLiteral("rate( up[5m] )"));
        const auto title = questionTitle(std::string(5000, 'x'));
        QVERIFY(title.size() < 200 && title.endsWith(QStringLiteral("…")));
    }

    void draftsBecomeQueries()
    {
        QueryDraft draft{.metric = QStringLiteral("h"),
                         .function = BuilderFunction::quantile,
                         .quantiles = QStringLiteral("0.5, 0.9,0.5"),
                         .by = QStringLiteral(" model, ,backend "),
                         .window = QStringLiteral("5m")};
        draft.matchers = {{QStringLiteral("a"), query::MatchKind::equal, QStringLiteral("!x")},
                          {QStringLiteral("b"), query::MatchKind::not_regex, QStringLiteral("x.*")}};
        const auto query = queryOf(draft);
        QVERIFY2(query.has_value(), query ? "" : query.error().message.c_str());
        QCOMPARE(query->quantiles, (std::vector<double>{0.5, 0.9}));
        QCOMPARE(query->by, (std::vector<std::string>{"model", "backend"}));
        const auto matchers = query::Matchers::compile(query->where);
        QVERIFY(matchers->accept({{"a", "!x"}, {"b", "y"}}));
        QVERIFY(!matchers->accept({{"a", "x"}, {"b", "y"}}));
        QVERIFY(!matchers->accept({{"a", "!x"}, {"b", "xy"}}));
        QVERIFY(draftFrom(savedDraft(draft)) == draft);
        QVERIFY(draftFrom(QStringLiteral("no json")) == QueryDraft());
        const auto text = promqlOf(*query, std::chrono::minutes(1));
        QCOMPARE(text.count(QStringLiteral("label_replace(histogram_quantile(")), 2);
        QVERIFY(text.contains(QStringLiteral("\nor ")));

        draft.function = BuilderFunction::eventRate;
        QCOMPARE(queryOf(draft)->metric, std::string("h_count"));
    }

    void whatIsWrongNamesTheField_data()
    {
        QTest::addColumn<QString>("change");
        QTest::addColumn<QString>("field");
        for (const auto& [change, field] : {std::pair("metric:", "metric"),
                                            {"metric:9x", "metric"},
                                            {"quantiles:", "quantiles"},
                                            {"quantiles:2", "quantiles"},
                                            {"quantiles:nan", "quantiles"},
                                            {"window:", "window"},
                                            {"window:5", "window"},
                                            {"window:-5m", "window"},
                                            {"by:a-b", "by"},
                                            {"regex:(", "matchers"},
                                            {"twice:", "matchers"},
                                            {"nolabel:", "matchers"}})
            QTest::newRow(change) << QString::fromLatin1(change) << QString::fromLatin1(field);
    }

    void whatIsWrongNamesTheField()
    {
        QFETCH(QString, change);
        QFETCH(QString, field);
        QueryDraft draft{.metric = QStringLiteral("h"), .function = BuilderFunction::quantile};
        const auto what = change.section(QLatin1Char(':'), 0, 0);
        const auto value = change.section(QLatin1Char(':'), 1);
        const auto a = QStringLiteral("a");
        if (what == QLatin1StringView("metric"))
            draft.metric = value;
        else if (what == QLatin1StringView("quantiles"))
            draft.quantiles = value;
        else if (what == QLatin1StringView("window"))
            draft.window = value;
        else if (what == QLatin1StringView("by"))
            draft.by = value;
        else if (what == QLatin1StringView("regex"))
            draft.matchers = {{a, query::MatchKind::regex, value}};
        else if (what == QLatin1StringView("twice"))
            draft.matchers = {{a, query::MatchKind::equal, a}, {a, query::MatchKind::equal, a}};
        else
            draft.matchers = {{{}, query::MatchKind::equal, a}};
        const auto query = queryOf(draft);
        QVERIFY(!query);
        QCOMPARE(QString::fromStdString(query.error().param), field);
        QVERIFY(!query.error().message.empty());
    }

    void stepsFollowTheWidthOrWhatIsWritten()
    {
        const SystemClock clock;
        TimeRange range(clock);
        range.setFixed({0, 86'400'000});
        QCOMPARE(rangeFor(range, QStringLiteral("auto"), 600, 0).step, std::int64_t{300'000});
        QCOMPARE(rangeFor(range, QStringLiteral("auto"), 600, 60'000).step, std::int64_t{300'000});
        QCOMPARE(rangeFor(range, QStringLiteral("auto"), 600, 600'000).step, std::int64_t{600'000});
        const auto written = rangeFor(range, QStringLiteral("7m"), 600, 600'000);
        QCOMPARE(written.step, std::int64_t{420'000});
        QCOMPARE(written.from % written.step, std::int64_t{0});
        QVERIFY(!checkStep(range, QStringLiteral("auto")));
        QVERIFY(!checkStep(range, QStringLiteral("8s")));
        const auto error = checkStep(range, QStringLiteral("1s"));
        QVERIFY(error && error->message.find("8s") != std::string::npos);
        QVERIFY(!checkStep(range, QStringLiteral("nonsense")));
    }

    void exportsAreSafeAndExact()
    {
        query::Frame frame{.times = {0, 1000}, .columns = {}, .warnings = {}};
        frame.columns.push_back(
            {.name = {}, .labels = {{"__name__", "m"}, {"a", "x,\"y\""}}, .values = {1, 0.1 + 0.2}});
        frame.columns.push_back(
            {.name = {}, .labels = {{"a", "=1+1"}, {"b", "two\nlines"}}, .values = {std::nan(""), INFINITY}});
        QCOMPARE(written(writeCsv, frame),
                 QByteArray("__name__,a,b,time,value\r\n"
                            "m,\"x,\"\"y\"\"\",,1970-01-01T00:00:00.000Z,1\r\n"
                            "m,\"x,\"\"y\"\"\",,1970-01-01T00:00:01.000Z,0.30000000000000004\r\n"
                            ",'=1+1,\"two\nlines\",1970-01-01T00:00:01.000Z,+Inf\r\n"));
        query::Frame instant{.times = {1000}, .columns = frame.columns, .warnings = {}};
        for (auto& column : instant.columns)
            column.values.erase(column.values.begin());
        QCOMPARE(written(writeCsv, instant),
                 QByteArray("__name__,a,b,value\r\nm,\"x,\"\"y\"\"\",,0.30000000000000004\r\n"
                            ",'=1+1,\"two\nlines\",+Inf\r\n"));
        const auto lines = written(writeCsvOverTime, frame).split('\n');
        QCOMPARE(lines[0], QByteArray("time,\"m{a=\"\"x,\\\"\"y\\\"\"\"\"}\",\"{a=\"\"=1+1\"\", b=\"\"two"));
        QVERIFY(lines[2].startsWith("1970-01-01T00:00:00.000Z,1,"));
        QCOMPARE(written(writeCsv, {}), QByteArray("series,value\r\n"));
        query::Frame text{.times = {0}, .columns = {{.name = "abc", .labels = {}, .values = {}}}, .warnings = {}};
        QCOMPARE(written(writeCsv, text), QByteArray("series,value\r\nabc,\r\n"));
        text.columns[0].values = {std::nan("")};
        QCOMPARE(written(writeCsv, text), QByteArray("series,value\r\nabc,NaN\r\n"));
    }

    void listsTellWhatThereIs()
    {
        const sources::Target up{.pool = "node",
                                 .url = "http://a/metrics",
                                 .labels = {{"job", "node"}, {"zone", "x"}},
                                 .health = sources::Health::good,
                                 .last_error = {},
                                 .last_scrape_ms = 5'000,
                                 .scrape_seconds = 0.012};
        const sources::Target down{.pool = "node",
                                   .url = "http://b/metrics",
                                   .labels = {},
                                   .health = sources::Health::bad,
                                   .last_error = "connection refused",
                                   .last_scrape_ms = std::nullopt,
                                   .scrape_seconds = std::nullopt};
        const auto list = targetList({up, down}, 17'000);
        QCOMPARE(list.groups.size(), std::size_t{1});
        QCOMPARE(list.groups[0].note, QStringLiteral("1 of 2 up"));
        QCOMPARE(list.groups[0].rows[0].cells[2], QStringLiteral("12 s ago"));
        QCOMPARE(list.groups[0].rows[1].cells[2], QStringLiteral("never"));
        QCOMPARE(filtered(list, QStringLiteral("REFUSED"), {}).count(), std::size_t{1});
        QCOMPARE(filtered(list, {}, {Tone::good}).count(), std::size_t{1});
        QVERIFY(filtered(list, QStringLiteral("zone=x refused"), {}).groups.empty());
        QCOMPARE(ageText(20'000, 17'000), ageText(17'000, 17'000)); // a clock ahead of ours
    }
};

QTEST_GUILESS_MAIN(TestExploreParts)
#include "tst_explore_parts.moc"
