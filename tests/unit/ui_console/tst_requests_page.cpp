// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/completion_popup.h"
#include "pages/common/notice_bar.h"
#include "requests_bench.h"

#include <QAbstractButton>
#include <QClipboard>
#include <QFileDialog>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QToolButton>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::ui;
using namespace std::chrono_literals;
using Bench = test::RequestsBench;

class TestRequestsPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsWhatIsKeptAndWhatComes()
    {
        Bench bench;
        bench.open();
        QCOMPARE(bench.rows(), 50);
        QCOMPARE(bench.text("requests.count"), QStringLiteral("50 requests"));
        QCOMPARE(bench.at(0), std::uint64_t{50});
        QVERIFY(bench.details->isHidden());
        bench.publish(3);
        QTRY_COMPARE(bench.at(0), std::uint64_t{53});
        QTRY_COMPARE(bench.text("requests.count"), QStringLiteral("53 requests"));
        bench.publish(1948); // one more than are kept
        QTRY_COMPARE(bench.text("requests.count"), QStringLiteral("the last 2,000 requests"));
        bench.filter().setText(QStringLiteral("zzz"));
        QCOMPARE(bench.text("requests.count"), QStringLiteral("0 of the last 2,000 requests"));
    }

    void saysWhatToDoWhereNothingIs()
    {
        Bench bench(0);
        bench.open();
        QVERIFY(bench.find<QLabel>("requests.empty")->isVisible());
        QVERIFY2(bench.text("requests.empty").contains(bench.gateway.apiUrl()),
                 qPrintable(bench.text("requests.empty")));
        QSignalSpy playground(bench.page, &RequestsPage::openPlaygroundRequested);
        auto* remedy = bench.find<QPushButton>("requests.remedy");
        QVERIFY(remedy->hasFocus());
        bench.key(*remedy, Qt::Key_Space);
        QCOMPARE(playground.size(), 1);
        QVERIFY(!bench.find<QToolButton>("requests.export")->isEnabled());
        bench.publish(1);
        QTRY_VERIFY(bench.list().isVisible());
        QVERIFY(bench.list().hasFocus());
    }

    void saysWhyThereIsNoGateway()
    {
        Bench bench(0, false);
        bench.open();
        QCOMPARE(bench.text("requests.empty"), bench.gateway.error);
        QVERIFY(!bench.find<QPushButton>("requests.remedy")->isVisible());
    }

    void filtersByKeyboard()
    {
        Bench bench(48);
        bench.open();
        bench.key(bench.list(), Qt::Key_Slash);
        QVERIFY(bench.filter().hasFocus());
        QCOMPARE(bench.filter().text(), QString());
        bench.type("status:error");
        QCOMPARE(bench.rows(), 5);
        QCOMPARE(bench.text("requests.count"), QStringLiteral("5 of 48 requests"));
        bench.key(bench.filter(), Qt::Key_Return);
        QVERIFY(bench.list().hasFocus());
        bench.key(bench.list(), Qt::Key_F, Qt::ControlModifier);
        QVERIFY(bench.filter().hasFocus());
        QCOMPARE(bench.filter().selectedText(), QStringLiteral("status:error"));
        bench.key(bench.filter(), Qt::Key_Escape);
        QCOMPARE(bench.rows(), 48);
        bench.key(bench.filter(), Qt::Key_Escape);
        QVERIFY(bench.list().hasFocus());
        bench.type("zzz");
        QTRY_COMPARE(bench.rows(), 0);
        QVERIFY(bench.text("requests.empty").contains(QStringLiteral("48")));
        QTest::mouseClick(bench.find<QPushButton>("requests.remedy"), Qt::LeftButton);
        QCOMPARE(bench.rows(), 48);
        QVERIFY(bench.filter().text().isEmpty());
        QVERIFY(bench.list().hasFocus());
    }

    void saysWhatIsWrongWithAFilter()
    {
        Bench bench(48);
        bench.open();
        auto* error = bench.find<QLabel>("requests.filter.error");
        bench.filter().setText(QStringLiteral("status:error"));
        QVERIFY(!error->isVisible());
        bench.filter().setText(QStringLiteral("status:error ttft:>5"));
        QVERIFY(error->isVisible());
        QVERIFY2(error->text().contains(QStringLiteral("5ms")), qPrintable(error->text()));
        QVERIFY(bench.filter().error());
        QCOMPARE(bench.filter().error()->from, 19);
        QCOMPARE(bench.filter().error()->length, 1);
        QCOMPARE(bench.filter().accessibleDescription(), error->text());
        QCOMPARE(bench.rows(), 5); // as it was understood last, which is said
        auto* count = bench.find<QLabel>("requests.count");
        QCOMPARE(count->text(), QStringLiteral("5 of 48 requests, by the filter before"));
        bench.publish(11);
        QTRY_COMPARE(bench.rows(), 6);
        bench.filter().setText(QStringLiteral("status:error ttft:>5s"));
        QVERIFY(!error->isVisible());
        QVERIFY(!bench.filter().error());
        QVERIFY(!count->text().contains(QStringLiteral("before")));
        bench.filter().setText(QString(5000, QLatin1Char('(')));
        QVERIFY(error->isVisible());
        bench.filter().grab(); // draws its line, however far
    }

    void completes()
    {
        Bench bench;
        bench.open();
        bench.filter().setFocus();
        bench.type("mod");
        auto& popup = bench.filter().popup();
        QVERIFY(popup.isVisible());
        QCOMPARE(popup.current(), QStringLiteral("model:"));
        const auto below = popup.y();
        bench.filter().setText(QStringLiteral("("));
        QTRY_VERIFY(bench.find<QLabel>("requests.filter.error")->isVisible());
        QCoreApplication::processEvents();
        bench.filter().clear();
        bench.type("mod");
        QCOMPARE(popup.y(), below); // whatever stood below the box just now
        bench.key(bench.filter(), Qt::Key_Tab);
        QCOMPARE(bench.filter().text(), QStringLiteral("model:"));
        QVERIFY(popup.isVisible()); // with the models that occur
        bench.type("cl");
        QCOMPARE(popup.current(), QStringLiteral("claude-sonnet-4"));
        bench.key(bench.filter(), Qt::Key_Down);
        bench.key(bench.filter(), Qt::Key_Return);
        QCOMPARE(bench.filter().text(), QStringLiteral("model:claude-sonnet-4 "));
        QCOMPARE(bench.rows(), 10);
        // Enter takes what was typed where no choice was gone to.
        bench.type("status");
        QVERIFY(popup.isVisible());
        bench.key(bench.filter(), Qt::Key_Return);
        QCOMPARE(bench.filter().text(), QStringLiteral("model:claude-sonnet-4 status"));
        QVERIFY(!popup.isVisible());
        bench.filter().setFocus();
        bench.filter().clear();
        bench.key(bench.filter(), Qt::Key_Space, Qt::ControlModifier);
        QVERIFY(popup.isVisible());
        QVERIFY(popup.count() > 20);
        bench.key(bench.filter(), Qt::Key_Escape);
        QVERIFY(!popup.isVisible());
    }

    void bringsFiltersBack()
    {
        Bench bench;
        bench.open();
        for (const char* text : {"model:tiny", "status:error"}) {
            bench.filter().setFocus();
            bench.filter().setText(QString::fromLatin1(text));
            bench.key(bench.filter(), Qt::Key_Return);
        }
        bench.filter().setFocus();
        bench.filter().clear();
        bench.key(bench.filter(), Qt::Key_Down);
        auto& popup = bench.filter().popup();
        QVERIFY(popup.isVisible());
        QCOMPARE(popup.count(), 2);
        bench.key(bench.filter(), Qt::Key_Down);
        bench.key(bench.filter(), Qt::Key_Down);
        bench.key(bench.filter(), Qt::Key_Return);
        QCOMPARE(bench.filter().text(), QStringLiteral("model:tiny"));
        QCOMPARE(bench.rows(), 10);
    }

    void sortsByItsTitles()
    {
        Bench bench;
        bench.open();
        auto& model = static_cast<RequestListModel&>(*bench.list().model());
        bench.clickTitle(RequestListModel::total);
        QCOMPARE(model.sortColumn(), int{RequestListModel::total});
        QCOMPARE(model.sortOrder(), Qt::DescendingOrder);
        QVERIFY(!bench.find<QToolButton>("requests.follow")->isChecked());
        bench.clickTitle(RequestListModel::total);
        QCOMPARE(model.sortOrder(), Qt::AscendingOrder);
        bench.clickTitle(RequestListModel::total);
        QCOMPARE(model.sortColumn(), RequestListModel::newestFirst);
        QCOMPARE(bench.at(0), std::uint64_t{50});
        QVERIFY(bench.find<QToolButton>("requests.follow")->isChecked());
        bench.clickTitle(RequestListModel::model);
        QCOMPARE(model.sortOrder(), Qt::AscendingOrder);
    }

    void looksIntoARequest()
    {
        Bench bench;
        bench.open();
        bench.clickRow(2);
        QVERIFY(bench.details->isVisible());
        QCOMPARE(bench.details->shown, std::uint64_t{48});
        bench.key(bench.list(), Qt::Key_Down);
        QCOMPARE(bench.details->shown, std::uint64_t{47});
        bench.key(bench.list(), Qt::Key_Return);
        QVERIFY(bench.details->hasFocus());
        bench.key(*bench.details, Qt::Key_Escape);
        QVERIFY(!bench.details->isVisible());
        QCOMPARE(bench.details->shown, std::uint64_t{0});
        QVERIFY(bench.list().hasFocus());
        // By keys alone.
        bench.key(bench.list(), Qt::Key_Return);
        QVERIFY(bench.details->isVisible());
        Q_EMIT bench.details->closed();
        QVERIFY(!bench.details->isVisible());
        // It stays when the filter does not find it any more.
        bench.clickRow(0);
        const auto looked = bench.details->shown;
        bench.filter().setText(QStringLiteral("status:error"));
        QVERIFY(bench.details->isVisible());
        QCOMPARE(bench.details->shown, looked);
        QCOMPARE(bench.selected(), std::uint64_t{0}); // nobody chose its neighbour
        bench.filter().clear();
        QCOMPARE(bench.selected(), looked);
        QCOMPARE(bench.details->shown, looked);
        bench.filter().setText(QStringLiteral("status:error"));
        QSignalSpy replay(bench.page, &RequestsPage::replayRequested);
        Q_EMIT bench.details->replayRequested({QStringLiteral("phi4"), "{}"});
        QCOMPARE(replay.size(), 1);
        Q_EMIT bench.details->filterRequested(QStringLiteral("client:=ci"));
        QCOMPARE(bench.filter().text(), QStringLiteral("status:error client:=ci"));
    }

    void keysGoOnWhereARowWent()
    {
        Bench bench;
        bench.open();
        bench.clickRow(2);
        bench.filter().setText(QStringLiteral("-model:=") + bench.list().model()->index(2, 3).data().toString());
        QCOMPARE(bench.details->shown, std::uint64_t{48});
        const auto next = bench.at(bench.list().currentIndex().row());
        QCOMPARE(next, std::uint64_t{47});
        bench.key(bench.list(), Qt::Key_Return);
        QCOMPARE(bench.details->shown, next);
    }

    void thoseThatAreForgottenOpenNothing()
    {
        Bench bench(0);
        bench.publish(2000);
        bench.open();
        bench.list().setCurrentIndex(bench.list().model()->index(1999, 0));
        bench.key(*bench.details, Qt::Key_Escape);
        QVERIFY(!bench.details->isVisible());
        bench.publish(5);
        QTRY_COMPARE(bench.at(0), std::uint64_t{2005});
        QCOMPARE(bench.rows(), 2000);
        QVERIFY(!bench.details->isVisible());
        QCOMPARE(bench.selected(), std::uint64_t{0});
    }

    void followsUntilTheUserLooks()
    {
        Bench bench(200);
        bench.open();
        auto* follow = bench.find<QToolButton>("requests.follow");
        QVERIFY(follow->isChecked());
        bench.publish(5);
        QTRY_COMPARE(bench.at(0), std::uint64_t{205});
        QCOMPARE(bench.list().verticalScrollBar()->value(), 0);
        // A row that is looked at stays where it is.
        bench.clickRow(3);
        QVERIFY(!follow->isChecked());
        const auto looked = bench.selected();
        const auto y = bench.list().visualRect(bench.list().selectionModel()->selectedRows().front()).top();
        bench.publish(30);
        QTRY_COMPARE(bench.rows(), 235);
        QCOMPARE(bench.selected(), looked);
        QCOMPARE(bench.list().visualRect(bench.list().selectionModel()->selectedRows().front()).top(), y);
        QTest::mouseClick(follow, Qt::LeftButton);
        QVERIFY(follow->isChecked());
        QCOMPARE(bench.list().verticalScrollBar()->value(), 0);
        bench.publish(1);
        QTRY_COMPARE(bench.rows(), 236);
        QCOMPARE(bench.list().verticalScrollBar()->value(), 0);
        QCOMPARE(bench.selected(), looked);
    }

    void scrollingAwayStopsFollowing()
    {
        Bench bench(200);
        bench.open();
        auto* follow = bench.find<QToolButton>("requests.follow");
        auto* bar = bench.list().verticalScrollBar();
        bar->setValue(333);
        QVERIFY(!follow->isChecked());
        const auto top = bench.at(bench.list().rowAt(0));
        const auto y = bench.list().rowViewportPosition(bench.list().rowAt(0));
        bench.publish(20);
        QTRY_COMPARE(bench.rows(), 220);
        QCOMPARE(bench.at(bench.list().rowAt(0)), top);
        QCOMPARE(bench.list().rowViewportPosition(bench.list().rowAt(0)), y);
        bar->setValue(0);
        QVERIFY(follow->isChecked());
    }

    void showsWhatAChartAskedFor()
    {
        Bench bench(0);
        const auto now = bench.clock.wall();
        for (std::uint64_t n = 1; n <= 40; ++n)
            bench.log.publish(test::sampleRequest(n, now - 1h + std::chrono::minutes(n)));
        bench.open();
        const auto at = [&](std::chrono::minutes minutes) { return (now - 1h + minutes).time_since_epoch().count(); };
        bench.page->show(
            RequestsWanted{.fromMs = at(10min), .toMs = at(20min), .filter = QStringLiteral("stream:yes")});
        auto* chip = bench.find<QPushButton>("requests.window");
        QVERIFY(chip->isVisible());
        QVERIFY(chip->text().contains(QStringLiteral(" – ")));
        QVERIFY(bench.rows() > 4 && bench.rows() < 12);
        auto& model = static_cast<RequestListModel&>(*bench.list().model());
        QCOMPARE(model.sortColumn(), int{RequestListModel::total});
        QVERIFY(model.record(0)->total() >= model.record(1)->total());
        QVERIFY(!bench.details->isVisible());
        bench.filter().clear();
        QCOMPARE(bench.rows(), 11);
        QTest::mouseClick(chip, Qt::LeftButton);
        QVERIFY(!chip->isVisible());
        QCOMPARE(bench.rows(), 40);
        bench.page->show(RequestsWanted{.fromMs = 1, .toMs = 2});
        QVERIFY(bench.text("requests.empty").contains(QStringLiteral("at that time")));
        bench.key(*bench.find<QPushButton>("requests.remedy"), Qt::Key_Space);
        QCOMPARE(bench.rows(), 40);
        bench.page->show(RequestsWanted{.slowest = RequestsWanted::Slowest::none});
        QCOMPARE(model.sortColumn(), RequestListModel::newestFirst);
    }

    void findsOneById()
    {
        Bench bench;
        bench.open();
        bench.filter().setText(QStringLiteral("status:error"));
        bench.page->choose(QStringLiteral("req_7"));
        QCOMPARE(bench.selected(), std::uint64_t{7});
        QCOMPARE(bench.details->shown, std::uint64_t{7});
        QVERIFY(bench.filter().text().isEmpty());
        Q_EMIT bench.details->requestChosen(QStringLiteral("req_9"));
        QCOMPARE(bench.details->shown, std::uint64_t{9});
        bench.page->choose(QStringLiteral("req_nobody"));
        QCOMPARE(bench.selected(), std::uint64_t{9});
    }

    void offersToFilterAndToCopy()
    {
        Bench bench;
        bench.open();
        bench.clickRow(0);
        const auto index = bench.list().model()->index(0, RequestListModel::model);
        const auto model = index.data().toString();
        bench.list().setCurrentIndex(index);
        bench.key(bench.list(), Qt::Key_C, Qt::ControlModifier);
        const auto copied = QGuiApplication::clipboard()->text();
        QCOMPARE(copied.split(QLatin1Char('\t')).size(), bench.list().visibleColumns().size());
        QVERIFY(copied.contains(model));
        QContextMenuEvent asks(QContextMenuEvent::Keyboard, QPoint(), bench.list().mapToGlobal(QPoint()));
        QCoreApplication::sendEvent(&bench.list(), &asks);
        QVERIFY(bench.menu());
        for (auto* action : bench.menu()->actions()) {
            if (action->text().startsWith(QStringLiteral("Copy the request")))
                action->trigger();
        }
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("req_50"));
        for (auto* action : bench.menu()->actions()) {
            if (action->text().startsWith(QStringLiteral("Without model")))
                action->trigger();
        }
        QCOMPARE(bench.filter().text(), QStringLiteral("-model:=") + model);
        QCOMPARE(bench.rows(), 40);
    }

    void exportsWhatTheFilterFinds()
    {
        Bench bench(48);
        bench.open();
        bench.filter().setText(QStringLiteral("status:error"));
        auto* menu = bench.find<QToolButton>("requests.export")->menu();
        const auto path = bench.directory.filePath(QStringLiteral("out.jsonl"));
        menu->actions().at(1)->trigger();
        auto* dialog = bench.window->findChild<QFileDialog*>(QStringLiteral("requests.export.dialog"));
        QVERIFY(dialog);
        bench.filter().clear(); // what is asked for was asked for before
        Q_EMIT dialog->fileSelected(path);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll().count('\n'), 5);
        Q_EMIT dialog->fileSelected(QStringLiteral("/nowhere/at/all.jsonl"));
        dialog->reject();
        QVERIFY(bench.find<NoticeBar>("requests.notice")->text().contains(QStringLiteral("cannot be written")));
    }

    void comesBackAsItWas()
    {
        Bench bench;
        bench.open();
        bench.list().setColumnWidth(RequestListModel::route, 199);
        QMenu columns;
        bench.list().fillColumnMenu(columns);
        columns.actions().at(RequestListModel::cost)->trigger();
        auto* header = bench.list().horizontalHeader();
        header->moveSection(header->visualIndex(3), 1);
        bench.clickTitle(RequestListModel::ttft);
        bench.filter().setText(QStringLiteral("model:tiny"));
        QTest::mouseClick(bench.find<QToolButton>("requests.lanes.toggle"), Qt::LeftButton);
        QVERIFY(!bench.lanes->isVisible());
        bench.window.reset();
        bench.open();
        QCOMPARE(bench.list().columnWidth(RequestListModel::route), 199);
        QVERIFY(bench.list().isColumnHidden(RequestListModel::cost));
        QCOMPARE(bench.list().horizontalHeader()->visualIndex(3), 1);
        auto& model = static_cast<RequestListModel&>(*bench.list().model());
        QCOMPARE(model.sortColumn(), int{RequestListModel::ttft});
        QCOMPARE(model.sortOrder(), Qt::DescendingOrder);
        QCOMPARE(bench.filter().text(), QStringLiteral("model:tiny"));
        QCOMPARE(bench.rows(), 10);
        QVERIFY(!bench.lanes->isVisible());
        QVERIFY(!bench.find<QToolButton>("requests.follow")->isChecked());
    }

    void startsWithBrokenSettings()
    {
        Bench bench;
        bench.settings.setValue(QStringLiteral("requests/header"), QByteArray("garbage"));
        bench.settings.setValue(QStringLiteral("requests/splitter"), QByteArray("garbage"));
        bench.settings.setValue(QStringLiteral("requests/sort"), 99);
        bench.settings.setValue(QStringLiteral("requests/filter"), QStringLiteral("((("));
        bench.open();
        QCOMPARE(bench.rows(), 50);
        QVERIFY(bench.find<QLabel>("requests.filter.error")->isVisible());
        QVERIFY(!bench.list().isColumnHidden(0));
    }

    void saysWhoseRequestsTheseAre()
    {
        Bench bench;
        const auto id = bench.add("far");
        bench.open();
        QVERIFY(!bench.find<QLabel>("requests.elsewhere")->isVisible());
        bench.sources.setCurrent(id);
        QVERIFY(bench.find<QLabel>("requests.elsewhere")->isVisible());
        QCOMPARE(bench.rows(), 50);
    }

    void leavesTheWindowItsKeys()
    {
        Bench bench;
        bench.open();
        bench.key(bench.list(), Qt::Key_Space);
        bench.key(bench.list(), Qt::Key_Question);
        QCOMPARE(bench.window->keys, (QList<int>{Qt::Key_Space, Qt::Key_Question}));
        QVERIFY(!bench.details->isVisible());
    }

    void columnsCanBeChosen()
    {
        Bench bench;
        bench.open();
        QMenu menu;
        bench.list().fillColumnMenu(menu);
        QVERIFY(!menu.actions().at(RequestListModel::time)->isEnabled());
        menu.actions().at(RequestListModel::cost)->trigger();
        QVERIFY(bench.list().isColumnHidden(RequestListModel::cost));
        menu.actions().last()->trigger();
        QVERIFY(!bench.list().isColumnHidden(RequestListModel::cost));
    }

    void everyControlHasAName()
    {
        Bench bench;
        bench.open();
        bench.page->show(RequestsWanted{.fromMs = 1});
        for (auto* widget : bench.page->findChildren<QWidget*>()) {
            const bool control = qobject_cast<QAbstractButton*>(widget) || qobject_cast<FilterBox*>(widget)
                                 || qobject_cast<QTableView*>(widget);
            auto* button = qobject_cast<QAbstractButton*>(widget);
            if (control && widget->focusPolicy() != Qt::NoFocus)
                QVERIFY2(!widget->accessibleName().isEmpty() || (button && !button->text().isEmpty()),
                         qPrintable(widget->objectName()));
        }
    }
};

QTEST_MAIN(TestRequestsPage)
#include "tst_requests_page.moc"
