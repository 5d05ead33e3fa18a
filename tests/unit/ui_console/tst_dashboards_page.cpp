// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/bar_list.h"
#include "charts/heatmap.h"
#include "charts/time_series_chart.h"
#include "console_fixture.h"
#include "dashboards/dashboard_json.h"
#include "find_widget.h"
#include "pages/common/notice_bar.h"
#include "pages/dashboards/dashboard_view.h"
#include "pages/dashboards/dashboards_page.h"
#include "pages/dashboards/panel_view.h"
#include "shell/main_window.h"
#include "widgets/stat_tile.h"
#include "widgets/value_table.h"

#include <QComboBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QToolButton>
#include <QtTest>

#include <algorithm>
#include <cmath>
#include <sys/stat.h>

using namespace tokenscope;
using namespace tokenscope::ui;
using test::find;

namespace {

constexpr auto json = R"json({
  "version": 1, "title": "Test bench", "description": "One of each kind.", "needs": ["m"],
  "variables": [{"name": "model", "title": "Model", "label": "model", "metrics": ["m"]}],
  "rows": [
    {"title": "Numbers", "panels": [
      {"id": "stat", "title": "Stat", "kind": "stat", "unit": "ratio", "width": 3,
       "thresholds": [{"from": 0.1, "level": "warn"}, {"from": 0.4, "level": "bad"}],
       "queries": [{"query": {"metric": "m", "where": {"model": "$model"}}}]}]},
    {"title": "Pictures", "panels": [
      {"id": "lines", "title": "Lines", "kind": "timeseries", "unit": "milliseconds", "width": 6,
       "queries": [{"query": {"metric": "m", "by": "model"}}, {"query": {"metric": "broken"}, "name": "other"}]},
      {"id": "bars", "title": "Bars", "kind": "bar", "width": 6, "queries": [{"query": {"metric": "m", "by": "model"}}]},
      {"id": "table", "title": "Table", "kind": "table", "width": 6, "queries": [{"query": {"metric": "m", "by": "model"}}]},
      {"id": "heat", "title": "Heat", "kind": "heatmap", "unit": "seconds", "width": 6,
       "queries": [{"query": {"metric": "h", "fn": "heatmap"}}]},
      {"id": "absent", "title": "Absent", "kind": "timeseries", "width": 6,
       "queries": [{"first_of": [{"metric": "newer"}, {"metric": "older"}]}]},
      {"id": "empty", "title": "Empty", "kind": "bar", "width": 6, "queries": [{"query": {"metric": "nothing"}}]}]}
  ]})json";

Result<query::FramePtr> answer(const test::FakeSource::Call& call)
{
    if (call.query.metric == "broken")
        return failure(ErrorCode::invalid_request, "That cannot be asked.", "1:7: parse error");
    if (call.query.metric == "nothing")
        return std::make_shared<const query::Frame>();
    if (call.query.metric == "h")
        return test::frameFor(call.range, "le", {{"0.1", 1}, {"1", 5}, {"+Inf", 6}});
    if (call.query.by.empty())
        return test::frameFor(call.range, "x", {{"all", 0.25}});
    return test::frameFor(call.range, "model", {{"phi4", 1}, {"tiny", 3}});
}

/// A console whose only dashboard of its own has one panel of each kind.
struct Bench : test::ConsoleFixture {
    explicit Bench(test::FakeSource::Script script = answer)
    {
        local.metricNames = {"broken", "h_bucket", "m", "nothing"};
        local.labelValues = {"phi4", "tiny"};
        local.script = std::move(script);
        const auto imported = library.import(json, "bench");
        if (!imported)
            qFatal("%s", imported.error().message.c_str());
        id = QString::fromStdString(*imported);
        settings.setValue(QStringLiteral("dashboards/current"), id);
        settings.setValue(QStringLiteral("window/page"), QStringLiteral("dashboards"));
        open();
    }
    void open()
    {
        window = std::make_unique<MainWindow>(context());
        window->resize(1440, 900);
        window->show();
    }
    DashboardsPage& page() const { return *find<DashboardsPage>(*window, "page.dashboards"); }
    template <typename W>
    W* content(const char* panel) const
    {
        return find<W>(*window, (std::string("panel.") + panel + ".content").c_str());
    }
    PanelView* panel(const char* name) const
    {
        return find<PanelView>(*window, (std::string("panel.") + name).c_str());
    }
    void act(const char* action)
    {
        auto* menu = find<QMenu>(*window, "dashboard.menu");
        Q_EMIT menu->aboutToShow();
        find<QAction>(*window, action)->trigger();
    }

    QString id;
    std::unique_ptr<MainWindow> window;
};

} // namespace

class TestDashboardsPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// The notice names the file, and does not stay when the next one is taken.
    void anImportSaysWhichFile()
    {
        Bench bench;
        const QTemporaryDir directory;
        const auto write = [&directory](const char* name, const QByteArray& text) {
            QFile file(directory.filePath(QLatin1StringView(name)));
            if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
                qFatal("Cannot write.");
            return file.fileName();
        };
        const auto import = [&bench](const QString& path) {
            bench.act("dashboard.import");
            auto* dialog = bench.window->findChild<QFileDialog*>();
            QVERIFY(dialog);
            Q_EMIT dialog->fileSelected(path);
            delete dialog;
        };
        const auto* notice = bench.window->findChild<NoticeBar*>(QStringLiteral("dashboards.notice"));
        QVERIFY(notice);
        import(write("bad.json", "{"));
        QVERIFY2(notice->text().startsWith(QStringLiteral("bad.json is not imported: ")), qPrintable(notice->text()));
        import(write("good.json", json));
        QCOMPARE(notice->text(), QStringLiteral("Imported good.json"));
        // Nobody writes into it: whoever reads it waits for ever.
        const auto pipe = directory.filePath(QStringLiteral("pipe.json"));
        QCOMPARE(::mkfifo(qPrintable(pipe), 0600), 0);
        import(pipe);
        QCOMPARE(notice->text(),
                 QStringLiteral("pipe.json is not imported: It is not a file, but a folder, a pipe or a device."));
    }

    void everyKindOfPanelShowsItsAnswer()
    {
        Bench bench;
        auto* stat = bench.content<StatTile>("stat");
        QTRY_COMPARE(stat->value(), std::optional(25.0)); // a ratio, in per cent
        QCOMPARE(stat->accessibleName(), QStringLiteral("Stat: 25 %"));
        QTRY_VERIFY(bench.content<TimeSeriesChart>("lines")->pointCount() > 0);
        QCOMPARE(bench.content<TimeSeriesChart>("lines")->frame()->columns[0].values.back(), 0.001); // of a millisecond
        QTRY_COMPARE(bench.content<BarList>("bars")->bars().size(), std::size_t{2});
        QCOMPARE(bench.content<BarList>("bars")->bars()[0].name, QStringLiteral("tiny"));
        QTRY_COMPARE(bench.content<ValueTable>("table")->view().model()->rowCount(), 2);
        QTRY_COMPARE(bench.content<Heatmap>("heat")->cells().highest, 4.0);
    }

    void emptyAndAbsentAreDifferentThings()
    {
        Bench bench;
        QTRY_COMPARE(
            bench.content<BarList>("empty")->message(),
            QStringLiteral("The source has nothing, but nothing of it to show in this time range, nor from the "
                           "24 h before. There may be too few samples yet, or none that match."));
        QVERIFY(!find<QToolButton>(*bench.window, "panel.empty.back")->isVisible());
        find<QPushButton>(*bench.window, "dashboard.absent.toggle")->click();
        auto* absent = bench.content<TimeSeriesChart>("absent");
        QTRY_COMPARE(absent->accessibleDescription(), QStringLiteral("Not measured by this source."));
        for (const auto& call : bench.local.calls())
            QVERIFY(call.query.metric != "newer" && call.query.metric != "older");
    }

    void panelsKeepTheirHeightWhateverTheWindowDoes_data()
    {
        QTest::addColumn<bool>("unseen");
        QTest::newRow("seen") << false;
        QTest::newRow("while another page is seen") << true;
    }
    void panelsKeepTheirHeightWhateverTheWindowDoes()
    {
        QFETCH(bool, unseen);
        Bench bench;
        bench.page().showDashboard(QStringLiteral("overview")); // longer than any window
        for (const QSize size : {QSize(2560, 1440), QSize(1024, 640), QSize(1440, 900), QSize(1024, 640)}) {
            if (unseen)
                bench.window->showPage(QStringLiteral("overview"));
            bench.window->resize(size);
            QCoreApplication::processEvents();
            bench.window->showPage(QStringLiteral("dashboards"));
            QCoreApplication::processEvents();
            for (const auto* view : bench.page().view()->panels())
                QVERIFY2(view->height() >= view->sizeHint().height(),
                         qPrintable(view->objectName() + QStringLiteral(" %1").arg(view->height())));
        }
    }

    void anEmptyPanelSaysWhenItWasSeenAndLeadsThere()
    {
        const auto seen = QDateTime::currentMSecsSinceEpoch() - 1'800'000;
        Bench bench([seen](const test::FakeSource::Call& call) -> Result<query::FramePtr> {
            if (call.query.metric != "nothing")
                return answer(call);
            auto frame = std::make_shared<query::Frame>(*test::frameFor(call.range, "x", {{"", 2}}));
            for (std::size_t i = 0; i < frame->times.size(); ++i) {
                if (frame->times[i] > seen)
                    frame->columns[0].values[i] = std::nan("");
            }
            return frame;
        });
        auto* panel = bench.content<BarList>("empty");
        QTRY_COMPARE(panel->message(), QStringLiteral("No nothing in this time range. Last seen 30 min ago."));
        auto* back = find<QToolButton>(*bench.window, "panel.empty.back");
        QVERIFY(back->isVisible());
        QVERIFY(!find<QToolButton>(*bench.window, "panel.bars.back")->isVisible());
        back->setFocus();
        QTest::keyClick(back, Qt::Key_Space);
        const auto asked = [&] { return bench.local.calls().back().range; };
        QTRY_VERIFY(asked().from < seen && asked().to <= seen && asked().to > seen - 60'000);
        QTRY_VERIFY(!back->isVisible());
    }

    void oneBrokenQuestionLeavesTheOthers()
    {
        Bench bench;
        auto* lines = bench.panel("lines");
        QTRY_COMPARE(lines->complaint(), QStringLiteral("That cannot be asked."));
        QCOMPARE(lines->detail(), QStringLiteral("1:7: parse error"));
        QVERIFY(bench.content<TimeSeriesChart>("lines")->pointCount() > 0); // of its other question
        QTRY_COMPARE(bench.content<BarList>("bars")->bars().size(), std::size_t{2});
        auto* info = find<QToolButton>(*bench.window, "panel.lines.info");
        QVERIFY(info->isVisible());
        info->click();
        QVERIFY(find<QWidget>(*bench.window, "panel.detail")->isVisible());
        QVERIFY(!find<QToolButton>(*bench.window, "panel.bars.info")->isVisible());
    }

    /// Of a long time a tile asks about the end beside the steps.
    void whatFailsAtTheEndIsExplained()
    {
        Bench bench([](const test::FakeSource::Call& call) -> Result<query::FramePtr> {
            if (call.query.metric == "m" && call.query.by.empty() && call.range.from == call.range.to)
                return failure(ErrorCode::upstream_timeout, "It takes too long.", "context deadline exceeded");
            return answer(call);
        });
        bench.window.reset();
        bench.settings.setValue(QStringLiteral("window/range"), 86'400'000);
        bench.open();
        auto* stat = bench.panel("stat");
        QTRY_COMPARE(stat->detail(), QStringLiteral("context deadline exceeded"));
        QVERIFY(find<QToolButton>(*bench.window, "panel.stat.info")->isVisible());
        QCOMPARE(stat->errors().size(), std::size_t{1});
        QVERIFY(stat->errors()[0]);
    }

    void variablesAreAskedForChosenAndKept()
    {
        Bench bench;
        auto* box = find<QComboBox>(*bench.window, "variable.model");
        QTRY_COMPARE(box->count(), 3);
        QCOMPARE(box->currentText(), QStringLiteral("All"));
        const auto lastWhere = [&] {
            const auto calls = bench.local.calls();
            const auto call = std::find_if(calls.rbegin(), calls.rend(), [](const auto& made) {
                return made.query.metric == "m" && made.query.by.empty();
            });
            return call == calls.rend() ? std::map<std::string, std::string>{{"none", ""}} : call->query.where;
        };
        QTRY_VERIFY(lastWhere().empty());
        box->setCurrentIndex(2);
        QTRY_COMPARE(lastWhere()["model"], std::string("tiny"));
        bench.window.reset();
        bench.local.labelValues = {"phi4"}; // gone meanwhile: still chosen
        bench.open();
        box = find<QComboBox>(*bench.window, "variable.model");
        QTRY_COMPARE(box->count(), 3);
        QCOMPARE(box->currentText(), QStringLiteral("tiny"));
    }

    void anotherSourceShowsNothingOfTheOneBefore()
    {
        Bench bench;
        bench.remoteAtOnce = false;
        bench.prepare = [](test::FakeSource& source) { source.silent = true; };
        auto* stat = bench.content<StatTile>("stat");
        QTRY_VERIFY(stat->value());
        QTRY_VERIFY(bench.content<TimeSeriesChart>("lines")->pointCount() > 0);
        bench.sources.setCurrent(bench.add("far"));
        QVERIFY(!stat->value());
        QCOMPARE(stat->accessibleName(), QStringLiteral("Stat: Loading…"));
        QCOMPARE(bench.content<TimeSeriesChart>("lines")->pointCount(), 0);
        QCOMPARE(bench.content<BarList>("bars")->message(), QStringLiteral("Loading…"));
        bench.sources.setCurrent({});
        QTRY_VERIFY(stat->value());
    }

    void aPanelAloneFillsThePage()
    {
        Bench bench;
        QVERIFY(QTest::qWaitForWindowActive(bench.window.get()));
        auto* bars = bench.panel("bars");
        QTRY_VERIFY(bars->isVisible());
        const auto small = bars->width();
        find<QToolButton>(*bench.window, "panel.bars.expand")->click();
        QTRY_VERIFY(bars->width() > small + 200);
        QVERIFY(!bench.panel("lines")->isVisible());
        QTest::keyClick(&bench.page(), Qt::Key_Escape);
        QTRY_VERIFY(bench.panel("lines")->isVisible());
        QTRY_COMPARE(bars->width(), small);
        QTest::keyClick(&bench.page(), Qt::Key_F);
        QTRY_VERIFY(std::count_if(bench.page().view()->panels().begin(), bench.page().view()->panels().end(),
                                  [](const auto* panel) { return panel->isVisible(); })
                    == 1);
        bench.window->resize(1000, 600);
        QTest::keyClick(&bench.page(), Qt::Key_Escape);
        QTRY_VERIFY(bench.panel("stat")->isVisible());
    }

    void reflowsAndFollowsTheTheme()
    {
        Bench bench;
        QTRY_VERIFY(bench.content<TimeSeriesChart>("lines")->pointCount() > 0);
        for (const auto size : {QSize(1000, 600), QSize(1920, 1080), QSize(1000, 600)}) {
            bench.window->resize(size);
            QTRY_COMPARE(bench.window->size(), size);
            QCoreApplication::processEvents();
            for (const auto* panel : bench.page().view()->panels()) {
                if (panel->isHidden())
                    continue; // the source does not measure it
                const auto right = panel->mapTo(&bench.page(), QPoint(panel->width(), 0)).x();
                QVERIFY2(right <= bench.page().width(), qPrintable(panel->objectName()));
                QVERIFY(panel->width() >= panel->minimumSizeHint().width());
            }
        }
        bench.theme.setMode(ThemeMode::light);
        QVERIFY(bench.window->grab().toImage().pixelColor(600, 300).lightness() > 128);
    }

    void theBestDashboardIsOfferedFirst()
    {
        Bench bench;
        auto* list = find<QListWidget>(*bench.window, "dashboards.list");
        QTRY_COMPARE(list->item(0)->text(), QStringLiteral("For this source"));
        QCOMPARE(list->item(1)->text(), QStringLiteral("Test bench · yours"));
        QCOMPARE(find<QLabel>(*bench.window, "dashboard.title")->text(), QStringLiteral("Test bench"));
        QCOMPARE(list->item(2)->text(), QStringLiteral("For other sources"));
        QVERIFY(list->count() > 5);
        auto* search = find<QLineEdit>(*bench.window, "dashboards.search");
        search->setFocus();
        QTest::keyClicks(search, QStringLiteral("vllm"));
        QVERIFY(list->count() >= 2 && list->count() < 6);
        QTest::keyClick(search, Qt::Key_Down);
        QTRY_VERIFY(find<QLabel>(*bench.window, "dashboard.title")->text().contains(QStringLiteral("vLLM")));
        QTest::keyClick(search, Qt::Key_Escape);
        QVERIFY(list->count() > 5);
    }

    void aCopyIsMadeEditedAndDeletedWithUndo()
    {
        Bench bench;
        const auto count = bench.library.all().size();
        bench.act("dashboard.duplicate");
        QCOMPARE(bench.library.all().size(), count + 1);
        auto* title = find<QLabel>(*bench.window, "dashboard.title");
        QVERIFY(title->text() != QStringLiteral("Test bench"));
        bench.act("dashboard.edit");
        auto* text = find<QPlainTextEdit>(*bench.window, "dashboard.json.text");
        auto* apply = find<QPushButton>(*bench.window, "dashboard.json.apply");
        auto* problem = find<QLabel>(*bench.window, "dashboard.json.problem");
        const auto before = text->toPlainText();
        text->setPlainText(QString(before).replace(QStringLiteral("\"stat\""), QStringLiteral("\"pie\"")));
        QTRY_VERIFY(!apply->isEnabled());
        QVERIFY2(problem->text().contains(QStringLiteral("/rows/0/panels/0/kind")), qPrintable(problem->text()));
        text->setPlainText(QString(before).replace(title->text(), QStringLiteral("Mine")));
        QTRY_VERIFY(apply->isEnabled());
        apply->click();
        QCOMPARE(title->text(), QStringLiteral("Mine"));
        bench.act("dashboard.remove");
        QCOMPARE(bench.library.all().size(), count + 1); // asks first
        find<QPushButton>(*bench.window, "dashboards.notice.0")->click();
        QCOMPARE(bench.library.all().size(), count);
        QTRY_COMPARE(find<QPushButton>(*bench.window, "dashboards.notice.0")->text(), QStringLiteral("Undo"));
        find<QPushButton>(*bench.window, "dashboards.notice.0")->click();
        QCOMPARE(bench.library.all().size(), count + 1);
        QCOMPARE(title->text(), QStringLiteral("Mine"));
    }

    void shippedOnesCanBeEditedAndReset()
    {
        Bench bench;
        bench.page().showDashboard(QStringLiteral("vllm"));
        auto* title = find<QLabel>(*bench.window, "dashboard.title");
        const auto shipped = title->text();
        bench.act("dashboard.edit");
        auto* text = find<QPlainTextEdit>(*bench.window, "dashboard.json.text");
        text->setPlainText(text->toPlainText().replace(QStringLiteral("\"title\": \"") + shipped,
                                                       QStringLiteral("\"title\": \"My own")));
        find<QPushButton>(*bench.window, "dashboard.json.apply")->click();
        QVERIFY(title->text().startsWith(QStringLiteral("My own")));
        bench.act("dashboard.remove");
        find<QPushButton>(*bench.window, "dashboards.notice.0")->click();
        QCOMPARE(title->text(), shipped);
    }

    void theDashboardIsRestored()
    {
        Bench bench;
        auto* list = find<QListWidget>(*bench.window, "dashboards.list");
        const auto rows = list->findItems(QStringLiteral("vLLM"), Qt::MatchContains);
        QVERIFY(!rows.isEmpty());
        list->setCurrentItem(rows.front());
        const auto title = find<QLabel>(*bench.window, "dashboard.title")->text();
        bench.window->close();
        bench.open();
        QCOMPARE(bench.window->currentPage(), QStringLiteral("dashboards"));
        QCOMPARE(find<QLabel>(*bench.window, "dashboard.title")->text(), title);
    }

    void theOverviewFollowsTheSourceAndSaysWhatItLacks()
    {
        Bench bench;
        bench.window->showPage(QStringLiteral("overview"));
        bench.sources.setCurrent(bench.add("far"));
        QVERIFY(!find<QWidget>(*bench.window, "baseline")->isVisible()); // of this process's requests
        QVERIFY(
            find<QLabel>(*bench.window, "overview.requests.empty")->text().contains(QStringLiteral("Local gateway")));
        QTRY_VERIFY(find<TimeSeriesChart>(*bench.window, "chart.ttft")
                        ->accessibleDescription()
                        .contains(QStringLiteral("aigateway_first_token_latency_seconds_bucket")));
        bench.sources.setCurrent({});
        QVERIFY(find<QWidget>(*bench.window, "baseline")->isVisible());
    }
};

QTEST_MAIN(TestDashboardsPage)
#include "tst_dashboards_page.moc"
