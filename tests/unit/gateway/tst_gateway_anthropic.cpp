// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "counting_hooks.h"
#include "support/fake_upstream.h"
#include "support/raw_http.h"

#include <QFile>
#include <QTest>

#include <nlohmann/json.hpp>

using namespace tokenscope;
using namespace tokenscope::test;
using Calls = std::map<std::string, int>;
using Script = FakeUpstream::Script;

namespace {

const QByteArray chat = R"({"model":"claude-opus-4-6","messages":[{"role":"user","content":"hi"}]})";
const QByteArray chat_streamed =
    R"({"model":"claude-opus-4-6","stream":true,"messages":[{"role":"user","content":"hi"}]})";

QByteArray fixture(const char* name)
{
    QFile file(QStringLiteral(TOKENSCOPE_UPSTREAMS "/") + QLatin1StringView(name));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", name);
    return file.readAll();
}

/// Lists models, and answers messages with `script`.
std::function<Script(const FakeUpstream::Request&)> answering(Script script)
{
    return [script](const FakeUpstream::Request& request) -> Script {
        if (request.target.startsWith("/v1/models"))
            return {FakeUpstream::reply(
                200, "application/json",
                fixture("anthropic_models.json").replace("\"has_more\":true", "\"has_more\":false"))};
        return script;
    };
}

config::Provider anthropic_at(const FakeUpstream& upstream)
{
    config::Provider provider;
    provider.name = "up";
    provider.kind = config::ProviderKind::anthropic;
    provider.base_url = upstream.url().toStdString();
    provider.api_key = "sk-ours";
    provider.max_retries = 0;
    return provider;
}

} // namespace

/// Chat clients of the gateway, with Anthropic's API behind it.
class TstGatewayAnthropic : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void answers_a_chat()
    {
        FakeUpstream upstream(
            answering({FakeUpstream::reply(200, "application/json", fixture("anthropic_message_reply.json"))}));
        TestGateway gateway(test_config({anthropic_at(upstream)}));
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", chat, "Authorization: Bearer mine\r\n");
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 200);
        QVERIFY(nlohmann::json::parse(client.body().toStdString())["usage"]["prompt_tokens"] == 26);
        gateway.stop();
        const auto sent = upstream.requests().last();
        QCOMPARE(sent.target, QByteArray("/v1/messages"));
        QCOMPARE(sent.header("x-api-key"), QByteArray("sk-ours"));
        QVERIFY(!sent.head.contains("mine")); // the client's key is not the upstream's business
        QCOMPARE(gateway.hooks.calls("finished"), (Calls{{"finished up/claude-opus-4-6 success", 1}}));
        QCOMPARE(gateway.hooks.calls("usage"), (Calls{{"usage up/claude-opus-4-6 26+15", 1}}));
    }

    void streams_a_chat_as_it_comes()
    {
        const QByteArray whole = fixture("anthropic_message_stream.sse");
        const auto half =
            whole.indexOf("event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":3");
        FakeUpstream upstream(
            answering({FakeUpstream::chunked_head(200, "text/event-stream"), FakeUpstream::chunk(whole.left(half)),
                       FakeUpstream::Hold{}, FakeUpstream::chunk(whole.mid(half)), FakeUpstream::last_chunk()}));
        TestGateway gateway(test_config({anthropic_at(upstream)}));
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", chat_streamed);
        QVERIFY(client.read_until([](const QByteArray& body) { return body.contains("Hello, "); }));
        QVERIFY(!client.body().contains("get_weather"));
        upstream.release();
        QVERIFY(client.read_reply());
        QVERIFY(client.complete());
        QVERIFY(client.body().endsWith("data: [DONE]\n\n"));
        gateway.stop();
        QCOMPARE(gateway.hooks.calls("finished"), (Calls{{"finished up/claude-opus-4-6 success", 1}}));
        QCOMPARE(gateway.hooks.calls("usage"), (Calls{{"usage up/claude-opus-4-6 26+15", 1}}));
        QCOMPARE(gateway.hooks.calls("first_token"), (Calls{{"first_token up/claude-opus-4-6", 1}}));
        QCOMPARE(gateway.hooks.calls("inter_token"), (Calls{{"inter_token up/claude-opus-4-6", 7}}));
    }

    void tells_an_overload_as_it_is()
    {
        FakeUpstream upstream(answering(
            {FakeUpstream::reply(529, "application/json",
                                 R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})")}));
        TestGateway gateway(test_config({anthropic_at(upstream)}));
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", chat);
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 529);
        QCOMPARE(
            client.body(),
            QByteArray(R"({"error":{"message":"Overloaded","type":"overloaded_error","code":null,"param":null}})"));
        gateway.stop();
        QCOMPARE(gateway.hooks.calls("finished"), (Calls{{"finished up/claude-opus-4-6 error", 1}}));
    }

    void a_cut_stream_ends_with_an_error_and_an_estimate()
    {
        const QByteArray whole = fixture("anthropic_message_stream.sse");
        FakeUpstream upstream(
            answering({FakeUpstream::chunked_head(200, "text/event-stream"),
                       FakeUpstream::chunk(whole.left(whole.indexOf("event: message_delta"))), FakeUpstream::Reset{}}));
        TestGateway gateway(test_config({anthropic_at(upstream)}));
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions", chat_streamed);
        QVERIFY(client.read_until([](const QByteArray& body) { return body.contains("\"error\""); }));
        QVERIFY(!client.body().contains("[DONE]"));
        gateway.stop();
        QCOMPARE(gateway.hooks.calls("usage"), (Calls{{"usage up/claude-opus-4-6 26+8 estimated", 1}}));
    }

    void refuses_what_cannot_be_said_to_anthropic()
    {
        FakeUpstream upstream(answering({}));
        TestGateway gateway(test_config({anthropic_at(upstream)}));
        RawHttp client(gateway.port());
        client.post("/v1/chat/completions",
                    R"({"model":"claude-opus-4-6","n":3,"messages":[{"role":"user","content":"x"}]})");
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 400);
        const auto error = nlohmann::json::parse(client.body().toStdString())["error"];
        QVERIFY(error["param"] == "n" && error["type"] == "invalid_request_error");
    }

    void lists_its_models()
    {
        FakeUpstream upstream(answering({}));
        TestGateway gateway(test_config({anthropic_at(upstream)}));
        RawHttp client(gateway.port());
        client.get("/v1/models");
        QVERIFY(client.read_reply());
        const auto listed = nlohmann::json::parse(client.body().toStdString())["data"];
        QCOMPARE(listed.size(), std::size_t{2});
        QVERIFY(listed[0]["id"] == "claude-opus-4-6" && listed[0]["owned_by"] == "up");
    }
};

QTEST_GUILESS_MAIN(TstGatewayAnthropic)
#include "tst_gateway_anthropic.moc"
