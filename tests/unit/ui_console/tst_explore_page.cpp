// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/plot_item.h"
#include "charts/plot_view.h"
#include "charts/time_series_chart.h"
#include "console_fixture.h"
#include "find_widget.h"
#include "pages/common/completion_popup.h"
#include "pages/common/notice_bar.h"
#include "pages/common/promql_editor.h"
#include "pages/explore/explore_page.h"
#include "shell/main_window.h"

#include <QAbstractScrollArea>
#include <QAccessible>
#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QScopeGuard>
#include <QSemaphore>
#include <QStackedWidget>
#include <QTabBar>
#include <QTableView>
#include <QThreadPool>
#include <QTimer>
#include <QToolButton>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::ui;
using test::find;

namespace {

Result<query::FramePtr> answer(const test::FakeSource::Call& call)
{
    const auto what = call.expression.empty() ? call.query.metric : call.expression;
    if (what.find("sum(") == 0)
        return failure(Error{.code = ErrorCode::invalid_request,
                             .message = "far does not accept the query: correct it.",
                             .detail = "bad_data: 1:5: parse error: unexpected end of input"});
    if (what == "broken")
        return failure(
            Error{.code = ErrorCode::upstream_unreachable, .message = "Nobody listens there.", .detail = "refused"});
    if (what == "up[20s]" && call.range.from < call.range.to)
        return failure(Error{.code = ErrorCode::invalid_request,
                             .message = "far does not accept the query: correct it.",
                             .detail = "bad_data: invalid expression type \"range vector\" for range query"});
    if (what == "nothing")
        return std::make_shared<const query::Frame>();
    auto frame = std::make_shared<query::Frame>(*test::frameFor(call.range, "job", {{"b", 2}, {"a", 10}, {"c", 3}}));
    if (what == "many") {
        std::vector<std::pair<std::string, double>> values;
        for (int i = 0; i < 100; ++i)
            values.emplace_back("pod-" + std::to_string(i), i);
        frame = std::make_shared<query::Frame>(*test::frameFor(call.range, "pod", values));
    }
    frame->warnings = {"partial answer"};
    return frame;
}

/// A window on the Explore page, on a Prometheus called "far" or on this process.
struct Bench : test::ConsoleFixture {
    explicit Bench(bool prometheus = true, bool answers = true)
    {
        remoteAtOnce = false;
        prepare = [answers](test::FakeSource& source) {
            source.canPromql = true;
            source.metricInfos = {
                {.name = "vllm:num_requests_running", .type = "gauge", .help = "Requests on the GPU.", .unit = {}},
                {.name = "up", .type = "gauge", .help = {}, .unit = {}}};
            source.labelNames = {"instance", "job"};
            source.labelValues = {"node", "vllm \"1\""};
            if (answers)
                source.script = answer;
        };
        local.metricInfos = {{.name = "h_bucket", .type = "histogram", .help = "Waits.", .unit = {}},
                             {.name = "h_sum", .type = "histogram", .help = {}, .unit = {}},
                             {.name = "h_count", .type = "histogram", .help = {}, .unit = {}},
                             {.name = "many", .type = "gauge", .help = {}, .unit = {}}};
        local.labelNames = {"le", "model"};
        local.labelValues = {"phi4", "tiny"};
        if (answers)
            local.script = answer;
        id = add("far");
        settings.setValue(QStringLiteral("window/page"), QStringLiteral("explore"));
        settings.setValue(QStringLiteral("dashboards/current"),
                          QStringLiteral("gateway")); // and no other when names come
        if (prometheus)
            settings.setValue(QStringLiteral("window/source"), id);
        open();
    }
    void open()
    {
        window.reset();
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
    PromqlEditor* editor() const { return find<PromqlEditor>("explore.editor"); }
    TimeSeriesChart* chart() const { return find<TimeSeriesChart>("explore.chart"); }
    QString outcome() const { return find<QLabel>("explore.error.message")->text(); }
    QPushButton* runButton() const { return find<QPushButton>("explore.run"); }
    void type(const char* text) const { QTest::keyClicks(editor(), QString::fromUtf8(text)); }
    void run(const char* text) const
    {
        editor()->setPlainText(QString::fromUtf8(text));
        QTest::keyClick(editor(), Qt::Key_Return, Qt::ControlModifier);
    }
    void exportTo(const QString& path) const
    {
        find<QPushButton>("explore.export")->click();
        auto* dialog = find<QFileDialog>("explore.export.dialog");
        Q_EMIT dialog->fileSelected(path);
        delete dialog;
    }
    QString exportNotice() const { return find<NoticeBar>("explore.result.notice")->text(); }
    /// What was asked that is in the editor or the builder, not by other pages.
    std::vector<test::FakeSource::Call> asked(const std::string& expression) const
    {
        std::vector<test::FakeSource::Call> found;
        for (const auto& call : remote.at("far")->calls()) {
            if (call.expression == expression)
                found.push_back(call);
        }
        return found;
    }

    QString id;
    std::unique_ptr<MainWindow> window;
};

} // namespace

class TestExplorePage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// The operator and the quotes come with the label, and may be typed nevertheless.
    void whatCameWithALabelMayBeTyped_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("text");
        const auto row = [](const char* typed, const char* text) {
            QTest::newRow(typed) << QString::fromLatin1(typed) << QString::fromLatin1(text);
        };
        row("x\"}", "up{job=\"x\"}");
        row("=\"x\"}", "up{job=\"x\"}");
        row("\"x\"}", "up{job=\"x\"}");
        row("=\"\"}", "up{job=\"\"}");
        row("=x\"}", "up{job=\"x\"}");
        row("=~\"x.*\"}", "up{job=~\"x.*\"}");
        row("!=\"x\"}", "up{job!=\"x\"}");
        row("!~\"x\",a=\"b\"}", "up{job!~\"x\",a=\"b\"}");
        row("=\"a=b\"}", "up{job=\"a=b\"}");
        row("=\"=\"}", "up{job=\"=\"}");
    }
    void whatCameWithALabelMayBeTyped()
    {
        QFETCH(QString, typed);
        QFETCH(QString, text);
        Bench bench;
        auto* editor = bench.editor();
        QTRY_VERIFY(editor->hasFocus());
        QCoreApplication::processEvents();
        bench.type("up{jo");
        QTRY_VERIFY(editor->popup().isVisible());
        QTest::keyClick(editor, Qt::Key_Tab);
        QCOMPARE(editor->toPlainText(), QStringLiteral("up{job=\"\""));
        for (const auto c : typed) {
            QTest::keyClick(editor, c.toLatin1());
        }
        QCOMPARE(editor->toPlainText(), text);
    }

    void aQueryIsWrittenWithTheKeyboardAlone()
    {
        Bench bench;
        auto* editor = bench.editor();
        QTRY_VERIFY(editor->hasFocus());
        QCoreApplication::processEvents(); // the metrics' names come
        auto& popup = editor->popup();
        bench.type("sum");
        QTRY_VERIFY(popup.isVisible());
        QCOMPARE(popup.current(), QStringLiteral("sum"));
        QTest::keyClick(editor, Qt::Key_Tab);
        QCOMPARE(editor->toPlainText(), QStringLiteral("sum("));
        bench.type("vrun");
        QCOMPARE(popup.current(), QStringLiteral("vllm:num_requests_running"));
        QVERIFY(popup.findChild<QLabel*>(QStringLiteral("completion.help"))->text().contains(QStringLiteral("GPU")));
        QTest::keyClick(editor, Qt::Key_Return);
        bench.type("{jo");
        QTRY_VERIFY(popup.isVisible());
        QTest::keyClick(editor, Qt::Key_Tab); // the label, then its values at once
        QTRY_COMPARE(popup.count(), 2);
        QTest::keyClick(editor, Qt::Key_Down);
        QTest::keyClick(editor, Qt::Key_Return);
        bench.type("}) ");
        QCOMPARE(editor->toPlainText(), QStringLiteral("sum(vllm:num_requests_running{job=\"vllm \\\"1\\\"\"}) "));
        QVERIFY(!popup.isVisible());
        QTest::keyClick(editor, Qt::Key_Space, Qt::ControlModifier);
        QVERIFY(popup.isVisible());
        QTest::keyClick(editor, Qt::Key_Escape);
        QVERIFY(!popup.isVisible());
        QVERIFY(editor->hasFocus());
        bench.type("by (inst");
        QTRY_VERIFY(popup.isVisible());
        QTest::keyClick(editor, Qt::Key_Tab);
        QVERIFY(editor->toPlainText().endsWith(QStringLiteral("by (instance")));
        bench.type(") + rate(up[");
        QTRY_VERIFY(popup.isVisible());
        bench.type("3");
        QCOMPARE(popup.count(), 1);
        QTest::keyClick(editor, Qt::Key_Tab);
        QVERIFY(editor->toPlainText().endsWith(QStringLiteral("rate(up[30m]")));
        bench.type(") / sum by (");
        QTRY_VERIFY(popup.isVisible());
        QVERIFY(popup.count() > 1);
    }

    /// What has no value at every step may still be something at the end.
    void whatCannotBeDrawnIsListed()
    {
        Bench bench;
        bench.run("up[20s]");
        auto* table = bench.find<QTableView>("explore.table.view");
        QTRY_COMPARE(table->model()->rowCount(), 3);
        QVERIFY(bench.outcome().isEmpty());
        QTRY_VERIFY(bench.chart()->accessibleDescription().contains(QStringLiteral("see the table")));
        QVERIFY(bench.find<QLabel>("explore.summary")->text().startsWith(QStringLiteral("3 series")));
    }

    void anAnswerIsDrawnAndListed()
    {
        Bench bench;
        bench.run("up");
        QTRY_COMPARE(bench.chart()->pointCount() > 0, true);
        QCOMPARE(bench.chart()->frame()->columns.size(), std::size_t{3});
        const auto calls = bench.asked("up");
        QCOMPARE(calls.size(), std::size_t{2});
        QVERIFY(calls[0].range.from < calls[0].range.to);
        QCOMPARE(calls[1].range.from, calls[0].range.to); // the table: at the end
        QVERIFY(bench.find<QLabel>("explore.summary")->text().contains(QStringLiteral("3 series")));
        QCOMPARE(bench.find<QLabel>("explore.warnings")->text(), QStringLiteral("partial answer"));
        bench.find<QTabBar>("explore.tabs")->setCurrentIndex(1);
        auto* table = bench.find<QTableView>("explore.table.view");
        QTRY_VERIFY(table->isVisible());
        QCOMPARE(table->model()->rowCount(), 3);
        const auto text = [table](int row) { return table->model()->index(row, 0).data().toString(); };
        QCOMPARE(text(0), QStringLiteral("a")); // the highest first
        table->sortByColumn(0, Qt::DescendingOrder);
        QCOMPARE(text(0), QStringLiteral("c"));
        bench.find<QPushButton>("explore.copy")->click();
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("job\tvalue\nc\t3\nb\t2\na\t10"));
        table->selectRow(1);
        bench.find<QPushButton>("explore.copy")->click();
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("job\tvalue\nb\t2"));
    }

    void theTableIsExported()
    {
        Bench bench;
        bench.run("up");
        QTRY_VERIFY(bench.find<QPushButton>("explore.export")->isEnabled());
        bench.find<QTabBar>("explore.tabs")->setCurrentIndex(1);
        const auto path = bench.directory.filePath(QStringLiteral("out.csv"));
        bench.exportTo(path);
        QTRY_COMPARE(bench.exportNotice(), QStringLiteral("Saved as %1").arg(path));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("job,value\r\nb,2\r\na,10\r\nc,3\r\n"));
        const auto nowhere = bench.directory.filePath(QStringLiteral("no/out.csv"));
        bench.exportTo(nowhere);
        QTRY_VERIFY(bench.exportNotice().startsWith(QStringLiteral("%1 cannot be written: ").arg(nowhere)));
    }

    /// However long the writing takes: here it has not even begun.
    void anExportDoesNotHoldUpTheWindow()
    {
        Bench bench;
        bench.run("up");
        QTRY_VERIFY(bench.find<QPushButton>("explore.export")->isEnabled());
        auto* pool = QThreadPool::globalInstance();
        QSemaphore go;
        const auto cleanup = qScopeGuard([&go, pool, threads = pool->maxThreadCount()] {
            go.release();
            pool->waitForDone();
            pool->setMaxThreadCount(threads);
        });
        pool->setMaxThreadCount(1);
        pool->start([&go] { go.acquire(); });
        const auto path = bench.directory.filePath(QStringLiteral("out.csv"));
        bench.exportTo(path);
        int beats = 0;
        QTimer timer;
        connect(&timer, &QTimer::timeout, this, [&beats] { ++beats; });
        timer.start(10);
        QTRY_VERIFY(beats > 3);
        QCOMPARE(bench.exportNotice(), QStringLiteral("Saving %1…").arg(path));
        QVERIFY(!QFile::exists(path));
        go.release();
        QTRY_COMPARE(bench.exportNotice(), QStringLiteral("Saved as %1").arg(path));
    }

    void manySeriesAreCutAndSaidSo()
    {
        Bench bench;
        bench.run("many");
        QTRY_COMPARE(bench.chart()->pointCount() > 0, true);
        QCOMPARE(bench.chart()->frame()->columns.size(), std::size_t{40});
        QCOMPARE(bench.chart()->frame()->columns.front().labels.at("pod"), std::string("pod-60"));
        QVERIFY(bench.find<QLabel>("explore.summary")->text().contains(QStringLiteral("40 highest of 100")));
        QCOMPARE(bench.find<QTableView>("explore.table.view")->model()->rowCount(), 100);
    }

    void theServersErrorStandsAtItsPlace()
    {
        Bench bench;
        bench.run("sum(");
        QTRY_VERIFY(bench.editor()->errorPlace());
        QCOMPARE(bench.editor()->errorPlace()->from, qsizetype{4});
        QVERIFY(!bench.editor()->extraSelections().isEmpty());
        QCOMPARE(bench.outcome(), QStringLiteral("parse error: unexpected end of input"));
        QVERIFY(bench.find<QLabel>("explore.error.message")->isVisible());
        bench.type("1");
        QVERIFY(!bench.editor()->errorPlace());
        bench.run("up");
        QTRY_VERIFY(!bench.find<QLabel>("explore.error.message")->isVisible());
    }

    void otherErrorsKeepWhatWasThere()
    {
        Bench bench;
        bench.run("up");
        QTRY_VERIFY(bench.chart()->pointCount() > 0);
        bench.run("broken");
        QTRY_COMPARE(bench.outcome(), QStringLiteral("Nobody listens there."));
        QVERIFY(!bench.editor()->errorPlace());
        QVERIFY(bench.chart()->pointCount() > 0); // pale
        QCOMPARE(bench.find<QLabel>("explore.summary")->text(), QStringLiteral("What is shown is from before"));
        bench.run("nothing");
        QTRY_COMPARE(bench.chart()->pointCount(), 0);
        QVERIFY(bench.find<QLabel>("explore.summary")->text().contains(QStringLiteral("0 series")));
        bench.run("broken");
        // Nothing is shown: it is from no time.
        QTRY_COMPARE(bench.find<QLabel>("explore.summary")->text(), QString());
        bench.run("   ");
        QVERIFY(bench.outcome().contains(QStringLiteral("Write a query")));
    }

    void aQueryThatRunsCanBeCancelled()
    {
        Bench bench(true, false);
        bench.run("slow");
        QCOMPARE(bench.runButton()->text(), QStringLiteral("Cancel"));
        auto calls = bench.asked("slow");
        QCOMPARE(calls.size(), std::size_t{2});
        QTest::keyClick(bench.editor(), Qt::Key_Escape);
        QCOMPARE(bench.runButton()->text(), QStringLiteral("Run"));
        QVERIFY(calls[0].cancel.cancelled() && calls[1].cancel.cancelled());
        for (const auto& call : calls)
            call.done(test::frameFor(call.range, "job", {{"late", 1}}));
        QTest::qWait(20);
        QCOMPARE(bench.chart()->pointCount(), 0);
        bench.run("slow2");
        bench.runButton()->click();
        QCOMPARE(bench.runButton()->text(), QStringLiteral("Run"));
    }

    /// Another time is chosen on another page while the answer is on its way.
    void anAnswerOfAnotherTimeIsNotWaitedFor()
    {
        Bench bench(true, false);
        bench.run("slow");
        const auto before = bench.asked("slow");
        QCOMPARE(before.size(), std::size_t{2});
        bench.window->showPage(QStringLiteral("overview"));
        constexpr std::int64_t end = 1'000'003'600'000;
        Q_EMIT bench.chart()->rangeSelected(end - 3'600'000, end);
        QVERIFY(before[0].cancel.cancelled() && before[1].cancel.cancelled());
        QCOMPARE(bench.asked("slow").size(), std::size_t{2}); // nobody looks
        bench.window->showPage(QStringLiteral("explore"));
        const auto after = bench.asked("slow");
        QCOMPARE(after.size(), std::size_t{4});
        QCOMPARE(after.back().range.to, end);
        QCOMPARE(bench.runButton()->text(), QStringLiteral("Cancel")); // it is still waited for
    }

    /// Nothing says that it runs, so nothing is to be stopped.
    void escapeLetsAnAnswerBeRenewed()
    {
        Bench bench(false);
        auto* metric = bench.find<QComboBox>("builder.metric");
        QTRY_COMPARE(metric->count(), 2);
        metric->setCurrentText(QStringLiteral("many"));
        bench.runButton()->click();
        QTRY_VERIFY(bench.chart()->pointCount() > 0);
        auto* page = bench.find<ExplorePage>("page.explore");
        const auto asked = [&bench] {
            auto calls = bench.local.calls();
            std::erase_if(calls, [](const auto& call) { return call.query.metric != "many"; });
            return calls;
        };
        page->refresh();
        const auto renewal = asked();
        QTest::keyClick(page, Qt::Key_Escape);
        QVERIFY(!renewal.back().cancel.cancelled());
        QTRY_VERIFY(asked().size() > renewal.size()); // and once more
    }

    void anotherSourceDropsTheQueryOnItsWay()
    {
        Bench bench(true, false);
        bench.run("slow");
        const auto calls = bench.asked("slow");
        bench.sources.setCurrent({});
        QVERIFY(calls[0].cancel.cancelled());
        QCOMPARE(bench.runButton()->text(), QStringLiteral("Run"));
        QVERIFY(!bench.editor()->isVisible()); // this process has pickers only
        for (const auto& call : calls)
            call.done(test::frameFor(call.range, "job", {{"late", 1}}));
        QTest::qWait(20);
        QCOMPARE(bench.chart()->pointCount(), 0);
        bench.sources.setCurrent(bench.id);
        QCOMPARE(bench.editor()->toPlainText(), QStringLiteral("slow"));
        QVERIFY(bench.editor()->isVisible());
    }

    void theRangeAtTheTopIsFollowed()
    {
        Bench bench;
        bench.run("up");
        QTRY_COMPARE(bench.asked("up").size(), std::size_t{2});
        auto* step = bench.find<QComboBox>("explore.step");
        step->setCurrentText(QStringLiteral("10s"));
        QTRY_VERIFY(bench.asked("up").back().range.step == 10'000);
        const auto before = bench.asked("up").size();
        QTest::keyClick(bench.window.get(), Qt::Key_F5);
        QTRY_VERIFY(bench.asked("up").size() > before);
    }

    void historyBringsAQueryBack()
    {
        Bench bench;
        bench.find<QToolButton>("explore.history")->click();
        bench.run("up");
        bench.run("nothing");
        auto* list = bench.find<QListWidget>("explore.history.list");
        QCOMPARE(list->count(), 2);
        auto* search = bench.find<QLineEdit>("explore.history.search");
        search->setText(QStringLiteral("u"));
        QCOMPARE(list->count(), 1);
        QTest::keyClick(search, Qt::Key_Return);
        QCOMPARE(bench.editor()->toPlainText(), QStringLiteral("up"));
        QTRY_VERIFY(bench.chart()->pointCount() > 0);
        search->clear();
        bench.find<QPushButton>("explore.history.clear")->click();
        QCOMPARE(list->count(), 0);
        bench.find<QPushButton>("explore.history.notice.0")->click(); // Undo
        QCOMPARE(list->count(), 2);
    }

    void whatWasTypedSurvivesARestart()
    {
        Bench bench;
        bench.type("rate(half");
        bench.find<QTabBar>("explore.tabs")->setCurrentIndex(1);
        bench.find<QComboBox>("explore.step")->setCurrentText(QStringLiteral("30s"));
        bench.window->close();
        bench.open();
        QCOMPARE(bench.editor()->toPlainText(), QStringLiteral("rate(half"));
        QCOMPARE(bench.find<QTabBar>("explore.tabs")->currentIndex(), 1);
        QCOMPARE(bench.find<QComboBox>("explore.step")->currentText(), QStringLiteral("30s"));
    }

    void theDraftOfBeforeIsReadyToRun()
    {
        Bench bench;
        const auto message = [&] { return bench.chart()->findChild<PlotView*>()->item().plotScene().message; };
        QTRY_COMPARE(message(), QStringLiteral("Write a query and press Ctrl+Enter."));
        bench.type("up");
        bench.window->close();
        bench.open();
        QTRY_COMPARE(message(), QStringLiteral("Press Ctrl+Enter to run this query."));
    }

    void pickersMakeAQuery()
    {
        Bench bench(false);
        auto* metric = bench.find<QComboBox>("builder.metric");
        QTRY_COMPARE(metric->count(), 2);
        QVERIFY(!bench.find<QTabBar>("explore.modes")->isVisible());
        metric->setCurrentText(QStringLiteral("h"));
        QCOMPARE(bench.find<QComboBox>("builder.function")->count(), 5);
        bench.find<QLineEdit>("builder.quantiles")->setText(QStringLiteral("0.9"));
        bench.find<QLineEdit>("builder.by")->setText(QStringLiteral("model"));
        bench.find<QPushButton>("builder.addCondition")->click();
        bench.find<QComboBox>("matcher.label")->setCurrentText(QStringLiteral("model"));
        QTRY_COMPARE(bench.find<QComboBox>("matcher.value")->count(), 2);
        bench.find<QComboBox>("matcher.kind")->setCurrentIndex(3);
        bench.find<QComboBox>("matcher.value")->setCurrentText(QStringLiteral("x.*"));
        const auto text =
            QStringLiteral("histogram_quantile(0.9, sum by (le, model) (rate(h_bucket{model!~\"x.*\"}[1m])))");
        QCOMPARE(bench.find<QLabel>("explore.promql")->text(), text);
        bench.find<QPushButton>("explore.promql.copy")->click();
        QCOMPARE(QGuiApplication::clipboard()->text(), text);
        QTest::keyClick(bench.find<QLineEdit>("builder.by"), Qt::Key_Return);
        QTRY_VERIFY(bench.chart()->pointCount() > 0);
        const auto calls = bench.local.calls();
        QCOMPARE(calls.back().query.metric, std::string("h"));
        QCOMPARE(calls.back().query.where.at("model"), std::string("!~x.*"));
        // Wrong input is said where it is, and nothing is asked.
        bench.find<QLineEdit>("builder.quantiles")->setText(QStringLiteral("7"));
        bench.runButton()->click();
        QVERIFY(bench.outcome().contains(QStringLiteral("quantile")));
        bench.window->close();
        bench.open();
        QCOMPARE(bench.find<QLineEdit>("builder.quantiles")->text(), QStringLiteral("7"));
        QCOMPARE(bench.find<QComboBox>("matcher.value")->currentText(), QStringLiteral("x.*"));
    }

    /// As on the dashboards: what is closer than the samples shows nothing more.
    void theStepIsNoCloserThanTheSamples()
    {
        Bench bench(false);
        bench.local.interval = std::chrono::seconds(30);
        auto* metric = bench.find<QComboBox>("builder.metric");
        QTRY_COMPARE(metric->count(), 2);
        metric->setCurrentText(QStringLiteral("many"));
        bench.local.takeCalls();
        bench.runButton()->click();
        const auto step = [&](const char* asked) {
            for (const auto& call : bench.local.calls()) {
                if (call.query.metric == asked)
                    return call.range.step;
            }
            return std::int64_t{0};
        };
        QTRY_COMPARE(step("many"), std::int64_t{30'000});
        bench.local.takeCalls();
        bench.find<QComboBox>("explore.step")->setCurrentText(QStringLiteral("5s"));
        QTRY_COMPARE(step("many"), std::int64_t{5'000}); // what is written is meant
    }

    void pickersBecomePromql()
    {
        Bench bench;
        bench.find<QTabBar>("explore.modes")->setCurrentIndex(0);
        auto* metric = bench.find<QComboBox>("builder.metric");
        QTRY_VERIFY(metric->isVisible() && metric->count() == 2);
        metric->setCurrentText(QStringLiteral("vllm:num_requests_running"));
        bench.find<QPushButton>("explore.promql.edit")->click();
        QVERIFY(bench.editor()->isVisible());
        QCOMPARE(bench.editor()->toPlainText(), QStringLiteral("sum(vllm:num_requests_running)"));
    }

    void everyControlHasAName()
    {
        Bench bench;
        for (const int mode : {0, 1}) {
            bench.find<QTabBar>("explore.modes")->setCurrentIndex(mode);
            for (const auto* widget : bench.find<ExplorePage>("page.explore")->findChildren<QWidget*>()) {
                if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible()
                    || widget->objectName().startsWith(QLatin1String("qt_")))
                    continue;
                if (qobject_cast<const QAbstractScrollArea*>(widget->parentWidget()))
                    continue; // the ground of a chart or a text, whose own name counts
                auto* interface = QAccessible::queryAccessibleInterface(const_cast<QWidget*>(widget));
                const QString name = QLatin1StringView(widget->metaObject()->className()) + QLatin1Char(' ')
                                     + widget->objectName() + QLatin1StringView(" in ")
                                     + widget->parentWidget()->objectName();
                QVERIFY2(interface && !interface->text(QAccessible::Name).isEmpty(), qPrintable(name));
            }
        }
    }
};

QTEST_MAIN(TestExplorePage)
#include "tst_explore_page.moc"
