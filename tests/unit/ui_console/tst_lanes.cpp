// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "console_fixture.h"
#include "pages/requests/lanes_panel.h"
#include "widgets/lane_model.h"
#include "widgets/lane_view.h"

#include <QAccessible>
#include <QLabel>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>
#include <QVBoxLayout>

#include <algorithm>

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

std::uint64_t tokensOf(const Lane& lane)
{
    std::uint64_t sum = 0;
    for (const auto& mark : lane.marks)
        sum += mark.tokens;
    return sum;
}

/// Seconds between two marks.
double widestGap(const Lane& lane)
{
    double widest = 0;
    for (std::size_t i = 1; i < lane.marks.size(); ++i)
        widest = std::max(widest, lane.marks[i].at - lane.marks[i - 1].at);
    return widest;
}

} // namespace

/// Requests in flight as bars.
class TstLanes : public QObject {
    Q_OBJECT

    static constexpr Instant start{1h};

private Q_SLOTS:
    void lanes_close_up()
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
        QCOMPARE(rows(tracker), (QList<int>{1, 3, 4}));
        tracker.look(at(5s), {request(3, start), request(4, start), request(5, start)});
        QCOMPARE(rows(tracker), (QList<int>{1, 3, 4, 5})); // as they came
        tracker.look(at(8s), {request(4, start), request(5, start)});
        QCOMPARE(rows(tracker), (QList<int>{3, 4, 5}));
        QCOMPARE(tracker.lanes()[1].end, LaneEnd::running); // the right one has ended
        QCOMPARE(tracker.lanes()[0].end, LaneEnd::unknown);
        tracker.look(at(9s), {});
        tracker.look(at(12s), {});
        QCOMPARE(rows(tracker), QList<int>{});
    }

    void nothing_moves_under_the_mouse()
    {
        using Holes = LaneTracker::Holes;
        telemetry::RequestLog log;
        LaneTracker tracker(log);
        tracker.look(start, {request(1, start), request(2, start), request(3, start)});
        const auto look = [&](Nanos time, const std::vector<LiveRequest>& requests, Holes holes) {
            tracker.look(start + time, requests, 4, holes);
            return rows(tracker);
        };
        look(1s, {request(2, start), request(3, start)}, Holes::kept);
        QCOMPARE(look(4s, {request(2, start), request(3, start)}, Holes::kept), (QList<int>{0, 2, 3}));
        // Who comes stands below those that came before it.
        const std::vector<LiveRequest> three{request(2, start), request(3, start), request(4, start)};
        QCOMPARE(look(5s, three, Holes::kept), (QList<int>{0, 2, 3, 4}));
        QCOMPARE(look(6s, three, Holes::closed), (QList<int>{2, 3, 4}));
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
        QCOMPARE(queued.state, QStringLiteral("#3 queued"));
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
        QCOMPARE(tokensOf(lane), tokens);
        QVERIFY(lane.marks.size() > 100 && lane.marks.size() <= 512);
        QVERIFY2(std::abs(tracker.tokensPerSecond() - 50) < 5, qPrintable(QString::number(tracker.tokensPerSecond())));
        // It stalls: the rate falls to nothing within a second.
        const auto last = start + 200ms + 30s;
        for (auto stalled = 100ms; stalled <= 1500ms; stalled += 100ms)
            tracker.look(last + stalled, {streaming(1, start, tokens, last)});
        QCOMPARE(tracker.tokensPerSecond(), 0.0);
        QCOMPARE(tracker.lanes()[0].state, QStringLiteral("1,500 tok · 0 tok/s"));
        // What came while nobody looked did not come in the last second.
        const auto back = last + 30s;
        tracker.look(back, {streaming(1, start, tokens + 900, back)});
        QCOMPARE(tracker.tokensPerSecond(), 0.0);
        QCOMPARE(tracker.lanes()[0].state, QStringLiteral("2,400 tok"));
        for (int look = 1; look <= 10; ++look)
            tracker.look(back + look * 100ms, {streaming(1, start, tokens + 900 + static_cast<std::uint64_t>(look) * 2,
                                                         back + look * 100ms)});
        QVERIFY2(std::abs(tracker.tokensPerSecond() - 20) < 3, qPrintable(QString::number(tracker.tokensPerSecond())));
    }

    void first_seen_in_the_middle()
    {
        telemetry::RequestLog log;
        LaneTracker tracker(log);
        tracker.look(start + 10s, {streaming(1, start, 99, start + 10s)});
        const auto& marks = tracker.lanes()[0].marks;
        QCOMPARE(marks.size(), std::size_t{99}); // one for each, as for those to come
        QCOMPARE(marks.front().at, 0.2);
        QCOMPARE(marks.back().at, 10.0);
        LaneTracker late(log);
        late.look(start + 10s, {streaming(1, start, 1000, start + 10s)});
        QCOMPARE(tokensOf(late.lanes()[0]), std::uint64_t{1000});
        QVERIFY(late.lanes()[0].marks.size() <= 512);
        QVERIFY(widestGap(late.lanes()[0]) < 0.1);
        QVERIFY(tracker.lanes()[0].state == QStringLiteral("99 tok")); // no rate without a second look
    }

    void what_came_unseen_is_spread()
    {
        telemetry::RequestLog log;
        LaneTracker tracker(log);
        const auto at = [](int ms) { return start + std::chrono::milliseconds(ms); };
        // 50 tokens/s: seen for a second, hidden for four, seen again.
        std::uint64_t tokens = 1;
        for (int ms = 220; ms <= 1200; ms += 20)
            tracker.look(at(ms), {streaming(1, start, ++tokens, at(ms))});
        const auto live = streaming(1, start, tokens + 200, at(5200));
        tracker.look(at(5210), {live});
        QCOMPARE(tokensOf(tracker.lanes()[0]), tokens + 200);
        QVERIFY2(widestGap(tracker.lanes()[0]) < 0.045, qPrintable(QString::number(widestGap(tracker.lanes()[0]))));
        // A silence that was seen stays one, also where several tokens end it at once.
        for (int ms = 5240; ms <= 7240; ms += 40)
            tracker.look(at(ms), {live});
        tracker.look(at(7280), {streaming(1, start, tokens + 210, at(7270))});
        const auto& marks = tracker.lanes()[0].marks;
        QVERIFY(std::none_of(marks.begin(), marks.end(),
                             [](const LaneMark& mark) { return mark.at > 5.3 && mark.at < 7.1; }));
    }

    void what_ended_unseen()
    {
        telemetry::RequestLog log;
        LaneTracker tracker(log);
        const auto one = streaming(1, start, 51, start + 1200ms);
        const auto other = streaming(2, start, 51, start + 1200ms);
        tracker.look(start + 1200ms, {one, other});
        const auto end = [&log](LiveRequest live, Nanos after, std::uint64_t tokens) {
            auto made = record(live, EndReason::done, start + after);
            made.last_token = start + after;
            made.stream_tokens = tokens;
            log.publish(made);
        };
        end(one, 5200ms, 251);
        end(other, 9200ms, 451);
        tracker.look(start + 9300ms, {});
        // One of them is long gone; the other's tokens are all there.
        QCOMPARE(rows(tracker), QList<int>{2});
        QCOMPARE(tokensOf(tracker.lanes()[0]), std::uint64_t{451});
        QVERIFY(widestGap(tracker.lanes()[0]) < 0.1);
        QCOMPARE(tracker.lanes()[0].marks.back().at, 9.2);
    }

    void those_in_flight_have_the_room()
    {
        telemetry::RequestLog log;
        LaneTracker tracker(log);
        std::vector<LiveRequest> many;
        for (std::uint64_t id = 1; id <= 6; ++id)
            many.push_back(request(id, start));
        tracker.look(start, many, 6);
        // Two end: they linger until others need their rows, the one that ended first goes first.
        tracker.look(start + 1s, {many[0], many[2], many[3], many[4], many[5]}, 6);
        tracker.look(start + 1100ms, {many[0], many[2], many[4], many[5]}, 6);
        QCOMPARE(rows(tracker), (QList<int>{1, 2, 3, 4, 5, 6}));
        tracker.look(start + 1200ms, {many[0], many[2], many[4], many[5], request(7, start)}, 6);
        QCOMPARE(rows(tracker), (QList<int>{1, 3, 4, 5, 6, 7}));
        // Holes stay where they are while there is room, and are closed where there is not.
        constexpr auto kept = LaneTracker::Holes::kept;
        tracker.look(start + 4s, {many[5], request(7, start)}, 6, kept);
        tracker.look(start + 7s, {many[5], request(7, start)}, 6, kept);
        QCOMPARE(rows(tracker), (QList<int>{0, 0, 0, 0, 6, 7}));
        tracker.look(start + 8s, {many[5], request(7, start)}, 4, kept);
        QCOMPARE(rows(tracker), (QList<int>{6, 7}));
        // More in flight than there is room for are there all the same.
        tracker.look(start + 9s, many, 4);
        QVERIFY(!rows(tracker).contains(0));
        QCOMPARE(tracker.lanes().size(), std::size_t{6});
    }

    void the_panel_is_as_high_as_its_page_lets_it()
    {
        ConsoleFixture fixture;
        FakeLive live;
        auto context = fixture.context();
        context.live = &live;
        QWidget page;
        auto* column = new QVBoxLayout(&page);
        auto* panel = new LanesPanel(context);
        column->addWidget(panel);
        column->addStretch(1);
        page.resize(1000, 820); // in a window 900 high
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        auto& view = panel->view();
        const int height = panel->height();
        const auto fill = [&](std::uint64_t count) {
            live.requests.clear();
            for (std::uint64_t id = 1; id <= count; ++id)
                live.requests.push_back(request(id, fixture.clock.now()));
            const auto want = static_cast<int>(count);
            return QTest::qWaitFor([&] { return view.lanes().rowCount() == want; });
        };
        const auto rows = [&view] { return view.viewport()->height() / view.rowHeight(); };
        const auto cut = [&view] { return view.viewport()->height() % view.rowHeight(); };
        const auto* more = panel->findChild<QLabel*>(QStringLiteral("lanes.more"));
        for (const int count : {1, 6}) {
            QVERIFY(fill(static_cast<std::uint64_t>(count)));
            QCOMPARE(panel->height(), height);
            QTRY_COMPARE(rows(), 6);
            QVERIFY(!more->isVisible());
        }
        // What is not seen is counted where it would stand, and moves nothing.
        QVERIFY(fill(60));
        QTRY_COMPARE(rows(), 5);
        QCOMPARE(cut(), 0);
        QCOMPARE(panel->height(), height);
        QTRY_COMPARE(more->text(), QStringLiteral("+55 more"));
        QVERIFY(more->isVisible());
        page.resize(1000, 560); // 640
        QTRY_COMPARE(rows(), 2);
        QCOMPARE(cut(), 0);
        QTRY_COMPARE(more->text(), QStringLiteral("+58 more"));
        page.resize(1000, 1360); // 1440
        QTRY_COMPARE(rows(), 9);
        QCOMPARE(cut(), 0);
        QVERIFY(panel->height() > height);
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
        QCOMPARE(summary->text(), QString()); // the status bar counts them
        const auto begun = fixture.clock.now() - 1s;
        live.requests = {streaming(1, begun, 5, begun + 1s)};
        const int looks = live.looks;
        QTRY_VERIFY(live.looks > looks);
        live.requests = {streaming(1, begun, 10, fixture.clock.now())};
        const QRegularExpression speed(QStringLiteral("^\\S+ tok/s now$"));
        QTRY_VERIFY2(speed.match(summary->text()).hasMatch(), qPrintable(summary->text()));
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
        view.viewport()->setAttribute(Qt::WA_UnderMouse); // so there is one
        live.requests = {request(1, now), request(3, now)};
        QTRY_COMPARE_WITH_TIMEOUT(view.lanes().lane(1), nullptr, 10'000);
        QCOMPARE(view.currentIndex().row(), 0);
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(view.currentIndex().row(), 2);
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(view.currentIndex().row(), 2);
        // Without the mouse it closes up, and the choice goes with its lane.
        view.viewport()->setAttribute(Qt::WA_UnderMouse, false);
        QTRY_COMPARE(view.lanes().rowCount(), 2);
        QCOMPARE(view.currentIndex().row(), 1);
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
        QVERIFY(list->child(0)->text(QAccessible::Name).startsWith(QStringLiteral("tiny, #4 queued, ")));
        const auto tip = panel.view().model()->index(0, 0).data(Qt::ToolTipRole).toString();
        for (const auto* part : {"tiny at demo", "Request: req-1", "Queued: #4"})
            QVERIFY2(tip.contains(QLatin1String(part)), qPrintable(tip));
    }
};

QTEST_MAIN(TstLanes)
#include "tst_lanes.moc"
