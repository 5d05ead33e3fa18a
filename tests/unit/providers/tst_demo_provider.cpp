// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/demo/demo_provider.h"
#include "providers/demo/reply_text.h"
#include "providers/demo/tokenizer.h"
#include "support/silent_telemetry.h"
#include "telemetry/request_observation.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

#include <QtTest>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace tokenscope;
using namespace tokenscope::providers;
using namespace std::chrono_literals;
using nlohmann::json;
namespace asio = boost::asio;

namespace {

config::Provider quick()
{
    config::Provider settings{.name = "play", .kind = config::ProviderKind::demo};
    settings.demo.prefill_base = 50us;
    settings.demo.prefill_per_token = 0us;
    settings.demo.per_token = 20us;
    return settings;
}

/// Gives a first token and then no other within the life of a test.
config::Provider stuck()
{
    config::Provider settings = quick();
    settings.demo.per_token = std::chrono::hours(1);
    return settings;
}

/// Keeps what it is given. Each write() can be made to take several turns of the loop, to run something, or to fail.
class TestSink final : public StreamSink {
public:
    Task<Result<void>> begin(const Headers& given) override
    {
        ++begun;
        headers = given;
        co_return Result<void>();
    }
    Task<Result<void>> write(StreamChunk chunk) override
    {
        const std::string before(chunk.bytes);
        if (on_write)
            on_write();
        for (int i = 0; i < turns; ++i)
            co_await asio::post(asio::use_awaitable);
        if (slow_until)
            while (!slow_until())
                co_await asio::post(asio::use_awaitable);
        intact = intact && chunk.bytes == before;
        if (++writes == fail_at)
            co_return failure(ErrorCode::client_gone, "The client has gone.");
        bytes += chunk.bytes;
        tokens += chunk.tokens;
        visible_tokens += chunk.visible_tokens;
        co_return Result<void>();
    }

    std::function<void()> on_write;
    std::function<bool()> slow_until;
    int turns = 0;
    int fail_at = 0;

    int begun = 0;
    int writes = 0;
    bool intact = true;
    Headers headers;
    std::string bytes;
    std::uint64_t tokens = 0;
    std::uint64_t visible_tokens = 0;
};

std::string body_of(const json& more = json::object())
{
    json body{{"model", "demo-small"}, {"messages", {{{"role", "user"}, {"content", "Tell me of whales"}}}}};
    body.update(more);
    return body.dump();
}

/// A call and all that it refers to.
struct Call {
    explicit Call(std::string body, std::string model = "demo-small")
        : request{.body = std::move(body), .model = model},
          observation(silent.observers(clock), {.route = "/v1/chat/completions", .request_id = "id"}), call{.request = request,
                                                                                       .upstream_model =
                                                                                           std::move(model),
                                                                                       .cancel = source.token(),
                                                                                       .observed = observation}
    {
    }

    SystemClock clock;
    test::SilentTelemetry silent;
    llm::ModelRequest request;
    CancelSource source;
    telemetry::RequestObservation observation;
    ModelCall call;
};

/// Runs `io` until `task` has ended; nothing where it has not within half a minute.
template <typename T>
std::optional<T> run(asio::io_context& io, Task<T> task)
{
    std::optional<T> result;
    asio::co_spawn(io, std::move(task), [&result](std::exception_ptr error, T value) {
        if (!error)
            result.emplace(std::move(value));
    });
    io.run_for(30s);
    return result;
}

/// The data of every event; the stream must be made of well-formed events and nothing else.
std::optional<std::vector<std::string>> events_of(const std::string& bytes)
{
    std::vector<std::string> events;
    std::size_t at = 0;
    while (at < bytes.size()) {
        const std::size_t end = bytes.find("\n\n", at);
        if (end == std::string::npos || !bytes.substr(at).starts_with("data: "))
            return std::nullopt;
        events.push_back(bytes.substr(at + 6, end - at - 6));
        at = end + 2;
    }
    return events;
}

/// A stream taken apart.
struct Parsed {
    bool good = false; ///< events, JSON, ids, order
    std::string content;
    std::size_t deltas = 0;
    std::string finish_reason;
    std::optional<json> usage;
};

Parsed parse(const std::string& bytes)
{
    Parsed parsed;
    const auto events = events_of(bytes);
    if (!events || events->size() < 3 || events->back() != "[DONE]")
        return parsed;
    std::string id;
    for (std::size_t i = 0; i + 1 < events->size(); ++i) {
        const json chunk = json::parse((*events)[i]);
        if (i == 0) {
            id = chunk.at("id");
            if (chunk.at("choices").at(0).at("delta").at("role") != "assistant")
                return parsed;
        }
        if (chunk.at("id") != id || chunk.at("object") != "chat.completion.chunk" || chunk.at("model") != "demo-small")
            return parsed;
        if (chunk.contains("usage") && chunk.at("usage").is_object())
            parsed.usage = chunk.at("usage");
        if (chunk.at("choices").empty())
            continue;
        const json& choice = chunk.at("choices").at(0);
        if (const auto text = choice.at("delta").value("content", std::string()); !text.empty()) {
            parsed.content += text;
            ++parsed.deltas;
        }
        if (choice.contains("finish_reason") && choice.at("finish_reason").is_string())
            parsed.finish_reason = choice.at("finish_reason");
    }
    parsed.good = true;
    return parsed;
}

} // namespace

class TestDemoProvider : public QObject {
    Q_OBJECT

    SystemClock m_clock;
    const std::string m_text = demo::reply_text(1, "Tell me of whales");

private Q_SLOTS:
    void lists_its_models()
    {
        asio::io_context io;
        demo::DemoProvider provider(quick(), m_clock);
        QCOMPARE(provider.name(), std::string("play"));
        QCOMPARE(provider.kind(), std::string_view("demo"));
        const auto models = run(io, provider.models({}));
        QVERIFY(models && *models);
        QCOMPARE((*models)->size(), 3U);
        QCOMPARE((**models)[1].id, std::string("demo-small"));
        QVERIFY((**models)[1].created > 1'600'000'000);
    }

    void streams_the_whole_reply()
    {
        asio::io_context io;
        demo::DemoProvider provider(quick(), m_clock);
        Call call(body_of());
        TestSink sink;
        const auto outcome = run(io, provider.generate_stream(call.call, sink));
        QVERIFY(outcome && *outcome);
        const StreamEnd end = std::get<StreamEnd>(**outcome);
        QVERIFY(!end.error);
        QCOMPARE(end.finish_reason, std::string("stop"));
        QCOMPARE(end.response_model, std::string("demo-small"));
        QCOMPARE(end.usage.prompt, std::optional(demo::count_tokens("Tell me of whales")));
        QCOMPARE(end.usage.completion, std::optional(demo::count_tokens(m_text)));
        QCOMPARE(sink.begun, 1);
        QCOMPARE(sink.headers.at(0).second, std::string("text/event-stream"));
        QCOMPARE(sink.tokens, demo::count_tokens(m_text));
        QCOMPARE(sink.visible_tokens, sink.tokens);
        const Parsed parsed = parse(sink.bytes);
        QVERIFY(parsed.good);
        QCOMPARE(parsed.content, m_text);
        QCOMPARE(parsed.deltas, demo::count_tokens(m_text)); // a delta a token, also where writes are coalesced
        QCOMPARE(parsed.finish_reason, std::string("stop"));
        QVERIFY(!parsed.usage); // nobody asked
        const auto& seen = call.observation.so_far();
        QVERIFY(seen.connected && seen.sent && seen.first_byte);
        QVERIFY(*seen.connected <= *seen.sent && *seen.sent < *seen.first_byte);
    }

    void usage_chunk_only_where_asked_for()
    {
        for (const auto asked : {std::optional<bool>(true), std::optional<bool>(false)}) {
            asio::io_context io;
            demo::DemoProvider provider(quick(), m_clock);
            Call call(body_of());
            call.request.include_usage = asked;
            TestSink sink;
            const auto outcome = run(io, provider.generate_stream(call.call, sink));
            QVERIFY(outcome && *outcome);
            const Parsed parsed = parse(sink.bytes);
            QVERIFY(parsed.good);
            QCOMPARE(parsed.usage.has_value(), *asked);
            if (parsed.usage)
                QCOMPARE(parsed.usage->at("completion_tokens").get<std::uint64_t>(), demo::count_tokens(m_text));
        }
    }

    void whole_reply_is_openai_json()
    {
        asio::io_context io;
        demo::DemoProvider provider(quick(), m_clock);
        Call call(body_of({{"max_tokens", 500}, {"max_completion_tokens", 9}}));
        const auto reply = run(io, provider.generate(call.call));
        QVERIFY(reply && *reply);
        QCOMPARE((*reply)->status, 200U);
        const json body = json::parse((*reply)->body);
        QCOMPARE(body.at("object").get<std::string>(), std::string("chat.completion"));
        const json& choice = body.at("choices").at(0);
        const std::string content = choice.at("message").at("content");
        QCOMPARE(demo::count_tokens(content), 9U);
        QVERIFY(m_text.starts_with(content));
        QCOMPARE(choice.at("finish_reason").get<std::string>(), std::string("length"));
        QCOMPARE(body.at("usage").at("completion_tokens").get<int>(), 9);
        QCOMPARE((*reply)->usage.completion, std::optional<std::uint64_t>(9));
        QCOMPARE((*reply)->finish_reason, std::string("length"));
    }

    void counts_every_kind_of_content()
    {
        asio::io_context io;
        demo::DemoProvider provider(quick(), m_clock);
        const json messages = json::parse(R"([
            {"role": "system", "content": "one two"},
            {"role": "user", "content": [{"type": "text", "text": "three four"}, {"type": "image_url", "image_url": {}},
                                         {"type": "text", "text": " five"}, 7, null]},
            {"role": "assistant", "content": null, "tool_calls": []},
            {"role": "tool", "content": "six"},
            {"role": "user", "content": "seven 日本"},
            {"role": "assistant", "content": 5}, "odd", {}])");
        Call call(body_of({{"messages", messages}}));
        const auto reply = run(io, provider.generate(call.call));
        QVERIFY(reply && *reply);
        QCOMPARE((*reply)->usage.prompt, std::optional<std::uint64_t>(2 + 3 + 1 + 4)); // "seven", " ", two ideographs
        const std::string content = json::parse((*reply)->body)["choices"][0]["message"]["content"];
        QCOMPARE(content, demo::reply_text(1, "seven 日本"));
    }

    void refuses_bad_requests_without_touching_the_sink()
    {
        struct Case {
            std::string body;
            std::string model;
            ErrorCode code;
            std::string param;
        };
        const Case cases[] = {
            {body_of(), "gpt-4", ErrorCode::model_not_found, "model"},
            {body_of(), "", ErrorCode::model_not_found, "model"},
            {body_of({{"max_tokens", 0}}), "demo-small", ErrorCode::invalid_request, "max_tokens"},
            {body_of({{"max_tokens", -1}}), "demo-small", ErrorCode::invalid_request, "max_tokens"},
            {body_of({{"max_tokens", "9"}}), "demo-small", ErrorCode::invalid_request, "max_tokens"},
            {body_of({{"max_completion_tokens", 1.5}}), "demo-small", ErrorCode::invalid_request,
             "max_completion_tokens"},
            {"[1]", "demo-small", ErrorCode::invalid_request, ""},
            {"", "demo-small", ErrorCode::invalid_request, ""},
        };
        demo::DemoProvider provider(quick(), m_clock);
        for (const Case& wrong : cases) {
            asio::io_context io;
            Call call(wrong.body, wrong.model);
            TestSink sink;
            const auto outcome = run(io, provider.generate_stream(call.call, sink));
            QVERIFY(outcome && !*outcome);
            QCOMPARE(outcome->error().code, wrong.code);
            QCOMPARE(outcome->error().param, wrong.param);
            QCOMPARE(sink.begun, 0);
        }
        QCOMPARE(provider.stats().submitted, 0U);
        asio::io_context io;
        Call odd(R"({"max_tokens": null})"); // no messages at all: nothing to count, nothing to fail on
        const auto reply = run(io, provider.generate(odd.call));
        QVERIFY(reply && *reply);
        QCOMPARE((*reply)->usage.prompt, std::optional<std::uint64_t>(0));
    }

    void simulated_failure_is_a_500_of_the_upstream()
    {
        config::Provider settings = quick();
        settings.demo.error_rate = 1;
        asio::io_context io;
        demo::DemoProvider provider(settings, m_clock);
        Call call(body_of());
        TestSink sink;
        const auto outcome = run(io, provider.generate_stream(call.call, sink));
        QVERIFY(outcome && *outcome);
        const Reply reply = std::get<Reply>(**outcome);
        QCOMPARE(reply.status, 500U);
        QCOMPARE(json::parse(reply.body).at("error").at("type").get<std::string>(), std::string("server_error"));
        QCOMPARE(sink.begun, 0);
        io.restart();
        const auto whole = run(io, provider.generate(call.call));
        QVERIFY(whole && *whole);
        QCOMPARE((*whole)->status, 500U);
    }

    void cancel_ends_a_stream_at_once()
    {
        asio::io_context io;
        demo::DemoProvider provider(stuck(), m_clock);
        Call call(body_of());
        TestSink sink;
        // Posted, so that it comes while the provider waits for the token that is an hour away.
        sink.on_write = [&] { asio::post(io, [&] { asio::post(io, [&] { call.source.cancel(); }); }); };
        const auto outcome = run(io, provider.generate_stream(call.call, sink));
        QVERIFY(outcome && *outcome);
        const StreamEnd end = std::get<StreamEnd>(**outcome);
        QVERIFY(end.error);
        QCOMPARE(end.error->code, ErrorCode::client_gone);
        QCOMPARE(end.usage.completion, std::optional<std::uint64_t>(1));
        QVERIFY(end.usage.estimated);
        QCOMPARE(sink.writes, 1);
        QCOMPARE(provider.stats().running, 0U);
        QCOMPARE(provider.stats().cancelled, 1U);
    }

    void cancel_during_a_write_or_before_the_call()
    {
        demo::DemoProvider provider(stuck(), m_clock);
        {
            asio::io_context io;
            Call call(body_of());
            TestSink sink;
            sink.on_write = [&] { call.source.cancel(); };
            const auto outcome = run(io, provider.generate_stream(call.call, sink));
            QVERIFY(outcome && *outcome);
            QCOMPARE(std::get<StreamEnd>(**outcome).error->code, ErrorCode::client_gone);
        }
        asio::io_context io;
        Call call(body_of());
        call.source.cancel();
        TestSink sink;
        const auto outcome = run(io, provider.generate_stream(call.call, sink));
        QVERIFY(outcome && !*outcome);
        QCOMPARE(outcome->error().code, ErrorCode::client_gone);
        QCOMPARE(sink.begun, 0);
        QCOMPARE(provider.stats().running + provider.stats().queued, 0U);
    }

    void cancel_from_another_thread_while_queued()
    {
        config::Provider settings = stuck();
        settings.demo.workers = 1;
        demo::DemoProvider provider(settings, m_clock);
        asio::io_context io;
        Call holder(body_of());
        Call waiting(body_of());
        TestSink sink;
        std::optional<ErrorCode> held;
        std::thread canceller;
        sink.on_write = [&] {
            canceller = std::thread([&] {
                waiting.source.cancel();
                holder.source.cancel();
            });
        };
        asio::co_spawn(io, provider.generate_stream(holder.call, sink),
                       [&](std::exception_ptr, Result<StreamOutcome> outcome) {
                           held = std::get<StreamEnd>(*outcome).error->code;
                       });
        const auto reply = run(io, provider.generate(waiting.call));
        if (canceller.joinable())
            canceller.join();
        QCOMPARE(held, std::optional(ErrorCode::client_gone));
        QVERIFY(reply && !*reply);
        QCOMPARE(reply->error().code, ErrorCode::client_gone);
        QCOMPARE(provider.stats().cancelled, 2U);
    }

    void slow_sink_gets_everything_in_order()
    {
        asio::io_context io;
        demo::DemoProvider provider(quick(), m_clock);
        Call call(body_of());
        TestSink sink;
        // The first write ends only when the engine has finished: all the rest must then come in one.
        sink.slow_until = [&] { return provider.stats().completed == 1; };
        sink.turns = 3;
        const auto outcome = run(io, provider.generate_stream(call.call, sink));
        QVERIFY(outcome && *outcome);
        QVERIFY(sink.intact);
        QVERIFY(sink.writes <= 3); // the engine counts the job as complete just before it says so
        const Parsed parsed = parse(sink.bytes);
        QVERIFY(parsed.good);
        QCOMPARE(parsed.content, m_text);
        QCOMPARE(sink.tokens, demo::count_tokens(m_text));
    }

    void failing_sink_ends_the_job()
    {
        asio::io_context io;
        demo::DemoProvider provider(stuck(), m_clock);
        Call call(body_of());
        TestSink sink;
        sink.fail_at = 1;
        const auto outcome = run(io, provider.generate_stream(call.call, sink));
        QVERIFY(outcome && *outcome);
        const StreamEnd end = std::get<StreamEnd>(**outcome);
        QVERIFY(end.error);
        QCOMPARE(end.error->code, ErrorCode::client_gone);
        QCOMPARE(provider.stats().running, 0U);
    }

    void many_streams_on_one_thread()
    {
        config::Provider settings = quick();
        settings.demo.workers = 100;
        asio::io_context io;
        demo::DemoProvider provider(settings, m_clock);
        std::vector<std::unique_ptr<Call>> calls;
        std::vector<std::unique_ptr<TestSink>> sinks;
        int good = 0;
        for (int i = 0; i < 100; ++i) {
            calls.push_back(std::make_unique<Call>(body_of()));
            sinks.push_back(std::make_unique<TestSink>());
            sinks.back()->turns = i % 5;
            asio::co_spawn(io, provider.generate_stream(calls.back()->call, *sinks.back()),
                           [&good](std::exception_ptr, Result<StreamOutcome> outcome) {
                               good += outcome && !std::get<StreamEnd>(*outcome).error;
                           });
        }
        io.run_for(60s);
        QCOMPARE(good, 100);
        for (const auto& sink : sinks) {
            const Parsed parsed = parse(sink->bytes);
            QVERIFY(parsed.good);
            QCOMPARE(parsed.content, m_text);
        }
    }

    void destroying_the_provider_ends_its_calls()
    {
        asio::io_context io;
        auto provider = std::make_unique<demo::DemoProvider>(stuck(), m_clock);
        Call streamed(body_of());
        Call whole(body_of());
        TestSink sink;
        sink.on_write = [&] { asio::post(io, [&] { provider.reset(); }); };
        std::optional<ErrorCode> code;
        asio::co_spawn(io, provider->generate_stream(streamed.call, sink),
                       [&](std::exception_ptr, Result<StreamOutcome> outcome) {
                           code = std::get<StreamEnd>(*outcome).error->code;
                       });
        const auto reply = run(io, provider->generate(whole.call));
        QCOMPARE(code, std::optional(ErrorCode::shutting_down));
        QVERIFY(reply && !*reply);
        QCOMPARE(reply->error().code, ErrorCode::shutting_down);
    }
};

QTEST_APPLESS_MAIN(TestDemoProvider)
#include "tst_demo_provider.moc"
