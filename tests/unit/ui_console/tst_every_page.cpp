// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "console_fixture.h"
#include "fake_settings_store.h"
#include "pages/common/page.h"
#include "request_samples.h"
#include "shell/main_window.h"

#include <QAbstractScrollArea>
#include <QLabel>
#include <QSet>
#include <QStackedWidget>
#include <QToolButton>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::ui;

namespace {

const QStringList pageIds{QStringLiteral("overview"),   QStringLiteral("playground"), QStringLiteral("requests"),
                          QStringLiteral("dashboards"), QStringLiteral("explore"),    QStringLiteral("targets"),
                          QStringLiteral("settings")};

/// Those that show what the chosen source has, rather than what this process knows.
const QStringList pagesOfSources{QStringLiteral("overview"), QStringLiteral("dashboards"), QStringLiteral("targets")};

QString nameOf(const QWidget& widget)
{
    return QStringLiteral("%1 '%2' '%3'")
        .arg(QLatin1StringView(widget.metaObject()->className()), widget.objectName(), widget.accessibleName());
}

/// Everything in words that can be seen in the window.
QString words(const QWidget& window)
{
    QString all;
    for (const auto* label : window.findChildren<QLabel*>())
        if (label->isVisible())
            all += label->text() + QLatin1Char('\n');
    for (const auto* button : window.findChildren<QAbstractButton*>())
        if (button->isVisible())
            all += button->text() + QLatin1Char('\n');
    // What paints its words itself tells them to screen readers, too.
    for (const auto* widget : window.findChildren<QWidget*>())
        if (widget->isVisible())
            all += widget->accessibleName() + QLatin1Char('\n') + widget->accessibleDescription() + QLatin1Char('\n');
    return all;
}

/// Whether any of it lies inside of all that it is in.
bool inSight(const QWidget& widget)
{
    QRect rect = widget.rect();
    for (const auto* inner = &widget; !inner->isWindow(); inner = inner->parentWidget())
        rect = rect.translated(inner->pos()) & inner->parentWidget()->rect();
    return !rect.isEmpty();
}

int lightness(const QImage& image)
{
    qint64 sum = 0;
    int count = 0;
    for (int y = 0; y < image.height(); y += 7)
        for (int x = 0; x < image.width(); x += 7, ++count)
            sum += qGray(image.pixel(x, y));
    return static_cast<int>(sum / count);
}

} // namespace

/// What holds for each page of the window, whatever it is about.
class TestEveryPage : public QObject {
    Q_OBJECT

    struct Window {
        test::ConsoleFixture fixture;
        test::FakeSettingsStore store;
        std::unique_ptr<MainWindow> window;

        void open(const QSize& size = {1280, 800})
        {
            auto context = fixture.context();
            context.configuration = &store;
            window = std::make_unique<MainWindow>(context);
            window->resize(size);
            window->show();
            QVERIFY(QTest::qWaitForWindowExposed(window.get()));
        }
        void serveSomeRequests()
        {
            for (std::uint64_t i = 0; i < 8; ++i)
                fixture.log.publish(test::sampleRequest(i, fixture.clock.wall()));
        }
        Page* page(const QString& id) const { return window->page(id); }
    };

    static void addPages(const QStringList& ids = pageIds)
    {
        QTest::addColumn<QString>("id");
        for (const auto& id : ids)
            QTest::newRow(qPrintable(id)) << id;
    }

private Q_SLOTS:
    void allAreHere()
    {
        Window console;
        console.open();
        QStringList ids;
        for (const auto& page : console.window->pages())
            ids << page.id;
        ids.sort();
        auto expected = pageIds;
        expected.sort();
        QCOMPARE(ids, expected);
    }

    void isOpenedByKeyAndByMouse_data() { addPages(); }
    void isOpenedByKeyAndByMouse()
    {
        QFETCH(QString, id);
        Window console;
        console.open();
        const auto& pages = console.window->pages();
        int place = 0;
        while (pages[static_cast<std::size_t>(place)].id != id)
            ++place;
        console.window->showPage(pages[place == 0 ? 1 : 0].id);
        QTest::keyClick(console.window.get(), static_cast<Qt::Key>(Qt::Key_1 + place), Qt::ControlModifier);
        QCOMPARE(console.window->currentPage(), id);
        console.window->showPage(pages[place == 0 ? 1 : 0].id);
        auto* button = console.window->findChild<QAbstractButton*>(QLatin1String("nav.") + id);
        QVERIFY(button);
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(console.window->currentPage(), id);
        QVERIFY(console.page(id)->isVisible());
    }

    /// Tab goes round all that takes the focus, out of each again, and scrolls to where it is.
    void tabReachesEveryControl_data() { addPages(); }
    void tabReachesEveryControl()
    {
        QFETCH(QString, id);
        Window console;
        console.serveSomeRequests();
        console.open();
        console.window->showPage(id);
        QTest::qWait(200);
        console.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(console.window.get()));
        auto* page = console.page(id);
        auto* start = console.window->findChild<QAbstractButton*>(QLatin1String("nav.") + id);
        start->setFocus(Qt::TabFocusReason);
        QCOMPARE(QApplication::focusWidget(), start);
        QSet<const QWidget*> reached;
        for (int presses = 0; presses < 1000; ++presses) {
            auto* before = QApplication::focusWidget();
            QVERIFY(before);
            QTest::keyClick(before, Qt::Key_Tab);
            const auto* now = QApplication::focusWidget();
            QVERIFY2(now && now != before, qPrintable(QLatin1String("Tab stays in ") + nameOf(*before)));
            QVERIFY2(now->isVisible() && now->isEnabled(), qPrintable(nameOf(*now)));
            QVERIFY2(inSight(*now), qPrintable(QLatin1String("not in sight: ") + nameOf(*now)));
            if (now == start)
                break;
            reached.insert(now);
        }
        QCOMPARE(QApplication::focusWidget(), start);
        for (const auto* widget : page->findChildren<QWidget*>()) {
            if (!widget->isVisible() || !widget->isEnabled() || (widget->focusPolicy() & Qt::TabFocus) == 0
                || widget->focusProxy())
                continue;
            // Of buttons of which one is down, that one stands for all: arrows go to the others.
            const auto* button = qobject_cast<const QAbstractButton*>(widget);
            if (button && button->isCheckable() && !button->isChecked() && button->autoExclusive())
                continue;
            QVERIFY2(reached.contains(widget), qPrintable(QLatin1String("not reached: ") + nameOf(*widget)));
        }
    }

    void saysWhatFails_data() { addPages(pagesOfSources); }
    void saysWhatFails()
    {
        QFETCH(QString, id);
        Window console;
        const Error error{.code = ErrorCode::upstream_unreachable, .message = "Nobody listens on that port."};
        console.fixture.prepare = [&](test::FakeSource& source) {
            source.metricsError = error;
            source.targetList = tl::unexpected(error);
            source.ruleList = tl::unexpected(error);
            source.script = [error](const auto&) { return tl::unexpected(error); };
            source.health = {.health = sources::Health::bad, .message = error.message};
        };
        const auto far = console.fixture.add("far");
        console.open();
        console.window->showPage(id);
        console.fixture.sources.setCurrent(far);
        QTRY_VERIFY2(words(*console.window).contains(QLatin1String("Nobody listens on that port")),
                     qPrintable(words(*console.window)));
        // Back on this process, nothing of it is left.
        console.fixture.sources.setCurrent({});
        QTRY_VERIFY2(!words(*console.page(id)).contains(QLatin1String("Nobody listens on that port")),
                     qPrintable(words(*console.page(id))));
    }

    /// A source that never answers, or has nothing, is no source with zeros.
    void showsNoNumbersThatNobodyGave_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<bool>("answers");
        for (const auto& id : pagesOfSources) {
            QTest::addRow("%s, no answer", qPrintable(id)) << id << false;
            QTest::addRow("%s, nothing", qPrintable(id)) << id << true;
        }
    }
    void showsNoNumbersThatNobodyGave()
    {
        QFETCH(QString, id);
        QFETCH(bool, answers);
        Window console;
        console.fixture.remoteAtOnce = answers;
        console.fixture.prepare = [&](test::FakeSource& source) { source.silent = !answers; };
        const auto far = console.fixture.add("far");
        console.open();
        console.window->showPage(id);
        console.fixture.sources.setCurrent(far);
        QTest::qWait(500);
        const QRegularExpression zero(QStringLiteral("^\\s*0(\\.0+)?\\s*(ms|s|%|req/s|tok/s|/s)\\s*$"),
                                      QRegularExpression::MultilineOption);
        const auto said = words(*console.page(id));
        QVERIFY2(!zero.match(said).hasMatch(), qPrintable(said));
    }

    void survivesTheSourceGoingToAndFro_data() { addPages(); }
    void survivesTheSourceGoingToAndFro()
    {
        QFETCH(QString, id);
        Window console;
        console.fixture.remoteAtOnce = false; // answers come when nobody waits for them any more
        const auto far = console.fixture.add("far");
        const auto near = console.fixture.add("near");
        console.open();
        console.window->showPage(id);
        for (int i = 0; i < 5; ++i) {
            for (const auto& source : {far, near, QString()}) {
                console.fixture.sources.setCurrent(source);
                QTest::qWait(20);
            }
            for (const auto* name : {"far", "near"})
                for (const auto& call : console.fixture.remote[name]->takeCalls())
                    call.done(test::frameFor(call.range, "model", {{"late", 424242}}));
        }
        QTest::qWait(100);
        QCOMPARE(console.window->currentPage(), id);
        QVERIFY(!words(*console.page(id)).contains(QLatin1String("424")));
        QCOMPARE(console.window->findChild<QToolButton*>(QStringLiteral("topBar.source"))
                     ->text()
                     .contains(QLatin1String("far")),
                 false);
    }

    void takesTheColoursOfTheTheme_data() { addPages(); }
    void takesTheColoursOfTheTheme()
    {
        QFETCH(QString, id);
        Window console;
        console.serveSomeRequests();
        console.open();
        console.window->showPage(id);
        for (const auto mode : {ThemeMode::light, ThemeMode::dark, ThemeMode::light}) {
            console.fixture.theme.setMode(mode);
            QTest::qWait(150);
            const auto image = console.window->grab().toImage();
            const bool dark = mode == ThemeMode::dark;
            QVERIFY2((lightness(image) < 80) == dark && (lightness(image) > 200) == !dark,
                     qPrintable(QString::number(lightness(image))));
        }
        // One that is opened after the change, too.
        console.window->showPage(id == QLatin1String("overview") ? QStringLiteral("explore")
                                                                 : QStringLiteral("overview"));
        console.fixture.theme.setMode(ThemeMode::dark);
        console.window->showPage(id);
        QTest::qWait(150);
        QVERIFY(lightness(console.window->grab().toImage()) < 80);
    }

    void fitsIntoEverySize_data() { addPages(); }
    void fitsIntoEverySize()
    {
        QFETCH(QString, id);
        Window console;
        console.serveSomeRequests();
        console.open();
        console.window->showPage(id);
        for (const QSize size : {QSize(2560, 1440), QSize(1024, 640), QSize(1440, 900), QSize(1024, 640)}) {
            console.window->resize(size);
            QTest::qWait(100);
            QCOMPARE(console.window->size(), size);
            const auto* page = console.page(id);
            for (const auto* widget : page->findChildren<QWidget*>()) {
                if (!widget->isVisible() || widget->isWindow() || !qobject_cast<const QAbstractButton*>(widget))
                    continue;
                const auto* parent = widget->parentWidget();
                QVERIFY2(parent->rect().contains(widget->geometry())
                             || qobject_cast<const QAbstractScrollArea*>(parent->parentWidget()),
                         qPrintable(nameOf(*widget) + QLatin1String(" is outside of its parent")));
            }
        }
    }

    void isThereAgainAfterARestart_data() { addPages(); }
    void isThereAgainAfterARestart()
    {
        QFETCH(QString, id);
        Window console;
        console.open({1300, 820});
        console.window->showPage(id);
        console.window->close();
        console.window.reset();
        auto context = console.fixture.context();
        context.configuration = &console.store;
        const MainWindow again(context);
        QCOMPARE(again.currentPage(), id);
        QCOMPARE(again.size(), QSize(1300, 820));
    }
};

QTEST_MAIN(TestEveryPage)
#include "tst_every_page.moc"
