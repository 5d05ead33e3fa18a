// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/config_reload.h"
#include "unit/config/config_support.h"
#include "unit/config/fake_keychain.h"

#include <QtTest>

#include <QTemporaryDir>

#include <fmt/format.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <optional>
#include <sys/stat.h>
#include <thread>

using namespace tokenscope;
using namespace tokenscope::app;
using namespace tokenscope::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

constexpr config::FileWatch::Options quick{.settle = 20ms};

/// A program with a configuration file in a home of its own, from start-up to reload.
class Running {
public:
    explicit Running(const std::string& text, CliOptions options = {}) : m_options(std::move(options))
    {
        fs::create_directories(file().parent_path());
        if (!text.empty())
            write(text);
    }

    fs::path file() const { return fs::path(m_home.path().toStdString()) / "tokenscope/config.yaml"; }
    void write(const std::string& text) const
    {
        const auto beside = file().string() + ".new";
        std::ofstream(beside, std::ios::binary) << text;
        fs::rename(beside, file());
    }

    /// As start_up does; false if it would refuse to start.
    bool start()
    {
        ConfigSource source(m_options, fake_env({{"XDG_CONFIG_HOME", m_home.path().toStdString()}}), keychain);
        auto loaded = source.load();
        if (!loaded)
            return false;
        reload.emplace(
            std::move(source), std::move(loaded->config),
            [this](config::Config config) { return apply(std::move(config)); }, m_log);
        return true;
    }

    std::vector<config::Config> applied()
    {
        const std::scoped_lock lock(m_mutex);
        return m_applied;
    }
    /// Of each line so far: its message, then what is said about it.
    QByteArray log()
    {
        m_log.flush();
        const std::scoped_lock lock(m_mutex);
        return m_lines;
    }

    std::shared_ptr<FakeKeychain> keychain = std::make_shared<FakeKeychain>();
    std::string refusal; ///< of the gateway, if not empty
    std::atomic<int> most_at_once = 0;

private:
    Result<void> apply(config::Config config)
    {
        most_at_once = std::max(most_at_once.load(), ++m_at_once);
        const std::scoped_lock lock(m_mutex);
        --m_at_once;
        if (!refusal.empty())
            return failure(ErrorCode::config, refusal);
        m_applied.push_back(std::move(config));
        return {};
    }

    QTemporaryDir m_home;
    CliOptions m_options;
    std::mutex m_mutex;
    std::vector<config::Config> m_applied;
    QByteArray m_lines;
    std::atomic<int> m_at_once = 0;
    telemetry::Logger m_log{{.to_stderr = false, .sink = [this](std::string_view line) {
                                 const std::scoped_lock lock(m_mutex);
                                 m_lines += bytes(line) + '\n';
                             }}};

public:
    std::optional<ConfigReload> reload;
};

std::string with_queue(int size)
{
    return fmt::format("providers: [{{name: demo, kind: demo, max_queue: {}}}]\n", size);
}

} // namespace

class TestConfigReload : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void a_broken_file_changes_nothing();
    void what_the_gateway_refuses_is_tried_again();
    void nothing_changed();
    void the_command_line_still_counts();
    void the_log_follows();
    void the_command_line_and_the_metrics_address();
    void keys_cannot_be_lost_while_the_door_is_open();
    void a_file_that_appears_is_used_and_then_needed();
    void a_file_that_was_asked_for_is_needed_at_once();
    void what_happened_since_the_start_is_noticed();
    void secrets_stay_out_of_the_log();
    void warnings_are_logged();
    void the_keychain_is_asked_again();
    void a_pipe_is_read_only_once();
    void watches_the_file();
    void a_signal_and_the_watch_come_together();
    void a_stalled_writer();
};

void TestConfigReload::a_broken_file_changes_nothing()
{
    Running running(with_queue(1));
    QVERIFY(running.start());
    running.write("providers: [{name: demo, kind: demo, max_queue: 2}]\nlimit: {}\n");
    running.reload->reload();
    QVERIFY(running.applied().empty());
    QVERIFY2(running.log().contains("\"level\":\"error\",\"msg\":\"configuration not reloaded\""), running.log());
    QVERIFY2(running.log().contains("config.yaml:2:1: limit: unknown key, did you mean 'limits'?"), running.log());
    running.write(with_queue(3));
    running.reload->reload();
    QCOMPARE(running.applied().size(), std::size_t{1});
    QCOMPARE(running.applied()[0].providers[0].max_queue, std::size_t{3});
    QVERIFY2(running.log().contains("\"msg\":\"configuration applied\",\"changes\":\"providers.demo.max_queue\""),
             running.log());
}

void TestConfigReload::what_the_gateway_refuses_is_tried_again()
{
    Running running(with_queue(1));
    QVERIFY(running.start());
    running.refusal = "the port is taken";
    running.write(with_queue(2));
    running.reload->reload();
    QVERIFY2(running.log().contains("configuration not applied"), running.log());
    QVERIFY2(running.log().contains("the port is taken"), running.log());
    running.refusal.clear();
    running.reload->reload();
    QCOMPARE(running.applied().size(), std::size_t{1});
}

void TestConfigReload::nothing_changed()
{
    Running running(with_queue(1));
    QVERIFY(running.start());
    running.write("# a comment\n" + with_queue(1));
    running.reload->reload();
    QVERIFY(running.applied().empty());
    QVERIFY2(running.log().contains("configuration unchanged"), running.log());
    // Nor with what is built in, which looks for an Ollama each time.
    Running without("");
    QVERIFY(without.start());
    without.reload->reload();
    QVERIFY(without.applied().empty());
    QVERIFY2(without.log().contains("configuration unchanged"), without.log());
}

void TestConfigReload::the_command_line_still_counts()
{
    Running running(with_queue(1), {.listen = "127.0.0.1:0"});
    QVERIFY(running.start());
    running.write("listen: 127.0.0.1:9\n" + with_queue(2));
    running.reload->reload();
    QCOMPARE(running.applied().size(), std::size_t{1});
    QCOMPARE(bytes(running.applied()[0].listen), QByteArray("127.0.0.1:0"));
}

void TestConfigReload::the_log_follows()
{
    Running running(with_queue(1));
    QVERIFY(running.start());
    const auto path = running.file().parent_path() / "gateway.log";
    running.write("log: {file: \"" + path.string() + "\"}\n" + with_queue(1));
    running.reload->reload();
    QVERIFY2(running.log().contains("\"changes\":\"log.file\""), running.log());
    QVERIFY(fs::file_size(path) > 0); // the change itself is the first line in it
    running.write("log: {level: error}\n" + with_queue(1));
    running.reload->reload();
    const auto before = running.log();
    running.write("log: {level: error}\n" + with_queue(2));
    running.reload->reload();
    QCOMPARE(running.log(), before);
    // What the command line says stays.
    Running fixed(with_queue(1), {.log_level = LogLevel::info});
    QVERIFY(fixed.start());
    fixed.write("log: {level: \"off\"}\n" + with_queue(2));
    fixed.reload->reload();
    QVERIFY2(fixed.log().contains("\"changes\":\"providers.demo.max_queue\""), fixed.log());
    QVERIFY(fixed.applied().at(0).log.level == LogLevel::info);
}

void TestConfigReload::the_command_line_and_the_metrics_address()
{
    const std::string metrics = "observability: {metrics: {address: \"127.0.0.1:9190\"}}\n";
    Running same(metrics, {.listen = "127.0.0.1:9190"});
    QVERIFY(!same.start());
    Running apart(metrics + "listen: 127.0.0.1:8080\n", {.listen = "127.0.0.1:0"});
    QVERIFY(apart.start());
}

void TestConfigReload::keys_cannot_be_lost_while_the_door_is_open()
{
    Running closed(with_queue(1), {.listen = "0.0.0.0:0"});
    QVERIFY(!closed.start());
    Running running("auth: {keys: [abc]}\n", {.listen = "0.0.0.0:0"});
    QVERIFY(running.start());
    running.write("auth: {keys: []}\n");
    running.reload->reload();
    QVERIFY(running.applied().empty());
    QVERIFY2(running.log().contains("--listen: '0.0.0.0:0' can be reached from other machines"), running.log());
}

void TestConfigReload::a_file_that_appears_is_used_and_then_needed()
{
    Running running("");
    QVERIFY(running.start());
    running.reload->watch(quick);
    running.write("listne: x\n");
    QTRY_VERIFY(running.log().contains("config.yaml:1:1: listne"));
    fs::remove(running.file()); // never was in effect
    QTRY_VERIFY(running.log().contains("configuration unchanged"));
    running.write(with_queue(7));
    QTRY_COMPARE(running.applied().size(), std::size_t{1});
    QVERIFY(!running.applied()[0].discover_providers);
    fs::remove(running.file());
    QTRY_VERIFY(running.log().contains("config.yaml: does not exist"));
    QCOMPARE(running.applied().size(), std::size_t{1});
}

void TestConfigReload::a_file_that_was_asked_for_is_needed_at_once()
{
    QTemporaryDir folder;
    Running running(with_queue(1), {.config_file = fs::path(folder.path().toStdString()) / "missing.yaml"});
    QVERIFY(!running.start());
}

void TestConfigReload::what_happened_since_the_start_is_noticed()
{
    Running running(with_queue(1));
    QVERIFY(running.start());
    running.write(with_queue(2));
    running.reload->watch({.settle = 1h});
    QCOMPARE(running.applied().size(), std::size_t{1});
    Running same(with_queue(1));
    QVERIFY(same.start());
    same.reload->watch({.settle = 1h});
    QCOMPARE(same.log(), QByteArray()); // nothing to tell
}

void TestConfigReload::secrets_stay_out_of_the_log()
{
    const auto text = [](const char* key) {
        return fmt::format("providers: [{{name: o, kind: openai, base_url: \"http://h\", api_key: {0}}}]\n"
                           "auth: {{keys: [{0}]}}\naliases: {{a: {0}}}\n",
                           key);
    };
    Running running(text("sEcReT-1"));
    QVERIFY(running.start());
    running.write(text("sEcReT-2"));
    running.reload->reload();
    running.refusal = "no";
    running.write(text("sEcReT-3") + "rate_limit: {burst: 1}\n");
    running.reload->reload();
    running.write(text("\"sEcReT 4\"") + "x: 1\n");
    running.reload->reload();
    QCOMPARE(running.applied().size(), std::size_t{1});
    QVERIFY2(running.log().contains("providers.o.api_key, aliases.a, auth.keys.key-1"), running.log());
    QVERIFY2(!running.log().contains("sEcReT"), running.log());
}

void TestConfigReload::warnings_are_logged()
{
    Running running(with_queue(1));
    QVERIFY(running.start());
    running.write(with_queue(1) + "rate_limit: {burst: 1}\n");
    running.reload->reload();
    QVERIFY2(running.log().contains("\"level\":\"warn\""), running.log());
    QVERIFY2(running.log().contains("config.yaml:2:14: rate_limit.burst: has no effect"), running.log());
}

void TestConfigReload::the_keychain_is_asked_again()
{
    Running running("providers: [{name: c, kind: anthropic, api_key: \"${keychain:c}\"}]\n");
    QVERIFY(!running.start());
    running.keychain->secrets["c"] = "one";
    QVERIFY(running.start());
    running.keychain->secrets["c"] = "two";
    running.reload->reload();
    QCOMPARE(running.applied().size(), std::size_t{1});
    QCOMPARE(bytes(running.applied()[0].providers[0].api_key), QByteArray("two"));
    running.keychain->error = "the system keychain is locked";
    running.reload->reload();
    QVERIFY2(running.log().contains("the system keychain is locked"), running.log());
    QCOMPARE(running.applied().size(), std::size_t{1});
}

void TestConfigReload::a_pipe_is_read_only_once()
{
    QTemporaryDir folder;
    const auto pipe = fs::path(folder.path().toStdString()) / "pipe";
    QCOMPARE(mkfifo(pipe.c_str(), 0600), 0);
    Running running("", {.config_file = pipe});
    std::thread writer([&] { std::ofstream(pipe) << with_queue(1); });
    const bool started = running.start();
    writer.join();
    QVERIFY(started);
    running.reload->watch(quick);
    running.reload->reload(); // would wait for another writer
    QVERIFY2(running.log().contains("no regular file"), running.log());
    QVERIFY(running.applied().empty());
}

void TestConfigReload::watches_the_file()
{
    Running running(with_queue(1));
    QVERIFY(running.start());
    running.reload->watch(quick);
    for (int size = 2; size <= 4; ++size) {
        running.write(with_queue(size));
        QTRY_COMPARE(running.applied().size(), static_cast<std::size_t>(size - 1));
        QCOMPARE(running.applied().back().providers[0].max_queue, static_cast<std::size_t>(size));
    }
    running.write("]");
    QTRY_VERIFY(running.log().contains("not valid YAML"));
    QCOMPARE(running.applied().size(), std::size_t{3});
}

void TestConfigReload::a_signal_and_the_watch_come_together()
{
    Running running(with_queue(1));
    QVERIFY(running.start());
    running.reload->watch({.settle = 0ms});
    std::thread signals([&] {
        for (int i = 0; i < 200; ++i)
            running.reload->reload();
    });
    for (int size = 2; size <= 100; ++size)
        running.write(with_queue(size));
    signals.join();
    QTRY_COMPARE(running.applied().back().providers[0].max_queue, std::size_t{100});
    QCOMPARE(running.most_at_once.load(), 1);
}

void TestConfigReload::a_stalled_writer()
{
    // Half a file is an error at worst; the whole one counts.
    Running running(with_queue(1));
    QVERIFY(running.start());
    running.reload->watch(quick);
    std::ofstream file(running.file());
    file << "providers: [{name: demo, kind: demo," << std::flush;
    QTRY_VERIFY(running.log().contains("configuration not reloaded"));
    file << " max_queue: 5}]\n" << std::flush;
    QTRY_COMPARE(running.applied().size(), std::size_t{1});
    QCOMPARE(running.applied()[0].providers[0].max_queue, std::size_t{5});
}

QTEST_GUILESS_MAIN(TestConfigReload)
#include "tst_config_reload.moc"
