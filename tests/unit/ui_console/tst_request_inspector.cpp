// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/requests/request_inspector.h"

#include "console_fixture.h"
#include "pages/requests/body_view.h"
#include "recorded_requests.h"
#include "widgets/stream_timeline.h"
#include "widgets/waterfall.h"

#include <QAbstractButton>
#include <QClipboard>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableWidget>
#include <QToolButton>
#include <QTreeWidget>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::ui;

namespace {

enum Tab { summary, timings, stream, trace, wire };

struct Bench : test::ConsoleFixture {
    Bench()
    {
        shared.traces = &samples.spans;
        shared.captures = &samples.captures;
        make();
    }
    void make()
    {
        inspector = std::make_unique<RequestInspector>(shared);
        inspector->resize(420, 700);
        inspector->show();
    }
    template <typename W = QWidget>
    W* part(const char* name) const
    {
        return inspector->findChild<W*>(QLatin1StringView(name));
    }
    QString label(const char* name) const { return part<QLabel>(name)->text(); }
    void open(Tab tab) const { part<QTabWidget>("inspector.tabs")->setCurrentIndex(tab); }
    QAbstractButton* named(const QString& accessible) const
    {
        for (auto* button : inspector->findChildren<QAbstractButton*>()) {
            if (button->accessibleName() == accessible)
                return button;
        }
        return nullptr;
    }
    bool says(const QString& accessible) const
    {
        const auto labels = inspector->findChildren<QLabel*>();
        return std::any_of(labels.begin(), labels.end(),
                           [&](const QLabel* label) { return label->accessibleName() == accessible; });
    }
    static QString clipboard() { return QGuiApplication::clipboard()->text(); }

    test::RequestSamples samples;
    ConsoleContext shared = context();
    std::unique_ptr<RequestInspector> inspector;
};

} // namespace

class TestRequestInspector : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void startsEmptyAndCanBeCleared()
    {
        Bench bench;
        QVERIFY(bench.part("inspector.empty")->isVisible());
        QVERIFY(!bench.part("inspector.tabs")->isVisible());
        bench.inspector->show(bench.samples.run({}));
        QVERIFY(bench.part("inspector.tabs")->isVisible());
        QCOMPARE(bench.label("inspector.title"), QStringLiteral("llama3:8b"));
        QVERIFY(bench.label("inspector.ending").startsWith(QStringLiteral("Completed · ")));
        bench.inspector->show(test::RecordPtr());
        QVERIFY(bench.part("inspector.empty")->isVisible());
        QVERIFY(!bench.inspector->record());
    }

    void letsGoOfWhatItNoLongerShows()
    {
        Bench bench;
        std::vector<std::weak_ptr<const telemetry::RequestRecord>> old;
        for (int i = 0; i < 40; ++i) {
            // A copy: the log keeps its own.
            auto record = std::make_shared<const telemetry::RequestRecord>(
                *bench.samples.run({.id = "req_" + std::to_string(i), .chunks = 5}));
            old.push_back(record);
            bench.open(static_cast<Tab>(i % 5));
            bench.inspector->show(record);
        }
        QTest::qWait(0);
        for (std::size_t i = 0; i + 1 < old.size(); ++i) {
            QVERIFY2(old[i].expired(), qPrintable(QString::number(i)));
        }
        QVERIFY(!old.back().expired());
        bench.inspector->clear();
        QVERIFY(old.back().expired());
    }

    void summarySaysWhatItWas()
    {
        Bench bench;
        bench.inspector->show(bench.samples.run({}));
        QVERIFY(bench.says(QStringLiteral("Provider: ollama")));
        QVERIFY(bench.says(QStringLiteral("Prompt: 1,234")));
        QVERIFY(bench.says(QStringLiteral("… reasoning: –")));
        QVERIFY(bench.says(QStringLiteral("Finish reason: stop")));
        QVERIFY(bench.named(QStringLiteral("Copy request id")));
        bench.named(QStringLiteral("Copy request id"))->click();
        QCOMPARE(Bench::clipboard(), QStringLiteral("req_7f3a"));
        const QSignalSpy filtered(bench.inspector.get(), &RequestInspector::filterRequested);
        bench.named(QStringLiteral("Requests with the same provider"))->click();
        QCOMPARE(filtered.front().front().toString(), QStringLiteral("provider:=ollama"));
    }

    void errorsAreToldAndCopied()
    {
        Bench bench;
        const auto sentence = "The model runner has stopped: out of memory at /" + std::string(300, 'x') + ".";
        bench.inspector->show(bench.samples.run({.error = sentence}));
        QVERIFY(bench.label("inspector.ending")
                    .startsWith(QStringLiteral("The provider reported an error within the stream")));
        bench.named(QStringLiteral("Copy error"))->click();
        QCOMPARE(Bench::clipboard(), QString::fromStdString(sentence));
        QVERIFY2(bench.inspector->minimumSizeHint().width() <= 400,
                 qPrintable(QString::number(bench.inspector->minimumSizeHint().width())));
    }

    void streamsAndWholeReplies()
    {
        Bench bench;
        bench.open(stream);
        bench.inspector->show(bench.samples.run({}));
        auto* timeline = bench.part<StreamTimeline>("inspector.timeline");
        QVERIFY(timeline->isVisible());
        QCOMPARE(timeline->stream().chunks().size(), std::size_t{120});
        QVERIFY(bench.label("inspector.streamReading").contains(QStringLiteral("stalls: 1.24 s at")));
        QTest::keyClick(timeline, Qt::Key_Right);
        QVERIFY(bench.label("inspector.streamReading").startsWith(QStringLiteral("Chunk 1 at ")));
        bench.part<QToolButton>("inspector.streamBytes")->click();
        QCOMPARE(timeline->measure(), StreamHeight::bytes);
        QVERIFY(!bench.part("inspector.streamAll")->isEnabled());
        QTest::keyClick(timeline, Qt::Key_Plus);
        QVERIFY(bench.part("inspector.streamAll")->isEnabled());
        bench.part<QPushButton>("inspector.streamAll")->click();
        QVERIFY(!timeline->zoomed());
        bench.inspector->show(bench.samples.run({.streamed = false}));
        QVERIFY(!timeline->isVisible());
        QVERIFY(bench.label("inspector.streamEmpty").contains(QStringLiteral("one piece")));
        bench.inspector->show(bench.samples.run({.streamed = false, .error = "No route."}));
        QVERIFY(!bench.label("inspector.streamEmpty").contains(QStringLiteral("one piece")));
        QCOMPARE(bench.label("inspector.streamEmpty"),
                 QStringLiteral("It failed before anything of the reply came: No route."));
        bench.inspector->show(bench.samples.run({.chunks = 7, .error = "Gone."}));
        QVERIFY(bench.part("inspector.streamNote")->isVisible());
        QVERIFY2(bench.label("inspector.streamNote").endsWith(QStringLiteral(", after 7 chunks.")),
                 qPrintable(bench.label("inspector.streamNote")));
        bench.inspector->show(bench.samples.run({.chunks = 0, .error = "Gone."}));
        QVERIFY(bench.label("inspector.streamEmpty").contains(QStringLiteral("Gone.")));
    }

    void aLongStreamSaysHowMuchIsKept()
    {
        Bench bench;
        bench.open(stream);
        bench.inspector->show(bench.samples.run({.chunks = 5000}));
        QCOMPARE(bench.label("inspector.streamNote"), QStringLiteral("The first 4096 of 5000 chunks were kept."));
        QVERIFY(bench.part("inspector.streamNote")->isVisible());
    }

    void chunksThatMemoryHadNoRoomForAreSaidToBeGone()
    {
        Bench bench;
        bench.open(stream);
        const auto record = bench.samples.run({.chunks = 30});
        record->chunks.forget();
        bench.inspector->show(record);
        QVERIFY(!bench.part<StreamTimeline>("inspector.timeline")->isVisible());
        const auto said = bench.label("inspector.streamEmpty");
        QVERIFY2(said.startsWith(QStringLiteral("30 chunks reached the client, but")), qPrintable(said));
        QVERIFY(said.contains(QStringLiteral("observability.requests.memory")));
    }

    void tracesAreDrawnWithTheirDetail()
    {
        Bench bench;
        bench.open(trace);
        bench.inspector->show(bench.samples.run({}));
        auto* waterfall = bench.part<Waterfall>("inspector.waterfall");
        QVERIFY(waterfall->isVisible());
        QCOMPARE(waterfall->trace().spanCount(), std::size_t{3});
        auto* detail = bench.part<QPlainTextEdit>("inspector.span");
        QVERIFY(detail->toPlainText().contains(QStringLiteral("http.route = /v1/chat/completions")));
        QTest::keyClick(waterfall, Qt::Key_Down);
        QVERIFY(detail->toPlainText().startsWith(QStringLiteral("queue.wait\n12.0 ms")));
        QTest::keyClick(waterfall, Qt::Key_Up);
        QTest::keyClick(waterfall, Qt::Key_Left);
        QVERIFY(!waterfall->isExpanded(waterfall->currentIndex()));
        bench.part<QPushButton>("inspector.traceCopy")->click();
        QCOMPARE(Bench::clipboard().count(QLatin1Char('\n')), 3);
        QVERIFY(!bench.part("inspector.traceRequests")->isVisible());
        // Where there is room, names are not cut.
        bench.inspector->resize(900, 700);
        const auto name = waterfall->model()->index(0, 0);
        QTRY_VERIFY(waterfall->visualRect(name).width()
                    >= waterfall->fontMetrics().horizontalAdvance(name.data().toString()));
    }

    void aTraceOfSeveralRequestsLeadsToTheOthers()
    {
        Bench bench;
        auto parent = telemetry::new_trace();
        parent.flags = telemetry::TraceContext::sampled_flag;
        const auto first = bench.samples.run({.id = "req_a"}, parent);
        bench.samples.run({.id = "req_b"}, parent);
        bench.open(trace);
        bench.inspector->show(first);
        auto* waterfall = bench.part<Waterfall>("inspector.waterfall");
        QCOMPARE(waterfall->trace().requestCount(), std::size_t{2});
        QVERIFY(bench.label("inspector.traceTitle").startsWith(QStringLiteral("6 spans of 2 requests")));
        const QSignalSpy chosen(bench.inspector.get(), &RequestInspector::requestChosen);
        Q_EMIT waterfall->activated(waterfall->currentIndex()); // its own
        QCOMPARE(chosen.count(), 0);
        Q_EMIT waterfall->activated(waterfall->model()->index(1, 0));
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen.front().front().toString(), QStringLiteral("req_b"));
        const QSignalSpy filtered(bench.inspector.get(), &RequestInspector::filterRequested);
        bench.part<QPushButton>("inspector.traceRequests")->click();
        QVERIFY(filtered.front().front().toString().startsWith(QStringLiteral("trace:=")));
    }

    void noTraceSaysWhy()
    {
        Bench bench;
        bench.open(trace);
        bench.inspector->show(bench.samples.run({.sampled = false}));
        QVERIFY(bench.label("inspector.traceEmpty").contains(QStringLiteral("observability.tracing.sampler")));
        auto lost = *bench.samples.run({});
        lost.trace_id = "0af7651916cd43dd8448eb211c80319c";
        bench.inspector->show(std::make_shared<const telemetry::RequestRecord>(lost));
        QVERIFY(bench.label("inspector.traceEmpty").contains(QStringLiteral("not kept any more")));
        bench.shared.traces = nullptr;
        bench.make();
        bench.open(trace);
        bench.inspector->show(bench.samples.run({}));
        QVERIFY(bench.label("inspector.traceEmpty").contains(QStringLiteral("observability.tracing.enabled")));
    }

    void spansAndCapturesMayComeLater()
    {
        Bench bench;
        bench.open(wire);
        const auto record = bench.samples.run({});
        const auto exchange = bench.samples.captures.kept.extract("req_7f3a");
        bench.inspector->show(record);
        QVERIFY(bench.part("inspector.wireEmpty")->isVisible());
        QVERIFY(!bench.part("inspector.replay")->isEnabled());
        bench.samples.captures.kept["req_7f3a"] = exchange.mapped();
        QTRY_VERIFY(bench.part("inspector.headers")->isVisible());
        QVERIFY(bench.part("inspector.replay")->isEnabled());
    }

    void wireShowsBothDirections()
    {
        Bench bench;
        bench.open(wire);
        bench.inspector->show(bench.samples.run({}));
        auto* headers = bench.part<QTableWidget>("inspector.headers");
        QCOMPARE(headers->rowCount(), 6);
        QCOMPARE(headers->item(1, 1)->text(), QStringLiteral("Bearer sk-p…c41f"));
        QCOMPARE(bench.label("inspector.wireLine"), QStringLiteral("POST /v1/chat/completions"));
        auto* text = bench.part<QPlainTextEdit>("inspector.body.text");
        QVERIFY(text->toPlainText().startsWith(QStringLiteral("{\n  \"model\": \"llama3\"")));
        bench.part<QToolButton>("inspector.wireRaw")->click();
        QVERIFY(text->toPlainText().startsWith(QStringLiteral("{\"model\":\"llama3\"")));
        bench.part<QPushButton>("inspector.copyBody")->click();
        QCOMPARE(Bench::clipboard(), QString::fromStdString(bench.samples.last_body));
        bench.part<QPushButton>("inspector.copyHeaders")->click();
        QVERIFY(Bench::clipboard().contains(QStringLiteral("Content-Type: application/json")));
        bench.part<QToolButton>("inspector.wireReply")->click();
        bench.part<QToolButton>("inspector.wirePretty")->click();
        auto* events = bench.part<QTreeWidget>("inspector.body.events");
        QVERIFY(events->isVisible());
        QCOMPARE(events->topLevelItemCount(), 6);
        QCOMPARE(events->topLevelItem(1)->text(2), QStringLiteral(" sky"));
        events->setCurrentItem(events->topLevelItem(1));
        QVERIFY(bench.part<QPlainTextEdit>("inspector.body.event")
                    ->toPlainText()
                    .contains(QStringLiteral("\"content\": \" sky\"")));
    }

    void whatIsNotCapturedSaysHow()
    {
        Bench bench;
        bench.open(wire);
        bench.samples.captures.capturing = false;
        const auto record = bench.samples.run({});
        auto bare = *bench.samples.captures.kept["req_7f3a"];
        bare.request_body = bare.reply_body = {};
        bench.samples.captures.kept["req_7f3a"] = std::make_shared<const telemetry::CapturedExchange>(bare);
        bench.inspector->show(record);
        QVERIFY(bench.label("inspector.body.empty").contains(QStringLiteral("observability.requests.bodies")));
        QVERIFY(!bench.part("inspector.copyBody")->isEnabled());
        QVERIFY(bench.part("inspector.replay")->toolTip().contains(QStringLiteral("observability.requests.bodies")));
        bench.samples.captures.capturing = true;
        bench.inspector->show(record);
        QVERIFY(bench.label("inspector.body.empty").contains(QStringLiteral("newer")));
        bench.shared.captures = nullptr;
        bench.make();
        bench.open(wire);
        bench.inspector->show(record);
        QVERIFY(bench.label("inspector.wireEmpty").contains(QStringLiteral("not captured in this process")));
        QVERIFY(!bench.part("inspector.curl")->isEnabled());
    }

    void headersAreNeverMarkup()
    {
        Bench bench;
        bench.open(wire);
        const auto record = bench.samples.run({});
        auto hostile = *bench.samples.captures.kept["req_7f3a"];
        hostile.request_headers = {{"X-Bad", "<b>x</b>\xff"}};
        bench.samples.captures.kept["req_7f3a"] = std::make_shared<const telemetry::CapturedExchange>(hostile);
        bench.inspector->show(record);
        QVERIFY(!bench.part<QTableWidget>("inspector.headers")->item(0, 1)->toolTip().contains(QStringLiteral("<b>")));
    }

    void actions()
    {
        Bench bench;
        bench.inspector->show(bench.samples.run({}));
        const QSignalSpy replayed(bench.inspector.get(), &RequestInspector::replayRequested);
        bench.part<QPushButton>("inspector.replay")->click();
        const auto wanted = replayed.front().front().value<ReplayWanted>();
        QCOMPARE(wanted.model, QStringLiteral("llama3"));
        QCOMPARE(wanted.body.toStdString(), bench.samples.last_body);
        bench.part<QPushButton>("inspector.curl")->click();
        QVERIFY(Bench::clipboard().contains(QStringLiteral("${TOKENSCOPE_KEY}")));
        QVERIFY(Bench::clipboard().contains(bench.gateway.baseUrl));
        bench.part<QPushButton>("inspector.json")->click();
        QVERIFY(Bench::clipboard().contains(QStringLiteral("\"request_id\": \"req_7f3a\"")));
        const QSignalSpy closed(bench.inspector.get(), &RequestInspector::closed);
        QVERIFY(QTest::qWaitForWindowActive(bench.inspector.get()));
        bench.part("inspector.json")->setFocus();
        QTest::keyClick(bench.part("inspector.json"), Qt::Key_Escape);
        QCOMPARE(closed.count(), 1);
        bench.part<QToolButton>("inspector.close")->click();
        QCOMPARE(closed.count(), 2);
    }

    void theTabStaysAndIsFilledAnew()
    {
        Bench bench;
        bench.open(wire);
        bench.inspector->show(bench.samples.run({.id = "req_a"}));
        bench.samples.last_body = R"({"messages":[]})";
        bench.inspector->show(bench.samples.run({.id = "req_b"}));
        QCOMPARE(bench.part<QTabWidget>("inspector.tabs")->currentIndex(), static_cast<int>(wire));
        QCOMPARE(bench.part<QPlainTextEdit>("inspector.body.text")->toPlainText(),
                 QStringLiteral("{\n  \"messages\": []\n}"));
        bench.inspector->show(bench.samples.run({.id = "req_c", .capture = false}));
        QVERIFY(bench.part("inspector.wireEmpty")->isVisible());
        QVERIFY(!bench.part("inspector.headers")->isVisible());
    }

    void everyControlHasANameAndFits()
    {
        Bench bench;
        bench.inspector->show(bench.samples.run({}));
        for (int tab = summary; tab <= wire; ++tab) {
            bench.open(static_cast<Tab>(tab));
            for (const int width : {380, 900, 380}) {
                bench.inspector->resize(width, 640);
                QVERIFY(!bench.inspector->grab().isNull());
            }
            for (auto* control : bench.inspector->findChildren<QWidget*>()) {
                if (!control->isVisible() || !(control->focusPolicy() & Qt::TabFocus)
                    || control->objectName().startsWith(QStringLiteral("qt_")))
                    continue;
                const auto* button = qobject_cast<QAbstractButton*>(control);
                const bool splitter = control->inherits("QSplitterHandle");
                QVERIFY2(splitter || !control->accessibleName().isEmpty() || (button && !button->text().isEmpty())
                             || control->inherits("QTabWidget"),
                         qPrintable(QString::fromLatin1(control->metaObject()->className()) + control->objectName()));
                const auto right = control->mapTo(bench.inspector.get(), QPoint(control->width(), 0)).x();
                QVERIFY2(right <= 380, qPrintable(control->objectName() + control->accessibleName()));
            }
        }
        bench.theme.setMode(ThemeMode::light);
        for (int tab = summary; tab <= wire; ++tab) {
            bench.open(static_cast<Tab>(tab));
            QVERIFY(!bench.inspector->grab().isNull());
        }
    }
};

QTEST_MAIN(TestRequestInspector)
#include "tst_request_inspector.moc"
