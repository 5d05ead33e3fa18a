// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "counting_hooks.h"
#include "support/fake_upstream.h"
#include "support/raw_http.h"

#include <QFile>
#include <QTest>

#include <nlohmann/json.hpp>

/// The Responses API at the gateway: carried out by chats with the conversation kept here, or by an upstream's own.
class TstResponsesRoute : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void a_conversation_by_chat();
    void what_is_stored_can_be_fetched_listed_and_deleted();
    void pages_of_input_items_data();
    void pages_of_input_items();
    void streams_are_stored_before_their_end_is_seen();
    void items_are_found_by_reference();
    void what_is_not_stored();
    void an_upstreams_own_api_passes_untouched();
    void what_an_upstream_keeps_is_asked_of_it();
    void one_in_the_background_is_known_from_its_first_event();
    void an_upstream_without_the_api_is_asked_once();
    void an_unknown_model_is_no_missing_api();
    void nobody_knows_the_previous_response();
    void a_held_response_needs_its_holder();
    void a_lost_beginning_is_told();
    void an_upstream_that_dies_leaves_nothing();
    void bad_requests_data();
    void bad_requests();
};

using namespace tokenscope;
using namespace tokenscope::test;
using namespace std::chrono_literals;
using F = FakeUpstream;
using Script = FakeUpstream::Script;
using Json = nlohmann::json;

namespace {

QByteArray fixture(const QString& name)
{
    QFile file(QStringLiteral(TOKENSCOPE_UPSTREAMS "/") + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

const QByteArray held_id = "resp_67c9fdcecf488190bdd9a0409de3a1ec07b8b0ad4e5eb654";

QByteArray chat_reply(const QByteArray& content)
{
    return R"({"id":"c","model":"m1","choices":[{"index":0,"message":{"role":"assistant","content":")" + content
           + R"("},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}})";
}

const QByteArray chat_stream =
    "data: "
    "{\"model\":\"m1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello.\"},\"finish_reason\":\"stop\"}]}\n\n"
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,\"total_tokens\":10}}\n\n"
    "data: [DONE]\n\n";

Script listing(const QByteArray& model)
{
    return {F::reply(200, "application/json", R"({"data":[{"id":")" + model + R"("}]})")};
}

/// Only chats: has no /responses.
Script chats(const F::Request& request)
{
    if (request.target == "/v1/models")
        return listing("m1");
    if (request.target != "/v1/chat/completions")
        return {F::reply(404, "application/json", R"({"detail":"Not Found"})")};
    return request.body.contains(R"("stream":true)") ? Script{F::reply(200, "text/event-stream", chat_stream)}
                                                     : Script{F::reply(200, "application/json", chat_reply("Fine."))};
}

/// Has the Responses API itself.
Script responds(const F::Request& request)
{
    if (request.target == "/v1/models")
        return listing("m1");
    if (request.method == "POST" && request.target == "/v1/responses")
        return request.body.contains(R"("stream":true)")
                   ? Script{F::reply(200, "text/event-stream", fixture(QStringLiteral("openai_responses_stream.sse")))}
                   : Script{F::reply(200, "application/json", fixture(QStringLiteral("openai_responses_reply.json")))};
    return {F::reply(200, "application/json", R"({"its":"own"})")};
}

config::Provider demo()
{
    config::Provider provider;
    provider.name = "demo";
    provider.kind = config::ProviderKind::demo;
    provider.demo.prefill_base = provider.demo.prefill_per_token = provider.demo.per_token = {};
    return provider;
}

struct Answer {
    int status = 0;
    QByteArray body;
    Json json() const { return Json::parse(body.toStdString(), nullptr, false); }
    std::string code() const { return json().at("error").at("code").get<std::string>(); }
};

Answer ask(const TestGateway& gateway, const QByteArray& method, const QByteArray& target, const QByteArray& body = {})
{
    RawHttp client(gateway.port());
    client.send(method + " " + target
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                + QByteArray::number(body.size()) + "\r\n\r\n" + body);
    return client.read_reply() ? Answer{client.status(), client.body()} : Answer{};
}

Answer create(const TestGateway& gateway, const QByteArray& members, const QByteArray& model = "m1")
{
    return ask(gateway, "POST", "/v1/responses", "{\"model\":\"" + model + "\"," + members + "}");
}

/// What was sent to a path, as JSON.
QList<Json> sent(const F& upstream, const QByteArray& target)
{
    QList<Json> bodies;
    for (const auto& request : upstream.requests())
        if (request.target == target)
            bodies << Json::parse(request.body.toStdString());
    return bodies;
}

QByteArray text(const Json& json)
{
    return QByteArray::fromStdString(json.is_string() ? json.get<std::string>() : json.dump());
}

QByteArray id_of(const Answer& answer)
{
    return text(answer.json().value("id", Json("")));
}

/// The data of the last event.
Json last_event(const QByteArray& stream)
{
    return Json::parse(stream.mid(stream.lastIndexOf("data: ") + 6).toStdString(), nullptr, false);
}

} // namespace

void TstResponsesRoute::a_conversation_by_chat()
{
    F upstream(chats);
    TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
    const auto first = create(gateway, R"("instructions":"be kind","input":"How are you?","metadata":{"a":"b"})");
    QCOMPARE(first.status, 200);
    QCOMPARE(text(first.json()["output"][0]["content"][0]["text"]), QByteArray("Fine."));
    QCOMPARE(first.json()["usage"]["total_tokens"].get<int>(), 10);
    QCOMPARE(text(first.json()["metadata"]["a"]), QByteArray("b"));
    const auto second = create(gateway, R"("input":[{"role":"user","content":"Really?"}],"previous_response_id":")"
                                            + id_of(first) + "\"");
    QCOMPARE(second.status, 200);
    QCOMPARE(text(second.json()["previous_response_id"]), id_of(first));
    const auto third =
        create(gateway, R"("input":"Bye","instructions":"be brief","stream":true,"previous_response_id":")"
                            + id_of(second) + "\"");
    QCOMPARE(third.status, 200);
    const auto end = last_event(third.body);
    QCOMPARE(text(end["type"]), QByteArray("response.completed"));
    const auto chat = sent(upstream, "/v1/chat/completions");
    QCOMPARE(chat.size(), qsizetype(3));
    const auto user = [](const char* said) { return Json{{"role", "user"}, {"content", said}}; };
    const Json fine{{"role", "assistant"}, {"content", "Fine."}};
    const Json all{Json{{"role", "system"}, {"content", "be brief"}},
                   user("How are you?"),
                   fine,
                   user("Really?"),
                   fine,
                   user("Bye")};
    QCOMPARE(text(chat[2]["messages"]), text(all));
    QCOMPARE(text(chat[2]["stream_options"]), QByteArray(R"({"include_usage":true})"));
    gateway.stop();
    QCOMPARE(gateway.hooks.calls("finished up/m1"), (std::map<std::string, int>{{"finished up/m1 success", 3}}));
    QCOMPARE(gateway.hooks.calls("conversation create"),
             (std::map<std::string, int>{{"conversation create memory success", 3}}));
    QCOMPARE(gateway.hooks.calls("usage"), (std::map<std::string, int>{{"usage up/m1 7+3", 3}}));
}

void TstResponsesRoute::what_is_stored_can_be_fetched_listed_and_deleted()
{
    TestGateway gateway(test_config({demo()}));
    const auto made = create(gateway, R"("input":[{"role":"user","content":"Hi"}])", "demo-tiny");
    QCOMPARE(made.status, 200);
    const QByteArray path = "/v1/responses/" + id_of(made);
    const auto fetched = ask(gateway, "GET", path);
    QCOMPARE(fetched.status, 200);
    QCOMPARE(fetched.body, made.body);
    const auto items = ask(gateway, "GET", path + "/input_items?limit=5");
    QVERIFY2(items.status == 200, items.body);
    QCOMPARE(text(items.json()["object"]), QByteArray("list"));
    QCOMPARE(text(items.json()["data"][0]["content"][0]["text"]), QByteArray("Hi"));
    QCOMPARE(text(items.json()["first_id"]), text(items.json()["data"][0]["id"]));
    QCOMPARE(ask(gateway, "GET", path + "?stream=true").status, 400);
    QCOMPARE(ask(gateway, "POST", path + "/cancel").status, 400);
    QCOMPARE(ask(gateway, "PUT", path).status, 405);

    const auto deleted = ask(gateway, "DELETE", path);
    QCOMPARE(deleted.status, 200);
    QCOMPARE(text(deleted.json()), "{\"deleted\":true,\"id\":\"" + id_of(made) + "\",\"object\":\"response\"}");
    for (const auto& [method, rest] : {std::pair("GET", ""), std::pair("DELETE", ""), std::pair("GET", "/input_items"),
                                       std::pair("POST", "/cancel")}) {
        const auto gone = ask(gateway, method, path + rest);
        QCOMPARE(gone.status, 404);
        QCOMPARE(gone.code(), std::string("response_not_found"));
    }
    QCOMPARE(ask(gateway, "GET", "/v1/responses/").status, 404);
    QCOMPARE(ask(gateway, "GET", "/v1/responses/a/b").status, 404);
}

void TstResponsesRoute::pages_of_input_items_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QByteArray>("ids"); // "?": refused
    QTest::addColumn<bool>("more");
    const auto row = [](const char* query, const char* ids, bool more) {
        QTest::newRow(query) << QByteArray(query) << QByteArray(ids) << more;
    };
    row("", "c b a", false);
    row("?order=asc", "a b c", false);
    row("?limit=2", "c b", true);
    row("?limit=2&after=b&include=x", "a", false);
    row("?order=asc&after=a&limit=1", "b", true);
    row("?after=a", "", false);
    row("?after=zz", "?", false);
    row("?limit=0", "?", false);
    row("?limit=101", "?", false);
    row("?limit=-1", "?", false);
    row("?limit=", "c b a", false);
    row("?order=up", "?", false);
    row("?&&=&limit", "c b a", false);
}

void TstResponsesRoute::pages_of_input_items()
{
    QFETCH(QByteArray, query);
    QFETCH(QByteArray, ids);
    QFETCH(bool, more);
    TestGateway gateway(test_config({demo()}));
    const auto made = create(gateway,
                             R"("input":[{"id":"a","role":"user","content":"1"},)"
                             R"({"id":"b","role":"user","content":"2"},{"id":"c","role":"user","content":"3"}])",
                             "demo-tiny");
    const auto page = ask(gateway, "GET", "/v1/responses/" + id_of(made) + "/input_items" + query);
    QCOMPARE(page.status, ids == "?" ? 400 : 200);
    if (ids == "?")
        return;
    QByteArrayList found;
    const Json list = page.json();
    for (const Json& item : list["data"])
        found << text(item["id"]);
    QCOMPARE(found.join(' '), ids);
    QCOMPARE(list["has_more"].get<bool>(), more);
    QCOMPARE(list["last_id"].is_null(), found.isEmpty());
}

void TstResponsesRoute::streams_are_stored_before_their_end_is_seen()
{
    F upstream(chats);
    TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
    RawHttp client(gateway.port());
    client.post("/v1/responses", R"({"model":"m1","input":"hi","stream":true})");
    QVERIFY(client.read_until([](const QByteArray& body) { return body.contains("event: response.completed"); }));
    QCOMPARE(client.header("content-type"), QByteArray("text/event-stream"));
    QVERIFY(client.read_reply());
    const auto response = last_event(client.body())["response"];
    const auto fetched = ask(gateway, "GET", "/v1/responses/" + text(response["id"]));
    QCOMPARE(text(fetched.json()), text(response));
    QVERIFY(!client.body().contains("[DONE]"));
}

void TstResponsesRoute::items_are_found_by_reference()
{
    F upstream(chats);
    TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
    const auto first = create(gateway, R"("input":"One?")");
    const auto item = text(first.json()["output"][0]["id"]);
    const auto second = create(gateway, R"("input":[{"type":"item_reference","id":")" + item
                                            + R"("},{"role":"user","content":"Two?"}])");
    QCOMPARE(second.status, 200);
    QCOMPARE(text(sent(upstream, "/v1/chat/completions")[1]["messages"]),
             QByteArray(R"([{"content":"Fine.","role":"assistant"},{"content":"Two?","role":"user"}])"));
    const auto lost = create(gateway, R"("input":[{"type":"item_reference","id":"msg_)" + QByteArray(52, 'a') + "\"}]");
    QCOMPARE(lost.status, 400);
    QCOMPARE(text(lost.json()["error"]["param"]), QByteArray("input[0].id"));
}

void TstResponsesRoute::what_is_not_stored()
{
    F upstream(chats);
    TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
    const auto made = create(gateway, R"("input":"x","store":false)");
    QCOMPARE(made.status, 200);
    QCOMPARE(made.json()["store"].get<bool>(), false);
    QCOMPARE(ask(gateway, "GET", "/v1/responses/" + id_of(made)).status, 404);
    const auto next = create(gateway, R"("input":"x","previous_response_id":")" + id_of(made) + "\"");
    QCOMPARE(next.status, 400);
    QCOMPARE(next.code(), std::string("previous_response_not_found"));
    QCOMPARE(text(next.json()["error"]["type"]), QByteArray("invalid_request_error"));
    QCOMPARE(text(next.json()["error"]["param"]), QByteArray("previous_response_id"));
}

void TstResponsesRoute::an_upstreams_own_api_passes_untouched()
{
    F upstream(responds);
    TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
    const QByteArray body = R"({ "model": "up/m1", "input":"hi",  "x":[1e2], "tools":[{"type":"web_search"}]})";
    const auto whole = ask(gateway, "POST", "/v1/responses", body);
    QCOMPARE(whole.body, fixture(QStringLiteral("openai_responses_reply.json")));
    const auto streamed = create(gateway, R"("input":"hi","stream":true)");
    QCOMPARE(streamed.body, fixture(QStringLiteral("openai_responses_stream.sse")));
    for (const auto& request : upstream.requests())
        if (request.method == "POST")
            QVERIFY(request.target == "/v1/responses" && !request.body.contains("include_usage"));
    QCOMPARE(upstream.requests().at(upstream.requests().size() - 2).body, QByteArray(body).replace("up/m1", "m1"));
    gateway.stop();
    QCOMPARE(gateway.hooks.calls("finished up/m1"), (std::map<std::string, int>{{"finished up/m1 success", 2}}));
    QCOMPARE(gateway.hooks.calls("usage"), (std::map<std::string, int>{{"usage up/m1 36+12", 2}}));
}

void TstResponsesRoute::what_an_upstream_keeps_is_asked_of_it()
{
    F other(responds);
    F upstream(responds);
    TestGateway gateway(
        test_config({openai_at(other.url().toStdString(), "other"), openai_at(upstream.url().toStdString())}));
    QCOMPARE(create(gateway, R"("input":"hi","stream":true)", "up/m1").status, 200);
    // "other" lists the model first, but "up" has the conversation.
    const auto next = create(gateway, R"("input":"and","previous_response_id":")" + held_id + "\"");
    QCOMPARE(next.status, 200);
    QCOMPARE(sent(upstream, "/v1/responses").size(), qsizetype(2));
    QCOMPARE(text(sent(upstream, "/v1/responses")[1]["previous_response_id"]), held_id);
    QCOMPARE(sent(other, "/v1/responses").size(), qsizetype(0));
    for (const auto& [method, rest] :
         {std::pair("GET", "?include=a&include=b"), std::pair("GET", "/input_items?limit=3"),
          std::pair("POST", "/cancel"), std::pair("DELETE", "")}) {
        QCOMPARE(ask(gateway, method, "/v1/responses/" + held_id + rest).body, QByteArray(R"({"its":"own"})"));
        const auto last = upstream.requests().last();
        QCOMPARE(last.method, QByteArray(method));
        QCOMPARE(last.target, "/v1/responses/" + held_id + rest);
    }
    QCOMPARE(ask(gateway, "GET", "/v1/responses/" + held_id).status, 404);
}

void TstResponsesRoute::one_in_the_background_is_known_from_its_first_event()
{
    const auto stream = fixture(QStringLiteral("openai_responses_stream.sse"));
    const auto first = stream.left(stream.indexOf("\n\n") + 2);
    F upstream([first](const F::Request& request) -> Script {
        if (request.method == "POST")
            return {F::chunked_head(200, "text/event-stream"), F::chunk(first), F::Hold{}};
        return responds(request);
    });
    TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
    for (const char* background : {"false", "true"}) {
        RawHttp client(gateway.port());
        client.post("/v1/responses",
                    R"({"model":"m1","input":"x","stream":true,"background":)" + QByteArray(background) + "}");
        QVERIFY(client.read_until([](const QByteArray& body) { return body.contains("response.created"); }));
        client.close();
        QCOMPARE(ask(gateway, "GET", "/v1/responses/" + held_id).status, background == QByteArray("true") ? 200 : 404);
    }
}

void TstResponsesRoute::an_upstream_without_the_api_is_asked_once()
{
    F upstream(chats);
    TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
    for (const char* streamed : {"true", "false", "true"})
        QCOMPARE(create(gateway, R"("input":"x","stream":)" + QByteArray(streamed)).status, 200);
    QCOMPARE(sent(upstream, "/v1/responses").size(), qsizetype(1));
    QCOMPARE(sent(upstream, "/v1/chat/completions").size(), qsizetype(3));
    gateway.stop();
    QCOMPARE(gateway.hooks.calls("finished up"), (std::map<std::string, int>{{"finished up/m1 success", 3}}));
}

void TstResponsesRoute::an_unknown_model_is_no_missing_api()
{
    const QByteArray refusal = R"({"error":{"message":"The model 'm1' does not exist","code":"model_not_found"}})";
    F upstream([refusal](const F::Request& request) -> Script {
        return request.method == "GET" ? listing("m1") : Script{F::reply(404, "application/json", refusal)};
    });
    TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
    for (int i = 0; i < 2; ++i) {
        const auto refused = create(gateway, R"("input":"x")");
        QCOMPARE(refused.status, 404);
        QCOMPARE(refused.body, refusal);
    }
    QCOMPARE(sent(upstream, "/v1/responses").size(), qsizetype(2));
    QCOMPARE(sent(upstream, "/v1/chat/completions").size(), qsizetype(0));
}

void TstResponsesRoute::nobody_knows_the_previous_response()
{
    F upstream(responds);
    TestGateway gateway(test_config({openai_at(upstream.url().toStdString()), demo()}));
    // The upstream may: it keeps its own.
    QCOMPARE(create(gateway, R"("input":"x","previous_response_id":"resp_made_elsewhere")").status, 200);
    QCOMPARE(sent(upstream, "/v1/responses").size(), qsizetype(1));
    const auto refused = create(gateway, R"("input":"x","previous_response_id":"resp_made_elsewhere")", "demo-tiny");
    QCOMPARE(refused.status, 400);
    QCOMPARE(refused.code(), std::string("previous_response_not_found"));
    QVERIFY(refused.body.contains("resp_made_elsewhere"));
    QCOMPARE(create(gateway, R"("input":"x","previous_response_id":"")", "demo-tiny").status, 400);
}

void TstResponsesRoute::a_held_response_needs_its_holder()
{
    F upstream(responds);
    TestGateway gateway(test_config({openai_at(upstream.url().toStdString()), demo()}));
    QCOMPARE(create(gateway, R"("input":"hi")").status, 200);
    const auto refused = create(gateway, R"("input":"x","previous_response_id":")" + held_id + "\"", "demo/demo-tiny");
    QCOMPARE(refused.status, 400);
    QCOMPARE(refused.code(), std::string("previous_response_not_found"));
    QVERIFY(refused.body.contains("'up'"));
    // And the other way round: what the gateway keeps, the upstream gets as a chat.
    const auto kept = create(gateway, R"("input":"hi")", "demo-tiny");
    const auto next = create(gateway, R"("input":"x","previous_response_id":")" + id_of(kept) + "\"");
    QCOMPARE(sent(upstream, "/v1/chat/completions").size(), qsizetype(1));
    QCOMPARE(next.status, 502); // it answered that with something that is no chat completion
}

void TstResponsesRoute::a_lost_beginning_is_told()
{
    TestGateway gateway(test_config({demo()}));
    const auto first = create(gateway, R"("input":"one")", "demo-tiny");
    const auto second = create(gateway, R"("input":"two","previous_response_id":")" + id_of(first) + "\"", "demo-tiny");
    QCOMPARE(ask(gateway, "DELETE", "/v1/responses/" + id_of(first)).status, 200);
    QCOMPARE(ask(gateway, "GET", "/v1/responses/" + id_of(second)).status, 200);
    const auto third =
        create(gateway, R"("input":"three","previous_response_id":")" + id_of(second) + "\"", "demo-tiny");
    QCOMPARE(third.status, 400);
    QCOMPARE(third.code(), std::string("previous_response_not_found"));
    QVERIFY(third.body.contains(id_of(first)));
}

void TstResponsesRoute::an_upstream_that_dies_leaves_nothing()
{
    F upstream([](const F::Request& request) -> Script {
        if (request.target != "/v1/chat/completions")
            return chats(request);
        return {F::chunked_head(200, "text/event-stream"), F::chunk(chat_stream.left(chat_stream.indexOf("\n\n") + 2)),
                F::Reset{}};
    });
    TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
    const auto broken = create(gateway, R"("input":"x","stream":true)");
    QCOMPARE(broken.status, 200);
    QCOMPARE(text(last_event(broken.body)["type"]), QByteArray("error"));
    QVERIFY(!broken.body.contains("response.completed"));
    const auto begin = broken.body.indexOf("resp_");
    QCOMPARE(ask(gateway, "GET", "/v1/responses/" + broken.body.mid(begin, 53)).status, 404);
    gateway.stop();
    QCOMPARE(gateway.hooks.calls("conversation create"), (std::map<std::string, int>{}));
}

void TstResponsesRoute::bad_requests_data()
{
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<QByteArray>("param");
    const auto row = [](const char* members, const char* param) {
        QTest::newRow(members) << QByteArray(members) << QByteArray(param);
    };
    row(R"("input":[])", "input");
    row(R"("instructions":"x")", "input");
    row(R"("input":"x","background":true)", "background");
    row(R"("input":"x","store":"yes")", "store");
    row(R"("input":"x","previous_response_id":7)", "previous_response_id");
    row(R"("input":"x","tools":[{"type":"web_search"}])", "tools[0].type");
}

void TstResponsesRoute::bad_requests()
{
    QFETCH(QByteArray, members);
    QFETCH(QByteArray, param);
    TestGateway gateway(test_config({demo()}));
    for (const QByteArray streamed : {"true", "false"}) {
        const auto refused = create(gateway, members + ",\"stream\":" + streamed, "demo-tiny");
        QCOMPARE(refused.status, 400);
        QCOMPARE(refused.code(), std::string("invalid_request"));
        QCOMPARE(text(refused.json()["error"]["param"]), param);
    }
}

QTEST_GUILESS_MAIN(TstResponsesRoute)
#include "tst_responses_route.moc"
