// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/alert_engine.h"
#include "charts/chart_series.h"
#include "charts/series_colors.h"
#include "charts/time_series_chart.h"
#include "console_fixture.h"
#include "find_widget.h"
#include "pages/common/promql_editor.h"
#include "pages/targets/targets_page.h"
#include "shell/main_window.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabBar>
#include <QToolButton>
#include <QTreeView>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::ui;
using test::find;

namespace {

std::vector<sources::Target> someTargets()
{
    return {{.pool = "node",
             .url = "http://a:9100/metrics",
             .labels = {{"instance", "a:9100"}},
             .health = sources::Health::good,
             .last_error = {},
             .last_scrape_ms = 1,
             .scrape_seconds = 0.01},
            {.pool = "node",
             .url = "http://b:9100/metrics",
             .labels = {},
             .health = sources::Health::bad,
             .last_error = "connection refused",
             .last_scrape_ms = 1,
             .scrape_seconds = 0.01},
            {.pool = "vllm",
             .url = "http://c:8000/metrics",
             .labels = {},
             .health = sources::Health::good,
             .last_error = {},
             .last_scrape_ms = 1,
             .scrape_seconds = 0.01}};
}

std::vector<sources::RuleGroup> someRules()
{
    sources::Alert alert{.labels = {{"alertname", "Slow"}, {"model", "phi4"}},
                         .annotations = {{"summary", "It is slow."}},
                         .state = "firing",
                         .active_since_ms = 1,
                         .value = 2.5};
    sources::Rule slow{.alerting = true,
                       .name = "Slow",
                       .expression = "p95 > 2",
                       .labels = {},
                       .annotations = {},
                       .hold = std::chrono::minutes(5),
                       .state = "firing",
                       .health = sources::Health::good,
                       .last_error = {},
                       .last_evaluation_ms = 1,
                       .alerts = {alert}};
    sources::Rule broken{.alerting = false,
                         .name = "job:up",
                         .expression = "sum by (job) (up)",
                         .labels = {},
                         .annotations = {},
                         .state = {},
                         .health = sources::Health::bad,
                         .last_error = "many-to-many",
                         .last_evaluation_ms = 1,
                         .alerts = {}};
    return {{.name = "latency", .file = "rules.yml", .interval = std::chrono::seconds(30), .rules = {slow, broken}}};
}

struct Bench : test::ConsoleFixture {
    explicit Bench(bool prometheus = true)
    {
        prepare = [](test::FakeSource& source) {
            source.canPromql = true;
            source.targetList = someTargets();
            source.ruleList = someRules();
        };
        const auto id = add("far");
        settings.setValue(QStringLiteral("window/page"), QStringLiteral("targets"));
        if (prometheus)
            settings.setValue(QStringLiteral("window/source"), id);
    }
    void open()
    {
        window = std::make_unique<MainWindow>(context());
        window->resize(1280, 800);
        window->show();
        QVERIFY(QTest::qWaitForWindowActive(window.get()));
    }
    template <typename W>
    W* find(const char* name) const
    {
        return ::find<W>(*window, name);
    }
    /// "group: row row; group: row".
    QString tree(const char* name) const
    {
        const auto* model = find<QTreeView>(name)->model();
        QStringList groups;
        for (int group = 0; group < model->rowCount(); ++group) {
            const auto top = model->index(group, 0);
            QStringList rows;
            for (int row = 0; row < model->rowCount(top); ++row)
                rows << model->index(row, 0, top).data().toString();
            groups << top.data(Qt::UserRole).toString() + QStringLiteral(": ") + rows.join(QLatin1Char(' '));
        }
        return groups.join(QStringLiteral("; "));
    }

    std::unique_ptr<MainWindow> window;
};

Result<query::FramePtr> latency(const test::FakeSource::Call& call, double value)
{
    auto frame = std::make_shared<query::Frame>();
    for (auto time = call.range.from; time <= call.range.to; time += call.range.step)
        frame->times.push_back(time);
    if (call.query.function == query::Function::mean) {
        frame->columns.push_back(
            {.name = "mean", .labels = {}, .values = std::vector<double>(frame->times.size(), 10 * value)});
        return frame;
    }
    for (const auto* quantile : {"0.5", "0.95"})
        frame->columns.push_back({.name = quantile,
                                  .labels = {{"quantile", quantile}},
                                  .values = std::vector<double>(frame->times.size(), value)});
    return frame;
}

} // namespace

class TestTargetsPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void targetsAreGroupedAndFiltered()
    {
        Bench bench;
        bench.open();
        QAbstractItemModelTester tester(bench.find<QTreeView>("targets.tree")->model());
        QTRY_COMPARE(bench.tree("targets.tree"),
                     QStringLiteral("node: http://a:9100/metrics http://b:9100/metrics; vllm: http://c:8000/metrics"));
        QCOMPARE(bench.find<QTabBar>("targets.tabs")->tabText(0), QStringLiteral("Targets 3"));
        QCOMPARE(bench.find<QToolButton>("targets.kind.2")->text(), QStringLiteral("Down 1"));
        bench.find<QToolButton>("targets.kind.2")->click();
        QCOMPARE(bench.tree("targets.tree"), QStringLiteral("node: http://b:9100/metrics"));
        bench.find<QToolButton>("targets.kind.0")->click();
        bench.find<QLineEdit>("targets.filter")->setText(QStringLiteral("REFUSED"));
        QCOMPARE(bench.tree("targets.tree"), QStringLiteral("node: http://b:9100/metrics"));
        auto* tree = bench.find<QTreeView>("targets.tree");
        tree->setCurrentIndex(tree->model()->index(0, 0, tree->model()->index(0, 0)));
        QVERIFY(
            bench.find<QPlainTextEdit>("targets.detail")->toPlainText().contains(QStringLiteral("connection refused")));
        bench.find<QPushButton>("targets.copy")->click();
        QVERIFY(QGuiApplication::clipboard()->text().startsWith(QStringLiteral("http://b:9100/metrics\tdown\t")));
        bench.find<QLineEdit>("targets.filter")->setText(QStringLiteral("nowhere"));
        QVERIFY(bench.find<QLabel>("targets.empty")->isVisible());
    }

    void aRoundKeepsWhatIsChosenAndCollapsed()
    {
        Bench bench;
        bench.open();
        auto* tree = bench.find<QTreeView>("targets.tree");
        QTRY_COMPARE(tree->model()->rowCount(), 2);
        tree->collapse(tree->model()->index(1, 0));
        tree->setCurrentIndex(tree->model()->index(1, 0, tree->model()->index(0, 0)));
        auto more = someTargets();
        more.insert(more.begin(), {.pool = "aaa",
                                   .url = "http://new/metrics",
                                   .labels = {},
                                   .health = sources::Health::good,
                                   .last_error = {},
                                   .last_scrape_ms = 1,
                                   .scrape_seconds = 0.1});
        bench.remote["far"]->targetList = more;
        QTest::keyClick(bench.window.get(), Qt::Key_F5);
        QTRY_COMPARE(tree->model()->rowCount(), 3);
        QVERIFY(!tree->isExpanded(tree->model()->index(2, 0)));
        QVERIFY(tree->isExpanded(tree->model()->index(0, 0)));
        QCOMPARE(tree->currentIndex().data().toString(), QStringLiteral("http://b:9100/metrics"));
    }

    void aSourceThatFailsLeavesWhatWasKnown()
    {
        Bench bench;
        bench.open();
        QTRY_VERIFY(!bench.tree("targets.tree").isEmpty());
        bench.remote["far"]->targetList = Result<std::vector<sources::Target>>(
            failure(ErrorCode::upstream_unreachable, "Nobody listens there.", "refused"));
        QTest::keyClick(bench.window.get(), Qt::Key_F5);
        QTRY_COMPARE(bench.find<QLabel>("targets.error.message")->text(), QStringLiteral("Nobody listens there."));
        QVERIFY(bench.find<QLabel>("targets.state")->text().startsWith(QStringLiteral("Not of now")));
        QVERIFY(!bench.tree("targets.tree").isEmpty());
        bench.remote["far"]->targetList = someTargets();
        QTest::keyClick(bench.window.get(), Qt::Key_F5);
        QTRY_VERIFY(!bench.find<QLabel>("targets.error.message")->isVisible());
    }

    /// That the targets are known says nothing of the rules.
    void rulesThatAreNotKnownAreNotCalledNone()
    {
        Bench bench;
        auto& far = *bench.remote["far"];
        far.silentOnRules = true;
        bench.open();
        QTRY_VERIFY(!bench.tree("targets.tree").isEmpty());
        QVERIFY(bench.find<QLabel>("targets.state")->text().startsWith(QStringLiteral("Asked")));
        bench.find<QTabBar>("targets.tabs")->setCurrentIndex(2);
        const auto said = [&bench](const char* what) { return bench.find<QLabel>(what)->text(); };
        QCOMPARE(said("alerts.empty"), QStringLiteral("Loading…"));
        QCOMPARE(said("rules.empty"), QStringLiteral("Loading…"));
        QCOMPARE(said("targets.state"), QString());
        far.silentOnRules = false;
        far.ruleList = Result<std::vector<sources::RuleGroup>>(
            failure(ErrorCode::upstream_bad_reply, "It failed with status 500. It says 'oops'.", "oops"));
        QTest::keyClick(bench.window.get(), Qt::Key_F5);
        // It did answer: the error quotes it.
        QTRY_COMPARE(said("alerts.empty"), QStringLiteral("Not known yet: asking for it failed."));
        QCOMPARE(said("targets.state"), QString());
        far.ruleList = std::vector<sources::RuleGroup>();
        QTest::keyClick(bench.window.get(), Qt::Key_F5);
        QTRY_COMPARE(said("alerts.empty"), QStringLiteral("Nothing is pending, nothing fires."));
        QCOMPARE(said("rules.empty"), QStringLiteral("It has no rules."));
        QVERIFY(said("targets.state").startsWith(QStringLiteral("Asked")));
    }

    /// Which no later answer will change.
    void whatTheServerDoesNotOfferIsNotAwaited()
    {
        Bench bench;
        bench.remote["far"]->ruleList = Result<std::vector<sources::RuleGroup>>(
            failure(ErrorCode::unsupported_api, "It offers no rules and no alerts."));
        bench.open();
        bench.find<QTabBar>("targets.tabs")->setCurrentIndex(2);
        QTRY_COMPARE(bench.find<QLabel>("targets.error.message")->text(),
                     QStringLiteral("It offers no rules and no alerts."));
        for (const char* empty : {"alerts.empty", "rules.empty"})
            QCOMPARE(bench.find<QLabel>(empty)->text(), QStringLiteral("This server does not offer it."));
    }

    void rulesAndAlertsLeadToExplore()
    {
        Bench bench;
        bench.open();
        auto* tabs = bench.find<QTabBar>("targets.tabs");
        QTRY_COMPARE(tabs->tabText(2), QStringLiteral("Alerts 1"));
        tabs->setCurrentIndex(1);
        QCOMPARE(bench.tree("rules.tree"), QStringLiteral("latency: Slow job:up"));
        tabs->setCurrentIndex(2);
        QCOMPARE(bench.tree("alerts.tree"), QStringLiteral("Firing: Slow"));
        auto* tree = bench.find<QTreeView>("alerts.tree");
        const auto row = tree->model()->index(0, 0, tree->model()->index(0, 0));
        QCOMPARE(row.siblingAtColumn(3).data().toString(), QStringLiteral("2.5"));
        QCOMPARE(row.siblingAtColumn(4).data().toString(), QStringLiteral("model=phi4"));
        tree->setCurrentIndex(row);
        bench.find<QPushButton>("alerts.explore")->click();
        QCOMPARE(bench.window->currentPage(), QStringLiteral("explore"));
        QCOMPARE(bench.find<PromqlEditor>("explore.editor")->toPlainText(), QStringLiteral("p95 > 2"));
    }

    void thisProcessSaysWhatThereIs()
    {
        Bench bench(false);
        bench.open();
        auto* empty = bench.find<QLabel>("targets.empty");
        QTRY_VERIFY(empty->isVisible());
        QVERIFY(empty->text().contains(QStringLiteral("Add a Prometheus")));
        bench.find<QTabBar>("targets.tabs")->setCurrentIndex(3);
        QTRY_VERIFY(bench.find<QLabel>("compare.empty")->text().contains(QStringLiteral("No provider")));
    }

    void myRulesAreCountedAndNamedWhereThereAreNoOthers()
    {
        Bench bench(false);
        AlertEngine engine(bench.sources, bench.clock,
                           bench.directory.filePath(QStringLiteral("alerts.json")).toStdString());
        auto context = bench.context();
        context.alerts = &engine;
        bench.window = std::make_unique<MainWindow>(context);
        bench.window->show();
        auto* tabs = bench.find<QTabBar>("targets.tabs");
        QCOMPARE(tabs->tabText(4), QStringLiteral("My rules"));
        for (const char* empty : {"rules.empty", "alerts.empty"})
            QVERIFY(bench.find<QLabel>(empty)->text().contains(QStringLiteral("“My rules”")));
        query::Query query;
        query.metric = "m_seconds";
        QVERIFY(engine.save({.id = {}, .name = "Slow", .source = "local", .question = query, .threshold = 2}));
        QCOMPARE(tabs->tabText(4), QStringLiteral("My rules 1"));
        bench.window.reset(); // before its engine
    }

    /// A source that does not answer keeps no other one from being shown.
    void serversAreLookedForAtTheSameTime()
    {
        Bench bench(false);
        bench.local.script = [](const auto& call) { return latency(call, 3); };
        bench.prepare = [](test::FakeSource& source) {
            source.metricNames = {"vllm:e2e_request_latency_seconds_bucket"};
            source.labelValues = {"127.0.0.1:8000"};
            source.silent = source.name() == "dead";
            source.script = [](const auto& call) { return latency(call, 1); };
        };
        bench.add("dead");
        auto context = bench.context();
        context.providers = [] { return std::vector<ProviderAddress>{{"vllm", "http://localhost:8000/v1"}}; };
        bench.window = std::make_unique<MainWindow>(context);
        bench.window->resize(1280, 800);
        bench.window->show();
        bench.find<QTabBar>("targets.tabs")->setCurrentIndex(3);
        auto* empty = bench.find<QLabel>("compare.empty");
        QTRY_VERIFY(empty->isVisible());
        QVERIFY2(empty->text().startsWith(QStringLiteral("Looking for the servers")), qPrintable(empty->text()));
        bench.add("prom");
        auto* pairs = bench.find<QComboBox>("compare.pair");
        QTRY_COMPARE(pairs->count(), 1);
        QCOMPARE(pairs->itemText(0), QStringLiteral("vllm · by prom (127.0.0.1:8000)"));
    }

    void clientAndServerStandSideBySide()
    {
        Bench bench(false);
        bench.local.script = [](const auto& call) { return latency(call, 3); };
        bench.prepare = [](test::FakeSource& source) {
            source.metricNames = {"vllm:e2e_request_latency_seconds_bucket", "vllm:time_to_first_token_seconds_bucket"};
            source.labelValues = {"127.0.0.1:8000", "other:1"};
            source.script = [](const auto& call) { return latency(call, 1); };
            source.interval = std::chrono::seconds(5);
        };
        auto page = test::SourceFixture::connection("page");
        page.kind = sources::ConnectionKind::page;
        page.url = "http://[::1]:8000/metrics";
        QVERIFY(bench.sources.save(page).has_value());
        bench.add("prom");
        auto context = bench.context();
        context.providers = [] {
            return std::vector<ProviderAddress>{{"vllm", "http://localhost:8000/v1"}, {"demo", ""}};
        };
        bench.window = std::make_unique<MainWindow>(context);
        bench.window->resize(1280, 800);
        bench.window->show();
        bench.find<QTabBar>("targets.tabs")->setCurrentIndex(3);
        auto* pairs = bench.find<QComboBox>("compare.pair");
        QTRY_COMPARE(pairs->count(), 2);
        QCOMPARE(pairs->itemText(0), QStringLiteral("vllm · by page"));
        QCOMPARE(pairs->itemText(1), QStringLiteral("vllm · by prom (127.0.0.1:8000)"));
        auto* chart = bench.find<TimeSeriesChart>("compare.first");
        QTRY_VERIFY(chart->frame() && chart->frame()->columns.size() == 9);
        QCOMPARE(chart->frame()->columns[2].name, std::string("gap mean"));
        QCOMPARE(chart->frame()->columns[2].values.back(), 20.0);
        QCOMPARE(chart->frame()->columns[5].name, std::string("gap p50"));
        QCOMPARE(chart->frame()->columns[5].values.back(), 2.0);
        // Three sides, three hues; a side's lines are of one.
        SeriesColors colors;
        const auto series = makeSeries(*chart->frame(), bench.theme, true, colors);
        QCOMPARE(series.size(), std::size_t{9});
        for (const auto& a : series) {
            for (const auto& b : series) {
                const auto side = [](const ChartSeries& one) { return one.name.section(QLatin1Char(' '), 0, 0); };
                const int apart = std::abs(a.color.hslHue() - b.color.hslHue());
                const bool alike = std::min(apart, 360 - apart) < 15;
                QVERIFY2(alike == (side(a) == side(b)), qPrintable(a.name + QLatin1String(", ") + b.name));
            }
        }
        // The name is not cut where there is room beside it.
        QVERIFY(pairs->width() >= pairs->sizeHint().width());
        QVERIFY(pairs->sizeHint().width() > pairs->fontMetrics().horizontalAdvance(pairs->itemText(1)));
        // A minute could be asked for by the second, but the server's samples are 5 s apart.
        for (const auto& call : bench.remote["page"]->calls()) {
            QCOMPARE(call.range.step, std::int64_t{5'000});
            QVERIFY(call.query.window >= std::chrono::seconds(20));
        }
        pairs->setCurrentIndex(1);
        QTRY_VERIFY(!bench.remote["prom"]->calls().empty());
        QCOMPARE(bench.remote["prom"]->calls().back().query.where.at("instance"), std::string("127.0.0.1:8000"));
    }
};

QTEST_MAIN(TestTargetsPage)
#include "tst_targets_page.moc"
