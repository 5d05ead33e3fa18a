// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "console_fixture.h"
#include "fake_settings_store.h"
#include "models/request_list_model.h"
#include "models/request_table_model.h"
#include "pages/sources/sources_dialog.h"
#include "request_samples.h"
#include "shell/main_window.h"
#include "shell/nav_rail.h"
#include "shell/tray.h"

#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QScrollBar>
#include <QSplitter>
#include <QTableView>
#include <QToolButton>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::ui;

namespace {

struct Bench : test::ConsoleFixture {
    void open()
    {
        auto given = context();
        given.configuration = &store;
        window = std::make_unique<MainWindow>(given);
        window->resize(1200, 700);
        window->show();
        QVERIFY(QTest::qWaitForWindowActive(window.get()));
    }
    template <typename W>
    W* find(const char* name) const
    {
        auto* found = window->findChild<W*>(QLatin1StringView(name));
        if (!found)
            qFatal("no %s", name);
        return found;
    }
    void publish(std::int64_t startedMs)
    {
        telemetry::RequestRecord record;
        record.started = WallTime(std::chrono::milliseconds(startedMs));
        log.publish(record);
    }
    /// What the palette lists for these letters, the best first.
    QStringList palette(const QString& letters) const
    {
        QTest::keyClick(window.get(), Qt::Key_K, Qt::ControlModifier);
        QTest::keyClicks(find<QLineEdit>("palette.typed"), letters);
        const auto* list = find<QListWidget>("palette.list");
        QStringList all;
        for (int i = 0; i < list->count(); ++i)
            all << list->item(i)->text();
        return all;
    }
    void run(const QString& letters) const
    {
        palette(letters);
        QTest::keyClick(find<QLineEdit>("palette.typed"), Qt::Key_Return);
    }

    test::FakeSettingsStore store;
    std::unique_ptr<MainWindow> window;
};

} // namespace

/// What the whole window does whatever page is shown.
class TestWindowManners : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theWindowTakesTheWholeScreen()
    {
        Bench bench;
        bench.open();
        QTest::keyClick(bench.window.get(), Qt::Key_F11);
        QTRY_VERIFY(bench.window->isFullScreen());
        QVERIFY(bench.palette(QStringLiteral("full screen")).value(0).startsWith(QStringLiteral("Leave")));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
        QTest::keyClick(bench.window.get(), Qt::Key_F11);
        QTRY_VERIFY(!bench.window->isFullScreen());
    }

    void whatChangesIsKeptAtOnce()
    {
        Bench bench;
        bench.open();
        bench.window->showPage(QStringLiteral("explore"));
        bench.window->resize(1180, 660);
        QTest::mouseClick(bench.find<QPushButton>("topBar.range.15m"), Qt::LeftButton);
        QTest::mouseClick(bench.find<QToolButton>("topBar.theme"), Qt::LeftButton);
        const auto& settings = bench.settings;
        QTRY_COMPARE(settings.value(QStringLiteral("window/page")).toString(), QStringLiteral("explore"));
        QCOMPARE(settings.value(QStringLiteral("window/range")).toLongLong(), 900'000);
        QCOMPARE(settings.value(QStringLiteral("window/theme")).toString(), QStringLiteral("light"));
        // As the next start finds it, without this one having ended.
        bench.sources.setCurrent({});
        MainWindow next(bench.context());
        QCOMPARE(next.size(), QSize(1180, 660));
        QCOMPARE(next.currentPage(), QStringLiteral("explore"));
    }

    void theRequestsArrangementIsKeptAtOnce()
    {
        Bench bench;
        bench.publish(bench.clock.wall().time_since_epoch().count());
        bench.open();
        bench.window->showPage(QStringLiteral("requests"));
        auto* table = bench.find<QTableView>("requests.table");
        QTRY_COMPARE(table->model()->rowCount(), 1);
        table->selectRow(0); // the inspector stands beside it
        auto* splitter = bench.find<QSplitter>("requests.splitter");
        const auto kept = [&](const char* key) { return bench.settings.value(QLatin1StringView(key)).toByteArray(); };
        table->setColumnWidth(RequestListModel::total, 123);
        QTRY_VERIFY(!kept("requests/header").isEmpty());
        QHeaderView header(Qt::Horizontal);
        header.setModel(table->model());
        QVERIFY(header.restoreState(kept("requests/header")));
        QCOMPARE(header.sectionSize(RequestListModel::total), 123);
        // The handle between list and inspector, with the mouse.
        const auto before = kept("requests/splitter");
        auto* handle = splitter->handle(1);
        QTRY_VERIFY(handle->isVisible());
        const QPoint grip = handle->rect().center();
        QTest::mousePress(handle, Qt::LeftButton, {}, grip);
        QTest::mouseMove(handle, grip - QPoint(60, 0));
        QTest::mouseRelease(handle, Qt::LeftButton, {}, grip - QPoint(60, 0));
        QTRY_VERIFY(kept("requests/splitter") != before);
        QCOMPARE(kept("requests/splitter"), splitter->saveState());
    }

    void theLastRequestsFillTheirRoom_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<int>("least"); // columns
        QTest::newRow("small") << QSize(1024, 640) << 5;
        QTest::newRow("usual") << QSize(1440, 900) << 5;
        QTest::newRow("wide") << QSize(2200, 1200) << int{RequestTableModel::columnCount_};
    }
    void theLastRequestsFillTheirRoom()
    {
        QFETCH(QSize, size);
        QFETCH(int, least);
        Bench bench;
        for (std::uint64_t i = 0; i < 30; ++i)
            bench.log.publish(test::sampleRequest(i, bench.clock.wall()));
        bench.open();
        auto* table = bench.find<QTableView>("overview.requests.table");
        bench.window->resize(2560, 1440); // however wide it was before
        QTRY_COMPARE(table->model()->rowCount(), 30);
        QTRY_VERIFY(table->viewport()->width() > 600);
        bench.window->resize(size);
        const auto shown = [&] {
            int count = 0;
            for (int column = 0; column < RequestTableModel::columnCount_; ++column)
                count += table->isColumnHidden(column) ? 0 : 1;
            return count;
        };
        QTRY_VERIFY2(shown() >= least, qPrintable(QString::number(shown())));
        const QAbstractItemView& view = *table;
        for (int column = 0; column < RequestTableModel::columnCount_; ++column) {
            if (table->isColumnHidden(column))
                continue;
            const auto title = table->model()->headerData(column, Qt::Horizontal).toString();
            QVERIFY2(table->columnViewportPosition(column) + table->columnWidth(column) <= table->viewport()->width(),
                     qPrintable(title));
            QVERIFY2(table->columnWidth(column) >= table->horizontalHeader()->sectionSizeHint(column),
                     qPrintable(title));
            if (column != RequestTableModel::model) // whose names have no end
                QVERIFY2(table->columnWidth(column) >= view.sizeHintForColumn(column), qPrintable(title));
        }
        QVERIFY(table->columnWidth(RequestTableModel::model) > 90);
        QTRY_COMPARE(table->viewport()->height() % table->rowHeight(0), 0);
    }

    void enterPressesTheButtonWithTheFocus()
    {
        Bench bench;
        bench.open();
        auto* pause = bench.find<QPushButton>("topBar.pause");
        pause->setFocus();
        QTest::keyClick(pause, Qt::Key_Return);
        QVERIFY(pause->isChecked());
        QTest::keyClick(pause, Qt::Key_Enter);
        QVERIFY(!pause->isChecked());
        auto* playground = bench.find<QToolButton>("nav.playground");
        playground->setFocus();
        QTest::keyClick(playground, Qt::Key_Return);
        QCOMPARE(bench.window->currentPage(), QStringLiteral("playground"));
    }

    void aShortRangeHasSeconds()
    {
        Bench bench;
        bench.open();
        const QDateTime from(QDate(2026, 11, 21), QTime(10, 0, 20));
        const auto show = [&](qint64 seconds) {
            auto* chart = bench.find<QWidget>("chart.ttft");
            QMetaObject::invokeMethod(chart, "rangeSelected", Q_ARG(qint64, from.toMSecsSinceEpoch()),
                                      Q_ARG(qint64, from.addSecs(seconds).toMSecsSinceEpoch()));
            return bench.find<QLabel>("topBar.live")->text();
        };
        QCOMPARE(show(30), QStringLiteral("21 Nov 10:00:20 – 10:00:50"));
        QCOMPARE(show(5400), QStringLiteral("21 Nov 10:00 – 11:30"));
    }

    void theRequestsAreThoseOfTheRange()
    {
        Bench bench;
        constexpr std::int64_t moment = 1'700'000'000'000;
        bench.publish(moment);
        bench.publish(moment + 60'000);
        bench.publish(moment + 120'000);
        bench.open();
        const auto* rows = bench.find<QTableView>("overview.requests.table")->model();
        const auto* title = bench.find<QLabel>("overview.requests.title");
        QTRY_COMPARE(rows->rowCount(), 3);
        QMetaObject::invokeMethod(bench.find<QWidget>("chart.ttft"), "rangeSelected", Q_ARG(qint64, moment + 30'000),
                                  Q_ARG(qint64, moment + 90'000));
        QCOMPARE(rows->rowCount(), 1);
        QCOMPARE(title->text(), QStringLiteral("Requests of this range"));
        QTest::mouseClick(bench.find<QPushButton>("topBar.pause"), Qt::LeftButton); // live again
        QCOMPARE(rows->rowCount(), 3);
        QTest::mouseClick(bench.find<QPushButton>("topBar.pause"), Qt::LeftButton);
        QCOMPARE(title->text(), QStringLiteral("Last requests (paused)"));
    }

    void theTimesOfRequestsFitTheSmallestWindow()
    {
        Bench bench;
        bench.publish(1'700'000'000'000);
        bench.open();
        bench.window->showPage(QStringLiteral("requests"));
        auto* list = bench.find<QTableView>("requests.table");
        bench.window->resize(1024, 640);
        list->selectRow(0);
        QTRY_VERIFY(bench.find<QWidget>("inspector")->isVisible());
        const auto end = [list] {
            return list->columnViewportPosition(RequestListModel::total) + list->columnWidth(RequestListModel::total);
        };
        QTRY_VERIFY2(end() <= list->viewport()->width(), qPrintable(QString::number(end())));
        QVERIFY(!list->isColumnHidden(RequestListModel::total));
        QVERIFY(list->isColumnHidden(RequestListModel::trace));
        QTRY_COMPARE(list->horizontalScrollBar()->maximum(), 0);
        const auto beside = list->horizontalHeader()->hiddenSectionCount();
        QTest::keyClick(list, Qt::Key_Escape);
        QTRY_VERIFY(list->horizontalHeader()->hiddenSectionCount() < beside); // there is more room again
    }

    void thePaletteKnowsWhatPagesCanDo()
    {
        Bench bench;
        bench.publish(1'700'000'000'000);
        bench.open();
        bench.window->showPage(QStringLiteral("requests"));
        auto* filter = bench.find<QLineEdit>("requests.filter");
        filter->setText(QStringLiteral("status:error"));
        bench.window->showPage(QStringLiteral("overview"));
        bench.run(QStringLiteral("clear the filter"));
        QCOMPARE(bench.window->currentPage(), QStringLiteral("requests"));
        QVERIFY(filter->text().isEmpty());
        QVERIFY(bench.palette(QStringLiteral("clear the filter")).first().startsWith(QLatin1StringView("Nothing")));
        QTest::keyClick(bench.find<QLineEdit>("palette.typed"), Qt::Key_Escape);
        bench.run(QStringLiteral("body_timeout"));
        QCOMPARE(bench.window->currentPage(), QStringLiteral("settings"));
        QTRY_VERIFY(bench.find<QLineEdit>("settings.limits.body_timeout")->hasFocus());
        QCOMPARE(bench.palette(QStringLiteral("pin baseline")).first(),
                 QStringLiteral("Pin this time as the baseline"));
        QCOMPARE(bench.palette(QStringLiteral("settings: models")).first(), QStringLiteral("Settings: Models"));
    }

    void oneIsNotSpokenOfAsMany()
    {
        Bench bench;
        bench.open();
        auto spans = bench.palette(QStringLiteral("show the last"));
        for (const auto* span : {"1 minute (1m)", "5 minutes (5m)", "hour (1h)", "6 hours (6h)"})
            QVERIFY2(spans.contains(QStringLiteral("Show the last ") + QLatin1StringView(span)), span);
        QVERIFY(spans.filter(QStringLiteral("(s)")).isEmpty());
        QTest::keyClick(bench.find<QLineEdit>("palette.typed"), Qt::Key_Escape);
        // As the buttons say it.
        QCOMPARE(bench.palette(QStringLiteral("1h")).value(0), QStringLiteral("Show the last hour (1h)"));
        QTest::keyClick(bench.find<QLineEdit>("palette.typed"), Qt::Key_Escape);
        QCOMPARE(bench.palette(QStringLiteral("1 minute")).value(0), QStringLiteral("Show the last 1 minute (1m)"));
        QTest::keyClick(bench.find<QLineEdit>("palette.typed"), Qt::Key_Escape);
        NavRail rail(bench.theme);
        rail.add(QStringLiteral("targets"), QStringLiteral("Targets"), QStringLiteral("targets"));
        const auto* button = rail.findChild<QToolButton*>(QStringLiteral("nav.targets"));
        rail.setBadge(QStringLiteral("targets"), 1);
        QCOMPARE(button->accessibleName(), QStringLiteral("Targets, 1 alert firing"));
        rail.setBadge(QStringLiteral("targets"), 2);
        QCOMPARE(button->accessibleName(), QStringLiteral("Targets, 2 alerts firing"));
    }

    /// The desktop's panel may start after us; until then, closing the window ends the program.
    void aTrayThatComesLaterIsUsed()
    {
        const Theme theme(ThemeMode::dark);
        bool there = false;
        const Tray tray(theme, nullptr, [&there] { return there; });
        QVERIFY(!tray.shown());
        there = true;
        QTRY_VERIFY_WITH_TIMEOUT(tray.shown(), 10'000);
    }

    void unsavedSettingsAreMarkedOnTheRail()
    {
        Bench bench;
        bench.store.disk = "listen: 127.0.0.1:8080\nlimits:\n  body_timeout: 30s\n";
        bench.open();
        const auto* button = bench.find<QToolButton>("nav.settings");
        const auto picture = [button] { return button->icon().pixmap(20, 20).toImage(); };
        bench.run(QStringLiteral("body_timeout"));
        auto* field = bench.find<QLineEdit>("settings.limits.body_timeout");
        QTRY_VERIFY(field->hasFocus());
        QCOMPARE(button->accessibleName(), QStringLiteral("Settings"));
        const auto before = picture();
        field->selectAll();
        QTest::keyClicks(field, QStringLiteral("45s"));
        QTRY_COMPARE(button->accessibleName(), QStringLiteral("Settings, unsaved changes"));
        QVERIFY(button->toolTip().contains(QStringLiteral("unsaved changes")));
        QVERIFY(picture() != before);
        // They are kept, and so is the mark, before the page was looked at.
        QTRY_VERIFY(bench.settings.contains(QStringLiteral("settings/draft")));
        auto given = bench.context();
        given.configuration = &bench.store;
        bench.window.reset();
        const MainWindow next(given);
        QCOMPARE(next.findChild<QToolButton*>(QStringLiteral("nav.settings"))->accessibleName(),
                 QStringLiteral("Settings, unsaved changes"));
    }

    void returnPressesTheButtonThatHasTheFocus()
    {
        Bench bench;
        SourcesDialog dialog(bench.theme, bench.sources);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowActive(&dialog));
        auto* add = dialog.findChild<QPushButton*>(QStringLiteral("sources.add"));
        const auto* list = dialog.findChild<QListWidget*>(QStringLiteral("sources.list"));
        QCOMPARE(list->count(), 0);
        add->setFocus();
        QTest::keyClick(add, Qt::Key_Return);
        QCOMPARE(list->count(), 1);
        // But not another one, from a field.
        auto* name = dialog.findChild<QLineEdit*>(QStringLiteral("source.name"));
        QVERIFY(name->hasFocus());
        QTest::keyClick(name, Qt::Key_Return);
        QCOMPARE(list->count(), 1);
        QVERIFY(dialog.isVisible());
    }
};

QTEST_MAIN(TestWindowManners)
#include "tst_window_manners.moc"
