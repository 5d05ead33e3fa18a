// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/stream_timeline.h"

#include "theme/theme.h"
#include "widgets/phase_bar.h"

#include <QApplication>
#include <QSignalSpy>
#include <QtTest>

#include <cmath>
#include <limits>

using namespace tokenscope::ui;

namespace {

std::vector<StreamChunk> steady(int count, double gap = 0.02)
{
    std::vector<StreamChunk> chunks;
    for (int i = 0; i < count; ++i)
        chunks.push_back({1 + i * gap, 100, 1});
    return chunks;
}

void turnWheel(QWidget& widget, const QPoint& at, int delta)
{
    QWheelEvent event(at, widget.mapToGlobal(at), {}, {0, delta}, Qt::NoButton, Qt::ControlModifier, Qt::NoScrollPhase,
                      false);
    QApplication::sendEvent(&widget, &event);
}

} // namespace

class TestStreamTimeline : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void noSpikeIsLostInAColumn()
    {
        auto chunks = steady(4096, 0.001);
        chunks[2000].tokens = 50;
        chunks[2001].bytes = 9000;
        const StreamLayout layout(chunks);
        const auto columns = layout.columns(layout.whole(), 300, StreamHeight::tokens);
        std::size_t all = 0;
        std::uint32_t highest = 0;
        int last = -1;
        for (const auto& column : columns) {
            QVERIFY(column.x > last && column.x < 300);
            last = column.x;
            all += column.chunks;
            highest = std::max(highest, column.value);
        }
        QCOMPARE(all, std::size_t{4096});
        QCOMPARE(highest, 50U);
        QCOMPARE(layout.highest(layout.whole(), StreamHeight::bytes), 9000U);
        QCOMPARE(layout.tokensAt(layout.whole().to), std::uint64_t{4096 + 49});
    }

    void stallsStandOut()
    {
        auto chunks = steady(40);
        for (std::size_t i = 20; i < chunks.size(); ++i)
            chunks[i].at += 1.24;
        for (std::size_t i = 30; i < chunks.size(); ++i)
            chunks[i].at += 0.3;
        const auto stalls = StreamLayout(chunks).stalls(3);
        QCOMPARE(stalls.size(), std::size_t{2});
        QVERIFY(std::abs(stalls[0].length() - 1.26) < 1e-9);
        QVERIFY(std::abs(stalls[1].length() - 0.32) < 1e-9);
        QVERIFY(StreamLayout(steady(40)).stalls(3).empty());
        QCOMPARE(StreamLayout({{0, 1, 1}, {0.01, 1, 1}, {2, 1, 1}}).stalls(3).size(), std::size_t{1});
        QVERIFY(StreamLayout({{0, 1, 1}}).stalls(3).empty());
        QVERIFY(StreamLayout().stalls(3).empty());
    }

    void oddStreams()
    {
        const StreamLayout none;
        QVERIFY(none.columns(none.whole(), 100, StreamHeight::tokens).empty());
        QVERIFY(!none.nearest(1));
        QCOMPARE(none.tokensAt(5), std::uint64_t{0});
        const StreamLayout one({{2, 10, 0}});
        QVERIFY(one.whole().length() > 0);
        QCOMPARE(one.columns(one.whole(), 100, StreamHeight::tokens).size(), std::size_t{1});
        QCOMPARE(one.highest(one.whole(), StreamHeight::tokens), 1U);
        const StreamLayout mixed({{3, 1, 1}, {1, 1, 5}, {std::numeric_limits<double>::quiet_NaN(), 1, 1}, {2, 1, 1}});
        QCOMPARE(mixed.chunks().size(), std::size_t{3});
        QCOMPARE(mixed.whole().from, 1.0);
        QCOMPARE(mixed.tokensUpTo(0), std::uint64_t{5});
        const StreamLayout atOnce({{1, 1, 1}, {1, 1, 1}});
        QCOMPARE(atOnce.columns(atOnce.whole(), 10, StreamHeight::tokens).size(), std::size_t{1});
    }

    void rangesStayWithin()
    {
        const StreamLayout layout(steady(101)); // 1 s to 3 s
        QCOMPARE(layout.bounded({-5, 50}), layout.whole());
        QCOMPARE(layout.bounded({2, 2}), layout.whole());
        const auto right = layout.bounded({2.5, 3.5});
        QVERIFY(std::abs(right.to - 3) < 1e-9 && std::abs(right.length() - 1) < 1e-9);
        auto range = layout.whole();
        for (int i = 0; i < 200; ++i)
            range = layout.zoomed(range, 2, 0.5);
        QVERIFY(range.length() > 0 && range.from <= 2 && range.to >= 2);
        for (int i = 0; i < 200; ++i)
            range = layout.zoomed(range, 2, 2);
        QCOMPARE(range, layout.whole());
    }

    void nearestIsTheClosest()
    {
        const StreamLayout layout({{1, 1, 1}, {2, 1, 1}, {4, 1, 1}});
        QCOMPARE(*layout.nearest(-9), std::size_t{0});
        QCOMPARE(*layout.nearest(1.4), std::size_t{0});
        QCOMPARE(*layout.nearest(1.6), std::size_t{1});
        QCOMPARE(*layout.nearest(3.1), std::size_t{2});
        QCOMPARE(*layout.nearest(99), std::size_t{2});
    }

    void mouseZoomsAndGoesBack()
    {
        Theme theme(ThemeMode::dark);
        StreamTimeline timeline(theme);
        timeline.resize(500, 240);
        timeline.setChunks(steady(101));
        timeline.show();
        const QSignalSpy changed(&timeline, &StreamTimeline::rangeChanged);
        const int y = 60;
        const QPoint from(static_cast<int>(timeline.xOf(1.5)), y);
        const QPoint to(static_cast<int>(timeline.xOf(2.5)), y);
        QTest::mousePress(&timeline, Qt::LeftButton, {}, from);
        QTest::mouseMove(&timeline, to);
        QTest::mouseRelease(&timeline, Qt::LeftButton, {}, to);
        QVERIFY2(std::abs(timeline.range().from - 1.5) < 0.02, qPrintable(QString::number(timeline.range().from)));
        QVERIFY(std::abs(timeline.range().to - 2.5) < 0.02);
        QCOMPARE(changed.count(), 1);
        const auto before = timeline.range();
        turnWheel(timeline, {250, y}, 120);
        QVERIFY(timeline.range().length() < before.length());
        QTest::mouseDClick(&timeline, Qt::LeftButton, {}, {250, y});
        QVERIFY(!timeline.zoomed());
        // A click is no drag.
        QTest::mouseClick(&timeline, Qt::LeftButton, {}, {250, y});
        QVERIFY(!timeline.zoomed());
    }

    void theWheelAloneIsThePages()
    {
        Theme theme(ThemeMode::dark);
        QWidget window;
        StreamTimeline timeline(theme, &window);
        timeline.setChunks(steady(10));
        QWheelEvent out(QPointF(60, 60), QPointF(60, 60), {}, {0, 120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase,
                        false);
        out.setAccepted(true);
        QApplication::sendEvent(&timeline, &out);
        QVERIFY(!out.isAccepted());
    }

    void keysGoFromChunkToChunk()
    {
        Theme theme(ThemeMode::dark);
        StreamTimeline timeline(theme);
        timeline.resize(500, 240);
        timeline.setChunks(steady(101));
        timeline.show();
        timeline.setFocus();
        QTest::keyClick(&timeline, Qt::Key_Right);
        QCOMPARE(timeline.current(), std::optional<std::size_t>(0));
        QTest::keyClick(&timeline, Qt::Key_Right);
        QTest::keyClick(&timeline, Qt::Key_Left);
        QTest::keyClick(&timeline, Qt::Key_Left);
        QCOMPARE(timeline.current(), std::optional<std::size_t>(0));
        QTest::keyClick(&timeline, Qt::Key_Plus);
        QVERIFY(timeline.zoomed());
        QTest::keyClick(&timeline, Qt::Key_End);
        QCOMPARE(timeline.current(), std::optional<std::size_t>(100));
        QVERIFY2(timeline.range().to >= 3 - 1e-9, "what is looked at is in sight");
        QVERIFY(timeline.words(100).contains(QStringLiteral("20.0 ms after")));
        QTest::keyClick(&timeline, Qt::Key_0);
        QVERIFY(!timeline.zoomed());
        timeline.setChunks({});
        QVERIFY(!timeline.current());
        QTest::keyClick(&timeline, Qt::Key_Right);
        QVERIFY(!timeline.current());
    }

    void paintsWhateverItIsGiven()
    {
        Theme theme(ThemeMode::dark);
        StreamTimeline timeline(theme);
        const std::vector<StreamChunk> bare{{1, 0, 0}};
        for (const auto& chunks : {std::vector<StreamChunk>(), bare, steady(1), steady(4096, 0), steady(4096)}) {
            timeline.setChunks(chunks);
            for (const auto size : {QSize(1, 1), QSize(60, 40), QSize(320, 180), QSize(1600, 400)}) {
                timeline.resize(size);
                QVERIFY(!timeline.grab().isNull());
            }
        }
        theme.setMode(ThemeMode::light);
        QVERIFY(!timeline.grab().isNull());
    }

    void phasesFillTheBar()
    {
        Theme theme(ThemeMode::dark);
        PhaseBar bar(theme);
        bar.resize(400, bar.sizeHint().height());
        bar.setSegments({{QStringLiteral("Queue"), QStringLiteral("why"), 1, 0},
                         {QStringLiteral("First token"), {}, 2, 1},
                         {QStringLiteral("Tail"), {}, 1e-9, 2}});
        QVERIFY(std::abs(bar.barOf(0).width() - 400.0 / 3) < 0.01);
        QCOMPARE(bar.barOf(0).right(), bar.barOf(1).left());
        QVERIFY(bar.barOf(2).width() >= 1);
        QVERIFY(bar.accessibleDescription().contains(QStringLiteral("Queue 1.00 s (33 %)")));
        bar.show();
        bar.setFocus();
        QTest::keyClick(&bar, Qt::Key_Left);
        QCOMPARE(bar.current(), std::optional<std::size_t>(2));
        QTest::keyClick(&bar, Qt::Key_Right);
        QCOMPARE(bar.current(), std::optional<std::size_t>(0));
        bar.setSegments({});
        QVERIFY(!bar.current());
        QVERIFY(!bar.grab().isNull());
    }
};

QTEST_MAIN(TestStreamTimeline)
#include "tst_stream_timeline.moc"
