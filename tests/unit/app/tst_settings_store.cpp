// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/app/settings_program.h"

#include <QtTest>

#include <chrono>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace tokenscope;
using namespace tokenscope::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

class TestSettingsStore : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void reads_what_is_there();
    void what_cannot_be_read();
    void checks_a_text();
    void saves_and_takes_over();
    void keeps_mode_and_link();
    void a_dangling_link();
    void somebody_else_wrote_the_file();
    void tells_of_changes();
    void somebody_else_wrote_it_meanwhile();
    void what_is_wrong_is_not_saved();
    void what_the_gateway_refuses_is_not_saved();
    void what_cannot_be_written_is_not_applied();
    void a_read_only_file();
    void the_watch_finds_nothing_to_do();
    void the_address_waits_for_a_restart();
    void the_command_line_decides();
    void without_a_gateway_all_waits();
    void ends_with_answers_under_way();
    void stores_secrets();
    void a_keychain_that_asks_holds_up_nothing_else();
    void a_keychain_that_asks_does_not_hold_up_the_end();
};

void TestSettingsStore::reads_what_is_there()
{
    SettingsProgram program(with_queue(1), {.listen = "127.0.0.1:0", .log_level = config::LogLevel::off});
    QVERIFY(program.start());
    auto contents = program.settings->read();
    QVERIFY(contents);
    QCOMPARE(bytes(contents->file), bytes(program.file().string()));
    QCOMPARE(bytes(contents->text), bytes(with_queue(1)));
    QVERIFY(contents->exists);
    QCOMPARE(contents->overridden, (std::vector<std::string>{"listen", "log.level"}));
    SettingsProgram without;
    QVERIFY(without.start());
    contents = without.settings->read();
    QVERIFY(contents && !contents->exists && contents->text.empty() && !contents->file.empty());
    QVERIFY(contents->overridden.empty());
}

void TestSettingsStore::what_cannot_be_read()
{
    SettingsProgram program;
    QVERIFY(program.start());
    program.write(std::string((1 << 20) + 1, ' '));
    auto contents = program.settings->read();
    QVERIFY(!contents);
    QVERIFY2(bytes(contents.error().message).contains("config.yaml: The file is larger"),
             contents.error().message.c_str());
    fs::remove(program.file());
    QCOMPARE(mkfifo(program.file().c_str(), 0600), 0);
    contents = program.settings->read(); // and does not wait for a writer
    QVERIFY(!contents);
    QVERIFY(!program.save("", ""));
    QCOMPARE(program.applied().size(), std::size_t{0});
}

void TestSettingsStore::checks_a_text()
{
    SettingsProgram program(with_queue(1));
    QVERIFY(program.start());
    QVERIFY(program.check(with_queue(2)));
    const auto warned = program.check("rate_limit: {burst: 1}\n");
    QVERIFY(warned);
    QCOMPARE(warned->size(), std::size_t{1});
    QVERIFY2(bytes(warned->front()).contains("config.yaml:1:14: rate_limit.burst"), warned->front().c_str());
    const auto wrong = program.check("listne: 1\nlimits: {body_bytes: x}\n");
    QVERIFY(!wrong);
    QCOMPARE(wrong.error().code, ErrorCode::config);
    QCOMPARE(bytes(wrong.error().message).count('\n'), 1);
    QVERIFY2(bytes(wrong.error().message).contains("config.yaml:1:1: listne: unknown key"),
             wrong.error().message.c_str());
    QCOMPARE(bytes(program.content()), bytes(with_queue(1)));
    QVERIFY(program.applied().empty());
}

void TestSettingsStore::saves_and_takes_over()
{
    SettingsProgram program;
    QVERIFY(program.start());
    const auto before = umask(0);
    const auto saved = program.save(with_queue(2), "");
    umask(before);
    QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
    QVERIFY(saved->after_restart.empty());
    QCOMPARE(bytes(program.content()), bytes(with_queue(2)));
    QCOMPARE(program.files(), std::size_t{1});
    struct stat about {};
    QCOMPARE(stat(program.file().c_str(), &about), 0);
    QCOMPARE(about.st_mode & 07777U, 0600U);
    QCOMPARE(program.applied().size(), std::size_t{1});
    QCOMPARE(program.settings->current().providers[0].max_queue, std::size_t{2});
    // What means the same is written and not applied.
    const auto text = "# a comment\n" + with_queue(2);
    QVERIFY(program.save(text, with_queue(2)));
    QCOMPARE(bytes(program.content()), bytes(text));
    QCOMPARE(program.applied().size(), std::size_t{1});
}

void TestSettingsStore::keeps_mode_and_link()
{
    SettingsProgram program;
    QVERIFY(program.start());
    fs::create_directories(program.file().parent_path());
    const auto target = program.file().parent_path().parent_path() / "dotfiles.yaml";
    std::ofstream(target) << with_queue(1);
    fs::permissions(target, fs::perms{0640});
    fs::create_symlink("../dotfiles.yaml", program.file());
    QVERIFY(program.save(with_queue(2), with_queue(1)));
    QVERIFY(fs::is_symlink(program.file()));
    QCOMPARE(static_cast<int>(fs::status(target).permissions()), 0640);
    QCOMPARE(bytes(program.content()), bytes(with_queue(2)));
}

void TestSettingsStore::a_dangling_link()
{
    SettingsProgram program;
    QVERIFY(program.start());
    fs::create_directories(program.file().parent_path());
    fs::create_symlink("../deep/er/config.yaml", program.file());
    QVERIFY(program.save(with_queue(2), ""));
    QVERIFY(fs::is_symlink(program.file()));
    QCOMPARE(bytes(program.content()), bytes(with_queue(2)));
    fs::remove(program.file());
    fs::create_symlink("config.yaml", program.file());
    QVERIFY(!program.save(with_queue(3), ""));
    QVERIFY(fs::is_symlink(program.file()));
}

void TestSettingsStore::tells_of_changes()
{
    SettingsProgram program(with_queue(1));
    QVERIFY(program.start());
    int told = 0;
    program.settings->watch([&] { ++told; });
    program.write(with_queue(2));
    QTRY_COMPARE(told, 1);
    program.settings->watch(nullptr);
    program.write(with_queue(3));
    QTest::qWait(300); // longer than a change takes to settle
    QCOMPARE(told, 1);
    program.settings->watch([&] { ++told; });
    program.write(with_queue(4));
    QTRY_COMPARE(told, 2);
}

void TestSettingsStore::somebody_else_wrote_the_file()
{
    SettingsProgram program(with_queue(1));
    QVERIFY(program.start());
    program.write(with_queue(7));
    auto saved = program.save(with_queue(2), with_queue(1));
    QVERIFY(!saved);
    QCOMPARE(saved.error().code, ErrorCode::conflict);
    QCOMPARE(bytes(program.content()), bytes(with_queue(7)));
    fs::remove(program.file());
    saved = program.save(with_queue(2), with_queue(7));
    QVERIFY(!saved);
    QCOMPARE(saved.error().code, ErrorCode::conflict);
    QVERIFY(!fs::exists(program.file()));
    QVERIFY(program.applied().empty());
}

void TestSettingsStore::somebody_else_wrote_it_meanwhile()
{
    SettingsProgram program(with_queue(1));
    QVERIFY(program.start());
    program.before_apply = [&] { program.write(with_queue(7)); };
    const auto saved = program.save(with_queue(2), with_queue(1));
    QVERIFY(!saved);
    QCOMPARE(saved.error().code, ErrorCode::conflict);
    QCOMPARE(bytes(program.content()), bytes(with_queue(7)));
    QCOMPARE(program.files(), std::size_t{1});
    // Back to what was in effect.
    QCOMPARE(program.applied().size(), std::size_t{2});
    QCOMPARE(program.applied()[1].providers[0].max_queue, std::size_t{1});
    QCOMPARE(program.settings->current().providers[0].max_queue, std::size_t{1});
}

void TestSettingsStore::what_is_wrong_is_not_saved()
{
    SettingsProgram program(with_queue(1));
    QVERIFY(program.start());
    for (const char* text : {"]", "a: \"x\n", "listne: 1\n", "- a\n"}) {
        const auto saved = program.save(text, with_queue(1));
        QVERIFY(!saved);
        QVERIFY2(bytes(saved.error().message).contains("config.yaml:1:"), saved.error().message.c_str());
    }
    QCOMPARE(bytes(program.content()), bytes(with_queue(1)));
    QCOMPARE(program.files(), std::size_t{1});
    QVERIFY(program.applied().empty());
}

void TestSettingsStore::what_the_gateway_refuses_is_not_saved()
{
    SettingsProgram program(with_queue(1));
    QVERIFY(program.start());
    program.refusal = "the port is taken";
    const auto saved = program.save(with_queue(2), with_queue(1));
    QVERIFY(!saved);
    QCOMPARE(bytes(saved.error().message), QByteArray("the port is taken"));
    QCOMPARE(bytes(program.content()), bytes(with_queue(1)));
    QCOMPARE(program.files(), std::size_t{1});
    QCOMPARE(program.settings->current().providers[0].max_queue, std::size_t{1});
}

void TestSettingsStore::what_cannot_be_written_is_not_applied()
{
    // Where no folder can be made, whoever asks.
    SettingsProgram program("", {}, {});
    fs::create_directories(program.file().parent_path().parent_path());
    std::ofstream(program.file().parent_path()) << "a file where the folder should be";
    QVERIFY(program.start());
    const auto saved = program.save(with_queue(2), "");
    QVERIFY(!saved);
    QVERIFY2(bytes(saved.error().message).contains("tokenscope"), saved.error().message.c_str());
    QVERIFY(!saved.error().detail.empty());
    QVERIFY(program.applied().empty());
}

void TestSettingsStore::a_read_only_file()
{
    if (geteuid() == 0)
        QSKIP("the superuser may write everything");
    SettingsProgram program(with_queue(1));
    QVERIFY(program.start());
    fs::permissions(program.file(), fs::perms{0400});
    auto saved = program.save(with_queue(2), with_queue(1));
    QVERIFY(!saved);
    QVERIFY2(bytes(saved.error().message).contains("is read-only"), saved.error().message.c_str());
    fs::permissions(program.file(), fs::perms{0600});
    fs::permissions(program.file().parent_path(), fs::perms{0500});
    saved = program.save(with_queue(2), with_queue(1));
    fs::permissions(program.file().parent_path(), fs::perms{0700});
    QVERIFY(!saved);
    QVERIFY2(bytes(saved.error().message).contains("folder takes no new file"), saved.error().message.c_str());
    QCOMPARE(bytes(program.content()), bytes(with_queue(1)));
    QVERIFY(program.applied().empty());
}

void TestSettingsStore::the_watch_finds_nothing_to_do()
{
    SettingsProgram program(with_queue(1));
    QVERIFY(program.start());
    program.reload->watch({.settle = 20ms});
    QVERIFY(program.save(with_queue(2), with_queue(1)));
    program.write(with_queue(3)); // which the watch has to notice, and nothing before
    QTRY_COMPARE(program.applied().size(), std::size_t{2});
    QCOMPARE(program.applied()[0].providers[0].max_queue, std::size_t{2});
    QCOMPARE(program.applied()[1].providers[0].max_queue, std::size_t{3});
    QVERIFY2(!program.log().contains("unchanged"), program.log());
    QCOMPARE(program.settings->current().providers[0].max_queue, std::size_t{3});
}

void TestSettingsStore::the_address_waits_for_a_restart()
{
    SettingsProgram program("listen: 127.0.0.1:7001\n");
    QVERIFY(program.start());
    const auto saved = program.save("listen: 127.0.0.1:7002\n", "listen: 127.0.0.1:7001\n");
    QVERIFY(saved);
    QCOMPARE(saved->after_restart, std::vector<std::string>{"listen"});
    QCOMPARE(bytes(program.settings->current().listen), QByteArray("127.0.0.1:7001"));
    const auto back = program.save("listen: 127.0.0.1:7001\n", "listen: 127.0.0.1:7002\n");
    QVERIFY(back && back->after_restart.empty());
}

void TestSettingsStore::the_command_line_decides()
{
    SettingsProgram program(with_queue(1), {.listen = "127.0.0.1:0"});
    QVERIFY(program.start());
    const auto saved = program.save("listen: 127.0.0.1:9\n" + with_queue(2), with_queue(1));
    QVERIFY(saved && saved->after_restart.empty());
    QCOMPARE(bytes(program.applied().at(0).listen), QByteArray("127.0.0.1:0"));
}

void TestSettingsStore::without_a_gateway_all_waits()
{
    SettingsProgram program(with_queue(1));
    QVERIFY(program.start(SettingsProgram::Gateway::does_not_run));
    const auto saved = program.save(with_queue(2), with_queue(1));
    QVERIFY(saved);
    QCOMPARE(saved->after_restart, std::vector<std::string>{"providers.demo.max_queue"});
    QCOMPARE(bytes(program.content()), bytes(with_queue(2)));
    QCOMPARE(program.settings->current().providers[0].max_queue, std::size_t{1});
}

void TestSettingsStore::ends_with_answers_under_way()
{
    SettingsProgram program;
    QVERIFY(program.start());
    bool told = false;
    for (int i = 0; i < 50; ++i)
        program.settings->check("", {}, [&](const Models&) { told = true; });
    program.settings.reset();
    QCoreApplication::processEvents();
    QVERIFY(!told);
    // What was to be saved is.
    QVERIFY(program.start());
    program.settings->save(with_queue(4), "", {}, [&](const Saved&) { told = true; });
    program.settings->stop();
    program.reload.reset();
    program.settings->check("", {}, [&](const Models&) { told = true; });
    program.settings->test_provider(config::Provider(), {}, [&](const Models&) { told = true; });
    program.settings->discover({}, [&](const std::vector<std::string>&) { told = true; });
    QVERIFY(program.settings->read());
    program.settings->current();
    program.settings.reset();
    QCoreApplication::processEvents();
    QCOMPARE(bytes(program.content()), bytes(with_queue(4)));
    QVERIFY(!told);
}

void TestSettingsStore::stores_secrets()
{
    SettingsProgram program;
    QVERIFY(program.start());
    QVERIFY(program.store("openai", "sk-1"));
    QCOMPARE(bytes(program.keychain->secrets["openai"]), QByteArray("sk-1"));
    QVERIFY(!program.store("no spaces", "sk-1"));
    QVERIFY(!program.store("openai", ""));
    const auto unusable = program.store("openai", "sk\n2");
    QVERIFY(!unusable && !bytes(unusable.error().message).contains("sk\n2"));
    program.keychain->error = "the system keychain is locked";
    const auto locked = program.store("openai", "sk-3");
    QVERIFY(!locked);
    QCOMPARE(bytes(locked.error().message), QByteArray("the system keychain is locked"));
    QCOMPARE(bytes(program.keychain->secrets["openai"]), QByteArray("sk-1"));
}

void TestSettingsStore::a_keychain_that_asks_holds_up_nothing_else()
{
    SettingsProgram program(with_queue(1));
    QVERIFY(program.start());
    program.keychain->asks = true;
    std::optional<Result<void>> kept;
    program.settings->store_secret("asked", "sk-1", {}, [&](Result<void> result) { kept = std::move(result); });
    QVERIFY(program.check(with_queue(2)));
    QVERIFY(program.save(with_queue(2), with_queue(1)));
    QCOMPARE(bytes(program.content()), bytes(with_queue(2)));
    QVERIFY(!kept);
    program.keychain->asks = false;
    QTRY_VERIFY(kept);
    QVERIFY(kept->has_value());
    QCOMPARE(bytes(program.keychain->secrets["asked"]), QByteArray("sk-1"));
}

void TestSettingsStore::a_keychain_that_asks_does_not_hold_up_the_end()
{
    SettingsProgram program(with_queue(1));
    QVERIFY(program.start());
    program.keychain->asks = true;
    bool answered = false;
    for (const auto* name : {"asked", "behind"})
        program.settings->store_secret(name, "sk-1", {}, [&](const Result<void>&) { answered = true; });
    program.settings->save(with_queue(2), with_queue(1), {}, [](const Saved&) {});
    const std::jthread user([&, before = std::chrono::steady_clock::now()](const std::stop_token& stop) {
        while (!stop.stop_requested() && std::chrono::steady_clock::now() - before < 5s)
            std::this_thread::sleep_for(1ms);
        program.keychain->asks = false; // who comes late
    });
    QElapsedTimer timer;
    timer.start();
    program.settings->stop();
    QVERIFY(timer.elapsed() < 2'000);
    QVERIFY(!answered);
    QVERIFY(program.keychain->secrets.empty());
    QCOMPARE(bytes(program.content()), bytes(with_queue(2))); // what was to be saved is
    // The user of the page may stop it too.
    SettingsProgram another(with_queue(1));
    QVERIFY(another.start());
    another.keychain->asks = true;
    CancelSource source;
    another.settings->store_secret("asked", "sk-1", source.token(), [&](const Result<void>&) { answered = true; });
    source.cancel();
    another.keychain->asks = false;
    QVERIFY(another.store("later", "sk-2"));
    QVERIFY(!answered);
    QCOMPARE(another.keychain->secrets.count("asked"), std::size_t{0});
}

QTEST_GUILESS_MAIN(TestSettingsStore)
#include "tst_settings_store.moc"
