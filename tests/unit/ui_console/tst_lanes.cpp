// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "console_fixture.h"
#include "pages/requests/lanes_panel.h"
#include "widgets/lane_model.h"
#include "widgets/lane_view.h"

#include <QAccessible>
#include <QLabel>
#include <QSignalSpy>
#include <QTest>

using namespace tokenscope;
using namespace tokenscope::test;
using namespace tokenscope::ui;
using namespace std::chrono_literals;
using telemetry::EndReason;
using telemetry::LivePhase;
using telemetry::LiveRequest;

namespace {

/// What is said to be in flight.
class FakeLive final : public telemetry::LiveRequests {
public:
    std::vector<LiveRequest> now() const override
    {
        ++looks;
        return requests;
    }

    std::vector<LiveRequest> requests;
    mutable int looks = 0;
};

LiveRequest request(std::uint64_t id, Instant accepted, LivePhase phase = LivePhase::waiting)
{
    LiveRequest made;
    made.id = id;
    made.request_id = "req-" + std::to_string(id);
    made.route = "/v1/chat/completions";
    made.target = {.backend = "demo", .model = "tiny"};
    made.streamed = true;
    made.phase = phase;
    made.accepted = accepted;
    return made;
}

LiveRequest streaming(std::uint64_t id, Instant accepted, std::uint64_t tokens, Instant last)
{
    auto made = request(id, accepted, LivePhase::streaming);
    made.queued = made.dequeued = accepted;
    made.first_token = accepted + 200ms;
    made.last_token = last;
    made.tokens = tokens;
    return made;
}

telemetry::RequestRecord record(const LiveRequest& live, EndReason reason, Instant ended)
{
    telemetry::RequestRecord made;
    made.request_id = live.request_id;
    made.accepted = live.accepted;
    made.first_token = live.first_token;
    made.end_reason = reason;
    made.status = reason == EndReason::done ? telemetry::RequestStatus::success : telemetry::RequestStatus::error;
    made.error = reason == EndReason::done ? "" : "It went wrong.";
    made.stream_tokens = live.tokens;
    made.http_status = 429;
    made.ended = ended;
    return made;
}

/// The ids of a tracker's rows; 0 for an empty one.
QList<int> rows(const LaneTracker& tracker)
{
    QList<int> ids;
    for (const auto& lane : tracker.lanes())
        ids << static_cast<int>(lane.id);
    return ids;
}

QList<int> kinds(const Lane& lane)
{
    QList<int> out;
    for (const auto& segment : lane.segments)
        out << static_cast<int>(segment.kind);
    return out;
}

} // namespace

/// Requests in flight as bars.
class TstLanes : public QObject {
    Q_OBJECT

    static constexpr Instant start{1h};

private Q_SLOTS:
    void a_lane_keeps_its_row()
    {
        telemetry::RequestLog log;
        LaneTracker tracker(log);
        const auto at = [](Nanos time) { return start + time; };
        tracker.look(at(0s), {request(1, start), request(2, start), request(3, start)});
        QCOMPARE(rows(tracker), (QList<int>{1, 2, 3}));
        tracker.look(at(1s), {request(1, start), request(3, start)});
        QCOMPARE(rows(tracker), (QList<int>{1, 2, 3})); // lingers
        QCOMPARE(tracker.lanes()[1].end, LaneEnd::unknown);
        tracker.look(at(2s), {request(1, start), request(3, start), request(4, start)});
        QCOMPARE(rows(tracker), (QList<int>{1, 2, 3, 4}));
        tracker.look(at(4s), {request(1, start), request(3, start), request(4, start)});
        QCOMPARE(rows(tracker), (QList<int>{1, 0, 3, 4}));
        tracker.look(at(5s), {request(1, start), request(3, start), request(4, start), request(5, start)});
        QCOMPARE(rows(tracker), (QList<int>{1, 5, 3, 4}));
        tracker.look(at(6s), {request(5, start)});
        tracker.look(at(9s), {request(5, start)});
        QCOMPARE(rows(tracker), (QList<int>{0, 5}));
        tracker.look(at(10s), {});
        tracker.look(at(13s), {});
        QCOMPARE(rows(tracker), QList<int>{});
    }

    void mostly_empty_rows_are_closed()
    {
        telemetry::RequestLog log;
        LaneTracker tracker(log);
        std::vector<LiveRequest> many;
        for (std::uint64_t id = 1; id <= 100; ++id)
            many.push_back(request(id, start));
        tracker.look(start, many);
        const std::vector<LiveRequest> few{many[50], many[99]};
        tracker.look(start + 1s, few);
        QCOMPARE(tracker.lanes().size(), std::size_t{100});
        tracker.look(start + 4s, few);
        QCOMPARE(rows(tracker), (QList<int>{51, 100}));
        tracker.look(start + 5s, {many[99]});
        QCOMPARE(tracker.lanes()[1].end, LaneEnd::running); // the right one has ended
        QCOMPARE(tracker.lanes()[0].end, LaneEnd::unknown);
    }

    void outcomes_data()
    {
        QTest::addColumn<EndReason>("reason");
        QTest::addColumn<LaneEnd>("end");
        QTest::addColumn<QString>("words");
        QTest::newRow("done") << EndReason::done << LaneEnd::done << QStringLiteral("done · 1,500 tok");
        QTest::newRow("left") << EndReason::client_gone << LaneEnd::cancelled << QStringLiteral("client left");
        QTest::newRow("upstream") << EndReason::upstream_error << LaneEnd::failed << QStringLiteral("upstream failed");
        QTest::newRow("timeout") << EndReason::timeout << LaneEnd::failed << QStringLiteral("timed out");
        QTest::newRow("rejected") << EndReason::rejected << LaneEnd::failed << QStringLiteral("rejected · 429");
    }

    void outcomes()
    {
        QFETCH(EndReason, reason);
        QFETCH(LaneEnd, end);
        QFETCH(QString, words);
        telemetry::RequestLog log;
        LaneTracker tracker(log);
        const auto live = streaming(1, start, 1500, start + 3s);
        tracker.look(start + 3s, {live});
        auto other = record(live, EndReason::error, start + 1s);
        other.accepted = start - 1s; // of the same id, but another one
        log.publish(other);
        log.publish(record(live, reason, start + 3100ms));
        // Its record may be seen before it has left the board.
        tracker.look(start + 3120ms, {live});
        QCOMPARE(tracker.lanes()[0].end, LaneEnd::running);
        tracker.look(start + 3150ms, {});
        const auto& lane = tracker.lanes()[0];
        QCOMPARE(lane.end, end);
        QCOMPARE(lane.state, words);
        QCOMPARE(lane.age, 3.1);
        QCOMPARE(lane.fading, 0.0);
        QCOMPARE(tracker.details(1).contains(QStringLiteral("It went wrong.")), reason != EndReason::done);
        QVERIFY(tracker.details(1).contains(QStringLiteral("3.100 s")));
        tracker.look(start + 4800ms, {});
        QVERIFY(tracker.lanes()[0].fading > 0.2 && tracker.lanes()[0].fading < 1);
        QCOMPARE(tracker.lanes()[0].age, 3.1); // it stands still
        tracker.look(start + 5200ms, {});
        QVERIFY(tracker.lanes().empty());
    }

    void segments()
    {
        telemetry::RequestLog log;
        LaneTracker tracker(log);
        using Kind = LaneSegment::Kind;
        const auto of = [&](const LiveRequest& live, Nanos age) {
            tracker.look(start + age, {live});
            return tracker.lanes()[0];
        };
        auto live = request(1, start, LivePhase::reading);
        QCOMPARE(kinds(of(live, 1s)), (QList<int>{int(Kind::preparing)}));
        live.phase = LivePhase::queued;
        live.queued = start + 1s;
        live.queue_position = 3;
        const auto queued = of(live, 3s);
        QCOMPARE(kinds(queued), (QList<int>{int(Kind::preparing), int(Kind::queued)}));
        QCOMPARE(queued.segments[1].to, 3.0);
        QCOMPARE(queued.state, QStringLiteral("#3 in line"));
        QCOMPARE(tracker.queued(), std::size_t{1});
        live.phase = LivePhase::waiting;
        live.queue_position = {};
        live.dequeued = start + 3s;
        const auto waiting = of(live, 4s);
        QCOMPARE(kinds(waiting), (QList<int>{int(Kind::preparing), int(Kind::queued), int(Kind::waiting)}));
        QCOMPARE(waiting.state, QStringLiteral("waiting for the first token"));
        live.phase = LivePhase::streaming;
        live.first_token = live.last_token = start + 5s;
        live.tokens = 1;
        const auto streamed = of(live, 6s);
        QCOMPARE(streamed.segments.back().kind, Kind::streaming);
        QCOMPARE(streamed.segments.back().from, 5.0);
        QCOMPARE(streamed.segments.back().to, 6.0);
        // One without a queue.
        LaneTracker other(log);
        other.look(start + 1s, {request(2, start)});
        QCOMPARE(kinds(other.lanes()[0]), (QList<int>{int(Kind::waiting)}));
        // A clock that was read before the request began.
        other.look(start - 1s, {request(3, start)});
        QVERIFY(other.lanes().back().age >= 0);
    }

    void marks_and_rate()
    {
        telemetry::RequestLog log;
        LaneTracker tracker(log);
        // 50 tokens/s for 30 s, looked at ten times a second.
        std::uint64_t tokens = 0;
        for (int look = 1; look <= 300; ++look) {
            const auto now = start + 200ms + look * 100ms;
            tokens += 5;
            tracker.look(now, {streaming(1, start, tokens, now)});
        }
        const auto& lane = tracker.lanes()[0];
        std::uint64_t sum = 0;
        for (const auto& mark : lane.marks)
            sum += mark.tokens;
        QCOMPARE(sum, tokens);
        QVERIFY(lane.marks.size() > 100 && lane.marks.size() <= 512);
        QVERIFY2(std::abs(tracker.tokensPerSecond() - 50) < 5, qPrintable(QString::number(tracker.tokensPerSecond())));
        // It stalls: the rate falls to nothing within a second.
        const auto last = start + 200ms + 30s;
        tracker.look(last + 1500ms, {streaming(1, start, tokens, last)});
        QCOMPARE(tracker.tokensPerSecond(), 0.0);
        QCOMPARE(tracker.lanes()[0].state, QStringLiteral("1,500 tok · 0 tok/s"));
    }

    void first_seen_in_the_middle()
    {
        telemetry::RequestLog log;
        LaneTracker tracker(log);
        tracker.look(start + 10s, {streaming(1, start, 1000, start + 10s)});
        const auto& marks = tracker.lanes()[0].marks;
        QCOMPARE(marks.size(), std::size_t{64});
        QCOMPARE(marks.front().at, 0.2);
        QCOMPARE(marks.back().at, 10.0);
        std::uint64_t sum = 0;
        for (const auto& mark : marks)
            sum += mark.tokens;
        QCOMPARE(sum, std::uint64_t{1000});
        QVERIFY(tracker.lanes()[0].state == QStringLiteral("1,000 tok")); // no rate without a second look
    }

    void the_panel_in_words()
    {
        ConsoleFixture fixture;
        FakeLive live;
        auto context = fixture.context();
        LanesPanel without(context);
        QVERIFY(without.findChild<QLabel*>(QStringLiteral("requests.lanes.empty"))
                    ->text()
                    .contains(QStringLiteral("in this process")));
        without.show();
        QCOMPARE(without.interval(), 0);
        context.live = &live;
        LanesPanel panel(context);
        QVERIFY(panel.findChild<QLabel*>(QStringLiteral("requests.lanes.empty"))
                    ->text()
                    .contains(QStringLiteral("Nothing in flight")));
        context.gateway = {.error = QStringLiteral("Port 8080 is in use.")};
        LanesPanel broken(context);
        QCOMPARE(broken.findChild<QLabel*>(QStringLiteral("requests.lanes.empty"))->text(),
                 QStringLiteral("Port 8080 is in use."));
    }

    void how_often_it_looks()
    {
        ConsoleFixture fixture;
        FakeLive live;
        auto context = fixture.context();
        context.live = &live;
        LanesPanel panel(context);
        QCOMPARE(live.looks, 0);
        panel.resize(800, 200);
        panel.show();
        QCOMPARE(live.looks, 1);
        QCOMPARE(panel.interval(), 500);
        live.requests = {request(1, fixture.clock.now())};
        QTRY_VERIFY(panel.interval() <= 40 && panel.interval() >= 33);
        auto* summary = panel.findChild<QLabel*>(QStringLiteral("requests.lanes.summary"));
        QCOMPARE(summary->text(), QStringLiteral("1 in flight"));
        panel.hide();
        QCOMPARE(panel.interval(), 0);
        const int before = live.looks;
        QCoreApplication::processEvents();
        QCOMPARE(live.looks, before);
        panel.show();
        QVERIFY(live.looks > before);
        live.requests.clear();
        QTRY_COMPARE_WITH_TIMEOUT(panel.interval(), 500, 10'000);
        QCOMPARE(summary->text(), QString());
        QVERIFY(panel.findChild<QLabel*>(QStringLiteral("requests.lanes.empty"))->isVisible());
    }

    void keyboard_and_mouse()
    {
        ConsoleFixture fixture;
        FakeLive live;
        auto context = fixture.context();
        context.live = &live;
        const auto now = fixture.clock.now();
        live.requests = {request(1, now), request(2, now), request(3, now)};
        LanesPanel panel(context);
        panel.resize(800, 200);
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        QSignalSpy chosen(&panel, &LanesPanel::requestChosen);
        auto& view = panel.view();
        view.setFocus();
        QTest::keyClick(&view, Qt::Key_Return); // with the focus comes the first one
        QCOMPARE(chosen.takeFirst().at(0).toString(), QStringLiteral("req-1"));
        QTest::keyClick(&view, Qt::Key_Down);
        QTest::keyClick(&view, Qt::Key_Return);
        QCOMPARE(chosen.takeFirst().at(0).toString(), QStringLiteral("req-2"));
        QTest::keyClick(&view, Qt::Key_End);
        QTest::keyClick(&view, Qt::Key_Enter);
        QCOMPARE(chosen.takeFirst().at(0).toString(), QStringLiteral("req-3"));
        const auto place = view.visualRect(view.model()->index(0, 0)).center();
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, place);
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen.takeFirst().at(0).toString(), QStringLiteral("req-1"));
        // Growing must not take the choice away; an empty row is stepped over.
        live.requests = {request(1, now), request(3, now)};
        QTRY_COMPARE_WITH_TIMEOUT(view.lanes().lane(1), nullptr, 10'000);
        QCOMPARE(view.currentIndex().row(), 0);
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(view.currentIndex().row(), 2);
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(view.currentIndex().row(), 2);
        QTest::keyClick(&view, Qt::Key_Home);
        QCOMPARE(view.currentIndex().row(), 0);
    }

    void names_for_screen_readers()
    {
        ConsoleFixture fixture;
        FakeLive live;
        auto context = fixture.context();
        context.live = &live;
        auto queued = request(1, fixture.clock.now(), LivePhase::queued);
        queued.queue_position = 4;
        live.requests = {queued};
        LanesPanel panel(context);
        panel.resize(800, 200);
        panel.show();
        auto* list = QAccessible::queryAccessibleInterface(&panel.view());
        QVERIFY(list);
        QCOMPARE(list->text(QAccessible::Name), QStringLiteral("Requests in flight"));
        QCOMPARE(list->role(), QAccessible::List);
        QCOMPARE(list->childCount(), 1);
        QVERIFY(list->child(0)->text(QAccessible::Name).startsWith(QStringLiteral("tiny, #4 in line, ")));
        const auto tip = panel.view().model()->index(0, 0).data(Qt::ToolTipRole).toString();
        for (const auto* part : {"tiny at demo", "Request: req-1", "In line: #4"})
            QVERIFY2(tip.contains(QLatin1String(part)), qPrintable(tip));
    }

    void many_rows_become_flat_and_are_scrolled()
    {
        ConsoleFixture fixture;
        LaneView view(fixture.theme);
        view.resize(900, 400);
        view.show();
        const auto fill = [&](std::uint64_t count) {
            std::vector<Lane> lanes;
            for (std::uint64_t id = 1; id <= count; ++id)
                lanes.push_back({.id = id, .name = QStringLiteral("m"), .age = double(id)});
            view.setLanes(std::move(lanes));
            QCoreApplication::processEvents();
            return view.rowHeight();
        };
        const int roomy = fill(3);
        const int between = fill(18);
        const int flat = fill(300);
        QVERIFY(roomy > between && between > flat);
        QVERIFY(between * 18 <= view.viewport()->height());
        QVERIFY(view.visualRect(view.model()->index(299, 0)).bottom() > view.viewport()->height());
        view.setCurrentIndex(view.model()->index(299, 0));
        view.setLanes({{}, {.id = 300, .name = QStringLiteral("m")}, {.id = 7}}); // rows were closed
        QCOMPARE(view.currentIndex().row(), 1);
        view.setLanes({{.id = 7}});
        QVERIFY(!view.currentIndex().isValid());
        QCOMPARE(fill(2), roomy);
        view.resize(300, 200); // the words get less, the bars keep some room
        const auto& parts = view.geometryOfRows();
        QVERIFY(parts.plotRight - parts.plotLeft > 50);
        QVERIFY(parts.nameRight <= parts.plotLeft && parts.plotRight <= parts.stateLeft && parts.ageRight <= 300);
    }

    void the_axis_does_not_go_to_and_fro()
    {
        ConsoleFixture fixture;
        LaneView view(fixture.theme);
        const auto span = [&](double age) {
            view.setLanes({{.id = 1, .age = age}});
            return view.geometryOfRows().span;
        };
        QCOMPARE(span(0.1), 1.0);
        const double long_one = span(9);
        QVERIFY(long_one >= 9);
        QCOMPARE(span(6), long_one);
        QCOMPARE(span(4), long_one);
        QVERIFY(span(1) < long_one);
        QVERIFY(span(4000) >= 4000);
    }
};

QTEST_MAIN(TstLanes)
#include "tst_lanes.moc"
