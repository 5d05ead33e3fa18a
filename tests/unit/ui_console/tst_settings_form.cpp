// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/key_hash.h"
#include "config/writer.h"
#include "pages/settings/secret_text.h"
#include "pages/settings/setting_table.h"
#include "settings_fixture.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QClipboard>
#include <QComboBox>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QScrollArea>
#include <QTabBar>
#include <QTreeWidget>

#include <algorithm>
#include <array>
#include <utility>

using namespace tokenscope;
using namespace tokenscope::ui;

namespace {

constexpr std::array collections = {"aliases",
                                    "fallbacks",
                                    "auth.keys",
                                    "auth.allowed_hosts",
                                    "auth.allowed_origins",
                                    "observability.tracing.exporter.headers"};

/// The paths of all that a document says, e.g. "providers[0].demo.seed".
void collect(const YamlTree& tree, const std::string& path, QStringList& out)
{
    if (tree.kind == YamlTree::Kind::scalar)
        out << QString::fromStdString(path);
    for (const auto& [name, value] : tree.fields)
        collect(value, childPath(path, name), out);
    for (std::size_t i = 0; i < tree.items.size(); ++i)
        collect(tree.items[i], itemPath(path, i), out);
}

config::Config fullConfig()
{
    config::Config config;
    for (const auto kind : {config::ProviderKind::openai, config::ProviderKind::demo})
        config.providers.push_back({.name = std::string(config::name_of(kind)), .kind = kind, .base_url = "http://a"});
    config.aliases = {{"fast", "demo/tiny"}};
    config.fallbacks = {{"demo/tiny", {"demo/small"}}};
    config.auth.keys = {{.name = "alice", .hash = "sha256:x"}};
    config.auth.allowed_hosts = {"a"};
    config.auth.allowed_origins = {"http://a"};
    config.observability.tracing.exporter.headers = {{"x-a", "b"}};
    return config;
}

/// Two providers, and a secret for the first one's entry in the keychain that is typed and not kept yet.
struct BegunSecret : test::SettingsFixture {
    explicit BegunSecret(const char* keyOfTheSecond = "")
    {
        store.disk = std::string("providers:\n  - {name: one, kind: openai}\n  - {name: two, kind: openai")
                     + keyOfTheSecond + "}\n";
        store.keychainAsks = true;
        open(QStringLiteral("providers"));
        auto* how = find<QComboBox>("settings.api_key");
        how->setFocus();
        QTest::keyClick(how, Qt::Key_End);
        QTest::keyClick(how, Qt::Key_Up);
        type("settings.api_key.plain", "sk-one");
    }
    void choose(int row) const
    {
        auto* list = find<QTreeWidget>("settings.providers.list");
        list->setCurrentItem(list->topLevelItem(row));
    }
    QString line(const char* name) const { return find<QLineEdit>(name)->text(); }
    QString yaml() const { return find<QPlainTextEdit>("settings.yaml.text")->toPlainText(); }
};

std::vector<QWidget*> controls(const QWidget& page)
{
    std::vector<QWidget*> out;
    for (auto* widget : page.findChildren<QWidget*>()) {
        const bool control = qobject_cast<QAbstractButton*>(widget) || qobject_cast<QLineEdit*>(widget)
                             || qobject_cast<QComboBox*>(widget) || qobject_cast<QAbstractItemView*>(widget)
                             || qobject_cast<QPlainTextEdit*>(widget) || qobject_cast<QTabBar*>(widget);
        const bool inner = widget->objectName().startsWith(QLatin1StringView("qt_"))
                           || qobject_cast<QComboBox*>(widget->parentWidget())
                           || qobject_cast<QLineEdit*>(widget->parentWidget())
                           || qobject_cast<QTabBar*>(widget->parentWidget()) || widget->isWindow()
                           || widget->window() != page.window();
        if (control && !inner && widget->focusPolicy() != Qt::NoFocus)
            out.push_back(widget);
    }
    return out;
}

} // namespace

class TestSettingsForm : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyKeyHasARow()
    {
        test::SettingsFixture bench;
        bench.open();
        const auto printed = config::Document::parse(config::print_config(fullConfig()));
        QVERIFY(printed);
        QStringList paths;
        collect(readTree(*printed), {}, paths);
        QVERIFY(paths.size() > 60);
        static const QRegularExpression element(QStringLiteral(R"(^providers\[\d+\]\.)"));
        for (auto path : paths) {
            path.remove(element);
            // A collection's elements are edited where the collection is.
            for (const char* collection : collections) {
                if (path.startsWith(QLatin1StringView(collection)))
                    path = QLatin1StringView(collection);
            }
            QVERIFY2(bench.page->findChild<QWidget*>(QStringLiteral("settings.") + path), qPrintable(path));
        }
    }

    void editsEachType_data()
    {
        QTest::addColumn<QByteArray>("section");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("typed");
        const auto row = [](const char* section, const char* path, const char* typed) {
            QTest::newRow(path) << QByteArray(section) << QByteArray(path) << QByteArray(typed);
        };
        row("gateway", "listen", "127.0.0.1:9000");
        row("gateway", "limits.body_bytes", "64MiB");
        row("gateway", "limits.body_timeout", "90s");
        row("gateway", "rate_limit.requests_per_second", "2.5");
        row("gateway", "rate_limit.burst", "5");
        row("telemetry", "observability.metrics.path", "/m");
        row("telemetry", "observability.tracing.service_name", "my gateway");
        row("telemetry", "observability.prices", "/home/me/prices.json");
        row("conversations", "conversations.ttl", "7d");
        row("log", "log.file", "${HOME}/gateway.log");
    }
    void editsEachType()
    {
        QFETCH(const QByteArray, section);
        QFETCH(const QByteArray, path);
        QFETCH(const QByteArray, typed);
        test::SettingsFixture bench;
        bench.store.environment["HOME"] = "/home/me";
        bench.open(QString::fromLatin1(section));
        const QByteArray name = "settings." + path;
        bench.type(name.constData(), typed.constData());
        QVERIFY2(!bench.find(QByteArray(name + ".problem").constData())->isVisible(), "a problem");
        bench.save();
        QCOMPARE(QByteArray::fromStdString(bench.saved(path.toStdString())), typed);
        QVERIFY(bench.store.disk.find("# mine") == 0);
        // Emptied, the key is not in the file any more.
        bench.clear(name.constData());
        bench.save();
        QCOMPARE(bench.saved(path.toStdString()), "(none)");
    }

    void switchesAndChoices()
    {
        test::SettingsFixture bench;
        bench.open(QStringLiteral("telemetry"));
        auto* enabled = bench.find<QAbstractButton>("settings.observability.metrics.enabled");
        QVERIFY(enabled->isChecked());
        enabled->setFocus();
        QTest::keyClick(enabled, Qt::Key_Space);
        QVERIFY(!enabled->isChecked());
        auto* sampler = bench.find<QComboBox>("settings.observability.tracing.sampler.type");
        QCOMPARE(sampler->currentText(), QStringLiteral("always"));
        sampler->setFocus();
        QTest::keyClick(sampler, Qt::Key_Down);
        QCOMPARE(sampler->currentText(), QStringLiteral("never"));
        bench.save();
        QCOMPARE(bench.saved("observability.metrics.enabled"), "false");
        QCOMPARE(bench.saved("observability.tracing.sampler.type"), "never");
    }

    void aChoiceMayBeAVariable()
    {
        test::SettingsFixture bench;
        bench.store.environment["LEVEL"] = "debug";
        bench.store.disk += "log:\n  level: ${LEVEL}\n";
        bench.open(QStringLiteral("log"));
        QCOMPARE(bench.find<QComboBox>("settings.log.level")->currentText(), QStringLiteral("${LEVEL}"));
        QVERIFY(!bench.find("settings.log.level.problem")->isVisible());
    }

    void saysAtOnceWhatIsWrong()
    {
        test::SettingsFixture bench;
        bench.open(QStringLiteral("gateway"));
        bench.type("settings.limits.body_timeout", "60");
        QVERIFY(bench.find("settings.limits.body_timeout.problem")->isVisible());
        QVERIFY(
            bench.text("settings.limits.body_timeout.problem").contains(QLatin1StringView("'60' is not a duration")));
        QVERIFY(!bench.find<QPushButton>("settings.changes.save")->isEnabled());
        QVERIFY(bench.find("settings.limits.body_timeout")
                    ->accessibleDescription()
                    .contains(QLatin1StringView("not a duration")));
        bench.page->showSection(QStringLiteral("log"));
        bench.click("settings.changes.problem");
        QTRY_VERIFY(bench.find("settings.limits.body_timeout")->hasFocus());
        QTest::keyClick(bench.find("settings.limits.body_timeout"), Qt::Key_S);
        QVERIFY(!bench.find("settings.limits.body_timeout.problem")->isVisible());
        QTRY_VERIFY(bench.find<QPushButton>("settings.changes.save")->isEnabled());
    }

    void theCheckOfTheWholeIsShownAtItsKey()
    {
        test::SettingsFixture bench;
        bench.open(QStringLiteral("gateway"));
        // Right in itself, wrong without client keys.
        bench.type("settings.listen", "0.0.0.0:8080");
        QVERIFY(!bench.find("settings.listen.problem")->isVisible());
        QTRY_VERIFY(bench.text("settings.listen.problem").contains(QLatin1StringView("clients must need a key")));
        bench.type("settings.auth.keys.newName", "alice");
        bench.click("settings.auth.keys.add");
        QTRY_VERIFY(!bench.find("settings.listen.problem")->isVisible());
    }

    /// In the smallest window; a form scrolls up and down only.
    void nothingIsCutOffAtTheRight()
    {
        test::SettingsFixture bench;
        bench.store.disk += "aliases: {a-rather-long-name-of-a-model: some-provider/with-a-long-name-of-a-model}\n"
                            "auth:\n  keys: [\"${AN_ENVIRONMENT_VARIABLE_WITH_A_LONG_NAME}\", in-the-clear]\n"
                            "observability:\n  tracing:\n    exporter:\n      type: otlp_http\n      headers:\n"
                            "        authorization: Bearer ${OTLP_TOKEN}\n        x-team: sk-plain\n"
                            "        x-kept: ${keychain:an-entry}\n";
        bench.open(QStringLiteral("providers"));
        bench.page->resize(960, 540);
        const auto* scroll = bench.find<QScrollArea>("settings.scroll");
        for (const char* id : {"providers", "models", "gateway", "telemetry", "conversations", "log", "appearance"}) {
            bench.page->showSection(QLatin1StringView(id));
            QTRY_COMPARE(bench.page->width(), 960);
            QVERIFY2(scroll->widget()->minimumSizeHint().width() <= scroll->viewport()->width(), id);
        }
    }

    void undoAndReset()
    {
        test::SettingsFixture bench;
        bench.open(QStringLiteral("gateway"));
        QVERIFY(!bench.find("settings.listen.undo")->isVisible());
        bench.type("settings.listen", "127.0.0.1:1");
        QVERIFY(bench.find("settings.listen.undo")->isVisible());
        bench.click("settings.listen.undo");
        QCOMPARE(bench.find<QLineEdit>("settings.listen")->text(), QStringLiteral("127.0.0.1:8080"));
        QVERIFY(!bench.page->hasUnsavedChanges());
        bench.click("settings.limits.body_timeout.reset");
        QCOMPARE(bench.find<QLineEdit>("settings.limits.body_timeout")->text(), QString());
        QCOMPARE(bench.find<QLineEdit>("settings.limits.body_timeout")->placeholderText(), QStringLiteral("1m"));
        bench.save();
        QCOMPARE(bench.saved("limits.body_timeout"), "(none)");
    }

    void listsAndMaps()
    {
        test::SettingsFixture bench;
        bench.open(QStringLiteral("models"));
        bench.click("settings.aliases.add");
        bench.type("settings.aliases.name0", "gpt-4.1");
        QVERIFY(!bench.page->hasUnsavedChanges()); // half an entry is none
        bench.type("settings.aliases.value0", "demo/tiny");
        bench.click("settings.fallbacks.add");
        bench.type("settings.fallbacks.name0", "cloud/big");
        bench.type("settings.fallbacks.value0", "demo/tiny, ollama/phi4");
        bench.page->showSection(QStringLiteral("gateway"));
        bench.click("settings.auth.allowed_hosts.add");
        bench.type("settings.auth.allowed_hosts.value0", "box.example");
        bench.click("settings.auth.allowed_hosts.add");
        bench.type("settings.auth.allowed_hosts.value1", "http://x/");
        QVERIFY(bench.find("settings.auth.allowed_hosts.problem")->isVisible());
        bench.click("settings.auth.allowed_hosts.remove1");
        QVERIFY(!bench.find("settings.auth.allowed_hosts.problem")->isVisible());
        bench.save();
        QCOMPARE(bench.saved("aliases.\"gpt-4.1\""), "demo/tiny");
        QCOMPARE(bench.saved("fallbacks.cloud/big[1]"), "ollama/phi4");
        QCOMPARE(bench.saved("auth.allowed_hosts[0]"), "box.example");
    }

    void aClientKeyIsShownOnceAndKeptAsItsHash()
    {
        test::SettingsFixture bench;
        bench.open(QStringLiteral("gateway"));
        bench.type("settings.auth.keys.newName", "alice");
        QTest::keyClick(bench.find("settings.auth.keys.newName"), Qt::Key_Return);
        const auto key = bench.find<QLineEdit>("settings.auth.keys.once")->text();
        QVERIFY(check_key(key.toStdString()));
        bench.click("settings.auth.keys.once.copy");
        QCOMPARE(QGuiApplication::clipboard()->text(), key);
        bench.click("settings.auth.keys.once.done");
        QVERIFY(!bench.find("settings.auth.keys.once")->isVisible());
        QVERIFY(bench.find<QLineEdit>("settings.auth.keys.once")->text().isEmpty());
        bench.save();
        QCOMPARE(bench.saved("auth.keys[0].name"), "alice");
        QCOMPARE(bench.saved("auth.keys[0].key"), hash_key(key.toStdString()));
        QVERIFY(bench.store.disk.find(key.toStdString()) == std::string::npos);
        bench.click("settings.auth.keys.remove0");
        bench.save();
        QVERIFY(bench.store.disk.find("sha256") == std::string::npos);
    }

    void secretsGoToTheKeychain()
    {
        test::SettingsFixture bench;
        bench.store.disk +=
            "observability:\n  tracing:\n    exporter:\n      headers:\n        x-team: \"top secret\"\n";
        bench.open(QStringLiteral("providers"));
        auto* list = bench.find<QTreeWidget>("settings.providers.list");
        list->setCurrentItem(list->topLevelItem(1));
        auto* how = bench.find<QComboBox>("settings.api_key");
        QCOMPARE(how->currentIndex(), 1);
        QCOMPARE(bench.find<QLineEdit>("settings.api_key.name")->text(), QStringLiteral("OPENAI_API_KEY"));
        how->setFocus();
        QTest::keyClick(how, Qt::Key_Down);
        QCOMPARE(bench.find<QLineEdit>("settings.api_key.name")->text(), QStringLiteral("cloud"));
        QVERIFY(!bench.page->hasUnsavedChanges()); // nothing is kept there yet
        bench.type("settings.api_key.plain", "sk-mine");
        QCOMPARE(bench.find<QLineEdit>("settings.api_key.plain")->echoMode(), QLineEdit::Password);
        bench.store.keychainError = Error{.code = ErrorCode::config, .message = "there is no keychain; start one"};
        bench.click("settings.api_key.keep");
        QCOMPARE(bench.text("settings.api_key.note"), QStringLiteral("there is no keychain; start one"));
        bench.store.keychainError.reset();
        bench.click("settings.api_key.keep");
        QCOMPARE(bench.store.keychain.at("cloud"), "sk-mine");
        QVERIFY(bench.find<QLineEdit>("settings.api_key.plain")->text().isEmpty());
        QVERIFY(bench.page->hasUnsavedChanges());
        QVERIFY(bench.store.disk.find("sk-mine") == std::string::npos);
        // No label shows what is in the clear.
        bench.page->showSection(QStringLiteral("telemetry"));
        for (const auto* label : bench.page->findChildren<QLabel*>())
            QVERIFY(!label->text().contains(QLatin1StringView("top secret")));
        for (const auto* line : bench.page->findChildren<QLineEdit*>())
            QVERIFY(!line->displayText().contains(QLatin1StringView("top secret")));
    }

    void waitingForTheKeychainIsSaidAndCanBeStopped()
    {
        test::SettingsFixture bench;
        bench.open(QStringLiteral("providers"));
        auto* list = bench.find<QTreeWidget>("settings.providers.list");
        list->setCurrentItem(list->topLevelItem(1));
        bench.find("settings.api_key")->setFocus();
        QTest::keyClick(bench.find("settings.api_key"), Qt::Key_Down);
        bench.type("settings.api_key.plain", "sk-mine");
        bench.store.keychainAsks = true;
        bench.click("settings.api_key.keep");
        const auto* keep = bench.find<QPushButton>("settings.api_key.keep");
        QCOMPARE(keep->text(), QStringLiteral("Stop"));
        QVERIFY(keep->isEnabled());
        QVERIFY(bench.text("settings.api_key.note").startsWith(QLatin1StringView("Waiting for the keychain")));
        QVERIFY(!bench.find("settings.api_key.plain")->isEnabled());
        bench.click("settings.api_key.keep");
        QVERIFY(bench.store.storeToken.cancelled());
        QCOMPARE(keep->text(), QStringLiteral("Keep in keychain"));
        QVERIFY(bench.text("settings.api_key.note").startsWith(QLatin1StringView("Stopped")));
        QCOMPARE(bench.find<QLineEdit>("settings.api_key.plain")->text(), QStringLiteral("sk-mine"));
        bench.store.keychainAsks = false;
        bench.click("settings.api_key.keep");
        QCOMPARE(bench.store.keychain.at("cloud"), "sk-mine");
        QCOMPARE(bench.text("settings.api_key.note"), QStringLiteral("Kept in the keychain."));
    }

    /// The same rows are about every provider.
    void aSecretThatWasBegunIsNotAnotherProviders()
    {
        const BegunSecret bench;
        QCOMPARE(bench.line("settings.api_key.name"), QStringLiteral("one"));
        QVERIFY(!bench.page->hasUnsavedChanges());
        for (const int row : {1, 0}) {
            bench.choose(row);
            QCOMPARE(bench.find<QComboBox>("settings.api_key")->currentIndex(), 0);
            QVERIFY(bench.line("settings.api_key.name").isEmpty());
            QVERIFY(bench.line("settings.api_key.plain").isEmpty());
            QVERIFY(!bench.find("settings.api_key.keep")->isVisible());
        }
    }

    void aLateKeychainWritesNoOtherProvidersKey_data()
    {
        QTest::addColumn<QByteArray>("button");
        QTest::newRow("another is chosen") << QByteArray();
        QTest::newRow("moved") << QByteArray("settings.providers.down");
        QTest::newRow("removed") << QByteArray("settings.providers.remove");
    }
    void aLateKeychainWritesNoOtherProvidersKey()
    {
        QFETCH(const QByteArray, button);
        const BegunSecret bench(", api_key: sk-two");
        bench.click("settings.api_key.keep");
        QVERIFY(bench.store.pendingStore && !bench.store.storeToken.cancelled());
        if (button.isEmpty())
            bench.choose(1);
        else
            bench.click(button.constData());
        if (button.endsWith("remove"))
            bench.click("settings.providers.notice.0");
        QVERIFY(bench.store.storeToken.cancelled());
        const auto before = bench.yaml();
        bench.store.pendingStore({});
        QCOMPARE(bench.yaml(), before);
        QVERIFY(before.contains(QLatin1StringView("api_key: sk-two")));
        QVERIFY(!before.contains(QLatin1StringView("keychain")));
    }

    void aRenamedProviderKeepsWhatWasBegun()
    {
        const BegunSecret bench;
        bench.click("settings.api_key.keep");
        bench.type("settings.name", "uno");
        QVERIFY(!bench.store.storeToken.cancelled());
        bench.store.pendingStore({});
        QVERIFY(bench.yaml().contains(QLatin1StringView("name: uno")));
        QVERIFY(bench.yaml().contains(QLatin1StringView("${keychain:one}")));
    }

    /// By another program, while the keychain asks.
    void aKeyThatChangedMeanwhileIsNotReplaced()
    {
        BegunSecret bench;
        bench.click("settings.api_key.keep");
        bench.store.write("providers:\n  - {name: one, kind: openai, api_key: \"${THEIRS}\"}\n");
        QVERIFY(bench.store.storeToken.cancelled());
        bench.store.pendingStore({});
        QVERIFY(!bench.page->hasUnsavedChanges());
        QCOMPARE(bench.line("settings.api_key.name"), QStringLiteral("THEIRS"));
    }

    void anEmptyVariableIsNotWritten()
    {
        test::SettingsFixture bench;
        bench.open(QStringLiteral("providers"));
        bench.find<QComboBox>("settings.api_key")->setFocus();
        QTest::keyClick(bench.find("settings.api_key"), Qt::Key_Down);
        bench.type("settings.api_key.name", "OPENAI_API_KEY");
        bench.clear("settings.api_key.name");
        bench.save();
        QVERIFY(bench.store.disk.find("${}") == std::string::npos);
    }

    void aDraftThatCannotBeMadeIsNotReplaced()
    {
        test::SettingsFixture bench;
        bench.open(QStringLiteral("gateway"));
        bench.type("settings.limits.body_timeout", "45s");
        bench.page.reset();
        const auto before = std::exchange(bench.store.disk, "conversations: &x\n  ttl: 7d\nlimits: *x\n");
        bench.open(QStringLiteral("gateway"));
        QVERIFY(bench.text("settings.notice.text").contains(QLatin1StringView("cannot be made")));
        bench.type("settings.listen", "127.0.0.1:1");
        bench.page.reset();
        bench.store.disk = before;
        bench.open(QStringLiteral("gateway"));
        QCOMPARE(bench.find<QLineEdit>("settings.limits.body_timeout")->text(), QStringLiteral("45s"));
        QCOMPARE(bench.find<QLineEdit>("settings.listen")->text(), QStringLiteral("127.0.0.1:8080"));
    }

    void aLetterInTheTextChangesNoOtherByte()
    {
        test::SettingsFixture bench;
        bench.store.disk = "# a\xC2\xA0z\r\nlisten: 127.0.0.1:8080\r\nlog:\n  level: info\r\n";
        auto expected = bench.store.disk;
        expected.insert(expected.find("\r\nlisten"), "!");
        bench.open();
        bench.find<QTabBar>("settings.tabs")->setCurrentIndex(1);
        auto* text = bench.find<QPlainTextEdit>("settings.yaml.text");
        QVERIFY(!bench.page->hasUnsavedChanges());
        text->moveCursor(QTextCursor::Start);
        text->moveCursor(QTextCursor::EndOfLine);
        QTest::keyClicks(text, QStringLiteral("!"));
        bench.save();
        QCOMPARE(QByteArray::fromStdString(bench.store.disk), QByteArray::fromStdString(expected));
        // Not the character that Qt has for it.
        QTest::keyClick(text, Qt::Key_Return, Qt::ShiftModifier);
        bench.save();
        QVERIFY(bench.store.disk.find("!\r\n\r\nlisten") != std::string::npos);
    }

    void searchesOverAllSections()
    {
        test::SettingsFixture bench;
        bench.open(QStringLiteral("log"));
        auto* search = bench.find<QLineEdit>("settings.search");
        QTest::keyClick(bench.page.get(), Qt::Key_F, Qt::ControlModifier);
        QVERIFY(search->hasFocus());
        QTest::keyClicks(search, QStringLiteral("idle timeout"));
        QVERIFY(bench.find("settings.limits.idle_timeout")->isVisible());
        QVERIFY(bench.find("settings.idle_timeout")->isVisible()); // a provider's
        QVERIFY(!bench.find("settings.log.level")->isVisible());
        search->clear();
        QTest::keyClicks(search, QStringLiteral("no such thing"));
        QVERIFY(bench.find("settings.nothing")->isVisible());
        QTest::keyClick(search, Qt::Key_Escape);
        QVERIFY(search->text().isEmpty());
        QVERIFY(bench.find("settings.log.level")->isVisible());
        QVERIFY(!bench.find("settings.idle_timeout")->isVisible());
    }

    void saysWhatTheCommandLineDecides()
    {
        test::SettingsFixture bench;
        bench.store.overridden = {"listen"};
        bench.open(QStringLiteral("gateway"));
        QVERIFY(bench.text("settings.listen.meta").contains(QLatin1StringView("command line")));
        QVERIFY(!bench.text("settings.limits.body_bytes.meta").contains(QLatin1StringView("command line")));
    }

    void everyControlHasAName()
    {
        test::SettingsFixture bench;
        bench.store.disk += "aliases:\n  a: demo/b\nauth:\n  keys: [{name: x, key: \"${OPENAI_API_KEY}\"}]\n"
                            "  allowed_hosts: [a.example]\n";
        bench.open();
        const auto all = controls(*bench.page);
        QVERIFY(all.size() > 100);
        for (auto* widget : all) {
            const auto* button = qobject_cast<QAbstractButton*>(widget);
            const bool named = !widget->accessibleName().isEmpty() || (button && !button->text().isEmpty());
            QVERIFY2(named, qPrintable(widget->objectName()
                                       + QLatin1StringView(widget->metaObject()->className()).toString()));
        }
    }

    void theKeyboardReachesEverything()
    {
        test::SettingsFixture bench;
        bench.open(QStringLiteral("conversations"));
        bench.find("settings.search")->setFocus();
        QSet<QString> reached;
        for (int i = 0; i < 60; ++i) {
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
            QVERIFY(QApplication::focusWidget());
            reached << QApplication::focusWidget()->objectName();
        }
        for (const char* name : {"settings.sections", "settings.tabs", "settings.conversations.backend",
                                 "settings.conversations.path", "settings.conversations.ttl"})
            QVERIFY2(reached.contains(QLatin1StringView(name)), name);
    }

    void appearanceAppliesAtOnce()
    {
        test::SettingsFixture bench;
        bench.open(QStringLiteral("appearance"));
        auto* mode = bench.find<QComboBox>("settings.theme");
        QCOMPARE(mode->currentIndex(), 2);
        mode->setFocus();
        QTest::keyClick(mode, Qt::Key_Up);
        QVERIFY(!bench.theme.tokens().dark);
        QCOMPARE(bench.settings.value(QStringLiteral("window/theme")).toString(), QStringLiteral("light"));
        bench.theme.setMode(ThemeMode::dark); // from elsewhere
        QCOMPARE(mode->currentIndex(), 2);
        QVERIFY(!bench.page->hasUnsavedChanges());
    }

    void saysWhatIsUsed()
    {
        test::SettingsFixture bench;
        bench.open(QStringLiteral("storage"));
        QVERIFY(!bench.text("settings.usage.note").isEmpty());
        bench.page->setUsage([] {
            return std::vector<std::pair<QString, QString>>{{QStringLiteral("Records"), QStringLiteral("12 MB")}};
        });
        const auto labels = bench.page->findChildren<QLabel*>();
        QVERIFY(std::any_of(labels.begin(), labels.end(),
                            [](const QLabel* label) { return label->text() == QLatin1StringView("12 MB"); }));
    }
};

QTEST_MAIN(TestSettingsForm)
#include "tst_settings_form.moc"
