// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_legend.h"
#include "charts/time_series_chart.h"
#include "theme/theme.h"

#include <QAccessible>
#include <QFontMetrics>
#include <QHelpEvent>
#include <QSet>
#include <QSignalSpy>
#include <QToolTip>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::ui;

namespace {

constexpr std::int64_t start = 1'700'000'000'000;

query::FramePtr linesOf(int count)
{
    auto frame = std::make_shared<query::Frame>();
    frame->times = {start, start + 1000, start + 2000};
    for (int i = 0; i < count; ++i)
        frame->columns.push_back(
            {"a model's name " + std::to_string(i), {{"model", std::to_string(i)}}, {1234.0 * i, 2, 1234.0 * i}});
    return frame;
}

std::vector<LegendEntry> entries(const QString& firstValue)
{
    std::vector<LegendEntry> list(2);
    list[0] = {QStringLiteral("a"), QStringLiteral("p50"), firstValue, Qt::red, true, {}};
    list[1] = {QStringLiteral("b"), QStringLiteral("p95"), QStringLiteral("1 s"), Qt::blue, true, {}};
    return list;
}

} // namespace

class TestChartLegend : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_theme = std::make_unique<Theme>(ThemeMode::dark); }
    void cleanup() { m_theme.reset(); }

    void noneIsLeftOutWhereThereIsRoom_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<int>("series");
        QTest::addColumn<bool>("all");
        QTest::newRow("four, which want a second row") << QSize(355, 207) << 4 << true;
        QTest::newRow("no height for a second row") << QSize(355, 150) << 8 << false;
        QTest::newRow("a table of nine") << QSize(1316, 600) << 9 << true;
        QTest::newRow("names and values of one more than a table has room for") << QSize(700, 440) << 8 << true;
        QTest::newRow("two tables side by side") << QSize(1316, 600) << 20 << true;
        QTest::newRow("more than a third of the chart") << QSize(700, 600) << 40 << false;
    }
    void noneIsLeftOutWhereThereIsRoom()
    {
        QFETCH(QSize, size);
        QFETCH(int, series);
        QFETCH(bool, all);
        TimeSeriesChart chart(*m_theme, nullptr);
        chart.resize(size);
        chart.setTimeRange(start, start + 2000);
        chart.setFrame(linesOf(series));
        chart.show();
        const auto* legend = chart.findChild<ChartLegend*>();
        QTRY_COMPARE(static_cast<int>(legend->entries().size()), series);
        QCOMPARE(legend->fits(legend->width(), legend->height() / legend->rowHeight()), all);
        QVERIFY2(legend->height() <= size.height() / 3, qPrintable(QString::number(legend->height())));
    }

    /// Where half of the width would be empty beside one column, the plot has the height instead.
    void aLongTableStandsInTwoColumns_data()
    {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("series");
        QTest::addColumn<int>("rows");
        QTest::newRow("nine on a wide chart") << 1316 << 9 << 5;
        QTest::newRow("few") << 1316 << 6 << 6;
        QTest::newRow("a narrower chart") << 900 << 9 << 9;
        QTest::newRow("three columns") << 2400 << 18 << 6;
    }
    void aLongTableStandsInTwoColumns()
    {
        QFETCH(int, width);
        QFETCH(int, series);
        QFETCH(int, rows);
        TimeSeriesChart chart(*m_theme, nullptr);
        chart.resize(width, 640);
        chart.setTimeRange(start, start + 2000);
        chart.setFrame(linesOf(series));
        chart.show();
        auto* legend = chart.findChild<ChartLegend*>();
        QTRY_COMPARE(static_cast<int>(legend->places().size()), series);
        QVERIFY(legend->table());
        QCOMPARE(legend->height() / legend->rowHeight(), rows + 1); // and the heading
        for (const auto& place : legend->places())
            QVERIFY(legend->rect().contains(place));
        QTest::mouseClick(legend, Qt::LeftButton, {}, legend->places().back().center());
        QTRY_VERIFY(!legend->entries().front().visible && legend->entries().back().visible);
    }

    /// A table would say "+1".
    void aTableThatLeavesOutGivesWayToNames()
    {
        TimeSeriesChart chart(*m_theme, nullptr);
        chart.resize(700, 440);
        chart.setTimeRange(start, start + 2000);
        chart.setFrame(linesOf(4));
        chart.show();
        const auto* legend = chart.findChild<ChartLegend*>();
        QTRY_VERIFY(legend->table());
        chart.setFrame(linesOf(12));
        QTRY_COMPARE(legend->places().size(), std::size_t{12});
        QVERIFY(!legend->table());
        chart.setFrame(linesOf(200)); // no place for all in any form
        QTRY_COMPARE(legend->entries().size(), std::size_t{200});
        QTRY_VERIFY(legend->table());
    }

    void differentSeriesReadDifferently_data()
    {
        QTest::addColumn<QStringList>("names");
        QTest::newRow("alike at the start") << QStringList{QStringLiteral("success / demo / demo-a-small-one"),
                                                           QStringLiteral("success / demo / demo-a-large-one"),
                                                           QStringLiteral("success / demo / demo-of-another-kind")};
        QTest::newRow("alike at both ends") << QStringList{QStringLiteral("vllm-a / Qwen/Qwen2.5-7B-Instruct"),
                                                           QStringLiteral("vllm-a / Qwen/Qwen2.5-14B-Instruct"),
                                                           QStringLiteral("ollama / mistral-large-instruct")};
        QTest::newRow("two providers of the same models") << QStringList{
            QStringLiteral("a / Qwen/Qwen2.5-7B-Instruct"), QStringLiteral("a / Qwen/Qwen2.5-14B-Instruct"),
            QStringLiteral("b / Qwen/Qwen2.5-7B-Instruct"), QStringLiteral("b / Qwen/Qwen2.5-14B-Instruct"),
            QStringLiteral("ollama / mistral-large")};
        QTest::newRow("one is the other's start") << QStringList{QStringLiteral("the-gateway-of-the-company"),
                                                                 QStringLiteral("the-gateway-of-the-company-2")};
    }
    void differentSeriesReadDifferently()
    {
        QFETCH(QStringList, names);
        auto frame = std::make_shared<query::Frame>(*linesOf(static_cast<int>(names.size())));
        for (std::size_t i = 0; i < frame->columns.size(); ++i)
            frame->columns[i].name = names[static_cast<qsizetype>(i)].toStdString();
        TimeSeriesChart chart(*m_theme, nullptr);
        chart.resize(240, 150);
        chart.setTimeRange(start, start + 2000);
        chart.setFrame(frame);
        chart.show();
        auto* legend = chart.findChild<ChartLegend*>();
        QTRY_COMPARE(legend->shownNames().size(), names.size());
        const auto shown = legend->shownNames();
        QVERIFY(shown != names); // there is no room
        QVERIFY2(QSet<QString>(shown.begin(), shown.end()).size() == names.size(), qPrintable(shown.join(u'|')));
        QHelpEvent help(QEvent::ToolTip, {20, 4}, legend->mapToGlobal(QPoint(20, 4)));
        QApplication::sendEvent(legend, &help);
        QVERIFY2(QToolTip::text().startsWith(names.front()), qPrintable(QToolTip::text()));
    }

    /// A value that has become shorter leaves no hole, one that is a digit shorter moves nothing.
    void neighboursMoveUpToAShorterValue()
    {
        ChartLegend legend(*m_theme, nullptr);
        legend.resize(400, legend.rowHeight());
        legend.show();
        const QFontMetrics metrics(m_theme->tokens().small);
        QSignalSpy isolated(&legend, &ChartLegend::isolateRequested);
        // On the second swatch, behind swatch, name and value of the first and a gap.
        const auto click = [&](const QString& firstValue) {
            const int x = 8 + 4 + metrics.horizontalAdvance(QStringLiteral("p50")) + 1 + 4
                          + metrics.horizontalAdvance(firstValue) + 1 + 12;
            QTest::mouseClick(&legend, Qt::LeftButton, {}, QPoint(x, legend.height() / 2));
            return isolated.takeLast().front().toString();
        };
        const QString wide = QStringLiteral("1234567.5 ms");
        legend.setEntries(entries(wide));
        QCOMPARE(click(wide), QStringLiteral("b"));
        legend.setEntries(entries(QStringLiteral("2 s")));
        QCOMPARE(click(QStringLiteral("2 s")), QStringLiteral("b"));
        legend.setEntries(entries(wide));
        legend.setEntries(entries(QStringLiteral("1234567.1 ms")));
        QCOMPARE(click(wide), QStringLiteral("b"));
    }

    /// What the mouse and the keys do with a series, screen readers and UI drivers can do too.
    void everySeriesCanBeOperatedByName()
    {
        ChartLegend legend(*m_theme, nullptr);
        legend.resize(400, legend.rowHeight());
        legend.setEntries(entries(QStringLiteral("2 s")));
        legend.show();
        auto* group = QAccessible::queryAccessibleInterface(&legend);
        QCOMPARE(group->role(), QAccessible::Grouping);
        QCOMPARE(group->text(QAccessible::Name), QStringLiteral("Legend"));
        QCOMPARE(group->childCount(), 2);
        QVERIFY(!group->child(2) && !group->child(-1));
        auto* second = group->child(1);
        QVERIFY(second && second->actionInterface());
        QCOMPARE(second, group->child(1));
        QCOMPARE(group->indexOfChild(second), 1);
        QCOMPARE(second->parent(), group);
        QCOMPARE(second->role(), QAccessible::CheckBox);
        QCOMPARE(second->text(QAccessible::Name), QStringLiteral("p95: 1 s"));
        QVERIFY(second->state().checkable && second->state().checked);
        QCOMPARE(group->childAt(second->rect().center().x(), second->rect().center().y()), second);

        auto* actions = second->actionInterface();
        QSignalSpy isolated(&legend, &ChartLegend::isolateRequested);
        QSignalSpy toggled(&legend, &ChartLegend::toggleRequested);
        QCOMPARE(actions->actionNames().first(2),
                 QStringList({QAccessibleActionInterface::toggleAction(), QStringLiteral("Isolate")}));
        actions->doAction(QStringLiteral("Isolate"));
        QCOMPARE(isolated.takeFirst().front().toString(), QStringLiteral("b"));
        actions->doAction(QAccessibleActionInterface::toggleAction());
        QCOMPARE(toggled.takeFirst().front().toString(), QStringLiteral("b"));
        actions->doAction(QAccessibleActionInterface::setFocusAction());
        QCOMPARE(legend.current(), 1);

        // Whoever holds it holds that series, wherever it goes.
        auto list = entries(QStringLiteral("2 s"));
        list.insert(list.begin(), {QStringLiteral("c"), QStringLiteral("p99"), {}, Qt::green, true, {}});
        list[2].visible = false;
        legend.setEntries(list);
        QCOMPARE(group->childCount(), 3);
        QCOMPARE(group->child(0)->text(QAccessible::Name), QStringLiteral("p99"));
        QCOMPARE(group->child(2), second);
        QVERIFY(!second->state().checked);
        list.pop_back();
        legend.setEntries(list);
        QVERIFY(!second->isValid() && second->actionInterface()->actionNames().isEmpty());

        // One alone cannot be hidden.
        list.pop_back();
        legend.setEntries(list);
        QCOMPARE(group->child(0)->role(), QAccessible::StaticText);
        QVERIFY(group->child(0)->actionInterface()->actionNames().isEmpty());
    }

private:
    std::unique_ptr<Theme> m_theme;
};

QTEST_MAIN(TestChartLegend)
#include "tst_chart_legend.moc"
