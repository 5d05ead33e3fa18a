// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "find_widget.h"
#include "shell/main_window.h"

#include "charts/time_series_chart.h"
#include "console_fixture.h"
#include "pages/common/page.h"
#include "shell/screenshots.h"
#include "widgets/stat_tile.h"

#include <QAbstractScrollArea>
#include <QAccessible>
#include <QActionGroup>
#include <QClipboard>
#include <QDialog>
#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScreen>
#include <QSignalSpy>
#include <QTableView>
#include <QTextEdit>
#include <QToolButton>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::ui;
using test::find;

namespace {

/// Words that do not fit into their label or button.
QStringList clippedWords(const QWidget& window)
{
    QStringList clipped;
    for (const auto* widget : window.findChildren<QWidget*>()) {
        if (!widget->isVisible() || widget->sizePolicy().horizontalPolicy() == QSizePolicy::Ignored)
            continue;
        const auto* label = qobject_cast<const QLabel*>(widget);
        const auto* button = qobject_cast<const QAbstractButton*>(widget);
        int wanted = 0;
        QString text;
        if (label && !label->wordWrap() && qstrcmp(label->metaObject()->className(), "QLabel") == 0) {
            text = label->text();
            wanted = label->fontMetrics().horizontalAdvance(text);
        } else if (button) {
            text = button->text();
            wanted = button->fontMetrics().horizontalAdvance(text);
        }
        if (wanted > widget->width())
            clipped << text + QLatin1String(" in ") + widget->objectName();
        if (label && label->wordWrap() && label->height() < label->heightForWidth(label->width()))
            clipped << label->text() + QLatin1String(" (too low)");
    }
    return clipped;
}

} // namespace

class TestMainWindow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void goesToPagesByKeyAndByClick()
    {
        test::ConsoleFixture fixture;
        MainWindow window(fixture.context());
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        QCOMPARE(window.currentPage(), QStringLiteral("overview"));
        QTest::keyClick(&window, Qt::Key_2, Qt::ControlModifier);
        QCOMPARE(window.currentPage(), QStringLiteral("playground"));
        QVERIFY(find<QToolButton>(window, "nav.playground")->isChecked());
        QVERIFY(!find<QToolButton>(window, "nav.overview")->isChecked());
        QTest::keyClick(&window, Qt::Key_1, Qt::ControlModifier);
        QCOMPARE(window.currentPage(), QStringLiteral("overview"));
        QTest::mouseClick(find<QToolButton>(window, "nav.playground"), Qt::LeftButton);
        QCOMPARE(window.currentPage(), QStringLiteral("playground"));
        QTest::mouseClick(find<QToolButton>(window, "nav.playground"), Qt::LeftButton);
        QVERIFY(find<QToolButton>(window, "nav.playground")->isChecked());
        window.showPage(QStringLiteral("nowhere"));
        QCOMPARE(window.currentPage(), QStringLiteral("playground"));
    }

    void theFirstWindowIsNoLargerThanTheScreen()
    {
        test::ConsoleFixture fixture;
        const MainWindow window(fixture.context());
        const auto room = window.screen()->availableGeometry().size().expandedTo(window.minimumSize());
        QCOMPARE(window.size(), window.size().boundedTo(room));
    }

    void spacePausesUnlessTextIsTyped()
    {
        test::ConsoleFixture fixture;
        MainWindow window(fixture.context());
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        auto* pause = find<QPushButton>(window, "topBar.pause");
        QTest::keyClick(QApplication::focusWidget() ? QApplication::focusWidget() : &window, Qt::Key_Space);
        QVERIFY(pause->isChecked());
        QCOMPARE(find<QLabel>(window, "topBar.live")->text(), QStringLiteral("Paused"));
        QTest::mouseClick(pause, Qt::LeftButton);
        QVERIFY(!pause->isChecked());
        window.showPage(QStringLiteral("playground"));
        auto* prompt = find<QPlainTextEdit>(window, "playground.prompt");
        QTRY_VERIFY(prompt->hasFocus());
        QTest::keyClicks(prompt, QStringLiteral("a b?"));
        QCOMPARE(prompt->toPlainText(), QStringLiteral("a b?"));
        QVERIFY(!pause->isChecked());
    }

    void questionMarkListsTheKeys()
    {
        test::ConsoleFixture fixture;
        MainWindow window(fixture.context());
        window.show();
        QTest::keyClick(&window, Qt::Key_Question, Qt::ShiftModifier);
        auto* dialog = window.findChild<QDialog*>(QStringLiteral("shortcuts"));
        QVERIFY(dialog && dialog->isVisible());
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!window.findChild<QDialog*>(QStringLiteral("shortcuts")));
    }

    void copiesTheAddress()
    {
        test::ConsoleFixture fixture;
        MainWindow window(fixture.context());
        window.show();
        auto* address = find<QPushButton>(window, "statusBar.address");
        QCOMPARE(address->text(), fixture.server.apiUrl());
        const auto width = address->width();
        QTest::mouseClick(address, Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text(), fixture.server.apiUrl());
        QCOMPARE(address->text(), QStringLiteral("Copied"));
        QCOMPARE(address->width(), width);
        QTRY_COMPARE(address->text(), fixture.server.apiUrl());
    }

    void emptyStatesSayWhatToDo()
    {
        test::ConsoleFixture fixture;
        MainWindow window(fixture.context());
        window.show();
        const QString hint = QStringLiteral("No requests yet: send one from the Playground, or point a client at ")
                             + fixture.server.apiUrl();
        QCOMPARE(find<QLabel>(window, "overview.requests.empty")->text(), hint);
        QCOMPARE(find<QTableView>(window, "overview.requests.table")->model()->rowCount(), 0);
        QVERIFY(!find<StatTile>(window, "tile.ttft")->value());
        QTRY_COMPARE(find<QLabel>(window, "statusBar.gpu")->text(), QStringLiteral("no GPU found"));
        QVERIFY(find<StatTile>(window, "tile.gpu")->isHidden());
        for (const char* chart : {"chart.totalLatency", "chart.ttft", "chart.interToken", "chart.tokens", "chart.queue",
                                  "chart.status", "chart.machine"})
            QCOMPARE(find<TimeSeriesChart>(window, chart)->pointCount(), 0);
    }

    void countsRequests()
    {
        test::ConsoleFixture fixture;
        MainWindow window(fixture.context());
        window.show();
        for (int i = 0; i < 3; ++i)
            fixture.log.publish({});
        QTRY_COMPARE(find<QTableView>(window, "overview.requests.table")->model()->rowCount(), 3);
        QVERIFY(!find<QLabel>(window, "overview.requests.empty")->isVisible());
    }

    void screenReadersPressWhatStaysDown()
    {
        test::ConsoleFixture fixture;
        MainWindow window(fixture.context());
        window.show();
        auto* interface = QAccessible::queryAccessibleInterface(find<QToolButton>(window, "nav.playground"));
        QVERIFY(interface && interface->actionInterface());
        QCOMPARE(interface->text(QAccessible::Name), QStringLiteral("Playground"));
        // One of several; what stays down by itself is a check box.
        QCOMPARE(interface->role(), QAccessible::RadioButton);
        auto* pause = QAccessible::queryAccessibleInterface(find<QPushButton>(window, "topBar.pause"));
        QCOMPARE(pause->role(), QAccessible::CheckBox);
        QVERIFY(!interface->state().checked);
        interface->actionInterface()->doAction(QAccessibleActionInterface::pressAction());
        QTRY_COMPARE(window.currentPage(), QStringLiteral("playground"));
        QVERIFY(interface->state().checked);
        auto* range = QAccessible::queryAccessibleInterface(find<QPushButton>(window, "topBar.range.15m"));
        QCOMPARE(range->role(), QAccessible::RadioButton);
        range->actionInterface()->doAction(QAccessibleActionInterface::pressAction());
        QTRY_VERIFY(find<QPushButton>(window, "topBar.range.15m")->isChecked());
        QVERIFY(!find<QPushButton>(window, "topBar.range.1m")->isChecked());
    }

    /// A screen reader that is there from the start asks for a button's interface while the button is made, and keeps it.
    void screenReadersChooseTheRange()
    {
        QAccessible::setActive(true);
        const auto before = QAccessible::installUpdateHandler([](QAccessibleEvent* event) {
            if (event->object() && event->object()->isWidgetType())
                event->accessibleInterface();
        });
        const auto restore = qScopeGuard([before] { QAccessible::installUpdateHandler(before); });
        test::ConsoleFixture fixture;
        MainWindow window(fixture.context());
        window.show();
        const auto press = [&window](const char* name) {
            auto* actions = QAccessible::queryAccessibleInterface(find<QPushButton>(window, name))->actionInterface();
            actions->doAction(actions->actionNames().value(0));
        };
        const auto lit = [&window] {
            QStringList names;
            for (const auto* button : window.findChildren<QPushButton*>())
                if (button->objectName().startsWith(QLatin1StringView("topBar.range.")) && button->isChecked())
                    names << button->text();
            return names.join(QLatin1Char(' '));
        };
        QCOMPARE(lit(), QStringLiteral("1m"));
        press("topBar.range.15m");
        QTRY_COMPARE(lit(), QStringLiteral("15m"));
        QTRY_COMPARE(fixture.settings.value(QStringLiteral("window/range")).toLongLong(), 900'000);
        press("topBar.range.15m");
        QTest::qWait(1);
        QCOMPARE(lit(), QStringLiteral("15m"));
        press("topBar.pause");
        QTRY_COMPARE(find<QLabel>(window, "topBar.live")->text(), QStringLiteral("Paused"));
        press("topBar.range.custom");
        QTRY_VERIFY(window.findChild<QDialog*>(QStringLiteral("rangeDialog")));
        QCOMPARE(lit(), QStringLiteral("15m"));
        // Whoever toggles it without a click.
        find<QPushButton>(window, "topBar.range.1h")->toggle();
        QCOMPARE(lit(), QStringLiteral("1h"));
        find<QPushButton>(window, "topBar.pause")->toggle();
        QCOMPARE(find<QLabel>(window, "topBar.live")->text(), QStringLiteral("Live"));
    }

    /// Children may go between being counted and being asked for.
    void screenReadersMayAskForChildrenThatAreGone()
    {
        test::ConsoleFixture fixture;
        MainWindow window(fixture.context());
        window.show();
        int areas = 0;
        for (auto* area : window.findChildren<QAbstractScrollArea*>()) {
            auto* interface = QAccessible::queryAccessibleInterface(area);
            QVERIFY(interface);
            if (interface->tableInterface())
                continue;
            for (const int index : {-1, interface->childCount(), interface->childCount() + 7})
                QVERIFY(!interface->child(index));
            ++areas;
        }
        QVERIFY(areas > 5);
    }

    void opensWithoutAGatewayAndSaysWhy()
    {
        test::ConsoleFixture fixture(false);
        MainWindow window(fixture.context());
        window.show();
        QVERIFY(find<QLabel>(window, "banner")->isVisible());
        QCOMPARE(find<QLabel>(window, "banner")->text(), fixture.gateway.error);
        QVERIFY(!find<QPushButton>(window, "statusBar.address")->isEnabled());
        window.showPage(QStringLiteral("playground"));
        find<QPlainTextEdit>(window, "playground.prompt")->setPlainText(QStringLiteral("hello"));
        QVERIFY(!find<QPushButton>(window, "playground.send")->isEnabled());
    }

    void nothingIsClipped_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<bool>("running");
        for (const QSize size : {QSize(1024, 640), QSize(1440, 900), QSize(2560, 1080)}) {
            QTest::addRow("%dx%d", size.width(), size.height()) << size << true;
            QTest::addRow("%dx%d without gateway", size.width(), size.height()) << size << false;
        }
    }
    void nothingIsClipped()
    {
        QFETCH(QSize, size);
        QFETCH(bool, running);
        test::ConsoleFixture fixture(running);
        fixture.settings.setValue(QStringLiteral("playground/system"), QStringLiteral("Be brief."));
        fixture.settings.setValue(QStringLiteral("playground/temperature"), QStringLiteral("hot"));
        MainWindow window(fixture.context());
        window.resize(size);
        window.show();
        QCOMPARE(window.size(), size);
        for (const auto& page : window.pages()) {
            window.showPage(page.id);
            QTest::qWait(50); // lay out, ask, answer
            QTRY_VERIFY2(clippedWords(window).isEmpty(),
                         qPrintable(page.id + QLatin1String(": ") + clippedWords(window).join(QLatin1String("; "))));
            const auto* widget = window.page(page.id);
            QVERIFY(widget->minimumSizeHint().width() <= widget->width());
        }
    }

    void makesOnePageBeforeItIsSeenAndTheOthersInIdle()
    {
        test::ConsoleFixture fixture;
        fixture.settings.setValue(QStringLiteral("window/page"), QStringLiteral("requests"));
        MainWindow window(fixture.context());
        QCOMPARE(window.findChildren<Page*>().size(), 1);
        QCOMPARE(window.findChildren<Page*>().front(), window.page(QStringLiteral("requests")));
        window.show();
        QTRY_COMPARE(window.findChildren<Page*>().size(), static_cast<qsizetype>(window.pages().size()));
        QCOMPARE(window.currentPage(), QStringLiteral("requests"));
        QVERIFY(!window.page(QStringLiteral("nowhere")));
    }

    void restoresItsState()
    {
        test::ConsoleFixture fixture;
        {
            MainWindow window(fixture.context());
            window.show();
            window.resize(1200, 700);
            window.showPage(QStringLiteral("playground"));
            QTest::mouseClick(find<QPushButton>(window, "topBar.range.15m"), Qt::LeftButton);
            QTest::mouseClick(find<QToolButton>(window, "topBar.theme"), Qt::LeftButton);
            QVERIFY(!fixture.theme.tokens().dark);
            window.close();
        }
        fixture.theme.setMode(ThemeMode::dark);
        MainWindow window(fixture.context());
        QCOMPARE(window.size(), QSize(1200, 700));
        QCOMPARE(window.currentPage(), QStringLiteral("playground"));
        QVERIFY(find<QPushButton>(window, "topBar.range.15m")->isChecked());
        QVERIFY(!find<QPushButton>(window, "topBar.range.5m")->isChecked());
        QVERIFY(!fixture.theme.tokens().dark);
    }

    /// As --theme has it: of that start alone.
    void onlyAThemeThatIsChosenIsKept()
    {
        test::ConsoleFixture fixture;
        const auto kept = [&fixture] { return fixture.settings.value(QStringLiteral("window/theme")).toString(); };
        fixture.settings.setValue(QStringLiteral("window/theme"), QStringLiteral("system"));
        MainWindow window(fixture.context());
        QCOMPARE(fixture.theme.mode(), ThemeMode::system);
        window.show();
        fixture.theme.setMode(ThemeMode::light);
        window.close();
        QCOMPARE(kept(), QStringLiteral("system"));
        auto* toggle = find<QToolButton>(window, "topBar.theme");
        toggle->click();
        QCOMPARE(fixture.theme.mode(), ThemeMode::dark);
        QCOMPARE(kept(), QStringLiteral("dark"));
        toggle->click();
        QCOMPARE(kept(), QStringLiteral("light"));
    }

    void theListOfSourcesLeavesNothingBehind()
    {
        test::ConsoleFixture fixture;
        MainWindow window(fixture.context());
        const auto* menu = find<QMenu>(window, "topBar.sources");
        for (int i = 0; i < 3; ++i)
            QMetaObject::invokeMethod(const_cast<QMenu*>(menu), "aboutToShow");
        QCOMPARE(menu->findChildren<QActionGroup*>().size(), 1);
        const auto* entry = menu->actions().value(0);
        QVERIFY(entry && entry->isChecked());
        QCOMPARE(entry->actionGroup()->actions().size(), static_cast<qsizetype>(fixture.sources.entries().size()));
    }

    void everyControlHasANameForScreenReaders()
    {
        test::ConsoleFixture fixture;
        MainWindow window(fixture.context());
        for (const auto& page : window.pages())
            window.page(page.id);
        for (const auto* button : window.findChildren<QAbstractButton*>()) {
            if (qstrcmp(button->metaObject()->className(), "QTableCornerButton") == 0)
                continue;
            QVERIFY2(!button->accessibleName().isEmpty() || !button->text().isEmpty(),
                     qPrintable(button->objectName() + QLatin1String(" in ") + button->parent()->objectName()
                                + QLatin1Char(' ') + QLatin1String(button->metaObject()->className())));
        }
    }

    void everyPlaceholderCanBeRead()
    {
        test::ConsoleFixture fixture;
        MainWindow window(fixture.context());
        window.show();
        for (const auto mode : {ThemeMode::light, ThemeMode::dark}) {
            fixture.theme.setMode(mode);
            int seen = 0;
            for (const auto& page : window.pages()) {
                window.showPage(page.id);
                QCoreApplication::processEvents();
                for (const auto* widget : window.page(page.id)->findChildren<QWidget*>()) {
                    if (!widget->isVisible() || !widget->isEnabled()
                        || widget->property("placeholderText").toString().isEmpty())
                        continue;
                    ++seen;
                    // A rule with a colour for the text takes half of that for it, which is too faint.
                    QVERIFY2(widget->palette().color(QPalette::PlaceholderText) == fixture.theme.tokens().secondary,
                             qPrintable(page.id + QLatin1Char(' ') + widget->objectName()));
                }
            }
            QVERIFY(seen >= 5);
        }
    }

    void takesPicturesOfAllPages()
    {
        test::ConsoleFixture fixture;
        fixture.server.script("/v1/chat/completions",
                              {test::ScriptedServer::streamHead(),
                               "data: {\"choices\":[{\"delta\":{\"content\":\"Hello\"}}]}\n\ndata: [DONE]\n\n"});
        MainWindow window(fixture.context());
        const auto folder = fixture.directory.filePath(QStringLiteral("new/pictures"));
        ScreenshotRun run(window, fixture.theme, {.directory = folder, .sizes = {{1024, 640}}, .afterSeconds = 0.1});
        QSignalSpy finished(&run, &ScreenshotRun::finished);
        run.start();
        QVERIFY(finished.wait(20'000));
        QCOMPARE(finished[0][0].toInt(), 0);
        for (const auto& page : window.pages())
            QCOMPARE(QImage(folder + QLatin1Char('/') + page.id + QStringLiteral(".png")).size(), QSize(1024, 640));
        QCOMPARE(window.findChild<QTextEdit*>(QStringLiteral("playground.reply"))->toPlainText(),
                 QStringLiteral("Hello"));
    }

    void takesPicturesInSeveralThemesAndSizes()
    {
        test::ConsoleFixture fixture;
        fixture.server.script("/v1/chat/completions",
                              {test::ScriptedServer::streamHead(),
                               "data: {\"choices\":[{\"delta\":{\"content\":\"Hello\"}}]}\n\ndata: [DONE]\n\n"});
        MainWindow window(fixture.context());
        ScreenshotRun run(window, fixture.theme,
                          {.directory = fixture.directory.path(),
                           .sizes = {{1024, 640}, {1280, 800}},
                           .themes = {ThemeMode::dark, ThemeMode::light},
                           .afterSeconds = 0});
        QSignalSpy finished(&run, &ScreenshotRun::finished);
        run.start();
        QVERIFY(finished.wait(60'000));
        QCOMPARE(finished[0][0].toInt(), 0);
        for (const bool dark : {true, false}) {
            for (const auto& size : {QSize(1024, 640), QSize(1280, 800)}) {
                const auto name = QStringLiteral("explore-%1-%2x%3.png")
                                      .arg(dark ? QStringLiteral("dark") : QStringLiteral("light"))
                                      .arg(size.width())
                                      .arg(size.height());
                const QImage image(fixture.directory.filePath(name));
                QCOMPARE(image.size(), size);
                QCOMPARE(qGray(image.pixel(size.width() - 8, size.height() / 2)) < 128, dark);
            }
        }
    }

    void picturesThatCannotBeWrittenAreAnError()
    {
        test::ConsoleFixture fixture;
        MainWindow window(fixture.context());
        ScreenshotRun run(window, fixture.theme, {.directory = QStringLiteral("/proc/nowhere"), .afterSeconds = 0});
        QSignalSpy finished(&run, &ScreenshotRun::finished);
        run.start();
        QCOMPARE(finished.size(), 1);
        QCOMPARE(finished[0][0].toInt(), 1);
        QVERIFY(!finished[0][1].toStringList().isEmpty());
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
