// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/key_commands.h"
#include "config/environment.h"
#include "config/loader.h"
#include "unit/config/config_support.h"
#include "unit/config/fake_keychain.h"

#include <QtTest>

#include <atomic>
#include <csignal>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <termios.h>
#include <thread>
#include <unistd.h>

using namespace tokenscope;
using namespace tokenscope::config;
using namespace tokenscope::test;

namespace {

/// What read_secret makes of `text` in a pipe.
Result<std::string> piped(const QByteArray& text)
{
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0)
        return failure(ErrorCode::internal, "no pipe");
    std::thread writer([&] {
        for (qsizetype at = 0; at < text.size();) {
            const auto put = ::write(ends[1], text.constData() + at, static_cast<std::size_t>(text.size() - at));
            if (put <= 0)
                break;
            at += put;
        }
        ::close(ends[1]);
    });
    auto secret = app::read_secret(ends[0], "");
    ::close(ends[0]); // lets a writer with too much to say end
    writer.join();
    return secret;
}

/// A terminal without a window.
struct Terminal {
    Terminal() : outside(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC))
    {
        if (outside >= 0 && grantpt(outside) == 0 && unlockpt(outside) == 0)
            inside = ::open(ptsname(outside), O_RDWR | O_NOCTTY | O_CLOEXEC);
    }
    ~Terminal()
    {
        ::close(inside);
        ::close(outside);
    }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    bool shows_typing() const
    {
        termios settings{};
        return tcgetattr(inside, &settings) == 0 && (settings.c_lflag & ECHO) != 0;
    }

    int outside = -1;
    int inside = -1;
};

} // namespace

class TestKeychain : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { std::signal(SIGPIPE, SIG_IGN); }
    void entries_replace_their_names_data();
    void entries_replace_their_names();
    void what_is_put_in_is_not_looked_at_again();
    void a_missing_entry_says_how_to_store_it();
    void a_failing_keychain_says_why();
    void a_file_takes_its_keys_from_it();
    void secrets_from_a_pipe_data();
    void secrets_from_a_pipe();
    void a_terminal_does_not_show_them();
    void an_interrupted_terminal_is_not_left_silent();
    void stored_and_hashed();
};

void TestKeychain::entries_replace_their_names_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("expected"); // "!": an error
    const auto row = [](const char* text, const char* expected) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(expected);
    };
    row("${keychain:openai}", "sk-chain");
    row("<${keychain:openai}${ENV}>", "<sk-chainsk-env>");
    row("$${keychain:openai}", "${keychain:openai}");
    row("${keychain:me@host/a.b_c+d-1}", "odd");
    row("${keychain:empty}", "");
    row("${keychain}", "!"); // a variable of that name, which is not set
    const QByteArray longest = QByteArray("${keychain:") + QByteArray(128, 'n') + '}';
    row(longest.constData(), "long");
    const QByteArray longer = QByteArray("${keychain:") + QByteArray(129, 'n') + '}';
    for (const char* text : {"${keychain:}", "${keychain:", "${keychain:openai", "${keychain: openai}",
                             "${Keychain:openai}", "${keychain:${ENV}}", "${${keychain:openai}}", "${keychain:a:b}",
                             "${keychain:a\nb}", "${keychain:none}", "${keychain:OPENAI}", longer.constData()})
        row(text, "!");
}

void TestKeychain::entries_replace_their_names()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, expected);
    FakeKeychain keychain;
    keychain.secrets = {{"openai", "sk-chain"},
                        {"me@host/a.b_c+d-1", "odd"},
                        {"empty", ""},
                        {std::string(128, 'n'), "long"},
                        {std::string(129, 'n'), "longer"}};
    const auto out = expand(text.toStdString(), {fake_env({{"ENV", "sk-env"}}), &keychain});
    QCOMPARE(out.error.empty() ? bytes(out.text) : QByteArray("!"), expected);
    QVERIFY(!bytes(out.error).contains("sk-"));
}

void TestKeychain::what_is_put_in_is_not_looked_at_again()
{
    FakeKeychain keychain;
    keychain.secrets = {{"a", "${keychain:b} ${ENV} $$"}, {"b", "wrong"}};
    const auto out = expand("${keychain:a}", {fake_env({{"ENV", "wrong"}}), &keychain});
    QCOMPARE(bytes(out.text), QByteArray("${keychain:b} ${ENV} $$"));
    QVERIFY(out.used);
    QCOMPARE(keychain.lookups, 1);
    QCOMPARE(expand("plain ${ENV}", {fake_env({{"ENV", "x"}}), &keychain}).used, true);
    QCOMPARE(keychain.lookups, 1); // never asked without need
}

void TestKeychain::a_missing_entry_says_how_to_store_it()
{
    FakeKeychain keychain;
    QCOMPARE(
        bytes(expand("${keychain:open-ai}", {fake_env(), &keychain}).error),
        QByteArray("the system keychain has no entry 'open-ai'; store it with tokenscope-gateway --store-key open-ai"));
}

void TestKeychain::a_failing_keychain_says_why()
{
    FakeKeychain keychain;
    keychain.error = "the system keychain is locked";
    QCOMPARE(bytes(expand("${keychain:a}", {fake_env(), &keychain}).error), bytes(keychain.error));
    QVERIFY(!expand("${keychain:a}", fake_env()).error.empty()); // none at all
}

void TestKeychain::a_file_takes_its_keys_from_it()
{
    FakeKeychain keychain;
    keychain.secrets = {{"openai", "sk-chain"}, {"team", "team-secret"}, {"broken", "two sEcReTs"}};
    const Lookup lookup(fake_env(), &keychain);
    const std::string text =
        "providers: [{name: o, kind: openai, base_url: \"http://h\", api_key: \"${keychain:openai}\"}]\n"
        "auth: {keys: [{name: team, key: \"${keychain:team}\"}]}\n";
    std::vector<std::string> warnings;
    const auto loaded = load_config(text, "f", lookup, &warnings);
    QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
    QCOMPARE(bytes(loaded->providers.at(0).api_key), QByteArray("sk-chain"));
    QVERIFY(loaded->auth.keys.at(0).hash.starts_with("sha256:"));
    QVERIFY(warnings.empty());

    const auto refused = load_config("auth: {keys: [\"${keychain:broken}\", \"${keychain:none}\"]}", "f", lookup);
    QVERIFY(!refused);
    QCOMPARE(
        bytes(refused.error().message),
        QByteArray("f:1:15: auth.keys[0]: has a space, a line break or a character outside ASCII, which no key has\n"
                   "f:1:37: auth.keys[1]: the system keychain has no entry 'none'; store it with tokenscope-gateway "
                   "--store-key none"));
}

void TestKeychain::secrets_from_a_pipe_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("expected"); // empty: refused
    QTest::newRow("line") << QByteArray("sk-1\n") << QByteArray("sk-1");
    QTest::newRow("no line feed") << QByteArray("sk-1") << QByteArray("sk-1");
    QTest::newRow("carriage return") << QByteArray("sk-1\r\n") << QByteArray("sk-1");
    QTest::newRow("long") << QByteArray(60'000, 'k') + '\n' << QByteArray(60'000, 'k');
    QTest::newRow("nothing") << QByteArray() << QByteArray();
    QTest::newRow("empty line") << QByteArray("\n") << QByteArray();
    QTest::newRow("two lines") << QByteArray("a\nb\n") << QByteArray();
    QTest::newRow("space") << QByteArray("a b\n") << QByteArray();
    QTest::newRow("NUL") << QByteArray("a\0b\n", 4) << QByteArray();
    QTest::newRow("not ASCII") << QByteArray("ключ\n") << QByteArray();
    QTest::newRow("mask") << QByteArray("********\n") << QByteArray();
    QTest::newRow("endless") << QByteArray(1 << 20, 'k') << QByteArray();
}

void TestKeychain::secrets_from_a_pipe()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, expected);
    const auto secret = piped(text);
    QCOMPARE(secret ? bytes(*secret) : QByteArray(), expected);
    if (!secret)
        QVERIFY(bytes(secret.error().message).contains("standard input"));
}

void TestKeychain::a_terminal_does_not_show_them()
{
    const Terminal terminal;
    QVERIFY(terminal.inside >= 0);
    QVERIFY(terminal.shows_typing());
    Result<std::string> secret = failure(ErrorCode::internal, "not read");
    std::thread reader([&] { secret = app::read_secret(terminal.inside, ""); });
    const auto join = qScopeGuard([&] { reader.join(); });
    QTRY_VERIFY(!terminal.shows_typing());
    QCOMPARE(::write(terminal.outside, "sEcReT\n", 7), ssize_t{7});
    QTRY_VERIFY(terminal.shows_typing()); // again
    // Whatever is typed now is shown, and it is the first thing that is.
    QCOMPARE(::write(terminal.outside, "visible", 7), ssize_t{7});
    std::array<char, 64> shown{};
    const auto size = ::read(terminal.outside, shown.data(), shown.size());
    QVERIFY(size > 0);
    QVERIFY(!QByteArray(shown.data(), static_cast<qsizetype>(size)).contains("sEc"));
}

void TestKeychain::an_interrupted_terminal_is_not_left_silent()
{
    const Terminal terminal;
    QVERIFY(terminal.inside >= 0);
    const auto before = std::signal(SIGINT, SIG_IGN); // for a signal after the reader's end
    std::atomic<bool> done = false;
    Result<std::string> secret = std::string();
    std::thread reader([&] {
        secret = app::read_secret(terminal.inside, "");
        done = true;
    });
    QTRY_VERIFY(!terminal.shows_typing() || done);
    while (!done) {
        pthread_kill(reader.native_handle(), SIGINT);
        QTest::qWait(1);
    }
    reader.join();
    QVERIFY(std::signal(SIGINT, before) == SIG_IGN); // as it was
    QVERIFY(!secret);
    QVERIFY(terminal.shows_typing());
}

void TestKeychain::stored_and_hashed()
{
    std::array<int, 2> ends{};
    QCOMPARE(pipe(ends.data()), 0);
    QCOMPARE(::write(ends[1], "abc\n", 4), ssize_t{4});
    ::close(ends[1]);
    FakeKeychain keychain;
    QVERIFY(app::store_key(ends[0], "name", keychain));
    QCOMPARE(bytes(keychain.secrets.at("name")), QByteArray("abc"));
    QVERIFY(!app::store_key(ends[0], "name", keychain)); // nothing is left to read
    QCOMPARE(bytes(keychain.secrets.at("name")), QByteArray("abc"));
    ::close(ends[0]);

    const auto hashed = [](const char* text) {
        std::array<int, 2> pair{};
        if (pipe(pair.data()) != 0 || ::write(pair[1], text, strlen(text)) < 0)
            return Result<std::string>(failure(ErrorCode::internal, "no pipe"));
        ::close(pair[1]);
        auto hash = app::hash_key(pair[0]);
        ::close(pair[0]);
        return hash;
    };
    const auto hash = hashed("abc\n");
    QVERIFY(hash);
    QCOMPARE(bytes(*hash), QByteArray("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    QVERIFY(!hashed(hash->c_str())); // hashing twice would lock the client out
    QVERIFY(!hashed("SHA256:x"));
    // Both forms in a file are the same key.
    const auto loaded = load_config("auth: {keys: [abc]}", "f", fake_env());
    QVERIFY(loaded);
    QCOMPARE(bytes(loaded->auth.keys.at(0).hash), bytes(*hash));
}

QTEST_GUILESS_MAIN(TestKeychain)
#include "tst_keychain.moc"
