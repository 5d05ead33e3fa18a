// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "counting_hooks.h"
#include "support/fake_upstream.h"
#include "support/raw_http.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>

using namespace tokenscope;
using namespace tokenscope::test;
using namespace std::chrono_literals;
using Calls = std::map<std::string, int>;
using F = FakeUpstream;
using Script = FakeUpstream::Script;

namespace {

const QByteArray chat = R"({"model":"m1","messages":[{"role":"user","content":"hi"}]})";
const QByteArray chat_streamed = R"({"model":"m1","stream":true,"messages":[{"role":"user","content":"hi"}]})";
const QByteArray good_reply = R"({"id":"c1","model":"m1","choices":[{"index":0,"message":{"role":"assistant",)"
                              R"("content":"Hello."},"finish_reason":"stop"}],)"
                              R"("usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}})";
const QByteArray good_stream =
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello.\"},\"finish_reason\":\"stop\"}]}\n\n"
    "data: [DONE]\n\n";

Script good()
{
    return {F::reply(200, "application/json", good_reply)};
}

Script refusal(int status, const QByteArray& headers = {})
{
    const QByteArray body = R"({"error":{"message":"not now"}})";
    return {F::Send{"HTTP/1.1 " + QByteArray::number(status) + " No\r\nContent-Type: application/json\r\n" + headers
                    + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body}};
}

/// Lists one model; answers everything else with the next of `scripts`, the last one for ever.
std::function<Script(const F::Request&)> in_turn(QList<Script> scripts, const QByteArray& model = "m1")
{
    return [scripts, model, next = std::make_shared<std::atomic<int>>(0)](const F::Request& request) -> Script {
        if (request.target == "/v1/models")
            // Closed, so that the request after it cannot find a stale connection in the pool.
            return {F::Send{"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"data\":[{\"id\":\"" + model + "\"}]}"},
                    F::Close{}};
        return scripts[std::min<int>((*next)++, static_cast<int>(scripts.size()) - 1)];
    };
}

int model_requests(const F& upstream)
{
    const auto requests = upstream.requests();
    return static_cast<int>(
        std::count_if(requests.begin(), requests.end(), [](const auto& request) { return request.method == "POST"; }));
}

config::Provider retrying(const F& upstream, std::size_t retries, const std::string& name = "up")
{
    auto provider = openai_at(upstream.url().toStdString(), name);
    provider.max_retries = retries;
    provider.retry_backoff = 1ms;
    return provider;
}

config::Provider demo()
{
    config::Provider provider;
    provider.name = "demo";
    provider.kind = config::ProviderKind::demo;
    provider.demo.prefill_base = provider.demo.prefill_per_token = provider.demo.per_token = {};
    return provider;
}

std::string code_of(const RawHttp& client)
{
    return nlohmann::json::parse(client.body().toStdString()).at("error").at("code").get<std::string>();
}

} // namespace

/// Where requests go: retries, fallbacks, APIs that pass through or are translated, and configurations that change.
class TstRouting : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void retries_data()
    {
        QTest::addColumn<QList<Script>>("scripts");
        QTest::addColumn<int>("retries");
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("sent");
        QTest::addColumn<QByteArray>("reason");
        using Scripts = QList<Script>;
        const auto row = [](const char* name, Scripts scripts, int retries, int status, int sent, QByteArray reason) {
            QTest::newRow(name) << scripts << retries << status << sent << reason;
        };
        row("503, then well", {refusal(503), good()}, 1, 200, 2, "status_5xx");
        row("429, then well", {refusal(429), good()}, 1, 200, 2, "status_429");
        row("overloaded, then well", {refusal(529), good()}, 1, 200, 2, "status_5xx");
        row("short Retry-After", {refusal(429, "Retry-After: 0\r\n"), good()}, 1, 200, 2, "status_429");
        row("reset, then well", {{F::Reset{}}, good()}, 1, 200, 2, "reset");
        const auto head = F::chunked_head(200, "text/event-stream");
        row("reset behind the head, then well", {{head, F::Reset{}}, good()}, 1, 200, 2, "reset");
        row("nothing behind the head, then well", {{head, F::Close{}}, good()}, 1, 200, 2, "reset");
        row("503 for ever", {refusal(503)}, 2, 503, 3, "status_5xx");
        row("not configured", {refusal(503), good()}, 0, 503, 1, {});
        row("400 is final", {refusal(400), good()}, 3, 400, 1, {});
        row("501 is final", {refusal(501), good()}, 3, 501, 1, {});
        row("long Retry-After", {refusal(429, "Retry-After: 60\r\n"), good()}, 3, 429, 1, {});
        row("silence is not repeated", {{F::Hold{}}, good()}, 3, 504, 1, {});
    }

    void retries()
    {
        QFETCH(QList<Script>, scripts);
        QFETCH(int, retries);
        QFETCH(int, status);
        QFETCH(int, sent);
        QFETCH(QByteArray, reason);
        for (const bool streamed : {false, true}) {
            auto answers = scripts;
            if (streamed && status == 200)
                answers.last() = {F::reply(200, "text/event-stream", good_stream)};
            F upstream(in_turn(answers));
            auto provider = retrying(upstream, static_cast<std::size_t>(retries));
            provider.idle_timeout = 200ms;
            TestGateway gateway(test_config({provider}));
            RawHttp client(gateway.port());
            client.post("/v1/chat/completions", streamed ? chat_streamed : chat, "X-Request-Id: again\r\n");
            QVERIFY(client.read_reply());
            QCOMPARE(client.status(), status);
            if (status == 200)
                QCOMPARE(client.body(), streamed ? good_stream : good_reply);
            if (status == 429)
                QCOMPARE(client.header("retry-after"), QByteArray("60"));
            gateway.stop();
            QCOMPARE(model_requests(upstream), sent);
            for (const auto& request : upstream.requests())
                if (request.method == "POST")
                    QCOMPARE(request.header("x-request-id"), QByteArray("again")); // each attempt has all of it
            const auto outcome = status == 200 ? "finished up/m1 success" : "finished up/m1 error";
            QCOMPARE(gateway.hooks.calls("finished"), (Calls{{outcome, 1}}));
            const Calls expected = sent == 1 ? Calls{} : Calls{{"retried up " + reason.toStdString(), sent - 1}};
            QCOMPARE(gateway.hooks.calls("retried"), expected);
        }
    }

    void a_stream_that_began_is_never_repeated()
    {
        F upstream(
            in_turn({{F::chunked_head(200, "text/event-stream"), F::chunk("data: {}\n\n"), F::Reset{}}, good()}));
        TestGateway gateway(test_config({retrying(upstream, 3)}));
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", chat_streamed);
        QVERIFY(client.read_reply());
        QVERIFY(client.body().contains("upstream_reset"));
        QCOMPARE(model_requests(upstream), 1);
    }

    void a_client_that_leaves_ends_the_back_off()
    {
        F upstream(in_turn({refusal(503)}));
        auto provider = retrying(upstream, 3);
        provider.retry_backoff = 5s;
        TestGateway gateway(test_config({provider}));
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", chat);
        QTRY_COMPARE(model_requests(upstream), 1);
        client.close();
        QTRY_COMPARE(gateway.records.since(0).size(), std::size_t(1));
        QCOMPARE(int(gateway.records.since(0)[0]->end_reason), int(telemetry::EndReason::client_gone));
        QCOMPARE(model_requests(upstream), 1);
    }

    void fallbacks_data()
    {
        QTest::addColumn<Script>("first");
        QTest::addColumn<int>("status");
        QTest::addColumn<bool>("falls_back");
        QTest::newRow("429") << refusal(429) << 200 << true;
        QTest::newRow("500") << refusal(500) << 200 << true;
        QTest::newRow("501") << refusal(501) << 200 << true;
        QTest::newRow("closed") << Script{F::Close{}} << 200 << true;
        QTest::newRow("silent") << Script{F::Hold{}} << 200 << true;
        QTest::newRow("not HTTP") << Script{F::Send{"what?\r\n\r\n"}, F::Close{}} << 200 << true;
        QTest::newRow("400") << refusal(400) << 400 << false;
        QTest::newRow("401") << refusal(401) << 401 << false;
        QTest::newRow("good") << good() << 200 << false;
    }

    void fallbacks()
    {
        QFETCH(Script, first);
        QFETCH(int, status);
        QFETCH(bool, falls_back);
        F one(in_turn({first}));
        F two(in_turn({good()}, "m2"));
        auto provider = openai_at(one.url().toStdString(), "one");
        provider.idle_timeout = 200ms;
        auto config = test_config({provider, openai_at(two.url().toStdString(), "two")});
        config.fallbacks = {{"one/m1", {"nobody/has-this", "two/m2"}}};
        TestGateway gateway(config);
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", chat);
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), status);
        gateway.stop();
        QCOMPARE(model_requests(one), 1);
        QCOMPARE(model_requests(two), falls_back ? 1 : 0);
        if (falls_back)
            QVERIFY(two.requests().last().body.contains(R"("model":"m2")"));
        const auto target = std::string(falls_back ? "two/m2" : "one/m1");
        QCOMPARE(gateway.hooks.calls("finished"),
                 (Calls{{"finished " + target + (status == 200 ? " success" : " error"), 1}}));
    }

    void the_last_fallback_has_the_last_word()
    {
        F one(in_turn({refusal(500)}));
        F two(in_turn({refusal(503)}, "m2"));
        auto config =
            test_config({openai_at(one.url().toStdString(), "one"), openai_at(two.url().toStdString(), "two")});
        config.aliases = {{"fast", "one/m1"}};
        config.fallbacks = {{"fast", {"two/m2"}}, {"two/m2", {"one/m1"}}};
        TestGateway gateway(config);
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", QByteArray(chat).replace("m1", "fast"));
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 503);
        gateway.stop();
        // Fallbacks of fallbacks are not followed, so that nothing goes round in circles.
        QCOMPARE(model_requests(one), 1);
        QCOMPARE(model_requests(two), 1);
    }

    void a_fallback_that_cannot_be_asked_hides_nothing()
    {
        F one(in_turn({refusal(503)}));
        auto config = test_config({openai_at(one.url().toStdString(), "one"), demo()});
        config.fallbacks = {{"one/m1", {"demo/demo-tiny"}}};
        TestGateway gateway(config);
        RawHttp client(gateway.port());
        client.post("/v1/embeddings", R"({"model":"m1","input":"x"})");
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 503);
        QVERIFY(client.body().contains("not now"));
    }

    void a_full_queue_falls_back()
    {
        F one(in_turn({{F::Hold{}}}));
        F two(in_turn({good()}, "m2"));
        auto provider = openai_at(one.url().toStdString(), "one");
        provider.max_in_flight = 1;
        provider.max_queue = 0;
        auto config = test_config({provider, openai_at(two.url().toStdString(), "two")});
        config.fallbacks = {{"m1", {"m2"}}};
        TestGateway gateway(config);
        RawHttp busy(gateway.port());
        busy.post("/v1/chat/completions", chat);
        QTRY_COMPARE(model_requests(one), 1);
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", chat);
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 200);
        QCOMPARE(model_requests(two), 1);
        one.release();
    }

    void other_apis_pass_through_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<QByteArray>("usage");
        const QByteArray json = "application/json";
        QTest::newRow("completions")
            << QByteArray("/v1/completions") << QByteArray(R"({"model":"m1","prompt":[1,2],"x":1.50})") << json
            << QByteArray(R"({"choices":[{"text":"a"}], "usage":{"prompt_tokens":2,"completion_tokens":1}})")
            << QByteArray("2+1");
        QTest::newRow("completions, streamed")
            << QByteArray("/v1/completions")
            << QByteArray(R"({"model":"m1","prompt":"x","stream":true,"stream_options":{"include_usage":true}})")
            << QByteArray("text/event-stream")
            << QByteArray("data: {\"choices\":[{\"text\":\"a\"}]}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_"
                          "tokens\":2,\"completion_tokens\":1}}\n\ndata: [DONE]\n\n")
            << QByteArray("2+1");
        QTest::newRow("embeddings") << QByteArray("/v1/embeddings") << QByteArray(R"({"model":"m1","input":["a","b"]})")
                                    << json
                                    << QByteArray(
                                           R"({"data":[{"embedding":[0.1,-2e-05]}],"usage":{"prompt_tokens":4}})")
                                    << QByteArray("4+-");
        QTest::newRow("rerank") << QByteArray("/v1/rerank")
                                << QByteArray(R"({"model":"m1","query":"q","documents":["a"]})") << json
                                << QByteArray(R"({"results":[{"index":0,"relevance_score":0.5}]})") << QByteArray();
    }

    void other_apis_pass_through()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, request);
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, reply);
        QFETCH(QByteArray, usage);
        F upstream(in_turn({{F::reply(200, type, reply)}}));
        TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
        RawHttp client(gateway.port());
        client.post(path, request);
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 200);
        QCOMPARE(client.body(), reply);
        gateway.stop();
        QCOMPARE(upstream.requests().last().target, path);
        QCOMPARE(upstream.requests().last().body, request);
        QCOMPARE(gateway.hooks.calls("finished"), (Calls{{"finished up/m1 success", 1}}));
        QCOMPARE(gateway.hooks.calls("http "), (Calls{{"http POST " + path.toStdString() + " 200", 1}}));
        const Calls expected = usage.isEmpty() ? Calls{} : Calls{{"usage up/m1 " + usage.toStdString(), 1}};
        QCOMPARE(gateway.hooks.calls("usage"), expected);
    }

    void an_api_that_nobody_has_is_explained()
    {
        TestGateway gateway(test_config({demo()}));
        RawHttp client(gateway.port());
        client.post("/v1/embeddings", R"({"model":"demo/demo-tiny","input":"x"})");
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 400);
        QCOMPARE(code_of(client), std::string("unsupported_api"));
        QVERIFY(client.body().contains("embeddings"));
    }

    void completions_of_a_provider_that_only_chats()
    {
        TestGateway gateway(test_config({demo()}));
        const auto models = [&] {
            RawHttp client(gateway.port());
            client.get("/v1/models");
            return client.read_reply() ? nlohmann::json::parse(client.body().toStdString()) : nlohmann::json();
        }();
        const auto model = QByteArray::fromStdString(models.at("data").at(0).at("id").get<std::string>());
        RawHttp whole(gateway.port());
        whole.post("/v1/completions", "{\"model\":\"" + model + "\",\"prompt\":\"Say hi\",\"max_tokens\":5}");
        QVERIFY(whole.read_reply());
        QCOMPARE(whole.status(), 200);
        const auto reply = nlohmann::json::parse(whole.body().toStdString());
        QCOMPARE(reply.at("object").get<std::string>(), std::string("text_completion"));
        const auto text = reply.at("choices").at(0).at("text").get<std::string>();
        QVERIFY(!text.empty());
        QCOMPARE(reply.at("usage").at("completion_tokens").get<int>(), 5);

        RawHttp streamed(gateway.port());
        streamed.post("/v1/completions",
                      "{\"model\":\"" + model + "\",\"prompt\":\"Say hi\",\"max_tokens\":5,\"stream\":true}");
        QVERIFY(streamed.read_reply());
        QVERIFY(streamed.body().endsWith("data: [DONE]\n\n"));
        QVERIFY(!streamed.body().contains("usage"));
        std::string joined;
        for (auto event : streamed.body().split('\n')) {
            if (!event.startsWith("data: {"))
                continue;
            const auto chunk = nlohmann::json::parse(event.mid(6).toStdString());
            QCOMPARE(chunk.at("object").get<std::string>(), std::string("text_completion"));
            joined += chunk.at("choices").at(0).at("text").get<std::string>();
        }
        QVERIFY(!joined.empty());

        RawHttp refused(gateway.port());
        refused.post("/v1/completions", "{\"model\":\"" + model + "\",\"prompt\":[\"a\",\"b\"]}");
        QVERIFY(refused.read_reply());
        QCOMPARE(refused.status(), 400);
        QVERIFY(refused.body().contains(R"("param":"prompt")"));
    }

    void a_new_configuration_leaves_requests_in_flight_alone()
    {
        F one(in_turn({{F::chunked_head(200, "text/event-stream"), F::chunk("data: {}\n\n"), F::Hold{},
                        F::chunk("data: [DONE]\n\n"), F::last_chunk()}}));
        F two(in_turn({good()}, "m2"));
        TestGateway gateway(test_config({openai_at(one.url().toStdString(), "one")}));
        RawHttp streaming(gateway.port());
        streaming.post("/v1/chat/completions", chat_streamed);
        QVERIFY(streaming.read_until([](const QByteArray& body) { return body.contains("data: {}"); }));

        auto next = test_config({openai_at(two.url().toStdString(), "two")});
        next.limits.body_bytes = 1024;
        QVERIFY(gateway.gateway().apply(next));
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", QByteArray(chat).replace("m1", "m2"));
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 200);
        RawHttp former(gateway.port());
        former.post("/v1/chat/completions", chat);
        QVERIFY(former.read_reply());
        QCOMPARE(former.status(), 404);
        RawHttp large(gateway.port());
        large.post("/v1/chat/completions", QByteArray(2000, ' '));
        QVERIFY(large.read_reply());
        QCOMPARE(large.status(), 413);

        one.release();
        QVERIFY(streaming.read_reply());
        QVERIFY(streaming.body().endsWith("data: [DONE]\n\n"));
    }

    void a_new_address_is_listened_on_and_a_bad_one_refused()
    {
        F one(in_turn({{F::chunked_head(200, "text/event-stream"), F::chunk("data: {}\n\n"), F::Hold{},
                        F::chunk("data: [DONE]\n\n"), F::last_chunk()}}));
        auto config = test_config({openai_at(one.url().toStdString(), "one")});
        TestGateway gateway(config);
        const auto before = gateway.port();
        RawHttp streaming(before);
        streaming.post("/v1/chat/completions", chat_streamed);
        QVERIFY(streaming.read_until([](const QByteArray& body) { return body.contains("data: {}"); }));

        config.listen = "127.0.0.1:" + std::to_string(one.port());
        const auto taken = gateway.gateway().apply(config);
        QVERIFY(!taken);
        QVERIFY(taken.error().message.find("another program uses that port") != std::string::npos);
        QCOMPARE(gateway.port(), before);

        config.listen = "localhost:0";
        QVERIFY(gateway.gateway().apply(config));
        QVERIFY(gateway.port() != before);
        RawHttp client(gateway.port());
        client.get("/health");
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 200);
        one.release();
        QVERIFY(streaming.read_reply());
        QVERIFY(streaming.body().endsWith("data: [DONE]\n\n"));
    }

    void the_queue_of_an_unchanged_provider_is_kept()
    {
        F one(in_turn({{F::Hold{}, F::Close{}}, good()}));
        auto provider = openai_at(one.url().toStdString(), "one");
        provider.max_in_flight = 1;
        auto config = test_config({provider});
        TestGateway gateway(config);
        RawHttp first(gateway.port());
        first.post("/v1/chat/completions", chat);
        QTRY_COMPARE(model_requests(one), 1);
        config.aliases = {{"other", "m1"}};
        QVERIFY(gateway.gateway().apply(config));
        RawHttp second(gateway.port());
        second.post("/v1/chat/completions", QByteArray(chat).replace("m1", "other"));
        QTRY_COMPARE(gateway.hooks.depth_now(), 1);
        QCOMPARE(model_requests(one), 1);
        one.release();
        QVERIFY(second.read_reply());
        QCOMPARE(second.status(), 200);
    }

    void nothing_can_be_applied_after_the_end()
    {
        const auto config = test_config({demo()});
        TestGateway gateway(config);
        gateway.stop();
        const auto applied = gateway.gateway().apply(config);
        QVERIFY(!applied);
        QCOMPARE(int(applied.error().code), int(ErrorCode::shutting_down));
    }

    void ready_tells_what_is_wrong()
    {
        std::uint16_t port = 0;
        {
            F gone([](const F::Request&) { return Script{}; });
            port = gone.port();
        }
        F unlisted([](const F::Request&) -> Script { return {F::reply(404, "text/plain", "no")}; });
        auto config = test_config({openai_at("http://127.0.0.1:" + std::to_string(port), "gone")});
        TestGateway alone(config);
        RawHttp first(alone.port());
        first.get("/ready");
        QVERIFY(first.read_reply());
        QCOMPARE(first.status(), 503);
        config.providers.push_back(openai_at(unlisted.url().toStdString(), "unlisted"));
        TestGateway both(config);
        RawHttp second(both.port());
        second.get("/ready");
        QVERIFY(second.read_reply());
        QCOMPARE(second.status(), 200);
        const auto providers = nlohmann::json::parse(second.body().toStdString()).at("providers");
        QVERIFY(providers.at(0).contains("error"));
        QVERIFY(!providers.at(1).contains("error"));
    }
};

QTEST_GUILESS_MAIN(TstRouting)
#include "tst_routing.moc"
