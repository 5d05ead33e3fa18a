// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "settings_fixture.h"

#include <QComboBox>
#include <QListWidget>
#include <QMenu>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QTabBar>
#include <QTreeWidget>

#include <utility>

using namespace tokenscope;
using namespace tokenscope::ui;

namespace {

struct Bench : test::SettingsFixture {
    QTreeWidget* providers() const { return find<QTreeWidget>("settings.providers.list"); }
    QStringList providerNames() const
    {
        QStringList names;
        for (int i = 0; i < providers()->topLevelItemCount(); ++i)
            names << providers()->topLevelItem(i)->text(0);
        return names;
    }
    void choose(int row) const { providers()->setCurrentItem(providers()->topLevelItem(row)); }
    void addProvider(const char* title) const
    {
        for (auto* action : find<QMenu>("settings.providers.menu")->actions()) {
            if (action->text() == QLatin1StringView(title))
                return action->trigger();
        }
        qFatal("no %s", title);
    }
};

} // namespace

class TestSettingsSaving : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void withoutAConfigurationItSaysSo()
    {
        Bench bench;
        SettingsPage page(bench.context());
        page.show();
        QTRY_VERIFY(page.findChild<QLabel*>(QStringLiteral("settings.none"))->isVisible());
        page.refresh();
        page.setUsage({});
        page.showSection(QStringLiteral("log"));
    }

    void aFileThatCannotBeReadIsSaid()
    {
        Bench bench;
        bench.store.readError = Error{.code = ErrorCode::config, .message = "config.yaml cannot be read"};
        bench.open();
        QCOMPARE(bench.text("settings.error.message"), QStringLiteral("config.yaml cannot be read"));
        bench.store.readError.reset();
        bench.page->refresh();
        QTRY_VERIFY(!bench.find("settings.error")->isVisible());
        QCOMPARE(bench.providerNames().size(), 3);
    }

    void savesByKeyboardAndSaysWhatNeedsARestart()
    {
        Bench bench;
        bench.store.afterRestart = {"listen"};
        bench.open(QStringLiteral("gateway"));
        QVERIFY(!bench.find("settings.changes")->isVisible());
        bench.type("settings.listen", "127.0.0.1:9000");
        QVERIFY(bench.find("settings.changes")->isVisible());
        QVERIFY(bench.text("settings.changes.text").startsWith(QLatin1Char('1')));
        QTest::keyClick(bench.find("settings.listen"), Qt::Key_S, Qt::ControlModifier);
        QTRY_VERIFY(!bench.page->hasUnsavedChanges());
        QCOMPARE(bench.saved("listen"), "127.0.0.1:9000");
        QVERIFY(bench.text("settings.notice.text").contains(QLatin1StringView("next start: listen")));
        QVERIFY(!bench.find("settings.changes")->isVisible());
    }

    void whatIsTypedWhileItIsSavedStays()
    {
        Bench bench;
        bench.store.holdSaves = true;
        bench.open(QStringLiteral("gateway"));
        bench.type("settings.listen", "127.0.0.1:9000");
        bench.click("settings.changes.save");
        QVERIFY(!bench.find("settings.changes.save")->isEnabled());
        bench.type("settings.limits.body_timeout", "45s");
        bench.store.finishSave();
        QTRY_COMPARE(bench.saved("listen"), "127.0.0.1:9000");
        QTRY_VERIFY(bench.find("settings.notice")->isVisible());
        QVERIFY(bench.page->hasUnsavedChanges());
        QCOMPARE(bench.find<QLineEdit>("settings.limits.body_timeout")->text(), QStringLiteral("45s"));
        QVERIFY(bench.text("settings.changes.text").startsWith(QLatin1Char('1')));
    }

    void discardAsksAndCanBeUndone()
    {
        Bench bench;
        bench.open(QStringLiteral("gateway"));
        bench.type("settings.listen", "127.0.0.1:9000");
        bench.click("settings.changes.discard");
        QVERIFY(bench.page->hasUnsavedChanges());
        bench.click("settings.notice.0");
        QVERIFY(!bench.page->hasUnsavedChanges());
        QCOMPARE(bench.find<QLineEdit>("settings.listen")->text(), QStringLiteral("127.0.0.1:8080"));
        bench.click("settings.notice.0");
        QCOMPARE(bench.find<QLineEdit>("settings.listen")->text(), QStringLiteral("127.0.0.1:9000"));
    }

    void aFileThatChangedMeanwhile_data()
    {
        QTest::addColumn<int>("choice");
        QTest::addColumn<QByteArray>("listen");
        QTest::newRow("mine in the new one") << 0 << QByteArray("127.0.0.1:9000");
        QTest::newRow("drop mine") << 1 << QByteArray("127.0.0.1:8080");
    }
    void aFileThatChangedMeanwhile()
    {
        QFETCH(const int, choice);
        QFETCH(const QByteArray, listen);
        Bench bench;
        bench.open(QStringLiteral("gateway"));
        bench.type("settings.listen", "127.0.0.1:9000");
        bench.store.disk += "log:\n  level: debug\n";
        const auto before = bench.store.disk;
        bench.click("settings.changes.save");
        QTRY_VERIFY(bench.find("settings.notice")->isVisible());
        QCOMPARE(bench.store.disk, before);
        bench.click(choice == 0 ? "settings.notice.0" : "settings.notice.1");
        QTRY_VERIFY(!bench.page->hasUnsavedChanges());
        QTRY_COMPARE(QByteArray::fromStdString(bench.saved("listen")), listen);
        QCOMPARE(bench.saved("log.level"), "debug");
    }

    void aChangeByAnotherProgramIsSeenAtOnce()
    {
        Bench bench;
        bench.open(QStringLiteral("gateway"));
        bench.store.write("listen: 127.0.0.1:7000\n");
        QCOMPARE(bench.find<QLineEdit>("settings.listen")->text(), QStringLiteral("127.0.0.1:7000"));
        QVERIFY(bench.text("settings.notice.text").contains(QLatin1StringView("another program")));
        QVERIFY(!bench.page->hasUnsavedChanges());
        bench.page.reset();
        QVERIFY(!bench.store.watched());
    }

    void aChangeByAnotherProgramWhileOneEdits_data()
    {
        QTest::addColumn<int>("choice");
        QTest::addColumn<QString>("listen");
        QTest::newRow("keep mine") << 0 << QStringLiteral("127.0.0.1:9000");
        QTest::newRow("read it again") << 1 << QStringLiteral("127.0.0.1:7000");
    }
    void aChangeByAnotherProgramWhileOneEdits()
    {
        QFETCH(const int, choice);
        QFETCH(const QString, listen);
        Bench bench;
        bench.open(QStringLiteral("gateway"));
        bench.type("settings.listen", "127.0.0.1:9000");
        bench.store.write("listen: 127.0.0.1:7000\nlog:\n  level: debug\n");
        // Asked, and the typing goes on.
        QVERIFY(bench.find("settings.listen")->hasFocus());
        QVERIFY(bench.find("settings.notice.1")->isVisible());
        QTest::keyClick(bench.find("settings.listen"), Qt::Key_End);
        QTest::keyClick(bench.find("settings.listen"), Qt::Key_Backspace);
        QTest::keyClicks(bench.find("settings.listen"), QStringLiteral("0"));
        QVERIFY(bench.find("settings.notice")->isVisible());
        bench.click(choice == 0 ? "settings.notice.0" : "settings.notice.1");
        QCOMPARE(bench.find<QLineEdit>("settings.listen")->text(), listen);
        QCOMPARE(bench.find<QComboBox>("settings.log.level")->currentText(), QStringLiteral("debug"));
        QCOMPARE(bench.page->hasUnsavedChanges(), choice == 0);
        QCOMPARE(bench.saved("listen"), "127.0.0.1:7000"); // nothing was saved by it
    }

    void theFocusStaysNear()
    {
        Bench bench;
        bench.open(QStringLiteral("gateway"));
        auto* listen = bench.find<QLineEdit>("settings.listen");
        const auto press = [&](const char* name) {
            bench.find(name)->setFocus();
            bench.click(name);
        };
        bench.type("settings.listen", "127.0.0.1:9000");
        press("settings.changes.discard");
        QVERIFY(bench.find("settings.notice.0")->hasFocus());
        press("settings.notice.1"); // keep them
        QVERIFY(bench.find("settings.changes.discard")->hasFocus());
        press("settings.changes.discard");
        press("settings.notice.0");
        QVERIFY(listen->hasFocus());
        press("settings.notice.0"); // undo
        QVERIFY(listen->hasFocus());
        press("settings.changes.save");
        QTRY_VERIFY(!bench.page->hasUnsavedChanges());
        QVERIFY(listen->hasFocus());
    }

    void whatWasToldGoesWithTheNextEdit()
    {
        Bench bench;
        bench.open(QStringLiteral("gateway"));
        bench.type("settings.listen", "127.0.0.1:9000");
        bench.save();
        QVERIFY(bench.find("settings.notice")->isVisible());
        bench.type("settings.listen", "127.0.0.1:9001");
        QVERIFY(!bench.find("settings.notice")->isVisible());
    }

    void aProblemAtTheEdgeComesIntoSight()
    {
        Bench bench;
        bench.open(QStringLiteral("gateway"));
        bench.page->resize(1000, 420);
        auto* scroll = bench.find<QScrollArea>("settings.scroll");
        auto* line = bench.find<QLineEdit>("settings.limits.body_timeout");
        // At the lower edge, before the bar of changes takes room of it.
        const int bottom = line->mapTo(scroll->widget(), QPoint(0, line->height())).y();
        scroll->verticalScrollBar()->setValue(bottom - scroll->viewport()->height());
        bench.type("settings.limits.body_timeout", "soon");
        auto* problem = bench.find("settings.limits.body_timeout.problem");
        QTRY_VERIFY(problem->isVisible());
        QTRY_COMPARE(problem->visibleRegion().boundingRect(), problem->rect());
    }

    void aDraftSurvivesACrash()
    {
        Bench bench;
        bench.open(QStringLiteral("gateway"));
        bench.type("settings.listen", "127.0.0.1:9000");
        bench.page.reset();
        bench.open(QStringLiteral("gateway"));
        QCOMPARE(bench.find<QLineEdit>("settings.listen")->text(), QStringLiteral("127.0.0.1:9000"));
        QVERIFY(bench.find("settings.notice")->isVisible());
        bench.save();
        bench.page.reset();
        bench.open();
        QVERIFY(!bench.page->hasUnsavedChanges());
        QVERIFY(!bench.find("settings.notice")->isVisible());
    }

    void aDraftWaitsUntilTheFileCanBeRead_data()
    {
        QTest::addColumn<bool>("here");
        QTest::newRow("mended by another program") << false;
        QTest::newRow("mended here, in the text") << true;
    }
    void aDraftWaitsUntilTheFileCanBeRead()
    {
        QFETCH(const bool, here);
        Bench bench;
        bench.open(QStringLiteral("gateway"));
        bench.type("settings.listen", "127.0.0.1:9000");
        bench.page.reset();
        const auto whole = std::exchange(bench.store.disk, "listen: [\n");
        bench.open(QStringLiteral("gateway"));
        QVERIFY(!bench.page->hasUnsavedChanges());
        if (here) {
            bench.find<QTabBar>("settings.tabs")->setCurrentIndex(1);
            bench.find<QPlainTextEdit>("settings.yaml.text")->setPlainText(QString::fromStdString(whole));
            QTRY_VERIFY(bench.find("settings.changes.save")->isEnabled());
            bench.click("settings.changes.save");
            QTRY_COMPARE(bench.store.disk, whole);
        } else {
            bench.store.write(whole);
        }
        QTRY_VERIFY(
            bench.text("settings.notice.text").contains(QLatin1StringView("Edits that were not saved are back")));
        QCOMPARE(bench.find<QLineEdit>("settings.listen")->text(), QStringLiteral("127.0.0.1:9000"));
        QVERIFY(bench.page->hasUnsavedChanges());
    }

    void theDifferenceHidesSecrets()
    {
        Bench bench;
        bench.store.disk += "# old key: sk-of-before\n";
        bench.open(QStringLiteral("providers"));
        bench.choose(1);
        auto* how = bench.find<QComboBox>("settings.api_key");
        how->setFocus();
        QTest::keyClick(how, Qt::Key_End);
        bench.type("settings.api_key.plain", "sk-of-before");
        bench.click("settings.changes.show");
        const auto diff = bench.find<QPlainTextEdit>("settings.diff.text")->toPlainText();
        QVERIFY(diff.contains(QLatin1StringView("+")) && diff.contains(QLatin1StringView("api_key")));
        QVERIFY(!diff.contains(QLatin1StringView("sk-of-before")));
        QCOMPARE(bench.text("settings.diff.keys"), QStringLiteral("providers.cloud.api_key"));
    }

    void theTextAndTheFormAreOne()
    {
        Bench bench;
        bench.open(QStringLiteral("gateway"));
        auto* tabs = bench.find<QTabBar>("settings.tabs");
        auto* text = bench.find<QPlainTextEdit>("settings.yaml.text");
        bench.type("settings.listen", "127.0.0.1:9000");
        tabs->setCurrentIndex(1);
        QVERIFY(text->toPlainText().contains(QLatin1StringView("listen: 127.0.0.1:9000 # here")));
        text->setFocus();
        text->moveCursor(QTextCursor::End);
        QTest::keyClicks(text, QStringLiteral("log: {level: debug}"));
        QCOMPARE(bench.find<QComboBox>("settings.log.level")->currentText(), QStringLiteral("debug"));
        // Broken while it is written: said at once, and nothing is lost.
        QTest::keyClick(text, Qt::Key_Backspace);
        QTRY_VERIFY(bench.find<QListWidget>("settings.yaml.problems")->isVisible());
        QVERIFY(!bench.find("settings.log.level")->isEnabled());
        QVERIFY(!bench.find<QPushButton>("settings.changes.save")->isEnabled());
        QTest::keyClicks(text, QStringLiteral("}"));
        QTRY_VERIFY(!bench.find<QListWidget>("settings.yaml.problems")->isVisible());
        QVERIFY(bench.find("settings.log.level")->isEnabled());
        // Going back ends at what was there before the typing, not at an empty text.
        for (int i = 0; i < 60; ++i)
            QTest::keyClick(text, Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(text->toPlainText().contains(QLatin1StringView("listen: 127.0.0.1:9000 # here")));
        QVERIFY(!text->toPlainText().contains(QLatin1StringView("debug")));
    }

    void aProblemIsFoundInTheText()
    {
        Bench bench;
        bench.open();
        bench.find<QTabBar>("settings.tabs")->setCurrentIndex(1);
        auto* text = bench.find<QPlainTextEdit>("settings.yaml.text");
        text->moveCursor(QTextCursor::End);
        QTest::keyClicks(text, QStringLiteral("lisen: 1"));
        auto* problems = bench.find<QListWidget>("settings.yaml.problems");
        QTRY_VERIFY(problems->isVisible());
        text->moveCursor(QTextCursor::Start);
        problems->setFocus();
        problems->setCurrentRow(0);
        QTest::keyClick(problems, Qt::Key_Return);
        QCOMPARE(text->textCursor().blockNumber(), text->document()->blockCount() - 1);
        QVERIFY(!bench.find("settings.error")->isVisible()); // once is enough
        // Of no row, so said above them.
        bench.find<QTabBar>("settings.tabs")->setCurrentIndex(0);
        QVERIFY(bench.find("settings.error")->isVisible());
        QVERIFY(bench.text("settings.error.message").contains(QLatin1StringView("lisen")));
    }

    void addsCopiesMovesAndRemovesProviders()
    {
        Bench bench;
        bench.open(QStringLiteral("providers"));
        bench.addProvider("Ollama");
        QCOMPARE(bench.providerNames().last(), QStringLiteral("ollama-2"));
        QCOMPARE(bench.find<QLineEdit>("settings.name")->text(), QStringLiteral("ollama-2"));
        bench.choose(1);
        bench.click("settings.providers.duplicate");
        QCOMPARE(bench.providerNames().last(), QStringLiteral("cloud-copy"));
        bench.click("settings.providers.up");
        bench.click("settings.providers.up");
        QCOMPARE(bench.providerNames().indexOf(QStringLiteral("cloud-copy")), 2);
        QCOMPARE(bench.find<QLineEdit>("settings.name")->text(), QStringLiteral("cloud-copy"));
        bench.click("settings.providers.remove");
        QCOMPARE(bench.providerNames().size(), 5); // asks first
        bench.click("settings.providers.notice.0");
        QCOMPARE(bench.providerNames().size(), 4);
        bench.click("settings.providers.notice.0");
        QCOMPARE(bench.providerNames().size(), 5);
        bench.save();
        QCOMPARE(bench.saved("providers[2].name"), "cloud-copy");
        QCOMPARE(bench.saved("providers[2].api_key"), "${OPENAI_API_KEY}");
    }

    void aProviderHasTheKeysOfItsKind()
    {
        Bench bench;
        bench.open(QStringLiteral("providers"));
        bench.choose(0);
        QVERIFY(bench.find("settings.base_url")->isVisible());
        QVERIFY(!bench.find("settings.demo.seed")->isVisible());
        bench.choose(2);
        QVERIFY(!bench.find("settings.base_url")->isVisible());
        QVERIFY(!bench.find("settings.api_key")->isVisible());
        QVERIFY(bench.find("settings.demo.seed")->isVisible());
        // A key without effect is shown while it is there, so that it can be taken out.
        bench.choose(0);
        bench.find<QComboBox>("settings.kind")->setFocus();
        QTest::keyClick(bench.find("settings.kind"), Qt::Key_End);
        QVERIFY(!bench.find("settings.base_url")->isVisible());
        bench.click("settings.kind.undo");
        QCOMPARE(bench.find<QComboBox>("settings.kind")->currentText(), QStringLiteral("ollama"));
        bench.type("settings.base_url", "http://box:1");
        QTest::keyClick(bench.find("settings.kind"), Qt::Key_End);
        QTRY_VERIFY(bench.find("settings.base_url.problem")->isVisible());
        bench.click("settings.base_url.reset");
        QVERIFY(!bench.find("settings.base_url")->isVisible());
        bench.choose(2);
        bench.type("settings.demo.seed", "42");
        bench.type("settings.name", "sim");
        QCOMPARE(bench.providerNames().last(), QStringLiteral("sim"));
        bench.save();
        QCOMPARE(bench.saved("providers[2].demo.seed"), "42");
        QCOMPARE(bench.saved("providers[2].name"), "sim");
    }

    void theProblemOfAnotherProviderIsReached()
    {
        Bench bench;
        bench.store.disk.replace(bench.store.disk.find("max_queue: 7"), 12, "max_queue: -1");
        bench.open(QStringLiteral("providers"));
        bench.choose(1);
        bench.type("settings.max_retries", "2");
        QTRY_VERIFY(bench.text("settings.error.message").contains(QLatin1StringView("providers[0].max_queue")));
        bench.click("settings.changes.problem");
        QTRY_VERIFY(bench.find("settings.max_queue")->hasFocus());
        QVERIFY(bench.find("settings.max_queue.problem")->isVisible());
        QVERIFY(!bench.find("settings.error")->isVisible());
    }

    void withoutAPlaceForTheFileItSaysSo()
    {
        Bench bench;
        bench.store.path.clear();
        bench.store.disk.clear();
        bench.open(QStringLiteral("gateway"));
        QVERIFY(bench.text("settings.error.message").contains(QLatin1StringView("HOME")));
        QVERIFY(!bench.find("settings.listen")->isEnabled());
    }

    void testsAProvider()
    {
        Bench bench;
        bench.open(QStringLiteral("providers"));
        bench.choose(1);
        bench.click("settings.provider.test");
        QCOMPARE(bench.store.testedName, "cloud");
        QCOMPARE(bench.find<QPushButton>("settings.provider.test")->text(), QStringLiteral("Stop"));
        bench.store.pendingTest(std::vector<std::string>{"gpt-a", "gpt-b"});
        QTRY_VERIFY(bench.find("settings.provider.outcome")->isVisible());
        QVERIFY(bench.text("settings.provider.outcome.message").contains(QLatin1StringView("gpt-a, gpt-b")));
        QVERIFY(bench.providers()->topLevelItem(1)->text(3).contains(QLatin1Char('2')));
        bench.click("settings.provider.test");
        bench.store.pendingTest(failure(ErrorCode::unauthorized, "The key is refused.", "401"));
        QTRY_COMPARE(bench.text("settings.provider.outcome.message"), QStringLiteral("The key is refused."));
        QCOMPARE(bench.providers()->topLevelItem(1)->text(3), QStringLiteral("failed"));
    }

    void aTestCanBeStopped()
    {
        Bench bench;
        bench.open(QStringLiteral("providers"));
        bench.choose(0);
        bench.click("settings.provider.test");
        bench.click("settings.provider.test");
        QVERIFY(bench.store.testToken.cancelled());
        bench.store.pendingTest(std::vector<std::string>{"late"});
        QCoreApplication::processEvents();
        QVERIFY(!bench.find("settings.provider.outcome")->isVisible());
        // So does going to another one, and closing the page.
        bench.click("settings.provider.test");
        bench.choose(1);
        QVERIFY(bench.store.testToken.cancelled());
        bench.click("settings.provider.test");
        bench.page.reset();
        QVERIFY(bench.store.testToken.cancelled());
        bench.store.pendingTest(std::vector<std::string>{"late"});
        QCoreApplication::processEvents();
    }

    void whatATestSaidIsOfWhatWasTested()
    {
        Bench bench;
        bench.open(QStringLiteral("providers"));
        const auto status = [&] { return bench.providers()->topLevelItem(1)->text(3); };
        const auto untested = status();
        const auto one = QStringLiteral("1 model");
        const auto test = [&] {
            bench.click("settings.provider.test");
            QVERIFY(status() != untested);
            bench.store.pendingTest(std::vector<std::string>{"a"});
            QTRY_COMPARE(status(), one);
        };
        bench.choose(1);
        bench.click("settings.provider.test");
        bench.click("settings.provider.test");
        QCOMPARE(status(), untested);
        bench.click("settings.provider.test");
        bench.choose(0);
        QCOMPARE(status(), untested);
        bench.choose(1);
        test();
        bench.type("settings.base_url", "http://box:1/v1");
        QCOMPARE(status(), untested);
        bench.click("settings.base_url.undo");
        QCOMPARE(status(), one);
        // Also of another secret in the same place.
        auto* how = bench.find<QComboBox>("settings.api_key");
        how->setFocus();
        QTest::keyClick(how, Qt::Key_Down);
        for (const char* secret : {"sk-1", "sk-2"}) {
            bench.type("settings.api_key.plain", secret);
            bench.click("settings.api_key.keep");
            QCOMPARE(status(), untested);
            test();
        }
    }

    void builtInProvidersCanBePutIntoTheFile()
    {
        Bench bench;
        bench.store.disk.clear();
        bench.store.exists = false;
        bench.store.config.providers = {{.name = "openai",
                                         .kind = config::ProviderKind::openai,
                                         .base_url = "https://api.openai.com/v1",
                                         .api_key = "sk-real"},
                                        {.name = "demo", .kind = config::ProviderKind::demo}};
        bench.open(QStringLiteral("providers"));
        QCOMPARE(bench.providerNames(), (QStringList{QStringLiteral("openai"), QStringLiteral("demo")}));
        QVERIFY(!bench.find("settings.name")->isVisible());
        bench.click("settings.providers.write");
        QVERIFY(bench.find("settings.name")->isVisible());
        bench.save();
        QCOMPARE(bench.saved("providers[0].api_key"), "${OPENAI_API_KEY}");
        QVERIFY(bench.store.disk.find("sk-real") == std::string::npos);
    }

    void theFirstOneAddedLeavesTheBuiltInOnes_data()
    {
        QTest::addColumn<bool>("alone");
        QTest::newRow("with them") << false;
        QTest::newRow("alone") << true;
    }
    void theFirstOneAddedLeavesTheBuiltInOnes()
    {
        QFETCH(const bool, alone);
        Bench bench;
        bench.store.disk.clear();
        bench.store.config.providers = {
            {.name = "ollama", .kind = config::ProviderKind::ollama, .base_url = "http://127.0.0.1:11434"}};
        bench.open(QStringLiteral("providers"));
        bench.store.ollamas = {"http://127.0.0.1:11434"};
        bench.click("settings.providers.discover");
        QVERIFY(!bench.page->hasUnsavedChanges()); // it is there already
        bench.addProvider("OpenAI");
        QCOMPARE(bench.providerNames(), (QStringList{QStringLiteral("ollama"), QStringLiteral("openai")}));
        QCOMPARE(bench.find<QLineEdit>("settings.name")->text(), QStringLiteral("openai"));
        QVERIFY(bench.text("settings.providers.notice.text").contains(QLatin1StringView("ollama")));
        bench.type("settings.name", "cloud");
        if (alone)
            bench.click("settings.providers.notice.0");
        bench.save();
        QCOMPARE(bench.saved("providers[0].name"), alone ? "cloud" : "ollama");
        QCOMPARE(bench.saved("providers[1].name"), alone ? "(none)" : "cloud");
    }

    void findsOllama()
    {
        Bench bench;
        bench.open(QStringLiteral("providers"));
        bench.click("settings.providers.discover");
        QVERIFY(bench.text("settings.providers.found.text").contains(QLatin1StringView("OLLAMA_HOST")));
        bench.store.ollamas = {"http://127.0.0.1:11434", "http://box:11434"};
        bench.click("settings.providers.discover");
        QCOMPARE(bench.providerNames().size(), 4); // the first one is there, by its default
        QCOMPARE(bench.find<QLineEdit>("settings.base_url")->text(), QStringLiteral("http://box:11434"));
        bench.click("settings.providers.discover");
        QCOMPARE(bench.providerNames().size(), 4);
    }

    void theThemeChangesAll()
    {
        Bench bench;
        bench.open(QStringLiteral("gateway"));
        const auto dark = bench.page->grab().toImage();
        bench.theme.setMode(ThemeMode::light);
        const auto light = bench.page->grab().toImage();
        QVERIFY(dark != light);
        QVERIFY(light.pixelColor(light.width() - 40, 60).lightness() > 200);
        bench.page->resize(900, 500);
        bench.find<QTabBar>("settings.tabs")->setCurrentIndex(1);
        bench.theme.setMode(ThemeMode::dark);
    }
};

QTEST_MAIN(TestSettingsSaving)
#include "tst_settings_saving.moc"
