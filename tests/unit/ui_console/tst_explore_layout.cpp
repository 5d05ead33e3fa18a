// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/metric_catalogue.h"
#include "bridge/metric_feed.h"
#include "bridge/time_range.h"
#include "charts/heatmap.h"
#include "charts/time_series_chart.h"
#include "console_fixture.h"
#include "pages/explore/explore_page.h"
#include "widgets/breaking_label.h"

#include <QAccessible>
#include <QClipboard>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QTabBar>
#include <QToolButton>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::ui;

namespace {

/// This process, whose source takes no PromQL; a Prometheus stands by.
struct Sources : test::ConsoleFixture {
    Sources()
    {
        local.metricInfos = {
            {.name = "a_total_latency_seconds_bucket", .type = "histogram", .help = "Waits.", .unit = {}},
            {.name = "a_total_latency_seconds_sum", .type = "histogram", .help = {}, .unit = {}},
            {.name = "a_total_latency_seconds_count", .type = "histogram", .help = {}, .unit = {}}};
        local.script = [](const test::FakeSource::Call& call) -> Result<query::FramePtr> {
            return test::frameFor(call.range, "model", {{"tiny", 1}});
        };
        prepare = [](test::FakeSource& source) { source.canPromql = true; };
        prometheus = add("far");
    }

    QString prometheus;
};

struct Bench : Sources {
    Bench()
    {
        page = std::make_unique<ExplorePage>(console, feed, catalogue);
        setWidth(1200);
        page->show();
        auto* metric = find<QComboBox>("builder.metric");
        if (!QTest::qWaitFor([metric] { return metric->count() > 0; }))
            qFatal("no metrics");
        metric->setCurrentText(QStringLiteral("a_total_latency_seconds"));
        find<QLineEdit>("builder.by")->setText(QStringLiteral("model"));
    }
    template <typename W = QWidget>
    W* find(const char* name) const
    {
        auto* found = page->findChild<W*>(QLatin1StringView(name));
        if (!found)
            qFatal("no %s", name);
        return found;
    }
    void setWidth(int width) const
    {
        page->resize(width, 700);
        QCoreApplication::processEvents();
    }
    QRect place(const char* name) const
    {
        const auto* widget = find(name);
        return {widget->mapTo(page.get(), QPoint()), widget->size()};
    }
    bool inOneRow(const char* a, const char* b) const
    {
        return std::abs(place(a).center().y() - place(b).center().y()) <= 2;
    }
    BreakingLabel* promql() const { return find<BreakingLabel>("explore.promql"); }
    /// In the order of the Tab key.
    QStringList stopsFrom(const char* name) const
    {
        QStringList names;
        const QWidget* first = find(name);
        for (const auto* at = first;;) {
            if (!at->objectName().isEmpty())
                names << at->objectName();
            at = at->nextInFocusChain();
            if (at == first)
                return names;
        }
    }

    ConsoleContext console = context();
    TimeRange range{clock};
    MetricFeed feed{sources, range};
    MetricCatalogue catalogue{sources};
    std::unique_ptr<ExplorePage> page;
};

} // namespace

class TestExploreLayout : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// The widths of the page in a wide window, and in the smallest.
    void noRowIsAllButEmpty_data()
    {
        QTest::addColumn<int>("width");
        QTest::newRow("wide") << 1600;
        QTest::newRow("smallest window") << 912;
    }
    void noRowIsAllButEmpty()
    {
        QFETCH(int, width);
        Bench bench;
        bench.setWidth(width);
        for (const char* name : {"explore.step", "explore.history", "explore.run"})
            QTRY_VERIFY2(bench.inOneRow(name, "builder.addCondition"), name);
        QVERIFY(bench.place("explore.step").left() > bench.place("builder.addCondition").right());
        QCOMPARE(bench.place("explore.run").right(), bench.place("builder.quantiles").right());
        QVERIFY2(bench.place("builder.metric").top() < 30, // in the first row
                 qPrintable(QString::number(bench.place("builder.metric").top())));
        QVERIFY(!bench.find("explore.modes")->isVisible());
    }

    /// As beside the history in a small window.
    void whatHasNoRoomBesideStandsBelow()
    {
        Bench bench;
        bench.setWidth(912);
        bench.find<QToolButton>("explore.history")->click();
        QTRY_VERIFY(bench.place("explore.run").top() > bench.place("builder.addCondition").bottom());
        QTRY_VERIFY(bench.place("explore.promql").top() >= bench.place("explore.run").bottom());
        QVERIFY(bench.place("explore.history.search").right() < 912); // nothing is pushed out
        bench.find<QToolButton>("explore.history")->click();
        QTRY_VERIFY(bench.inOneRow("explore.run", "builder.addCondition"));
    }

    void besideTheModesWhereThereAreTwo()
    {
        Bench bench;
        bench.sources.setCurrent(bench.prometheus);
        QTRY_VERIFY(bench.find("explore.run")->isVisible());
        bench.find<QTabBar>("explore.modes")->setCurrentIndex(0);
        QTRY_VERIFY(bench.find("explore.modes")->isVisible());
        QTRY_VERIFY(bench.inOneRow("explore.run", "explore.modes"));
        const auto order = bench.stopsFrom("explore.modes");
        QVERIFY(order.indexOf(QStringLiteral("explore.step")) < order.indexOf(QStringLiteral("explore.run")));
        QVERIFY(order.indexOf(QStringLiteral("explore.run")) < order.indexOf(QStringLiteral("builder.metric")));
        bench.sources.setCurrent({});
        QTRY_VERIFY(bench.find("explore.run")->isVisible() && bench.inOneRow("explore.run", "builder.addCondition"));
    }

    void theTabKeyFollowsTheEye()
    {
        Bench bench;
        const auto order = bench.stopsFrom("builder.metric");
        const QStringList wanted{QStringLiteral("builder.metric"),       QStringLiteral("builder.function"),
                                 QStringLiteral("builder.by"),           QStringLiteral("builder.window"),
                                 QStringLiteral("builder.addCondition"), QStringLiteral("explore.step"),
                                 QStringLiteral("explore.history"),      QStringLiteral("explore.run"),
                                 QStringLiteral("explore.promql.copy"),  QStringLiteral("explore.copy")};
        qsizetype last = -1;
        for (const auto& name : wanted) {
            QVERIFY2(order.indexOf(name) > last, qPrintable(name + QStringLiteral(" in ") + order.join(u' ')));
            last = order.indexOf(name);
        }
    }

    void theQueryIsShownWhole()
    {
        Bench bench;
        bench.setWidth(1600);
        auto* promql = bench.promql();
        const int line = promql->fontMetrics().lineSpacing();
        QTRY_COMPARE(promql->text(), promql->words());
        QVERIFY(promql->words().contains(QStringLiteral("0.99")));
        QTRY_VERIFY(promql->height() >= 2 * line);                                        // one would not do
        QTRY_VERIFY(promql->height() >= promql->QLabel::heightForWidth(promql->width())); // nothing is cut off
        QVERIFY(promql->toolTip().isEmpty());
        QVERIFY(promql->textInteractionFlags() & Qt::TextSelectableByMouse);
        // No higher than it needs: one quantile fits into a line.
        bench.find<QLineEdit>("builder.quantiles")->setText(QStringLiteral("0.5"));
        QTRY_VERIFY(promql->heightForWidth(promql->width()) < 2 * line);
        QCOMPARE(promql->text(), promql->words());
    }

    void threeLinesAtMostAndThenTheWholeIsTheToolTip()
    {
        Bench bench;
        bench.find<QLineEdit>("builder.quantiles")->setText(QStringLiteral("0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9,0.99"));
        bench.setWidth(912);
        auto* promql = bench.promql();
        QTRY_VERIFY(promql->text().endsWith(QStringLiteral("…")));
        QTRY_VERIFY(promql->QLabel::heightForWidth(promql->width()) <= 3 * promql->fontMetrics().lineSpacing() + 3);
        QVERIFY(promql->toolTip().contains(QStringLiteral("0.99")));
        QVERIFY(promql->accessibleName().contains(QStringLiteral("0.99")));
        bench.find<QPushButton>("explore.promql.copy")->click();
        QCOMPARE(QGuiApplication::clipboard()->text().simplified(), promql->words());
        // With the room for more it shows more, and with the room for all, all.
        const auto shown = promql->text().size();
        bench.setWidth(1600);
        QTRY_VERIFY(promql->text().size() > shown);
        bench.setWidth(6000);
        QTRY_COMPARE(promql->text(), promql->words());
        QVERIFY(promql->toolTip().isEmpty());
    }

    void everyCopyButtonSaysWhatItCopies()
    {
        Bench bench;
        const auto named = [&bench](const char* name, const QString& text) {
            auto* button = bench.find<QPushButton>(name);
            QCOMPARE(button->text(), text);
            QCOMPARE(QAccessible::queryAccessibleInterface(button)->text(QAccessible::Name), text);
        };
        named("explore.promql.copy", QStringLiteral("Copy query"));
        named("explore.copy", QStringLiteral("Copy table"));
    }

    void theChartSaysWhatItShows()
    {
        Bench bench;
        bench.find<QPushButton>("explore.run")->click();
        const auto* chart = bench.find<TimeSeriesChart>("explore.chart");
        const auto title = QStringLiteral("a_total_latency_seconds · quantiles by model");
        QTRY_COMPARE(chart->accessibleName(), title);
        QCOMPARE(bench.find<Heatmap>("explore.heatmap")->accessibleName(), title);
        // What is in the fields and not asked yet is not what is shown.
        bench.find<QLineEdit>("builder.by")->clear();
        QCOMPARE(chart->accessibleName(), title);
        bench.find<QPushButton>("explore.run")->click();
        QTRY_COMPARE(chart->accessibleName(), QStringLiteral("a_total_latency_seconds · quantiles"));
    }
};

QTEST_MAIN(TestExploreLayout)
#include "tst_explore_layout.moc"
