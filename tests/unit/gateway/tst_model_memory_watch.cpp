// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/model_memory_watch.h"
#include "ollama_servers.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <QTest>

#include <mutex>

using namespace tokenscope;
using namespace tokenscope::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

/// What was recorded, in order: "oll: phi4:latest 11/11".
class Recorded final : public telemetry::ModelMemoryMetrics {
public:
    void loaded(std::string_view provider, std::vector<telemetry::ModelMemory> models) override
    {
        QByteArray line(provider.data(), static_cast<qsizetype>(provider.size()));
        line += ':';
        for (const auto& model : models)
            line +=
                " " + QByteArray::fromStdString(model.model) + " " + QByteArray::number(model.vram_bytes.value_or(0));
        const std::scoped_lock lock(m_mutex);
        m_lines << line;
    }
    QByteArrayList lines() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_lines;
    }

private:
    mutable std::mutex m_mutex;
    QByteArrayList m_lines;
};

/// Answers side calls with `status` and `body`, or never.
class FakeProvider final : public providers::Provider {
public:
    FakeProvider(std::string name, std::string kind) : m_name(std::move(name)), m_kind(std::move(kind)) {}

    const std::string& name() const override { return m_name; }
    std::string_view kind() const override { return m_kind; }
    bool speaks(llm::Api) const override { return false; }
    providers::Task<Result<providers::Reply>> generate(providers::ModelCall&) override { co_return refusal(); }
    providers::Task<Result<providers::StreamOutcome>> generate_stream(providers::ModelCall&,
                                                                      providers::StreamSink&) override
    {
        co_return refusal();
    }
    providers::Task<Result<std::vector<providers::ModelInfo>>> models(CancelToken) override { co_return refusal(); }
    providers::Task<Result<void>> health(CancelToken) override { co_return refusal(); }
    providers::Task<Result<providers::Reply>> side_call(providers::SideCall call) override
    {
        asked << QByteArray::fromStdString(call.method + " " + call.target);
        if (hangs) {
            asio::steady_timer never(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
            const auto registration = call.cancel.on_cancel([&never] { never.cancel(); });
            if (!call.cancel.cancelled())
                co_await never.async_wait(net::awaiting);
            co_return failure(ErrorCode::upstream_timeout, "cancelled");
        }
        if (status == 0)
            co_return refusal();
        providers::Reply reply{.status = status, .headers = {}, .body = body};
        co_return reply;
    }

    bool hangs = false;
    unsigned status = 200; ///< 0: cannot be reached
    std::string body = R"({"models":[{"name":"m","size":2,"size_vram":1}]})";
    QByteArrayList asked;

private:
    static tl::unexpected<Error> refusal() { return failure(ErrorCode::upstream_unreachable, "no"); }

    const std::string m_name;
    const std::string m_kind;
};

using Options = gateway::ModelMemoryWatch::Options;

/// Runs what is ready, and what becomes ready until `done`.
template <typename Done>
bool run_until(asio::io_context& io, Done done)
{
    io.restart();
    for (int i = 0; i < 1000 && !done(); ++i)
        io.run_one_for(10ms);
    return done();
}

} // namespace

class TstModelMemoryWatch : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void asks_those_that_are_ollama_again_and_again()
    {
        asio::io_context io;
        Recorded recorded;
        const auto ollama = std::make_shared<FakeProvider>("o", "ollama");
        const auto other = std::make_shared<FakeProvider>("x", "openai");
        gateway::ModelMemoryWatch watch(io.get_executor(), recorded, Options{1ms, 10s});
        watch.watch({other, ollama});
        QVERIFY(run_until(io, [&] { return recorded.lines().size() == 3; }));
        ollama->body = R"({"models":[]})";
        QVERIFY(run_until(io, [&] { return recorded.lines().last() == "o:"; }));
        QCOMPARE(recorded.lines().first(), QByteArray("o: m 1"));
        QCOMPARE(ollama->asked.first(), QByteArray("GET /api/ps"));
        QVERIFY(other->asked.isEmpty());
        watch.stop();
        io.restart();
        io.run(); // and there is no work left
    }

    void what_does_not_answer_has_nothing_data()
    {
        QTest::addColumn<unsigned>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<bool>("hangs");
        QTest::newRow("not there") << 0U << QByteArray() << false;
        QTest::newRow("no such route") << 404U << QByteArray(R"({"models":[{"name":"m"}]})") << false;
        QTest::newRow("failing") << 500U << QByteArray("oops") << false;
        QTest::newRow("something else") << 200U << QByteArray("<html>") << false;
        QTest::newRow("hanging") << 200U << QByteArray() << true;
    }

    void what_does_not_answer_has_nothing()
    {
        QFETCH(unsigned, status);
        QFETCH(QByteArray, body);
        QFETCH(bool, hangs);
        asio::io_context io;
        Recorded recorded;
        const auto ollama = std::make_shared<FakeProvider>("o", "ollama");
        gateway::ModelMemoryWatch watch(io.get_executor(), recorded, Options{1ms, 5ms});
        watch.watch({ollama});
        QVERIFY(run_until(io, [&] { return recorded.lines().size() == 1; }));
        const auto before = ollama->body;
        ollama->status = status;
        ollama->body = body.toStdString();
        ollama->hangs = hangs;
        QVERIFY(run_until(io, [&] { return recorded.lines().last() == "o:"; }));
        ollama->status = 200;
        ollama->body = before;
        ollama->hangs = false;
        QVERIFY(run_until(io, [&] { return recorded.lines().last() == "o: m 1"; })); // and it comes back
    }

    void one_that_hangs_delays_no_other()
    {
        asio::io_context io;
        Recorded recorded;
        const auto hanging = std::make_shared<FakeProvider>("h", "ollama");
        hanging->hangs = true;
        const auto ollama = std::make_shared<FakeProvider>("o", "ollama");
        gateway::ModelMemoryWatch watch(io.get_executor(), recorded, Options{1ms, 1h});
        watch.watch({hanging, ollama});
        QVERIFY(run_until(io, [&] { return recorded.lines().size() == 3; }));
        QCOMPARE(hanging->asked.size(), 1);
        watch.stop();
        io.restart();
        io.run();
    }

    void another_configuration_forgets_what_is_gone()
    {
        asio::io_context io;
        Recorded recorded;
        const auto kept = std::make_shared<FakeProvider>("kept", "ollama");
        const auto before = std::make_shared<FakeProvider>("o", "ollama");
        const auto now = std::make_shared<FakeProvider>("o", "ollama");
        now->body = R"({"models":[{"name":"other","size_vram":5}]})";
        gateway::ModelMemoryWatch watch(io.get_executor(), recorded, Options{1h, 1h});
        watch.watch({kept, before});
        QVERIFY(run_until(io, [&] { return recorded.lines().size() == 2; }));
        watch.watch({kept, now});
        QCOMPARE(recorded.lines().last(), QByteArray("o:"));
        QVERIFY(run_until(io, [&] { return recorded.lines().last() == "o: other 5"; }));
        QCOMPARE(kept->asked.size(), 1); // goes on as it was
        watch.watch({});
        QCOMPARE(recorded.lines().size(), 6);
        io.restart();
        io.run();
    }

    void an_answer_that_comes_too_late_is_nobodys()
    {
        asio::io_context io;
        Recorded recorded;
        const auto ollama = std::make_shared<FakeProvider>("o", "ollama");
        ollama->hangs = true;
        {
            gateway::ModelMemoryWatch watch(io.get_executor(), recorded, Options{1h, 1h});
            watch.watch({ollama});
            QVERIFY(run_until(io, [&] { return !ollama->asked.isEmpty(); }));
        }
        io.restart();
        io.run();
        QCOMPARE(recorded.lines(), QByteArrayList{"o:"});
    }

    /// The same in a gateway, with a real server.
    void a_gateway_asks_its_ollama()
    {
        F upstream(ollama(full_answer));
        Recorded recorded;
        CountingHooks hooks;
        telemetry::RequestLog records;
        telemetry::LogOptions options;
        options.to_stderr = false;
        QByteArrayList lines;
        options.sink = [&lines](std::string_view line) {
            lines << QByteArray(line.data(), static_cast<qsizetype>(line.size()));
        };
        telemetry::Logger log(std::move(options));
        const SystemClock clock;
        auto settings = ollama_at(upstream);
        settings.api_key = "sk-upstream";
        TraceCollector traces;
        gateway::Gateway gateway(test_config({settings, ollama_at(upstream, "second")}),
                                 gateway::GatewayServices{.tokens = hooks,
                                                          .requests = hooks,
                                                          .providers = hooks,
                                                          .http = hooks,
                                                          .queues = hooks,
                                                          .gateway = hooks,
                                                          .pipeline = hooks,
                                                          .conversations = hooks,
                                                          .records = records,
                                                          .spans = traces,
                                                          .log = log,
                                                          .clock = clock,
                                                          .env = {},
                                                          .model_memory = &recorded});
        QVERIFY(gateway.start());
        QTRY_VERIFY(recorded.lines().contains("oll: phi4:latest 11000000000"));
        QTRY_VERIFY(recorded.lines().contains("second: phi4:latest 11000000000"));
        auto off = test_config({settings});
        off.observability.metrics.enabled = false;
        QVERIFY(gateway.apply(off));
        QVERIFY(recorded.lines().contains("oll:") && recorded.lines().contains("second:"));
        gateway.stop();
        log.flush();
        QCOMPARE(lines, QByteArrayList());
        QCOMPARE(hooks.calls("finished"), (std::map<std::string, int>()));
        QCOMPARE(hooks.calls("waited"), (std::map<std::string, int>()));
    }
};

QTEST_GUILESS_MAIN(TstModelMemoryWatch)
#include "tst_model_memory_watch.moc"
