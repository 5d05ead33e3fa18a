// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/overview/overview_page.h"
#include "requests_bench.h"
#include "shell/main_window.h"

#include <QPushButton>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>

using namespace tokenscope;
using namespace tokenscope::ui;
using namespace std::chrono_literals;
using Bench = test::RequestsBench;
using Slowest = RequestsWanted::Slowest;

namespace {

RequestListModel& modelOf(const Bench& bench)
{
    return static_cast<RequestListModel&>(*bench.list().model());
}

RequestsWanted wantedOf(const Bench& bench, Slowest slowest)
{
    const auto now = bench.clock.wall().time_since_epoch().count();
    return {.fromMs = now - 60'000, .toMs = now + 60'000, .slowest = slowest};
}

} // namespace

/// From a chart to the requests, and back to how they stood before.
class TestRequestsDrill : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void comesInTheOrderOfWhatTheChartShows_data()
    {
        QTest::addColumn<Slowest>("slowest");
        QTest::addColumn<int>("column");
        QTest::addColumn<Qt::SortOrder>("order");
        QTest::newRow("total") << Slowest::total << int{RequestListModel::total} << Qt::DescendingOrder;
        QTest::newRow("first token") << Slowest::firstToken << int{RequestListModel::ttft} << Qt::DescendingOrder;
        QTest::newRow("between") << Slowest::betweenTokens << int{RequestListModel::speed} << Qt::AscendingOrder;
    }
    void comesInTheOrderOfWhatTheChartShows()
    {
        QFETCH(Slowest, slowest);
        QFETCH(int, column);
        QFETCH(Qt::SortOrder, order);
        Bench bench;
        bench.open();
        bench.page->show(wantedOf(bench, slowest));
        QCOMPARE(modelOf(bench).sortColumn(), column);
        QCOMPARE(modelOf(bench).sortOrder(), order);
    }

    void theNewestComeFirstAgainWithoutTheTime()
    {
        Bench bench;
        bench.open();
        bench.page->show(wantedOf(bench, Slowest::firstToken));
        bench.page->show(wantedOf(bench, Slowest::total)); // one drill after the other
        auto* follow = bench.find<QToolButton>("requests.follow");
        QVERIFY(!follow->isChecked());
        QTest::mouseClick(bench.find<QPushButton>("requests.window"), Qt::LeftButton);
        QCOMPARE(modelOf(bench).sortColumn(), RequestListModel::newestFirst);
        QVERIFY(follow->isChecked());
        bench.publish(1);
        QTRY_COMPARE(bench.at(0), std::uint64_t{51});
    }

    void whatTheUserSortedByComesBack()
    {
        Bench bench;
        bench.open();
        bench.list().sortBy(RequestListModel::cost, Qt::DescendingOrder);
        bench.page->show(wantedOf(bench, Slowest::firstToken));
        QTest::mouseClick(bench.find<QPushButton>("requests.window"), Qt::LeftButton);
        QCOMPARE(modelOf(bench).sortColumn(), int{RequestListModel::cost});
        // Who sorts within the time means it.
        bench.page->show(wantedOf(bench, Slowest::firstToken));
        bench.clickTitle(RequestListModel::tokensIn);
        QTest::mouseClick(bench.find<QPushButton>("requests.window"), Qt::LeftButton);
        QCOMPARE(modelOf(bench).sortColumn(), int{RequestListModel::tokensIn});
    }

    void isForgottenOverARestart()
    {
        Bench bench;
        bench.open();
        bench.page->show(wantedOf(bench, Slowest::firstToken));
        bench.window.reset();
        bench.open();
        QCOMPARE(modelOf(bench).sortColumn(), RequestListModel::newestFirst);
        QVERIFY(bench.find<QToolButton>("requests.follow")->isChecked());
    }

    void followingLeavesTheTime()
    {
        Bench bench;
        bench.open();
        const auto past = bench.clock.wall().time_since_epoch().count() - 60'000;
        bench.page->show({.fromMs = past - 1000, .toMs = past, .slowest = Slowest::none});
        QCOMPARE(bench.rows(), 0);
        auto* follow = bench.find<QToolButton>("requests.follow");
        QVERIFY(!follow->isChecked()); // nothing new would be seen
        QTest::mouseClick(follow, Qt::LeftButton);
        QVERIFY(follow->isChecked());
        QVERIFY(!bench.find<QPushButton>("requests.window")->isVisible());
        QCOMPARE(bench.rows(), 50);
    }

    void saysWhereTheListHasNotWhatIsLookedInto()
    {
        Bench bench(48);
        bench.open();
        bench.clickRow(1); // 47, which did not fail
        QVERIFY(bench.details->isVisible());
        QVERIFY(bench.details->note.isEmpty());
        bench.filter().setText(QStringLiteral("status:error"));
        QVERIFY2(bench.details->note.contains(QStringLiteral("filter")), qPrintable(bench.details->note));
        bench.filter().clear();
        QVERIFY(bench.details->note.isEmpty());
        bench.publish(2100);
        QTRY_VERIFY2(bench.details->note.contains(QStringLiteral("no longer kept")), qPrintable(bench.details->note));
        bench.clickRow(3);
        QVERIFY(bench.details->note.isEmpty());
    }

    void escapeLeadsFromTheTabsToTheList()
    {
        test::ConsoleFixture fixture;
        for (std::uint64_t n = 1; n <= 5; ++n)
            fixture.log.publish(test::sampleRequest(n, fixture.clock.wall()));
        MainWindow window(fixture.context());
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        window.showPage(QStringLiteral("requests"));
        auto* list = window.findChild<RequestList*>(QStringLiteral("requests.table"));
        auto* inspector = window.findChild<QWidget*>(QStringLiteral("inspector"));
        auto* tabs = inspector->findChild<QTabWidget*>(QStringLiteral("inspector.tabs"));
        QTRY_COMPARE(list->model()->rowCount(), 5);
        for (int tab = 0; tab < tabs->count(); ++tab) {
            list->selectRow(1);
            QVERIFY(inspector->isVisible());
            tabs->setCurrentIndex(tab);
            tabs->tabBar()->setFocus();
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
            QVERIFY2(list->hasFocus(), qPrintable(tabs->tabText(tab)));
        }
        list->selectRow(1);
        for (auto* part : tabs->findChildren<QWidget*>()) {
            if (part->focusPolicy() == Qt::NoFocus)
                continue;
            list->selectRow(1);
            for (int tab = 0; !part->isVisible() && tab < tabs->count(); ++tab)
                tabs->setCurrentIndex(tab);
            part->setFocus();
            if (!part->hasFocus())
                continue;
            QTest::keyClick(part, Qt::Key_Escape);
            QVERIFY2(list->hasFocus(), qPrintable(part->objectName() + QLatin1String(part->metaObject()->className())));
        }
    }

    void whatIsInFlightIsShownWhereItWasHidden()
    {
        test::ConsoleFixture fixture;
        fixture.settings.setValue(QStringLiteral("requests/lanes"), false);
        MainWindow window(fixture.context());
        window.show();
        Q_EMIT window.findChild<OverviewPage*>(QStringLiteral("page.overview"))->inFlightWanted();
        QCOMPARE(window.currentPage(), QStringLiteral("requests"));
        QVERIFY(window.findChild<QWidget*>(QStringLiteral("requests.lanes"))->isVisible());
    }

    void reachesNoFurtherThanTheChart()
    {
        test::ConsoleFixture fixture;
        MainWindow window(fixture.context());
        window.resize(1400, 900);
        window.show();
        const auto now = fixture.clock.wall().time_since_epoch().count();
        fixture.log.publish(test::sampleRequest(1, WallTime(std::chrono::milliseconds(now - 90'000)))); // 9 s at most
        fixture.log.publish(test::sampleRequest(2, WallTime(std::chrono::milliseconds(now - 30'000))));
        auto* overview = window.findChild<OverviewPage*>(QStringLiteral("page.overview"));
        // The last minute is shown; a percentile looks back by one.
        const RequestsWanted wanted{.fromMs = now - 120'000, .toMs = now};
        Q_EMIT overview->requestsWanted(wanted);
        QCOMPARE(window.currentPage(), QStringLiteral("requests"));
        QCOMPARE(window.findChild<RequestList*>(QStringLiteral("requests.table"))->model()->rowCount(), 1);
    }
};

QTEST_MAIN(TestRequestsDrill)
#include "tst_requests_drill.moc"
