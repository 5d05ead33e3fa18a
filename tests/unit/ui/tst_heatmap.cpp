// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_group.h"
#include "charts/heatmap.h"
#include "charts/time_series_chart.h"
#include "theme/theme.h"

#include <QAccessible>
#include <QSignalSpy>
#include <QToolTip>
#include <QtTest>

#include <cmath>

using namespace tokenscope;
using namespace tokenscope::ui;

namespace {

constexpr std::int64_t start = 1'700'000'000'000;
constexpr std::int64_t step = 10'000;
constexpr int steps = 30;

/// In each step that many up to 1 s, up to 5 s and above.
query::FramePtr answers(double fast, double slow, double slowest, std::int64_t from = start)
{
    auto frame = std::make_shared<query::Frame>();
    for (int i = 1; i <= steps; ++i)
        frame->times.push_back(from + i * step);
    const auto add = [&frame](const char* le, double total) {
        frame->columns.push_back({le, {{"le", le}}, std::vector<double>(steps, total)});
    };
    add("1", fast);
    add("5", fast + slow);
    add("+Inf", fast + slow + slowest);
    return frame;
}

} // namespace

/// What one can do with a distribution over time.
class TestHeatmap : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void aClickWantsTheCell();
    void withoutAHintAClickIsNothing();
    void keysMoveAMark();
    void aCellThatGoesOnEndsNow();
    void itIsHeard();
    void aKeySaysWhatTheColoursAre();
    void countsAreThoseOfPeople_data();
    void countsAreThoseOfPeople();

private:
    void click(int row, double share);

    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<ChartGroup> m_group;
    std::unique_ptr<Heatmap> m_heatmap;
    std::vector<HeatCell> m_wanted;
};

void TestHeatmap::init()
{
    m_heatmap.reset();
    m_wanted.clear();
    m_theme = std::make_unique<Theme>(ThemeMode::dark);
    m_group = std::make_unique<ChartGroup>();
    m_heatmap = std::make_unique<Heatmap>(*m_theme, m_group.get());
    m_heatmap->setTitle(QStringLiteral("Latency distribution"));
    m_heatmap->setUnit(Unit::seconds);
    m_heatmap->setClickHint(QStringLiteral("Click: the requests"));
    m_heatmap->setTimeRange(start, start + steps * step);
    m_heatmap->setFrame(answers(0, 6.67, 2));
    m_heatmap->resize(700, 300);
    connect(m_heatmap.get(), &Heatmap::cellWanted, this, [this](const HeatCell& cell) { m_wanted.push_back(cell); });
    m_heatmap->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_heatmap.get()));
}

/// Into the column of that step, at that share of the height from below.
void TestHeatmap::click(int row, double share)
{
    constexpr int left = 12, right = 16, top = 30,
                  bottom = 30; // well within, or a little beside, whatever the fonts are
    const int x = left + 40 + (m_heatmap->width() - left - right - 40) * row / steps;
    const int y = m_heatmap->height() - bottom - static_cast<int>((m_heatmap->height() - top - bottom) * share);
    QTest::mouseClick(m_heatmap.get(), Qt::LeftButton, {}, QPoint(x, y));
}

void TestHeatmap::aClickWantsTheCell()
{
    click(15, 0.5);
    QCOMPARE(m_wanted.size(), std::size_t(1));
    const HeatCell cell = m_wanted.front();
    QCOMPARE(cell.above, 1.0);
    QCOMPARE(cell.upTo, 5.0);
    QVERIFY(cell.bounded);
    QCOMPARE(cell.toMs - cell.fromMs, step);
    QVERIFY(cell.fromMs >= start + 12 * step && cell.toMs <= start + 18 * step);
    QCOMPARE((cell.toMs - start) % step, 0);

    click(15, 0.95);
    QCOMPARE(m_wanted.size(), std::size_t(2));
    QCOMPARE(m_wanted.back().above, 5.0);
    QVERIFY(std::isinf(m_wanted.back().upTo));
    // None took up to 1 s.
    click(15, 0.05);
    QCOMPARE(m_wanted.size(), std::size_t(2));
    // A drag is no click.
    QTest::mousePress(m_heatmap.get(), Qt::LeftButton, {}, QPoint(300, 150));
    QTest::mouseRelease(m_heatmap.get(), Qt::LeftButton, {}, QPoint(500, 150));
    QCOMPARE(m_wanted.size(), std::size_t(2));
}

void TestHeatmap::withoutAHintAClickIsNothing()
{
    m_heatmap->setClickHint({});
    click(15, 0.5);
    QVERIFY(m_wanted.empty());
}

void TestHeatmap::keysMoveAMark()
{
    QCOMPARE(m_heatmap->focusPolicy(), Qt::StrongFocus);
    m_heatmap->setFocus(Qt::TabFocusReason);
    QTest::keyClick(m_heatmap.get(), Qt::Key_Return);
    QVERIFY(m_wanted.empty());
    QVERIFY(m_heatmap->cursorText().isEmpty());

    // It begins where most were counted last.
    QTest::keyClick(m_heatmap.get(), Qt::Key_Left);
    QVERIFY2(m_heatmap->cursorText().contains(QStringLiteral("1 s to 5 s: about 7")),
             qPrintable(m_heatmap->cursorText()));
    QCOMPARE(m_group->time(), std::optional(start + steps * step));
    QTest::keyClick(m_heatmap.get(), Qt::Key_Left);
    QTest::keyClick(m_heatmap.get(), Qt::Key_Up);
    QTest::keyClick(m_heatmap.get(), Qt::Key_Up);
    QVERIFY(m_heatmap->cursorText().endsWith(QStringLiteral("above 5 s: 2")));
    QTest::keyClick(m_heatmap.get(), Qt::Key_Return);
    QCOMPARE(m_wanted.size(), std::size_t(1));
    QCOMPARE(m_wanted.front().toMs, start + (steps - 1) * step);
    QCOMPARE(m_wanted.front().above, 5.0);

    QTest::keyClick(m_heatmap.get(), Qt::Key_Home);
    QCOMPARE(m_group->time(), std::optional(start + step));
    QTest::keyClick(m_heatmap.get(), Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(m_group->time(), std::optional(start + 11 * step));
    QTest::keyClick(m_heatmap.get(), Qt::Key_End);
    QTest::keyClick(m_heatmap.get(), Qt::Key_Right);
    QCOMPARE(m_group->time(), std::optional(start + steps * step));

    // It stays in its place when data come, and goes with Esc.
    m_heatmap->setFrame(answers(3, 4, 5));
    QVERIFY(m_heatmap->cursorText().endsWith(QStringLiteral("above 5 s: 5")));
    QTest::keyClick(m_heatmap.get(), Qt::Key_Escape);
    QVERIFY(m_heatmap->cursorText().isEmpty());
    QVERIFY(!m_group->time());
    m_heatmap->setFrame(nullptr);
    QTest::keyClick(m_heatmap.get(), Qt::Key_Left);
    QVERIFY(m_heatmap->cursorText().isEmpty());
}

/// The newest cell of a range that moves ends after it: only what came so far is told and led to.
void TestHeatmap::aCellThatGoesOnEndsNow()
{
    const std::int64_t now = QDateTime::currentMSecsSinceEpoch();
    const std::int64_t end = now + step / 5;
    m_heatmap->setTimeRange(end - steps * step, now);
    m_heatmap->setFrame(answers(0, 6.67, 2, end - steps * step));
    QTest::keyClick(m_heatmap.get(), Qt::Key_End); // where most were counted last
    QTest::keyClick(m_heatmap.get(), Qt::Key_End);
    QCOMPARE(m_group->time(), std::optional(now));
    QVERIFY(!m_heatmap->cursorText().isEmpty());
    QTest::keyClick(m_heatmap.get(), Qt::Key_Return);
    QCOMPARE(m_wanted.size(), std::size_t(1));
    QCOMPARE(m_wanted.front().fromMs, end - step);
    QVERIFY(m_wanted.front().toMs >= now && m_wanted.front().toMs < end);
}

void TestHeatmap::itIsHeard()
{
    auto* heard = QAccessible::queryAccessibleInterface(m_heatmap.get());
    QVERIFY(heard);
    QCOMPARE(heard->role(), QAccessible::Chart);
    QCOMPARE(heard->text(QAccessible::Name), QStringLiteral("Latency distribution"));
    QTest::keyClick(m_heatmap.get(), Qt::Key_Left);
    QCOMPARE(heard->text(QAccessible::Value), m_heatmap->cursorText());
    QVERIFY(!m_heatmap->cursorText().isEmpty());
}

/// Beside the title, as long as both have room: from no colour to that of the fullest cell.
void TestHeatmap::aKeySaysWhatTheColoursAre()
{
    QCOMPARE(m_heatmap->highestText(), QStringLiteral("7")); // of 6.67 that are told between samples
    const auto has = [this](const QColor& color, int rows) {
        const auto image = m_heatmap->grab().toImage();
        for (int y = 0; y < rows; ++y) {
            for (int x = image.width() / 2; x < image.width(); ++x) {
                if (image.pixelColor(x, y) == color)
                    return true;
            }
        }
        return false;
    };
    const auto strongest = m_theme->tokens().accent;
    QVERIFY(has(strongest, 28));
    m_heatmap->resize(220, 300);
    QVERIFY(!has(strongest, 28));
    QVERIFY(has(strongest, 300)); // the cells
    m_heatmap->resize(700, 300);
    m_heatmap->setFrame(answers(0, 0, 0));
    QVERIFY(!has(strongest, 300));
}

void TestHeatmap::countsAreThoseOfPeople_data()
{
    QTest::addColumn<double>("count");
    QTest::addColumn<QString>("text");
    QTest::newRow("whole") << 7.0 << QStringLiteral("7");
    QTest::newRow("whole but for its digits") << 6.9999999999 << QStringLiteral("7");
    QTest::newRow("between samples") << 6.67 << QStringLiteral("about 7");
    QTest::newRow("hardly one") << 0.3 << QStringLiteral("less than 1");
    QTest::newRow("none") << 0.0 << QStringLiteral("0");
    QTest::newRow("unknown") << std::nan("") << formatValue(std::nullopt, Unit::none).joined();
}

void TestHeatmap::countsAreThoseOfPeople()
{
    QFETCH(double, count);
    QFETCH(QString, text);
    QCOMPARE(heatCountText(count), text);
}

QTEST_MAIN(TestHeatmap)
#include "tst_heatmap.moc"
