// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/task.h"
#include "providers/instrumented_provider.h"
#include "support/silent_telemetry.h"
#include "telemetry/request_log.h"
#include "telemetry/request_observation.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <QtTest>

#include <fmt/format.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using namespace tokenscope;
using namespace tokenscope::providers;
using namespace std::chrono_literals;
using telemetry::RequestStatus;
using Lines = std::vector<std::string>;
namespace asio = boost::asio;

namespace {

std::string text(std::optional<std::uint64_t> count)
{
    return count ? std::to_string(*count) : "-";
}

/// Each hook's call as a line.
class WrittenMetrics final : public telemetry::ProviderMetrics {
public:
    void first_byte(const telemetry::ProviderCall& call, Nanos ttfb, std::string_view trace_id) override
    {
        lines.push_back(fmt::format("{} first byte {}s{}", name(call), seconds(ttfb), shown(trace_id)));
    }
    void chunks(const telemetry::ProviderCall& call, std::uint64_t count) override
    {
        lines.push_back(fmt::format("{} {} chunks", name(call), count));
    }
    void finished(const telemetry::ProviderCall& call, RequestStatus status, Nanos duration,
                  std::optional<Nanos> streamed, const llm::Usage& usage, std::string_view trace_id) override
    {
        lines.push_back(fmt::format("{} {} {}s streamed {} usage {}+{}{}{}", name(call),
                                    status == RequestStatus::success ? "success" : "error", seconds(duration),
                                    streamed ? fmt::format("{}s", seconds(*streamed)) : "-", text(usage.prompt),
                                    text(usage.completion), usage.estimated ? " estimated" : "", shown(trace_id)));
        if (failing)
            throw std::bad_alloc();
    }

    Lines lines;
    bool failing = false;

private:
    static std::string name(const telemetry::ProviderCall& call)
    {
        return fmt::format("{}/{} {}:", call.provider, call.model, call.operation);
    }
    static std::string shown(std::string_view trace_id) { return trace_id.empty() ? "" : " of a trace"; }
};

/// What becomes of a call.
struct Plot {
    std::optional<Error> refused;   ///< before anything
    std::optional<unsigned> status; ///< a whole reply, also to a stream
    std::vector<Nanos> chunks;      ///< the time before each; the first one's before the first byte
    llm::Usage usage;
    std::optional<Error> broken; ///< at the end of the stream
    bool throws = false;         ///< at its end
    bool hangs = false;          ///< at its end, for ever
};

class PlottedProvider final : public Provider {
public:
    PlottedProvider(Plot plot, ManualClock& clock) : m_plot(std::move(plot)), m_clock(clock) {}

    const std::string& name() const override { return m_name; }
    std::string_view kind() const override { return "openai"; }
    std::string_view genai_name() const override { return "openai"; }
    bool speaks(llm::Api) const override { return true; }
    Task<Result<Reply>> generate(ModelCall&) override
    {
        m_clock.advance(2s);
        if (m_plot.refused)
            co_return failure(*m_plot.refused);
        co_await end();
        co_return reply();
    }
    Task<Result<StreamOutcome>> generate_stream(ModelCall&, StreamSink& sink) override
    {
        if (m_plot.refused)
            co_return failure(*m_plot.refused);
        if (m_plot.status)
            co_return StreamOutcome(reply());
        for (std::size_t i = 0; i < m_plot.chunks.size(); ++i) {
            m_clock.advance(m_plot.chunks[i]);
            if (i == 0) {
                const Headers none;
                co_await sink.begin(none);
            }
            const StreamChunk chunk{"x", 1, 1};
            co_await sink.write(chunk);
        }
        co_await end();
        StreamEnd ended{.usage = m_plot.usage, .response_model = "ran", .error = m_plot.broken};
        co_return StreamOutcome(std::move(ended));
    }
    Task<Result<std::vector<ModelInfo>>> models(CancelToken) override { co_return std::vector<ModelInfo>(); }
    Task<Result<void>> health(CancelToken) override { co_return Result<void>(); }
    Task<Result<Reply>> side_call(SideCall) override { co_return Reply{}; }

private:
    Reply reply() const { return {.status = m_plot.status.value_or(200), .usage = m_plot.usage}; }
    Task<void> end()
    {
        if (m_plot.throws)
            throw std::runtime_error("provider");
        if (!m_plot.hangs)
            co_return;
        asio::steady_timer timer(co_await asio::this_coro::executor, 24h);
        co_await timer.async_wait(net::awaiting);
    }

    const std::string m_name = "up";
    const Plot m_plot;
    ManualClock& m_clock;
};

class NoSink final : public StreamSink {
public:
    Task<Result<void>> begin(const Headers&) override { co_return Result<void>(); }
    Task<Result<void>> write(StreamChunk) override { co_return Result<void>(); }
};

/// A call of a provider to whom all this happens, and what was recorded of it.
struct Bench {
    explicit Bench(Plot plot, llm::Api api = llm::Api::chat, bool sampled = false)
    {
        request.api = api;
        provider = std::make_unique<InstrumentedProvider>(std::make_unique<PlottedProvider>(std::move(plot), clock),
                                                          metrics, clock);
        observation = std::make_unique<telemetry::RequestObservation>(
            telemetry::Observers{silent, silent, nullptr, records, clock},
            telemetry::RequestBeginning{.trace_id = "0af7651916cd43dd8448eb211c80319c", .sampled = sampled});
        observation->routed({"up", "unknown"});
        call.emplace(ModelCall{.request = request, .upstream_model = "m1", .observed = *observation});
    }

    void run(bool stream)
    {
        if (stream)
            asio::co_spawn(*io, provider->generate_stream(*call, sink), [](std::exception_ptr, const auto&) {});
        else
            asio::co_spawn(*io, provider->generate(*call), [](std::exception_ptr, const auto&) {});
        io->restart();
        io->poll();
    }

    ManualClock clock;
    WrittenMetrics metrics;
    test::SilentTelemetry silent;
    telemetry::RequestLog records;
    llm::ModelRequest request;
    NoSink sink;
    std::unique_ptr<InstrumentedProvider> provider;
    std::unique_ptr<telemetry::RequestObservation> observation;
    std::optional<ModelCall> call;
    std::optional<asio::io_context> io{std::in_place}; ///< goes first, and the coroutines with it
};

const Error broken{.code = ErrorCode::upstream_reset, .message = "Reset."};

} // namespace

Q_DECLARE_METATYPE(Plot)

/// What is recorded of a call of a provider: once, whatever becomes of it.
class TstInstrumentedProvider : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void calls_data()
    {
        QTest::addColumn<Plot>("plot");
        QTest::addColumn<bool>("stream");
        QTest::addColumn<QList<QByteArray>>("expected");
        using L = QList<QByteArray>;
        const auto row = [](const char* name, Plot plot, bool stream, L expected) {
            QTest::newRow(name) << plot << stream << expected;
        };
        const llm::Usage used{.prompt = 7, .completion = 3, .total = 10};
        row("reply", {.usage = used}, false, {"up/m1 generate: success 2s streamed - usage 7+3"});
        row("reply without usage", {}, false, {"up/m1 generate: success 2s streamed - usage -+-"});
        row("redirection", {.status = 307}, false, {"up/m1 generate: success 2s streamed - usage -+-"});
        // The usage that comes with a refusal is nothing that was used.
        row("refusal", {.status = 400, .usage = used}, false, {"up/unknown generate: error 2s streamed - usage -+-"});
        row("server error", {.status = 503}, false, {"up/unknown generate: error 2s streamed - usage -+-"});
        row("unreachable", {.refused = broken}, false, {"up/unknown generate: error 2s streamed - usage -+-"});
        row("exception", {.throws = true}, false, {"up/unknown generate: error 2s streamed - usage -+-"});

        const L begun{"up/m1 generate_stream: first byte 1s"};
        const std::vector<Nanos> two{1s, 50ms};
        row("stream", {.chunks = two, .usage = used}, true,
            begun + L{"up/m1 generate_stream: 2 chunks", "up/m1 generate_stream: success 1.05s streamed 0.05s usage 7+3"});
        row("stream without usage", {.chunks = two}, true,
            begun
                + L{"up/m1 generate_stream: 2 chunks",
                    "up/m1 generate_stream: success 1.05s streamed 0.05s usage -+2 estimated"});
        row("long stream", {.chunks = {1s, 99ms, 1ms, 30ms, 30ms, 30ms, 30ms, 1ms}, .usage = used}, true,
            begun
                + L{"up/m1 generate_stream: 3 chunks", // 100 ms since the first byte
                    "up/m1 generate_stream: 4 chunks", "up/m1 generate_stream: 1 chunks",
                    "up/m1 generate_stream: success 1.221s streamed 0.221s usage 7+3"});
        row("broken stream", {.chunks = two, .broken = broken}, true,
            begun
                + L{"up/m1 generate_stream: 2 chunks",
                    "up/m1 generate_stream: error 1.05s streamed 0.05s usage -+2 estimated"});
        row("stream with an exception", {.chunks = two, .throws = true}, true,
            begun
                + L{"up/m1 generate_stream: 2 chunks",
                    "up/m1 generate_stream: error 1.05s streamed 0.05s usage -+2 estimated"});
        row("refused stream", {.status = 429}, true,
            {"up/unknown generate_stream: error 0s streamed - usage -+-"});
        row("stream answered whole", {.status = 200, .usage = used}, true,
            {"up/m1 generate_stream: success 0s streamed - usage 7+3"});
        row("unreachable for a stream", {.refused = broken}, true,
            {"up/unknown generate_stream: error 0s streamed - usage -+-"});
    }

    void calls()
    {
        QFETCH(Plot, plot);
        QFETCH(bool, stream);
        QFETCH(QList<QByteArray>, expected);
        Bench bench(plot);
        bench.run(stream);
        Lines lines;
        for (const auto& line : expected)
            lines.push_back(line.toStdString());
        QCOMPARE(bench.metrics.lines, lines);
        QCOMPARE(bench.observation->so_far().attempts, 1U);
        QCOMPARE(*bench.observation->so_far().provider_ended, bench.clock.now());
    }

    void destroyed_calls_data()
    {
        QTest::addColumn<bool>("stream");
        QTest::newRow("reply") << false;
        QTest::newRow("stream") << true;
    }

    void destroyed_calls()
    {
        QFETCH(bool, stream);
        Bench bench(Plot{.chunks = {1s}, .hangs = true});
        bench.run(stream);
        const std::size_t before = stream ? 1 : 0; // the first byte
        QCOMPARE(bench.metrics.lines.size(), before);
        bench.io.reset();
        QCOMPARE(bench.metrics.lines.size(), before + (stream ? 2 : 1));
        QCOMPARE(bench.metrics.lines.back(),
                 std::string(stream ? "up/m1 generate_stream: error 1s streamed 0s usage -+1 estimated"
                                    : "up/unknown generate: error 2s streamed - usage -+-"));
    }

    void each_attempt_is_a_call()
    {
        Bench bench(Plot{.status = 503});
        bench.run(false);
        bench.run(false);
        QCOMPARE(bench.metrics.lines.size(), std::size_t(2));
        QCOMPARE(bench.observation->so_far().attempts, 2U);
    }

    void a_listed_model_is_a_label_whatever_becomes_of_the_call()
    {
        Bench bench(Plot{.status = 503});
        bench.observation->routed({"up", "m1"}); // whoever chose the provider had it from its list
        bench.run(false);
        QCOMPARE(bench.metrics.lines, Lines{"up/m1 generate: error 2s streamed - usage -+-"});
    }

    void operations_data()
    {
        QTest::addColumn<int>("api");
        QTest::addColumn<bool>("stream");
        QTest::addColumn<QByteArray>("operation");
        const auto row = [](llm::Api api, bool stream, const char* operation) {
            QTest::addRow("%d%s", int(api), stream ? " streamed" : "") << int(api) << stream << QByteArray(operation);
        };
        using llm::Api;
        for (const auto api : {Api::chat, Api::completions, Api::responses, Api::messages, Api::ollama_chat,
                               Api::ollama_generate}) {
            row(api, false, "generate");
            row(api, true, "generate_stream");
        }
        for (const auto api : {Api::embeddings, Api::ollama_embed, Api::ollama_embeddings})
            row(api, false, "embed");
        row(Api::rerank, false, "rerank");
    }

    void operations()
    {
        QFETCH(int, api);
        QFETCH(bool, stream);
        QFETCH(QByteArray, operation);
        Bench bench(Plot{}, static_cast<llm::Api>(api));
        bench.run(stream);
        QCOMPARE(bench.metrics.lines.size(), std::size_t(1));
        QVERIFY(bench.metrics.lines[0].find("/" + std::string(stream ? "unknown " : "m1 ") + operation.toStdString() + ":")
                != std::string::npos);
    }

    void sampled_traces()
    {
        Bench bench(Plot{.chunks = {1s}, .usage = {.completion = 1}}, llm::Api::chat, true);
        bench.run(true);
        QCOMPARE(bench.metrics.lines, (Lines{"up/m1 generate_stream: first byte 1s of a trace",
                                             "up/m1 generate_stream: 1 chunks",
                                             "up/m1 generate_stream: success 1s streamed 0s usage -+1 of a trace"}));
    }

    void what_fails_at_the_end_harms_nobody()
    {
        Bench bench(Plot{.usage = {.completion = 1}});
        bench.metrics.failing = true;
        bench.run(false);
        QCOMPARE(bench.metrics.lines.size(), std::size_t(1));
        QCOMPARE(bench.observation->so_far().target.model, std::string("m1"));
        QCOMPARE(bench.observation->so_far().genai_provider, std::string("openai"));
    }
};

QTEST_GUILESS_MAIN(TstInstrumentedProvider)
#include "tst_instrumented_provider.moc"
