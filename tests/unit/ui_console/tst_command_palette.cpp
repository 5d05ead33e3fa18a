// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "console_fixture.h"
#include "pages/common/page.h"
#include "pages/dashboards/dashboard_view.h"
#include "pages/dashboards/dashboards_page.h"
#include "shell/command_palette.h"
#include "shell/main_window.h"
#include "shell/word_match.h"
#include "theme/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QFileDialog>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QSet>
#include <QSettings>
#include <QTabBar>
#include <QToolButton>
#include <QTemporaryDir>
#include <QtTest>

#include <memory>

using namespace tokenscope;
using namespace tokenscope::ui;

namespace {

/// A whole console, whose pages offer their commands.
struct Console : test::ConsoleFixture {
    Console()
    {
        local.metricNames = {"m"};
        local.script = [](const test::FakeSource::Call& call) -> Result<query::FramePtr> {
            return test::frameFor(call.range, "model", {{"phi4", 1}});
        };
        server.script("/v1/chat/completions",
                      {test::ScriptedServer::streamHead(),
                       "data: {\"model\":\"tiny\",\"choices\":[{\"delta\":{\"content\":\"Hello\"}}]}\n\n",
                       "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"});
        const auto imported =
            library.import(R"({"version": 1, "title": "Bench", "rows": [{"title": "Row", "panels": [)"
                           R"({"id": "a", "title": "A", "queries": [{"query": {"metric": "m"}}]}]}]})",
                           "bench");
        settings.setValue(QStringLiteral("dashboards/current"), QString::fromStdString(*imported));
    }
    void open()
    {
        window = std::make_unique<MainWindow>(context());
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
    QStringList ids(const char* page) const
    {
        QStringList all;
        for (const auto& command : window->page(QLatin1StringView(page))->commands())
            all << command.id;
        return all;
    }
    bool offers(const char* page, const char* id) const { return ids(page).contains(QLatin1StringView(id)); }
    /// As the palette does: the page is turned to, and it is run.
    void run(const char* page, const QString& id) const
    {
        for (const auto& command : window->page(QLatin1StringView(page))->commands()) {
            if (command.id != id)
                continue;
            window->showPage(QLatin1StringView(page));
            command.run();
            return;
        }
        qFatal("%s offers no %s", page, qPrintable(id));
    }
    void run(const char* page, const char* id) const { run(page, QString(QLatin1StringView(id))); }
    QString typed(const char* name) const { return find<QPlainTextEdit>(name)->toPlainText(); }

    std::unique_ptr<MainWindow> window;
};

/// Brings a page to where it has much to offer.
void prepare(const Console& console, const QString& state)
{
    if (state == QLatin1StringView("playground")) {
        console.window->showPage(state);
        QTRY_VERIFY(console.offers("playground", "model.phi4"));
        console.find<QPlainTextEdit>("playground.prompt")->setPlainText(QStringLiteral("Hi"));
        console.run("playground", "send");
        QTRY_VERIFY(console.offers("playground", "copy") && !console.offers("playground", "stop"));
        console.find<QPlainTextEdit>("playground.prompt")->setPlainText(QStringLiteral("More"));
    } else if (state == QLatin1StringView("explore")) {
        console.window->showPage(state);
        console.find<QPlainTextEdit>("explore.editor")->setPlainText(QStringLiteral("m"));
        console.run("explore", "run");
        QTRY_VERIFY(console.offers("explore", "tab"));
    } else {
        console.window->showPage(QStringLiteral("dashboards"));
        if (state == QLatin1StringView("editing")) {
            console.run("dashboards", "edit");
            for (int i = 0; i < 2; ++i)
                console.run("dashboards", "row");
            console.run("dashboards", "undo");
        }
    }
}

const char* pageOf(const QString& state)
{
    return state == QLatin1StringView("playground") ? "playground"
           : state == QLatin1StringView("explore")  ? "explore"
                                                    : "dashboards";
}

} // namespace

class TestCommandPalette : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_window = std::make_unique<QWidget>();
        m_window->resize(900, 600);
        m_other = new QLineEdit(m_window.get());
        m_settings = std::make_unique<QSettings>(m_folder.filePath(QStringLiteral("p.ini")), QSettings::IniFormat);
        m_settings->clear();
        m_palette = new CommandPalette(m_theme, *m_settings, m_window.get());
        m_window->show();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        m_other->setFocus();
        m_ran.clear();
    }

    void cleanup() { m_window.reset(); }

    void fits_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("fits");
        QTest::newRow("empty") << ""
                               << "anything" << true;
        QTest::newRow("beginnings") << "gtd"
                                    << "Go to Dashboards" << true;
        QTest::newRow("scattered") << "dsh"
                                   << "Go to Dashboards" << true;
        QTest::newRow("order") << "dog"
                               << "Go to Dashboards" << false;
        QTest::newRow("missing") << "xyz"
                                 << "Go to Dashboards" << false;
        QTest::newRow("longer") << "overviewer"
                                << "Overview" << false;
        QTest::newRow("case") << "GO"
                              << "go" << true;
        QTest::newRow("accents") << "uber" << QStringLiteral("Über") << true;
        QTest::newRow("spaces") << "go dash"
                                << "Go to Dashboards" << true;
    }

    void fits()
    {
        QFETCH(QString, typed);
        QFETCH(QString, text);
        QFETCH(bool, fits);
        QCOMPARE(matchWords(typed, text).has_value(), fits);
    }

    void beginningsOfWordsWin()
    {
        const auto page = matchWords(QStringLiteral("re"), QStringLiteral("Go to Requests"));
        const auto middle = matchWords(QStringLiteral("re"), QStringLiteral("Go to Explore"));
        QVERIFY(page->score > middle->score);
        QCOMPARE(page->places, (std::vector<int>{6, 7}));
        // Letters in a row are better than the same ones apart.
        QVERIFY(
            matchWords(QStringLiteral("light"), QStringLiteral("Theme: light"))->score
            > matchWords(QStringLiteral("light"), QStringLiteral("Live: go to home at")).value_or(WordMatch()).score);
    }

    void runsWhatIsChosenAndRemembersIt()
    {
        open();
        QVERIFY(m_palette->isVisible());
        QCOMPARE(rows(), (QStringList{QStringLiteral("Go to Overview"), QStringLiteral("Go to Requests"),
                                      QStringLiteral("Theme: light")}));
        QTest::keyClicks(typed(), QStringLiteral("req"));
        QCOMPARE(rows(), QStringList{QStringLiteral("Go to Requests")});
        QTest::keyClick(typed(), Qt::Key_Return);
        QCOMPARE(m_ran, QStringLiteral("requests"));
        QVERIFY(!m_palette->isVisible());
        QVERIFY(m_other->hasFocus());
        open();
        QCOMPARE(rows().first(), QStringLiteral("Go to Requests")); // used last
        QVERIFY(typed()->text().isEmpty());
    }

    void arrowsGoAround()
    {
        open();
        QTest::keyClick(typed(), Qt::Key_Up);
        QTest::keyClick(typed(), Qt::Key_Return);
        QCOMPARE(m_ran, QStringLiteral("light"));
        open();
        QTest::keyClick(typed(), Qt::Key_Down);
        QTest::keyClick(typed(), Qt::Key_Down);
        QTest::keyClick(typed(), Qt::Key_Down);
        QTest::keyClick(typed(), Qt::Key_Return);
        QCOMPARE(m_ran, QStringLiteral("light")); // once around
    }

    void escapeChangesNothing()
    {
        open();
        QTest::keyClicks(typed(), QStringLiteral("req"));
        QTest::keyClick(typed(), Qt::Key_Escape);
        QVERIFY(!m_palette->isVisible());
        QVERIFY(m_ran.isEmpty());
        QVERIFY(m_other->hasFocus());
    }

    void nothingFits()
    {
        open();
        QTest::keyClicks(typed(), QStringLiteral("qqq"));
        QCOMPARE(rows(), QStringList{QStringLiteral("Nothing fits “qqq”.")});
        QTest::keyClick(typed(), Qt::Key_Return);
        QTest::keyClick(typed(), Qt::Key_Down);
        QVERIFY(m_ran.isEmpty());
        QVERIFY(m_palette->isVisible());
    }

    void aClickElsewhereClosesIt()
    {
        open();
        m_other->setFocus();
        QTRY_VERIFY(!m_palette->isVisible());
        QVERIFY(m_other->hasFocus());
    }

    void theGroupHelpsToFind()
    {
        open();
        QTest::keyClicks(typed(), QStringLiteral("page over"));
        QCOMPARE(rows(), QStringList{QStringLiteral("Go to Overview")});
    }

    void everyCommandOfAPageRuns_data()
    {
        QTest::addColumn<QString>("state");
        QTest::addColumn<QStringList>("ids");
        const auto row = [](const char* state, const QString& ids) {
            QTest::newRow(state) << QString::fromLatin1(state) << ids.split(QLatin1Char(' '));
        };
        row("playground", QStringLiteral("write send retry clear new curl copy system model model.phi4"));
        row("explore", QStringLiteral("run clear mode tab history history.clear"));
        row("dashboards", QStringLiteral("search import alone edit json duplicate export delete"));
        row("editing", QStringLiteral("save undo redo panel row variables json discard"));
    }
    void everyCommandOfAPageRuns()
    {
        QFETCH(QString, state);
        QFETCH(QStringList, ids);
        for (const auto& id : ids) {
            Console console;
            console.local.canPromql = true;
            console.open();
            prepare(console, state);
            const auto offered = console.ids(pageOf(state));
            QCOMPARE(offered, ids);
            QCOMPARE(QSet<QString>(offered.begin(), offered.end()).size(), offered.size());
            for (const auto& command : console.window->page(QLatin1StringView(pageOf(state)))->commands())
                QVERIFY2(!command.title.isEmpty() && command.run, qPrintable(command.id));
            console.run(pageOf(state), id);
            QCoreApplication::processEvents();
            QCOMPARE(console.window->currentPage(), QLatin1StringView(pageOf(state)));
            for (auto* dialog : console.window->findChildren<QDialog*>())
                dialog->reject();
        }
    }

    void thePlaygroundsCommands()
    {
        Console console;
        console.open();
        QTRY_VERIFY(console.offers("playground", "model.phi4"));
        QVERIFY(!console.offers("playground", "send") && !console.offers("playground", "new"));
        prepare(console, QStringLiteral("playground"));
        console.run("playground", "copy");
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("Hello"));
        console.run("playground", "curl");
        QVERIFY(QGuiApplication::clipboard()->text().startsWith(QStringLiteral("curl ")));
        console.run("playground", "clear");
        QVERIFY(console.typed("playground.prompt").isEmpty());
        console.find<QAbstractButton>("playground.notice.0")->click(); // undo
        QCOMPARE(console.typed("playground.prompt"), QStringLiteral("More"));
        console.run("playground", "model.phi4");
        QCOMPARE(console.find<QComboBox>("playground.model")->currentText(), QStringLiteral("phi4"));
        QVERIFY(console.offers("playground", "model.tiny") && !console.offers("playground", "model.phi4"));
        console.run("playground", "system");
        QCOMPARE(console.window->focusWidget(), console.find<QWidget>("playground.system"));
        console.run("playground", "new");
        QVERIFY(!console.offers("playground", "new") && !console.offers("playground", "retry"));
    }

    void explores()
    {
        Console console;
        console.local.canPromql = true;
        console.open();
        QVERIFY(!console.offers("explore", "run") && !console.offers("explore", "tab"));
        prepare(console, QStringLiteral("explore"));
        auto* tabs = console.find<QTabBar>("explore.tabs");
        const int before = tabs->currentIndex();
        console.run("explore", "tab");
        QVERIFY(tabs->currentIndex() != before);
        console.run("explore", "history");
        QVERIFY(console.find<QWidget>("explore.history.list")->isVisible());
        console.run("explore", "history.clear");
        QVERIFY(!console.offers("explore", "history.clear"));
        console.find<QAbstractButton>("explore.history.notice.0")->click(); // undo
        QVERIFY(console.offers("explore", "history.clear"));
        console.run("explore", "clear");
        QVERIFY(console.typed("explore.editor").isEmpty() && !console.offers("explore", "clear"));
        console.find<QPlainTextEdit>("explore.editor")->undo();
        QCOMPARE(console.typed("explore.editor"), QStringLiteral("m"));
        console.run("explore", "mode");
        QCOMPARE(console.find<QTabBar>("explore.modes")->currentIndex(), 0);
    }

    void theDashboardsCommands()
    {
        Console console;
        console.open();
        prepare(console, QStringLiteral("dashboards"));
        auto& page = static_cast<DashboardsPage&>(*console.window->page(QStringLiteral("dashboards")));
        console.run("dashboards", "alone");
        QVERIFY(page.view()->alone());
        console.run("dashboards", "alone");
        QVERIFY(!page.view()->alone());
        const auto count = console.library.all().size();
        console.run("dashboards", "duplicate");
        QCOMPARE(console.library.all().size(), count + 1);
        console.run("dashboards", "export");
        QVERIFY(console.window->findChild<QFileDialog*>());
        console.window->findChild<QFileDialog*>()->reject();
        console.run("dashboards", "delete");
        console.find<QAbstractButton>("dashboards.notice.0")->click();
        QCOMPARE(console.library.all().size(), count);
        page.showDashboard(QStringLiteral("vllm")); // a shipped one as it was shipped
        QVERIFY(!console.offers("dashboards", "delete") && !console.offers("dashboards", "reset"));
        console.run("dashboards", "edit");
        QVERIFY(!console.offers("dashboards", "save") && !console.offers("dashboards", "import"));
        console.run("dashboards", "row");
        console.run("dashboards", "save");
        QVERIFY(console.offers("dashboards", "reset") && !console.offers("dashboards", "delete"));
    }

    void staysInANarrowWindow()
    {
        open();
        m_window->resize(320, 400);
        QCoreApplication::processEvents();
        QVERIFY(m_window->rect().contains(m_palette->geometry()));
    }

private:
    void open()
    {
        const auto command = [this](const char* id, const QString& title, const QString& group) {
            return Command{QLatin1String(id), title, group, {}, [this, id] { m_ran = QLatin1String(id); }};
        };
        m_palette->open({command("overview", QStringLiteral("Go to Overview"), QStringLiteral("Page")),
                         command("requests", QStringLiteral("Go to Requests"), QStringLiteral("Page")),
                         command("light", QStringLiteral("Theme: light"), QStringLiteral("Appearance"))});
        QCoreApplication::processEvents();
    }
    QLineEdit* typed() const { return m_palette->findChild<QLineEdit*>(QStringLiteral("palette.typed")); }
    QStringList rows() const
    {
        const auto* list = m_palette->findChild<QListWidget*>(QStringLiteral("palette.list"));
        QStringList all;
        for (int i = 0; i < list->count(); ++i)
            all << list->item(i)->text();
        return all;
    }

    QTemporaryDir m_folder;
    Theme m_theme{ThemeMode::dark};
    std::unique_ptr<QWidget> m_window;
    std::unique_ptr<QSettings> m_settings;
    QLineEdit* m_other = nullptr;
    CommandPalette* m_palette = nullptr;
    QString m_ran;
};

QTEST_MAIN(TestCommandPalette)
#include "tst_command_palette.moc"
