// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/http_client.h"
#include "net/watchdog.h"
#include "providers/anthropic_provider.h"
#include "support/fake_upstream.h"
#include "support/silent_telemetry.h"
#include "telemetry/request_observation.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include <QFile>
#include <QTest>

#include <exception>
#include <functional>
#include <optional>

using namespace tokenscope;
using namespace tokenscope::providers;
using nlohmann::json;
using test::FakeUpstream;
using Script = FakeUpstream::Script;
namespace asio = boost::asio;

namespace {

class KeepingSink final : public StreamSink {
public:
    Task<Result<void>> begin(const Headers& given) override
    {
        headers = given;
        ++begun;
        co_return Result<void>();
    }
    Task<Result<void>> write(StreamChunk chunk) override
    {
        bytes.append(chunk.bytes.data(), static_cast<qsizetype>(chunk.bytes.size()));
        tokens += chunk.tokens;
        if (on_write)
            on_write();
        co_return Result<void>();
    }
    std::function<void()> on_write;
    Headers headers;
    QByteArray bytes;
    std::uint32_t tokens = 0;
    int begun = 0;
};

QByteArray fixture(const char* name)
{
    QFile file(QStringLiteral(TOKENSCOPE_UPSTREAMS "/") + QLatin1StringView(name));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", name);
    return file.readAll();
}

std::string header(const Headers& headers, std::string_view name)
{
    return std::string(net::find_header(headers, name));
}

/// The provider on its own, with a scripted server behind it.
struct Bench {
    explicit Bench(Script script, const std::string& key = "sk-ours", const std::string& path = {})
        : Bench([script](const FakeUpstream::Request&) { return script; }, key, path)
    {
    }
    explicit Bench(std::function<Script(const FakeUpstream::Request&)> answer, const std::string& key = "sk-ours",
                   const std::string& path = {})
        : server(std::move(answer)), watchdog(io.get_executor()), client(io.get_executor(), tls, watchdog)
    {
        config::Provider settings;
        settings.name = "claude";
        settings.kind = config::ProviderKind::anthropic;
        settings.base_url = server.url().toStdString() + path;
        settings.api_key = key;
        auto base = AnthropicProvider::without_version(*parse_url(settings.base_url));
        provider.emplace(Upstream(client, settings, std::move(base)), clock);
    }

    /// Runs one coroutine of the provider to its end.
    template <typename T>
    T run(Task<T> task)
    {
        std::optional<T> result;
        io.restart();
        asio::co_spawn(io, std::move(task), [&](std::exception_ptr error, T value) {
            if (error)
                std::rethrow_exception(error);
            result.emplace(std::move(value));
            io.stop();
        });
        io.run();
        return std::move(*result);
    }

    ModelCall call(llm::Api api, const std::string& body, Headers headers = {})
    {
        auto parsed = llm::parse_model_request(api, body);
        if (!parsed)
            qFatal("%s", parsed.error().message.c_str());
        request = std::move(*parsed);
        return {request, "claude-sonnet-4-5", std::move(headers), source.token(), observation};
    }
    Result<Reply> ask(llm::Api api, const std::string& body, Headers headers = {})
    {
        auto made = call(api, body, std::move(headers));
        return run(provider->generate(made));
    }
    Result<StreamOutcome> stream(llm::Api api, const std::string& body)
    {
        auto made = call(api, body);
        return run(provider->generate_stream(made, sink));
    }
    FakeUpstream::Request seen() const { return server.requests().last(); }

    FakeUpstream server;
    asio::io_context io{1};
    asio::ssl::context tls = net::make_client_tls();
    net::Watchdog watchdog;
    net::HttpClient client;
    ManualClock clock;
    test::SilentTelemetry silent;
    telemetry::RequestObservation observation{silent.observers(clock), {.route = "/v1/x", .request_id = "id"}};
    CancelSource source;
    llm::ModelRequest request;
    KeepingSink sink;
    std::optional<AnthropicProvider> provider;
};

const std::string chat = R"({"model":"alias","max_tokens":9,"messages":[{"role":"user","content":"hi"}]})";
const std::string chat_streamed =
    R"({"model":"alias","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi"}]})";
const std::string messages =
    R"({ "max_tokens": 9, "messages":[{"role":"user","content":"hi"}], "model" : "alias", "x":1.50 })";
const std::string messages_streamed =
    R"({ "stream":true, "max_tokens": 9, "messages":[{"role":"user","content":"hi"}], "model" : "alias" })";

Script streaming(const QByteArray& body, qsizetype piece)
{
    Script script{FakeUpstream::chunked_head(200, "text/event-stream; charset=utf-8")};
    for (qsizetype at = 0; at < body.size(); at += piece)
        script.append(FakeUpstream::chunk(body.mid(at, piece)));
    script.append(FakeUpstream::last_chunk());
    return script;
}

} // namespace

class TstAnthropicProvider : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void translates_chat();
    void passes_messages_through();
    void keys_data();
    void keys();
    void client_keeps_its_version_and_betas();
    void base_url_may_end_with_the_version();
    void streams_chat_data();
    void streams_chat();
    void streams_messages_unchanged();
    void refusals_data();
    void refusals();
    void chat_that_cannot_be_translated_is_not_sent();
    void server_that_ignores_stream();
    void broken_streams_data();
    void broken_streams();
    void cancelled_mid_stream();
    void bad_replies();
    void lists_models_over_pages();
    void listing_comes_to_an_end();
    void health();
    void counts_tokens();
};

void TstAnthropicProvider::translates_chat()
{
    Bench bench(Script{FakeUpstream::reply(200, "application/json", fixture("anthropic_message_reply.json"))});
    const auto reply = bench.ask(llm::Api::chat, chat);
    QVERIFY(reply.has_value());
    QCOMPARE(reply->status, 200U);
    QCOMPARE(header(reply->headers, "content-type"), std::string("application/json"));
    const auto body = json::parse(reply->body);
    QVERIFY(body["object"] == "chat.completion" && body["model"] == "claude-sonnet-4-5"
            && body["created"] == 1'700'000'000);
    QVERIFY(reply->usage == (llm::Usage{.prompt = 26, .completion = 15, .total = 41, .cached = 2}));
    QCOMPARE(reply->response_model, std::string("claude-sonnet-4-5-20250929"));
    QCOMPARE(reply->finish_reason, std::string("tool_calls"));

    const auto seen = bench.seen();
    QCOMPARE(seen.method + " " + seen.target, QByteArray("POST /v1/messages"));
    QCOMPARE(seen.header("x-api-key"), QByteArray("sk-ours"));
    QCOMPARE(seen.header("anthropic-version"), QByteArray("2023-06-01"));
    QCOMPARE(seen.header("content-type"), QByteArray("application/json"));
    QCOMPARE(seen.body, QByteArray(R"({"model":"claude-sonnet-4-5","max_tokens":9,"messages":[{"role":"user",)"
                                   R"("content":[{"type":"text","text":"hi"}]}],"stream":false})"));
}

void TstAnthropicProvider::passes_messages_through()
{
    const QByteArray answer = fixture("anthropic_message_reply.json");
    Bench bench(Script{FakeUpstream::reply(200, "application/json", answer)});
    const auto reply = bench.ask(llm::Api::messages, messages);
    QVERIFY(reply.has_value());
    QCOMPARE(QByteArray::fromStdString(reply->body), answer);
    QVERIFY(reply->usage == (llm::Usage{.prompt = 26, .completion = 15, .total = 41, .cached = 2}));
    QCOMPARE(reply->response_model, std::string("claude-sonnet-4-5-20250929"));
    QCOMPARE(reply->finish_reason, std::string("tool_use"));
    QCOMPARE(bench.seen().body,
             QByteArray::fromStdString(messages).replace("\"alias\"", "\"claude-sonnet-4-5\"")); // and nothing else
    QCOMPARE(bench.seen().target, QByteArray("/v1/messages"));
}

void TstAnthropicProvider::keys_data()
{
    QTest::addColumn<bool>("native");
    QTest::addColumn<QByteArray>("ours");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("api_key");
    QTest::addColumn<QByteArray>("authorization");
    const auto row = [](const char* title, bool native, const char* ours, const char* name, const char* value,
                        const char* api_key, const char* authorization) {
        QTest::newRow(title) << native << QByteArray(ours) << QByteArray(name) << QByteArray(value)
                             << QByteArray(api_key) << QByteArray(authorization);
    };
    row("chat, our key", false, "sk-ours", "Authorization", "Bearer mine", "sk-ours", "");
    row("chat, the client's", false, "", "Authorization", "bearer mine", "mine", "");
    row("chat, an OAuth token", false, "", "Authorization", "Bearer sk-ant-oat01-x", "", "Bearer sk-ant-oat01-x");
    row("chat, an API key", false, "", "X-Api-Key", "mine", "mine", "");
    row("chat, no bearer", false, "", "Authorization", "Basic x", "", "Basic x");
    row("chat, empty bearer", false, "", "Authorization", "Bearer", "", "Bearer");
    row("messages, our key", true, "sk-ours", "x-api-key", "mine", "sk-ours", "");
    row("messages, the client's", true, "", "x-api-key", "mine", "mine", "");
    row("messages, a token", true, "", "Authorization", "Bearer mine", "", "Bearer mine");
}

void TstAnthropicProvider::keys()
{
    QFETCH(bool, native);
    QFETCH(QByteArray, ours);
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, api_key);
    QFETCH(QByteArray, authorization);
    Bench bench(Script{FakeUpstream::reply(200, "application/json", fixture("anthropic_message_reply.json"))},
                ours.toStdString());
    Headers headers = {{name.toStdString(), value.toStdString()}};
    const auto reply =
        native ? bench.ask(llm::Api::messages, messages, headers) : bench.ask(llm::Api::chat, chat, headers);
    QVERIFY(reply.has_value());
    QCOMPARE(bench.seen().header("x-api-key"), api_key);
    QCOMPARE(bench.seen().header("authorization"), authorization);
}

void TstAnthropicProvider::client_keeps_its_version_and_betas()
{
    Bench bench(Script{FakeUpstream::reply(200, "application/json", fixture("anthropic_message_reply.json"))});
    const Headers headers = {{"Anthropic-Version", "2099-01-01"}, {"anthropic-beta", "files-api-2025-04-14,x"}};
    QVERIFY(bench.ask(llm::Api::messages, messages, headers).has_value());
    const auto seen = bench.seen();
    QCOMPARE(seen.header("anthropic-version"), QByteArray("2099-01-01"));
    QCOMPARE(seen.header("anthropic-beta"), QByteArray("files-api-2025-04-14,x"));
    QCOMPARE(seen.head.toLower().count("anthropic-version"), 1);
}

void TstAnthropicProvider::base_url_may_end_with_the_version()
{
    for (const char* path : {"/v1", "/v1/", "", "/proxy/anthropic", "/proxy/anthropic/v1"}) {
        Bench bench(Script{FakeUpstream::reply(200, "application/json", fixture("anthropic_message_reply.json"))}, "k",
                    path);
        QVERIFY(bench.ask(llm::Api::chat, chat).has_value());
        const QByteArray prefix = QByteArray(path).startsWith("/proxy") ? "/proxy/anthropic" : "";
        QCOMPARE(bench.seen().target, QByteArray(prefix + "/v1/messages"));
    }
}

void TstAnthropicProvider::streams_chat_data()
{
    QTest::addColumn<int>("piece");
    QTest::newRow("all at once") << 100'000;
    QTest::newRow("pieces") << 97;
    QTest::newRow("bytes") << 1;
}

void TstAnthropicProvider::streams_chat()
{
    QFETCH(int, piece);
    Bench bench(streaming(fixture("anthropic_message_stream.sse"), piece));
    auto outcome = bench.stream(llm::Api::chat, chat_streamed);
    QVERIFY(outcome.has_value());
    const auto& end = std::get<StreamEnd>(*outcome);
    QVERIFY(!end.error.has_value());
    QVERIFY(end.usage == (llm::Usage{.prompt = 26, .completion = 15, .total = 41, .cached = 2}));
    QCOMPARE(end.finish_reason, std::string("tool_calls"));
    QCOMPARE(end.response_model, std::string("claude-sonnet-4-5-20250929"));
    QCOMPARE(header(bench.sink.headers, "content-type"), std::string("text/event-stream"));
    QCOMPARE(bench.sink.tokens, 8U);
    QVERIFY(bench.sink.bytes.endsWith("data: [DONE]\n\n"));
    QVERIFY(bench.sink.bytes.contains("\"prompt_tokens\":26"));
    QVERIFY(bench.seen().body.endsWith("\"stream\":true}"));
    QVERIFY(bench.seen().body.contains("\"max_tokens\":32000"));
}

void TstAnthropicProvider::streams_messages_unchanged()
{
    const QByteArray sent = fixture("anthropic_message_stream.sse");
    Bench bench(streaming(sent, 11));
    auto outcome = bench.stream(llm::Api::messages, messages_streamed);
    QVERIFY(outcome.has_value());
    const auto& end = std::get<StreamEnd>(*outcome);
    QVERIFY(!end.error.has_value());
    QCOMPARE(bench.sink.bytes, sent);
    QCOMPARE(end.finish_reason, std::string("tool_use"));
    QVERIFY(end.usage == (llm::Usage{.prompt = 26, .completion = 15, .total = 41, .cached = 2}));
    QCOMPARE(header(bench.sink.headers, "content-type"), std::string("text/event-stream; charset=utf-8"));
    QCOMPARE(bench.seen().body,
             QByteArray::fromStdString(messages_streamed).replace("\"alias\"", "\"claude-sonnet-4-5\""));
}

void TstAnthropicProvider::refusals_data()
{
    QTest::addColumn<bool>("streamed");
    for (const int status : {400, 401, 404, 429, 500, 529}) {
        QTest::addRow("%d", status) << false;
        QTest::addRow("%d streamed", status) << true;
    }
}

void TstAnthropicProvider::refusals()
{
    QFETCH(bool, streamed);
    const int status = QByteArray(QTest::currentDataTag()).left(3).toInt();
    const QByteArray body = R"({"type":"error","error":{"type":"some_error","message":"No."}})";
    const Script script{FakeUpstream::Send{"HTTP/1.1 " + QByteArray::number(status)
                                           + " No\r\nContent-Type: application/json\r\nretry-after: 7\r\n"
                                             "anthropic-ratelimit-requests-remaining: 0\r\nset-cookie: a=b\r\n"
                                             "Content-Length: "
                                           + QByteArray::number(body.size()) + "\r\n\r\n" + body}};
    const auto ask = [&](Bench& bench, llm::Api api, const std::string& whole, const std::string& stream) {
        if (!streamed)
            return *bench.ask(api, whole);
        return std::get<Reply>(*bench.stream(api, stream));
    };
    Bench translated(script);
    const Reply chat_reply = ask(translated, llm::Api::chat, chat, chat_streamed);
    QCOMPARE(static_cast<int>(chat_reply.status), status);
    const auto error = json::parse(chat_reply.body)["error"];
    QVERIFY(error["message"] == "No." && error["type"] == "some_error");
    QCOMPARE(header(chat_reply.headers, "retry-after"), std::string("7"));
    QCOMPARE(header(chat_reply.headers, "anthropic-ratelimit-requests-remaining"), std::string("0"));
    QCOMPARE(header(chat_reply.headers, "set-cookie"), std::string());
    QCOMPARE(translated.sink.begun, 0);

    Bench native(script);
    const Reply native_reply = ask(native, llm::Api::messages, messages, messages_streamed);
    QCOMPARE(static_cast<int>(native_reply.status), status);
    QCOMPARE(QByteArray::fromStdString(native_reply.body), body);
    QCOMPARE(header(native_reply.headers, "retry-after"), std::string("7"));
    QCOMPARE(native.sink.begun, 0);
}

void TstAnthropicProvider::chat_that_cannot_be_translated_is_not_sent()
{
    Bench bench(Script{});
    const auto reply = bench.ask(llm::Api::chat, R"({"model":"m","n":2,"messages":[{"role":"user","content":"x"}]})");
    QVERIFY(!reply.has_value());
    QVERIFY(reply.error().code == ErrorCode::invalid_request);
    QCOMPARE(reply.error().param, std::string("n"));
    QCOMPARE(bench.server.connections(), 0);
}

void TstAnthropicProvider::server_that_ignores_stream()
{
    const Script script{FakeUpstream::reply(200, "application/json", fixture("anthropic_message_reply.json"))};
    Bench translated(script);
    const auto chat_outcome = translated.stream(llm::Api::chat, chat_streamed);
    QVERIFY(chat_outcome.has_value());
    QVERIFY(json::parse(std::get<Reply>(*chat_outcome).body)["object"] == "chat.completion");
    Bench native(script);
    const auto outcome = native.stream(llm::Api::messages, messages_streamed);
    QVERIFY(outcome.has_value());
    QCOMPARE(QByteArray::fromStdString(std::get<Reply>(*outcome).body), fixture("anthropic_message_reply.json"));
}

void TstAnthropicProvider::broken_streams_data()
{
    QTest::addColumn<bool>("native");
    QTest::addColumn<Script>("script");
    QTest::addColumn<int>("code");
    const QByteArray whole = fixture("anthropic_message_stream.sse");
    const QByteArray half = whole.left(whole.indexOf("Hello, "));
    const QByteArray error =
        "event: error\ndata: "
        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n";
    const auto row = [](const char* name, const Script& script, ErrorCode chat_code, ErrorCode native_code) {
        QTest::addRow("%s, chat", name) << false << script << static_cast<int>(chat_code);
        QTest::addRow("%s, messages", name) << true << script << static_cast<int>(native_code);
    };
    row("ends early", streaming(half, 50), ErrorCode::upstream_reset, ErrorCode::upstream_reset);
    row("error event", streaming(half.left(half.lastIndexOf("event:")) + error, 50), ErrorCode::upstream_error_event,
        ErrorCode::upstream_error_event);
    row("reset",
        {FakeUpstream::chunked_head(200, "text/event-stream"), FakeUpstream::chunk(half), FakeUpstream::Close{}},
        ErrorCode::upstream_reset, ErrorCode::upstream_reset);
    // What cannot be read cannot be translated; passed on, it is the client's to judge.
    row("nonsense", streaming("data: nonsense\n\n", 50), ErrorCode::upstream_bad_reply, ErrorCode::upstream_reset);
}

void TstAnthropicProvider::broken_streams()
{
    QFETCH(bool, native);
    QFETCH(Script, script);
    QFETCH(int, code);
    Bench bench(script);
    auto outcome =
        native ? bench.stream(llm::Api::messages, messages_streamed) : bench.stream(llm::Api::chat, chat_streamed);
    QVERIFY(outcome.has_value());
    const auto& end = std::get<StreamEnd>(*outcome);
    QVERIFY(end.error.has_value());
    QCOMPARE(static_cast<int>(end.error->code), code);
    QVERIFY(!bench.sink.bytes.contains("[DONE]"));
    if (end.error->code == ErrorCode::upstream_error_event)
        QVERIFY(bench.sink.bytes.contains("Overloaded")); // the client has been told
    // Never the count that a stream begins with.
    QVERIFY(!end.usage.completion.has_value());
}

void TstAnthropicProvider::cancelled_mid_stream()
{
    const QByteArray whole = fixture("anthropic_message_stream.sse");
    Bench bench(Script{FakeUpstream::chunked_head(200, "text/event-stream"),
                       FakeUpstream::chunk(whole.left(whole.indexOf("event: ping"))), FakeUpstream::Hold{}});
    bench.sink.on_write = [&] { bench.source.cancel(); };
    auto outcome = bench.stream(llm::Api::chat, chat_streamed);
    QVERIFY(outcome.has_value());
    const auto& end = std::get<StreamEnd>(*outcome);
    QVERIFY(end.error.has_value());
    QVERIFY(end.error->code == ErrorCode::client_gone);
    QTRY_COMPARE(bench.server.disconnects(), 1);
}

void TstAnthropicProvider::bad_replies()
{
    for (const char* body : {"<html>", "", R"({"object":"chat.completion"})"}) {
        Bench bench(Script{FakeUpstream::reply(200, "application/json", body)});
        const auto reply = bench.ask(llm::Api::chat, chat);
        QVERIFY(!reply.has_value());
        QVERIFY(reply.error().code == ErrorCode::upstream_bad_reply);
    }
    Bench native(Script{FakeUpstream::reply(200, "text/html", "<html>")});
    const auto reply = native.ask(llm::Api::messages, messages);
    QVERIFY(!reply.has_value());
    QVERIFY(reply.error().code == ErrorCode::upstream_bad_reply);
}

void TstAnthropicProvider::lists_models_over_pages()
{
    Bench bench([](const FakeUpstream::Request& request) -> Script {
        if (request.target.contains("after_id=a%0D%0A%20b%26c"))
            return {FakeUpstream::reply(200, "application/json", R"({"data":[{"id":"two"}],"has_more":false})")};
        return {FakeUpstream::reply(200, "application/json",
                                    R"({"data":[{"id":"one","created_at":"2026-02-04T00:00:00Z"}],"has_more":true,)"
                                    R"("last_id":"a\r\n b&c"})")};
    });
    const auto models = bench.run(bench.provider->models({}));
    QVERIFY(models.has_value());
    QCOMPARE(models->size(), std::size_t{2});
    QCOMPARE((*models)[0].created, std::int64_t{1770163200});
    QCOMPARE((*models)[1].id, std::string("two"));
    const auto first = bench.server.requests().first();
    QCOMPARE(first.method + " " + first.target, QByteArray("GET /v1/models?limit=1000"));
    QCOMPARE(first.header("x-api-key"), QByteArray("sk-ours"));
    QCOMPARE(first.header("anthropic-version"), QByteArray("2023-06-01"));
}

void TstAnthropicProvider::listing_comes_to_an_end()
{
    Bench endless(
        Script{FakeUpstream::reply(200, "application/json", R"({"data":[{"id":"m"}],"has_more":true,"last_id":"m"})")});
    const auto models = endless.run(endless.provider->models({}));
    QVERIFY(models.has_value());
    QVERIFY(endless.server.requests().size() <= 10);
    Bench refused(Script{FakeUpstream::reply(401, "application/json", "{}")});
    QVERIFY(!refused.run(refused.provider->models({})).has_value());
}

void TstAnthropicProvider::health()
{
    Bench good(Script{FakeUpstream::reply(200, "application/json", fixture("anthropic_models.json"))});
    QVERIFY(good.run(good.provider->health({})).has_value());
    Bench wrong_key(Script{FakeUpstream::reply(401, "application/json", "{}")});
    QVERIFY(!wrong_key.run(wrong_key.provider->health({})).has_value());
    Bench keyless(Script{FakeUpstream::reply(401, "application/json", "{}")}, "");
    QVERIFY(keyless.run(keyless.provider->health({})).has_value()); // clients bring their own
}

void TstAnthropicProvider::counts_tokens()
{
    Bench bench(Script{FakeUpstream::reply(200, "application/json", R"({"input_tokens":14})")}, "k", "/v1");
    SideCall side{.method = "POST",
                  .target = "/v1/messages/count_tokens?beta=true",
                  .body = R"({"model":"m"})",
                  .headers = {{"anthropic-beta", "x"}},
                  .cancel = {}};
    const auto reply = bench.run(bench.provider->side_call(std::move(side)));
    QVERIFY(reply.has_value());
    QCOMPARE(reply->body, std::string(R"({"input_tokens":14})"));
    const auto seen = bench.seen();
    QCOMPARE(seen.method + " " + seen.target, QByteArray("POST /v1/messages/count_tokens?beta=true"));
    QCOMPARE(seen.body, QByteArray(R"({"model":"m"})"));
    QCOMPARE(seen.header("anthropic-version"), QByteArray("2023-06-01"));
    QCOMPARE(seen.header("anthropic-beta"), QByteArray("x"));
}

QTEST_GUILESS_MAIN(TstAnthropicProvider)
#include "tst_anthropic_provider.moc"
