// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/draft_store.h"
#include "pages/settings/edit_session.h"
#include "pages/settings/file_text.h"
#include "pages/settings/problem_lines.h"
#include "pages/settings/provider_text.h"
#include "pages/settings/secret_text.h"
#include "pages/settings/setting_check.h"
#include "pages/settings/text_diff.h"

#include <QFile>
#include <QSettings>
#include <QTemporaryDir>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::ui;

namespace {

const char* const someText = "# mine\n"
                             "listen: 127.0.0.1:8080 # here\n"
                             "providers:\n"
                             "  # the big one\n"
                             "  - name: big\n"
                             "    kind: openai\n"
                             "    base_url: http://big:8000/v1\n"
                             "    api_key: sk-very-secret\n"
                             "  # the small one\n"
                             "  - name: small\n"
                             "    kind: ollama\n"
                             "    max_queue: 7\n"
                             "aliases:\n"
                             "  gpt-4.1: big/phi4 # dotted\n"
                             "auth:\n"
                             "  allowed_hosts: [a.example, b.example]\n";

YamlTree treeOf(const std::string& text)
{
    auto document = config::Document::parse(text);
    return document ? readTree(*document) : YamlTree();
}

QStringList texts(const std::vector<std::string>& lines)
{
    QStringList out;
    for (const auto& line : lines)
        out << QString::fromStdString(line);
    return out;
}

QByteArray bytes(const std::string& text)
{
    return QByteArray::fromStdString(text);
}

std::string diffText(const QString& before, const QString& after, int around = 3)
{
    std::string out;
    for (const auto& line : textDiff(before, after, around)) {
        using Kind = DiffLine::Kind;
        out += line.kind == Kind::added     ? '+'
               : line.kind == Kind::removed ? '-'
               : line.kind == Kind::skipped ? '~'
                                            : ' ';
        out += line.text.toStdString() + "\n";
    }
    return out;
}

} // namespace

class TestSettingsText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsATree()
    {
        const auto tree = treeOf(someText);
        QCOMPARE(treeAt(tree, "listen")->text, "127.0.0.1:8080");
        QCOMPARE(treeAt(tree, "providers[1].max_queue")->text, "7");
        QCOMPARE(treeAt(tree, childPath("aliases", "gpt-4.1"))->text, "big/phi4");
        QCOMPARE(treeAt(tree, "auth.allowed_hosts[1]")->text, "b.example");
        QVERIFY(!treeAt(tree, "auth.allowed_hosts[2]"));
        QVERIFY(!treeAt(tree, "listen.x"));
    }

    void quotesKeysInPaths_data()
    {
        QTest::addColumn<QString>("key");
        for (const char* key : {"plain", "a.b", "a[0]", "say \"hi\"", "back\\slash", "phi4:latest", "org/model"})
            QTest::newRow(key) << QString::fromUtf8(key);
    }
    void quotesKeysInPaths()
    {
        QFETCH(const QString, key);
        const auto path = childPath("aliases", key.toStdString());
        EditSession session;
        QVERIFY(session.set(path, "x/y"));
        QCOMPARE(session.value(path).value_or(""), "x/y");
        QCOMPARE(session.tree().field("aliases")->fields.front().first, key.toStdString());
    }

    void anEditKeepsEverythingElse()
    {
        EditSession session;
        session.load(someText);
        QVERIFY(!session.dirty());
        QVERIFY(session.set("listen", "127.0.0.1:9000"));
        QVERIFY(session.text().find("# mine") == 0);
        QVERIFY(session.text().find("127.0.0.1:9000 # here") != std::string::npos);
        QCOMPARE(texts(session.changes()), QStringList{QStringLiteral("listen")});
        QVERIFY(session.isChanged("listen"));
        QVERIFY(!session.isChanged("limits.body_bytes"));
        QVERIFY(session.revert("listen"));
        QCOMPARE(bytes(session.text()), QByteArray(someText));
        QVERIFY(!session.dirty());
    }

    void countsChangesAsPeopleDo_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QStringList>("changes");
        const auto row = [](const char* name, const char* from, const char* to, const QStringList& changes) {
            QTest::newRow(name) << QByteArray(from) << QByteArray(to) << changes;
        };
        row("value", "listen: a:1\n", "listen: a:2\n", {QStringLiteral("listen")});
        row("added", "", "limits:\n  body_bytes: 1MiB\n", {QStringLiteral("limits.body_bytes")});
        row("comment only", "listen: a:1\n", "# x\nlisten: a:1\n", {QStringLiteral("the text")});
        row("order of keys", "a: 1\nb: 2\n", "b: 2\na: 1\n", {QStringLiteral("the text")});
        row("provider added", "providers:\n- name: a\n", "providers:\n- name: b\n- name: a\n",
            {QStringLiteral("providers.b (added)")});
        row("provider order", "providers:\n- name: a\n- name: b\n", "providers:\n- name: b\n- name: a\n",
            {QStringLiteral("providers (order)")});
        row("provider's key", "providers:\n- name: a\n- name: b\n", "providers:\n- name: a\n- name: b\n  kind: demo\n",
            {QStringLiteral("providers.b.kind")});
        row("list", "auth:\n  allowed_hosts: [a]\n", "auth:\n  allowed_hosts: [a, b]\n",
            {QStringLiteral("auth.allowed_hosts")});
    }
    void countsChangesAsPeopleDo()
    {
        QFETCH(const QByteArray, from);
        QFETCH(const QByteArray, to);
        QFETCH(const QStringList, changes);
        EditSession session;
        session.load(from.toStdString());
        session.edit(to.toStdString());
        QCOMPARE(texts(session.changes()), changes);
    }

    void aBrokenTextIsKeptAndSaysWhy()
    {
        EditSession session;
        session.load(someText);
        session.edit("listen: [1\n");
        QVERIFY(!session.readable());
        QVERIFY(!session.problem().empty());
        QVERIFY(!session.set("listen", "x"));
        QCOMPARE(session.text(), "listen: [1\n");
        session.edit(someText);
        QVERIFY(session.readable() && !session.dirty());
    }

    void swapsProvidersWithTheirComments()
    {
        EditSession session;
        session.load(someText);
        QVERIFY(session.swapWithNext("providers", 0));
        const auto& text = session.text();
        QCOMPARE(session.value("providers[0].name").value_or(""), "small");
        QVERIFY(text.find("# the small one\n  - name: small") != std::string::npos);
        QVERIFY(text.find("# the big one\n  - name: big") != std::string::npos);
        QCOMPARE(texts(session.changes()), QStringList{QStringLiteral("providers (order)")});
        QVERIFY(session.swapWithNext("providers", 0));
        QVERIFY(!session.dirty());
    }

    void swapsWhatStandsInOneLine()
    {
        EditSession session;
        session.load("providers: [{name: a, kind: demo}, {name: b, kind: demo}]\n");
        QVERIFY(session.swapWithNext("providers", 0));
        QCOMPARE(session.value("providers[0].name").value_or(""), "b");
        QCOMPARE(session.value("providers[1].name").value_or(""), "a");
    }

    /// Typed one character at a time, a value is there halfway, or not at all.
    void whatIsTypedLeavesNoTraceOfTheWay()
    {
        EditSession session;
        session.load(someText);
        for (const char* value : {"1", "127.0.0.1", "127.0.0.1:", "127.0.0.1:9"})
            QVERIFY(session.set("listen", value));
        QVERIFY(session.text().find("\nlisten: 127.0.0.1:9 # here\n") != std::string::npos);
        QVERIFY(session.put("listen", {}));
        QVERIFY(!session.isSet("listen"));
        QVERIFY(session.set("listen", "[::1]:9"));
        QVERIFY(session.text().find("\nlisten: \"[::1]:9\" # here\n") != std::string::npos);
        QVERIFY(session.revert("listen"));
        QCOMPARE(bytes(session.text()), QByteArray(someText));
    }

    void allUndoneIsAllAsItWas()
    {
        EditSession session;
        session.load(someText);
        QVERIFY(session.put("listen", {}));
        QVERIFY(session.put("auth.allowed_hosts", {}));
        QVERIFY(session.revert("listen"));
        QVERIFY(session.dirty());
        QVERIFY(session.revert("auth.allowed_hosts"));
        QCOMPARE(bytes(session.text()), QByteArray(someText));
        // What was written by hand, a comment here, is not thrown away with it.
        session.edit(std::string(someText) + "# noted\n");
        QVERIFY(session.set("listen", "127.0.0.1:9000"));
        QVERIFY(session.revert("listen"));
        QVERIFY(session.text().ends_with("# noted\n"));
    }

    void elementsAreRemovedOneByOne()
    {
        EditSession session;
        session.load(someText);
        QVERIFY(session.remove("providers[0]"));
        QVERIFY(session.remove("providers[0]"));
        QVERIFY(!session.isSet("providers[0]"));
    }

    void editsAreMadeInATextThatChangedMeanwhile()
    {
        EditSession session;
        session.load(someText);
        QVERIFY(session.set("listen", "127.0.0.1:9000"));
        QVERIFY(session.set("providers[1].max_queue", "9"));
        QVERIFY(session.remove("auth.allowed_hosts"));
        const std::string theirs = "# theirs\nproviders:\n  - {name: new, kind: demo}\n  - {name: small, kind: ollama, "
                                   "max_queue: 7, max_in_flight: 3}\nlog:\n  level: debug\nlisten: 127.0.0.1:8080\n";
        QVERIFY(session.rebase(theirs));
        QCOMPARE(session.original(), theirs);
        QCOMPARE(session.value("listen").value_or(""), "127.0.0.1:9000");
        QCOMPARE(session.value("providers[1].max_queue").value_or(""), "9");
        QCOMPARE(session.value("providers[1].max_in_flight").value_or(""), "3");
        QCOMPARE(session.value("log.level").value_or(""), "debug");
        QVERIFY(session.text().find("# theirs") == 0);
    }

    void secretsAreFoundHiddenAndPutBack()
    {
        std::vector<std::string> values;
        const auto hidden = hideSecrets(std::string(someText) + "# api_key: sk-very-secret\n", values);
        QVERIFY(hidden);
        QVERIFY(hidden->find("sk-very-secret") == std::string::npos);
        QCOMPARE(values.size(), std::size_t{1});
        const auto back = revealSecrets(*hidden, values);
        QVERIFY(back && back->lost.empty());
        QCOMPARE(treeAt(treeOf(back->text), "providers[0].api_key")->text, "sk-very-secret");
        const auto without = revealSecrets(*hidden, {});
        QVERIFY(without && without->lost.size() == 1);
        QVERIFY(!treeAt(treeOf(without->text), "providers[0].api_key"));
    }

    void knowsReferences_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("kind");
        using Kind = SecretText::Kind;
        const auto row = [](const char* text, Kind kind) {
            QTest::newRow(text) << QString::fromUtf8(text) << static_cast<int>(kind);
        };
        row("", Kind::none);
        row("${OPENAI_API_KEY}", Kind::environment);
        row("${keychain:openai}", Kind::keychain);
        row("Bearer ${OTLP_TOKEN}", Kind::environment);
        row("sk-abc", Kind::plain);
        row("sk-abc${TAIL}", Kind::plain);
        row("$$", Kind::plain);
    }
    void knowsReferences()
    {
        QFETCH(const QString, text);
        QFETCH(const int, kind);
        const auto secret = readSecret(text);
        QCOMPARE(static_cast<int>(secret.kind), kind);
        QCOMPARE(secret.written(), text);
    }

    void draftsNeverHoldSecrets()
    {
        QTemporaryDir directory;
        QSettings settings(directory.filePath(QStringLiteral("d.ini")), QSettings::IniFormat);
        DraftStore drafts(settings);
        EditSession session;
        session.load(someText);
        QVERIFY(session.set("listen", "127.0.0.1:9000"));
        QVERIFY(session.set("providers[1].api_key", "sk-typed-in-the-clear"));
        QVERIFY(session.swapWithNext("providers", 0));
        drafts.keep(session);
        settings.sync();
        QFile file(directory.filePath(QStringLiteral("d.ini")));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto kept = file.readAll();
        QVERIFY(kept.contains("127.0.0.1:9000"));
        QVERIFY(!kept.contains("sk-very-secret") && !kept.contains("sk-typed-in-the-clear"));

        EditSession next;
        next.load(someText);
        QCOMPARE(drafts.restore(next), DraftStore::Outcome::lossy);
        QCOMPARE(next.value("listen").value_or(""), "127.0.0.1:9000");
        QCOMPARE(next.value("providers[0].name").value_or(""), "small");
        // Each provider has its own key or none, never another one's.
        QCOMPARE(next.value("providers[0].api_key").value_or(""), "");
        QCOMPARE(next.value("providers[1].api_key").value_or(""), "sk-very-secret");
    }

    void aDraftOfAnOlderFileIsMadeInTheNewOne()
    {
        QTemporaryDir directory;
        QSettings settings(directory.filePath(QStringLiteral("d.ini")), QSettings::IniFormat);
        DraftStore drafts(settings);
        EditSession session;
        session.load(someText);
        QVERIFY(session.set("listen", "127.0.0.1:9000"));
        drafts.keep(session);
        EditSession next;
        next.load("listen: 127.0.0.1:8080\nlog:\n  level: debug\n");
        QCOMPARE(drafts.restore(next), DraftStore::Outcome::lossy);
        QCOMPARE(next.value("listen").value_or(""), "127.0.0.1:9000");
        QCOMPARE(next.value("log.level").value_or(""), "debug");
        QVERIFY(!next.isSet("providers"));
        drafts.forget();
        QCOMPARE(drafts.restore(next), DraftStore::Outcome::none);
    }

    void aDraftThatCannotBeMadeIsKept()
    {
        QTemporaryDir directory;
        QSettings settings(directory.filePath(QStringLiteral("d.ini")), QSettings::IniFormat);
        DraftStore drafts(settings);
        EditSession session;
        session.load("limits:\n  body_timeout: 30s\n");
        QVERIFY(session.set("limits.body_timeout", "90s"));
        drafts.keep(session);
        // By key there is no way into what another place of the file says.
        EditSession next;
        next.load("conversations: &x\n  ttl: 7d\nlimits: *x\n");
        QCOMPARE(drafts.restore(next), DraftStore::Outcome::failed);
        QVERIFY(!next.dirty() && drafts.any());
        next.load("limits:\n  body_timeout: 30s\n  body_bytes: 1MiB\n");
        QCOMPARE(drafts.restore(next), DraftStore::Outcome::lossy);
        QCOMPARE(next.value("limits.body_timeout").value_or(""), "90s");
    }

    void aDraftOfCommentsAloneIsNotDropped()
    {
        QTemporaryDir directory;
        QSettings settings(directory.filePath(QStringLiteral("d.ini")), QSettings::IniFormat);
        DraftStore drafts(settings);
        const std::string before = "listen: 127.0.0.1:8080\n";
        const std::string noted = "# only a comment\n" + before;
        EditSession session;
        session.load(before);
        session.edit(noted);
        drafts.keep(session);
        EditSession next;
        next.load(before + "# outside\n");
        QCOMPARE(drafts.restore(next), DraftStore::Outcome::failed);
        QVERIFY(!next.dirty() && drafts.any());
        next.load(noted); // saved by another program
        QCOMPARE(drafts.restore(next), DraftStore::Outcome::none);
        next.load(before);
        QCOMPARE(drafts.restore(next), DraftStore::Outcome::restored);
        QCOMPARE(next.text(), noted);
        // Nor are they where the file changes while it is edited.
        QVERIFY(!next.rebase(before + "# outside\n"));
        QCOMPARE(next.text(), noted);
        QVERIFY(next.rebase(before));
        QCOMPARE(next.text(), noted);
        QVERIFY(next.rebase(noted));
        QVERIFY(!next.dirty());
    }

    void anEditedLineLeavesTheBytesOfOthers_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("lines"); ///< with a | between them
        QTest::addColumn<QByteArray>("edited");
        const auto row = [](const char* name, const char* file, const char* lines, const char* edited) {
            QTest::newRow(name) << QByteArray(file) << QByteArray(lines) << QByteArray(edited);
        };
        row("nothing", "\xEF\xBB\xBF#\r\nb\rc\n", "#|b|c|", "\xEF\xBB\xBF#\r\nb\rc\n");
        row("a letter", "\xEF\xBB\xBF#\r\nb\rc\n", "#x|b|c|", "\xEF\xBB\xBF#x\r\nb\rc\n");
        row("a letter in between", "a\r\nb\rc\n", "a|bx|c|", "a\r\nbx\rc\n");
        row("a line more", "a\r\nb\r\n", "a|x|b|", "a\r\nx\r\nb\r\n");
        row("a line less", "a\nb\r\nc\n", "a|c|", "a\nc\n");
        row("joined", "a\r\nb\nc", "ab|c", "ab\r\nc");
        row("no end any more", "a\r\n", "a", "a");
        row("behind the end", "a\r\nb", "a|b|c", "a\r\nb\r\nc");
        row("from nothing", "", "a|", "a\n");
        row("to nothing", "a\nb\n", "", "");
        row("odd characters", "# \xC2\xA0\xE2\x80\xA8\xFF\nb\n", "# \xC2\xA0\xE2\x80\xA8\xFF|bx|",
            "# \xC2\xA0\xE2\x80\xA8\xFF\nbx\n");
    }
    void anEditedLineLeavesTheBytesOfOthers()
    {
        QFETCH(const QByteArray, file);
        QFETCH(const QByteArray, lines);
        QFETCH(const QByteArray, edited);
        const auto shown = QString::fromUtf8(lines).split(QLatin1Char('|'));
        QCOMPARE(bytes(editedText(file.toStdString(), shown)), edited);
        QCOMPARE(bytes(editedText(file.toStdString(), shownLines(file.toStdString()))), file);
    }

    void diffs_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::addColumn<QByteArray>("diff");
        const auto text = [](const char* lines) { return QString::fromLatin1(lines); };
        QTest::newRow("same") << text("a\nb\n") << text("a\nb\n") << QByteArray("~\n");
        QTest::newRow("changed") << text("a\nb\nc\n") << text("a\nB\nc\n") << QByteArray(" a\n-b\n+B\n c\n");
        QTest::newRow("from nothing") << text("") << text("a\n") << QByteArray("+a\n");
        QTest::newRow("to nothing") << text("a\n") << text("") << QByteArray("-a\n");
        QTest::newRow("far apart") << text("1\n2\n3\n4\n5\n6\n7\n") << text("0\n1\n2\n3\n4\n5\n6\n8\n")
                                   << QByteArray("+0\n 1\n~\n 6\n-7\n+8\n");
        QTest::newRow("repeated lines") << text("x\nx\nx\n") << text("x\nx\n") << QByteArray("~\n x\n-x\n");
    }
    void diffs()
    {
        QFETCH(const QString, before);
        QFETCH(const QString, after);
        QFETCH(const QByteArray, diff);
        QCOMPARE(bytes(diffText(before, after, 1)), diff);
    }

    void readsProblems()
    {
        const auto problems = readProblems("/home/me/a b/config.yaml:3:12: limits.body_bytes: '1' is not a size\n"
                                           "config.yaml: is not UTF-8 text\n"
                                           "2:1: not valid YAML: odd: very");
        QCOMPARE(problems.size(), std::size_t{3});
        QCOMPARE(problems[0], (ProblemLine{3, 12, QStringLiteral("limits.body_bytes: '1' is not a size"), false}));
        QCOMPARE(problems[1].line, 0);
        QCOMPARE(problemOf(problems[0], "limits.body_bytes"), QStringLiteral("'1' is not a size"));
        QCOMPARE(problemOf(problems[0], "limits.body"), QString());
        const ProblemLine host{1, 1, QStringLiteral("auth.allowed_hosts[1]: is in this list already"), false};
        QCOMPARE(problemOf(host, "auth.allowed_hosts"), QStringLiteral("[1]: is in this list already"));
    }

    void everyKeyIsOfTheTable()
    {
        for (const auto& section : settingSections()) {
            for (const auto& group : section.groups) {
                for (const auto& setting : group.settings) {
                    QVERIFY2(!setting.spec.doc.empty(), setting.path.c_str());
                    // The default is a valid value of its own key.
                    if (setting.shape == Shape::value)
                        QVERIFY2(problemIn(setting, scalarTree(setting.fallback)).isEmpty(), setting.path.c_str());
                }
            }
        }
    }

    void newProvidersHaveNamesOfTheirOwn()
    {
        YamlTree list;
        list.kind = YamlTree::Kind::list;
        for (const auto& one : providerTemplates())
            list.items.push_back(newProvider(one, list));
        for (const auto& one : providerTemplates())
            list.items.push_back(newProvider(one, list));
        list.items.push_back(copiedProvider(list.items.front(), list));
        list.items.push_back(copiedProvider(list.items.front(), list));
        QVERIFY(isNamedList(list));
        QCOMPARE(kindOf(list.items.front()), config::ProviderKind::ollama);
    }
};

QTEST_GUILESS_MAIN(TestSettingsText)
#include "tst_settings_text.moc"
