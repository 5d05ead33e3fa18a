// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ollama_servers.h"

#include <QTest>

#include <nlohmann/json.hpp>

using namespace tokenscope;
using namespace tokenscope::test;
using namespace std::chrono_literals;
using Calls = std::map<std::string, int>;
using Json = nlohmann::ordered_json;

namespace {

Json body_of(const RawHttp& client)
{
    return Json::parse(client.body().toStdString(), nullptr, false);
}

QByteArray dump(const Json& json)
{
    return QByteArray::fromStdString(json.dump());
}

} // namespace

/// Ollama's native API at the gateway: passed through to an Ollama, translated for others.
class TstOllamaRoutes : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void passes_through_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<QByteArray>("usage");
        const QByteArray plain = "application/json; charset=utf-8";
        const QByteArray lines = "application/x-ndjson";
        QTest::newRow("chat") << QByteArray("/api/chat")
                              << QByteArray(R"({"model":"phi4:latest","stream":false,"messages":[],"new":1.50})")
                              << plain << fixture("ollama_chat_reply.json") << QByteArray("26+5");
        QTest::newRow("chat, streamed") << QByteArray("/api/chat")
                                        << QByteArray(R"({ "model":"phi4:latest","messages":[{"role":"user"}]})")
                                        << lines << fixture("ollama_chat_stream.ndjson") << QByteArray("26+5");
        QTest::newRow("generate") << QByteArray("/api/generate")
                                  << QByteArray(R"({"model":"phi4:latest","prompt":"a","suffix":"b","stream":false})")
                                  << plain << fixture("ollama_generate_reply.json") << QByteArray("12+4");
        QTest::newRow("generate, streamed")
            << QByteArray("/api/generate")
            << QByteArray(R"({"model":"phi4:latest","prompt":"a","raw":true,"stream":true})") << lines
            << fixture("ollama_generate_stream.ndjson") << QByteArray("12+4");
        QTest::newRow("lines called JSON")
            << QByteArray("/api/generate") << QByteArray(R"({"model":"phi4:latest","prompt":"a"})") << plain
            << fixture("ollama_generate_stream.ndjson") << QByteArray("12+4");
        QTest::newRow("load") << QByteArray("/api/generate") << QByteArray(R"({"model":"phi4:latest"})") << plain
                              << QByteArray(R"({"model":"phi4:latest","response":"","done":true,"done_reason":"load"})")
                              << QByteArray();
        QTest::newRow("embed") << QByteArray("/api/embed") << QByteArray(R"({"model":"phi4:latest","input":["a","b"]})")
                               << plain << fixture("ollama_embed_reply.json") << QByteArray("8+-");
        QTest::newRow("embed, with a stream that it has not")
            << QByteArray("/api/embed") << QByteArray(R"({"model":"phi4:latest","input":"a","stream":true})") << plain
            << fixture("ollama_embed_reply.json") << QByteArray("8+-");
        QTest::newRow("embeddings") << QByteArray("/api/embeddings")
                                    << QByteArray(R"({"model":"phi4:latest","prompt":"a"})") << plain
                                    << QByteArray(R"({"embedding":[0.50,1]})") << QByteArray();
        QTest::newRow("OpenAI's completions")
            << QByteArray("/v1/completions") << QByteArray(R"({"model":"phi4:latest","prompt":"a"})") << plain
            << QByteArray(R"({"choices":[{"text":"b"}],"usage":{"prompt_tokens":2,"completion_tokens":1}})")
            << QByteArray("2+1");
        QTest::newRow("OpenAI's embeddings")
            << QByteArray("/v1/embeddings") << QByteArray(R"({"model":"phi4:latest","input":"a"})") << plain
            << QByteArray(R"({"data":[{"embedding":[1]}],"usage":{"prompt_tokens":4}})") << QByteArray("4+-");
    }

    void passes_through()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, request);
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, reply);
        QFETCH(QByteArray, usage);
        F upstream(ollama(Script{F::reply(200, type, reply)}));
        TestGateway gateway(test_config({ollama_at(upstream)}));
        RawHttp client(gateway.port());
        client.post(path, request);
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 200);
        QCOMPARE(client.body(), reply);
        QCOMPARE(client.header("content-type"), type);
        gateway.stop();
        QCOMPARE(asked(upstream).target, path);
        QCOMPARE(asked(upstream).body, request);
        QCOMPARE(gateway.hooks.calls("finished"), (Calls{{"finished oll/phi4:latest success", 1}}));
        const Calls expected = usage.isEmpty() ? Calls{} : Calls{{"usage oll/phi4:latest " + usage.toStdString(), 1}};
        QCOMPARE(gateway.hooks.calls("usage"), expected);
    }

    void lines_come_as_they_are_sent()
    {
        const QByteArray first = R"({"model":"phi4:latest","message":{"content":"a"},"done":false})";
        F upstream(ollama(Script{F::chunked_head(200, "application/x-ndjson"), F::chunk(first.left(20)), F::Hold{},
                                 F::chunk(first.mid(20) + "\n{\"done\":true}\n"), F::last_chunk()}));
        TestGateway gateway(test_config({ollama_at(upstream)}));
        RawHttp client(gateway.port());
        client.post("/api/chat", R"({"model":"phi4","messages":[{"role":"user","content":"a"}]})");
        QVERIFY(client.read_until([&](const QByteArray& body) { return body == first.left(20); }));
        upstream.release();
        QVERIFY(client.read_reply());
        QCOMPARE(client.body(), first + "\n{\"done\":true}\n");
    }

    void names_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("upstream_name");
        QTest::newRow("as listed") << QByteArray("phi4:latest") << QByteArray("phi4:latest");
        QTest::newRow("without its tag") << QByteArray("phi4") << QByteArray("phi4:latest");
        QTest::newRow("with its provider") << QByteArray("oll/phi4:latest") << QByteArray("phi4:latest");
        QTest::newRow("with its provider, without its tag") << QByteArray("oll/phi4") << QByteArray("phi4:latest");
        QTest::newRow("another tag") << QByteArray("qwen3:8b") << QByteArray("qwen3:8b");
        QTest::newRow("not listed") << QByteArray("oll/new") << QByteArray("new");
        QTest::newRow("alias") << QByteArray("fast") << QByteArray("phi4:latest");
    }

    void names()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, upstream_name);
        F upstream(ollama([](const F::Request& request) {
            return request.target == "/api/show" ? json("{}") : json(R"({"done":true})");
        }));
        auto config = test_config({demo(), ollama_at(upstream)});
        config.aliases = {{"fast", "phi4"}};
        TestGateway gateway(config);
        const auto body = [](const QByteArray& model, const char* key = "model") -> QByteArray {
            return QByteArray("{\"x\":1, \"") + key + "\": \"" + model + "\", \"stream\":false,\"y\":[1.50]}";
        };
        for (const auto* path : {"/api/chat", "/api/generate", "/api/embed", "/api/embeddings"}) {
            RawHttp client(gateway.port());
            client.post(path, body(name));
            QVERIFY(client.read_reply());
            QCOMPARE(client.status(), 200);
            QCOMPARE(asked(upstream).body, body(upstream_name));
        }
        for (const auto* key : {"model", "name"}) {
            RawHttp client(gateway.port());
            client.post("/api/show", body(name, key));
            QVERIFY(client.read_reply());
            QCOMPARE(asked(upstream).target, QByteArray("/api/show"));
            QCOMPARE(dump(Json::parse(asked(upstream).body.toStdString())),
                     dump(Json::parse(body(upstream_name, key).toStdString())));
        }
    }

    void only_ollama_has_an_implied_tag()
    {
        F upstream(openai(json("{}")));
        TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
        RawHttp client(gateway.port());
        client.post("/api/chat", R"({"model":"phi4","messages":[{"role":"user"}]})");
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 404);
    }

    void broken_streams_data()
    {
        QTest::addColumn<QByteArray>("sent");
        QTest::addColumn<QByteArray>("added"); // beginning of what the client gets besides
        QTest::addColumn<QByteArray>("reason");
        const QByteArray line = "{\"message\":{\"content\":\"a\"}}\n";
        QTest::newRow("error line") << QByteArray(line + "{\"error\":\"out of memory\"}\n") << QByteArray()
                                    << QByteArray("error");
        QTest::newRow("cut behind a line") << line << QByteArray("{\"error\":\"") << QByteArray("error");
        QTest::newRow("cut in a line") << QByteArray(line + "{\"mess") << QByteArray("\n{\"error\":\"")
                                       << QByteArray("error");
        QTest::newRow("nothing") << QByteArray() << QByteArray("{\"error\":\"") << QByteArray("error");
    }

    void broken_streams()
    {
        QFETCH(QByteArray, sent);
        QFETCH(QByteArray, added);
        Script script{F::chunked_head(200, "application/x-ndjson")};
        if (!sent.isEmpty())
            script << F::chunk(sent);
        F upstream(ollama(script << F::last_chunk()));
        TestGateway gateway(test_config({ollama_at(upstream)}));
        RawHttp client(gateway.port());
        client.post("/api/chat", R"({"model":"phi4","messages":[{"role":"user"}]})");
        QVERIFY(client.read_reply());
        QVERIFY(client.body().startsWith(QByteArray(sent + added)));
        QCOMPARE(client.body().size() > sent.size(), !added.isEmpty());
        QVERIFY(client.body().endsWith('\n'));
        gateway.stop();
        QCOMPARE(gateway.hooks.calls("finished"), (Calls{{"finished oll/phi4:latest error", 1}}));
    }

    void refusals_come_as_they_are()
    {
        const QByteArray refusal = "{\"error\":\"\\\"phi4\\\" does not support tools\"}";
        F upstream(ollama(json(refusal, 400)));
        TestGateway gateway(test_config({ollama_at(upstream)}));
        QCOMPARE(post(gateway, "/api/chat", R"({"model":"phi4"})"), QByteArray("400 " + refusal));
        QCOMPARE(post(gateway, "/api/chat", R"({"model":"phi4","stream":false})"), QByteArray("400 " + refusal));
    }

    void a_page_is_no_reply()
    {
        F upstream(ollama(Script{F::reply(200, "text/html", "<html>")}));
        TestGateway gateway(test_config({ollama_at(upstream)}));
        for (const auto* stream : {"true", "false"}) {
            RawHttp client(gateway.port());
            client.post("/api/generate", QByteArray(R"({"model":"phi4","prompt":"a","stream":)") + stream + "}");
            QVERIFY(client.read_reply());
            QCOMPARE(client.status(), 502);
            QVERIFY(body_of(client)["error"].is_string());
        }
    }

    void translates_for_others()
    {
        F upstream(
            openai({F::reply(200, "text/event-stream",
                             "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\n"
                             "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\n\n"
                             "data: [DONE]\n\n")}));
        TestGateway gateway(test_config({openai_at(upstream.url().toStdString())}));
        for (const auto* path : {"/api/chat", "/api/generate"}) {
            RawHttp client(gateway.port());
            client.post(path, R"({"model":"up/m1","prompt":"a","messages":[{"role":"user","content":"a"}]})",
                        "Content-Type: application/x-www-form-urlencoded\r\n");
            QVERIFY(client.read_reply());
            QCOMPARE(client.status(), 200);
            QCOMPARE(client.header("content-type"), QByteArray("application/x-ndjson"));
            const auto lines = client.body().split('\n');
            QCOMPARE(lines.size(), qsizetype(3));
            const auto last = Json::parse(lines[1].toStdString());
            QCOMPARE(dump(last["model"]), QByteArray("\"up/m1\""));
            QCOMPARE(dump(last["prompt_eval_count"]) + "+" + dump(last["eval_count"]), QByteArray("7+3"));
            QCOMPARE(asked(upstream).target, QByteArray("/v1/chat/completions"));
            QVERIFY(asked(upstream).body.contains(R"("model":"m1")"));
        }
        gateway.stop();
        QCOMPARE(gateway.hooks.calls("usage"), (Calls{{"usage up/m1 7+3", 2}}));
        QCOMPARE(gateway.hooks.calls("finished"), (Calls{{"finished up/m1 success", 2}}));
    }

    void translated_errors()
    {
        F refusing(openai(json("{\"error\":{\"message\":\"too \\\"hot\\\"\"}}", 400)));
        F breaking(openai({F::reply(200, "text/event-stream", "data: {\"error\":{\"message\":\"gone\"}}\n\n")}));
        TestGateway gateway(test_config(
            {openai_at(refusing.url().toStdString(), "one"), openai_at(breaking.url().toStdString(), "two")}));
        const auto chat = [&](const QByteArray& model) {
            return post(gateway, "/api/chat", "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\"}]}");
        };
        QCOMPARE(chat("one/m1"), QByteArray("400 {\"error\":\"too \\\"hot\\\"\"}"));
        QCOMPARE(chat("two/m1"), QByteArray("200 {\"error\":\"gone\"}\n"));
        gateway.stop();
        QCOMPARE(gateway.hooks.calls("finished"), (Calls{{"finished one/m1 error", 1}, {"finished two/m1 error", 1}}));
    }

    void embeds_of_others()
    {
        F upstream(openai(json(R"({"data":[{"embedding":[0.50,1]}],"usage":{"prompt_tokens":4}})")));
        TestGateway gateway(test_config({openai_at(upstream.url().toStdString()), demo()}));
        const auto embed = [&](const QByteArray& path, const QByteArray& model) {
            return post(gateway, path, "{\"model\":\"" + model + "\",\"input\":[\"a\"],\"prompt\":\"b\"}");
        };
        QCOMPARE(embed("/api/embed", "m1"),
                 QByteArray(R"(200 {"model":"m1","embeddings":[[0.50,1]],"prompt_eval_count":4})"));
        QCOMPARE(asked(upstream).target, QByteArray("/v1/embeddings"));
        QCOMPARE(embed("/api/embeddings", "m1"), QByteArray(R"(200 {"embedding":[0.50,1]})"));
        const auto refused = embed("/api/embed", "demo/demo-tiny");
        QVERIFY(refused.startsWith("400 {\"error\":\"Provider demo"));
        gateway.stop();
        QCOMPARE(gateway.hooks.calls("usage up"), (Calls{{"usage up/m1 4+-", 2}}));
    }

    void others_are_always_loaded()
    {
        TestGateway gateway(test_config({demo()}));
        const auto post = [&](const QByteArray& path, const QByteArray& rest) {
            RawHttp client(gateway.port());
            client.post(path, R"({"model":"demo/demo-tiny")" + rest + "}");
            auto json = client.read_reply() && client.status() == 200 ? body_of(client) : Json();
            json.erase("created_at");
            return dump(json);
        };
        QCOMPARE(post("/api/generate", ""),
                 QByteArray(R"({"model":"demo/demo-tiny","response":"","done":true,"done_reason":"load"})"));
        QCOMPARE(post("/api/chat", R"(,"messages":[],"keep_alive":0)"),
                 QByteArray(R"({"model":"demo/demo-tiny","message":{"role":"assistant","content":""},)"
                            R"("done":true,"done_reason":"unload"})"));
        gateway.stop();
        QCOMPARE(gateway.hooks.calls("finished"), (Calls{{"finished demo/demo-tiny success", 2}}));
    }

    void unknown_models_data()
    {
        QTest::addColumn<QByteArray>("path");
        for (const auto* path : {"/api/chat", "/api/generate", "/api/embed", "/api/embeddings", "/api/show"})
            QTest::newRow(path) << QByteArray(path);
    }

    void unknown_models()
    {
        QFETCH(QByteArray, path);
        TestGateway gateway(test_config({demo()}));
        RawHttp client(gateway.port());
        client.post(
            path,
            "{\"model\":\"no'such\\\"model\",\"prompt\":\"a\",\"input\":\"a\",\"messages\":[{\"role\":\"user\"}]}");
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 404);
        const auto words = QByteArray::fromStdString(body_of(client)["error"].get<std::string>());
        QVERIFY2(words.startsWith("model 'no'such\"model' not found"), words.constData());
        QVERIFY(words.contains("demo-tiny"));
    }

    void tags()
    {
        F first(ollama(json("{}")));
        F second(ollama(json("{}")));
        F other(openai(Script{}));
        TestGateway gateway(
            test_config({ollama_at(first), openai_at(other.url().toStdString()), ollama_at(second, "two"), demo()}));
        RawHttp client(gateway.port());
        client.get("/api/tags");
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 200);
        // The first Ollama's entries stand there as it has them.
        const auto own = fixture("ollama_tags.json").trimmed();
        QVERIFY(client.body().startsWith(own.left(own.size() - 2)));
        const auto models = body_of(client)["models"];
        QByteArray names;
        for (const auto& model : models) {
            names += QByteArray::fromStdString(model["name"].get<std::string>()) + " ";
            QCOMPARE(dump(model["name"]), dump(model["model"]));
            QVERIFY(model["digest"].get<std::string>().size() >= 12); // or the command line client crashes
            QVERIFY(model["size"].is_number() && model["modified_at"].is_string() && model["details"].is_object());
        }
        QVERIFY2(names.startsWith("phi4:latest qwen3:8b m1 up/phi4:latest two/phi4:latest two/qwen3:8b "),
                 names.constData());
        QCOMPARE(dump(models[2]["modified_at"]), QByteArray("\"2026-01-05T10:15:30.000000000Z\""));
        QCOMPARE(dump(models[3]["modified_at"]), QByteArray("\"0001-01-01T00:00:00Z\""));
        QCOMPARE(dump(models[2]["remote_host"]), QByteArray("\"up\""));
        QCOMPARE(dump(models[4]["size"]), dump(models[0]["size"]));
        QVERIFY(!models[4].contains("remote_host"));
        for (const auto& model : models) { // every name finds its model
            RawHttp show(gateway.port());
            show.post("/api/show", dump(Json{{"model", model["name"]}}));
            QVERIFY(show.read_reply());
            QCOMPARE(show.status(), 200);
        }
    }

    void show_and_ps_and_version()
    {
        F upstream(ollama(full_answer));
        TestGateway gateway(test_config({demo(), ollama_at(upstream)}));
        QCOMPARE(get(gateway, "/api/version"), QByteArray(R"({"version":"0.13.5"})"));
        QCOMPARE(get(gateway, "/api/ps"), fixture("ollama_ps.json"));
        RawHttp client(gateway.port());
        client.post("/api/show", R"({"model":"phi4"})");
        QVERIFY(client.read_reply());
        QCOMPARE(client.body(), fixture("ollama_show.json"));
        RawHttp other(gateway.port());
        other.post("/api/show", R"( {"name":"demo-tiny"})");
        QVERIFY(other.read_reply());
        const auto known = body_of(other);
        QCOMPARE(dump(known["capabilities"]), QByteArray(R"(["completion"])"));
        QCOMPARE(dump(known["details"]["family"]), QByteArray("\"demo\""));
        QCOMPARE(dump(known["remote_model"]), QByteArray("\"demo-tiny\""));
        QVERIFY(!known.contains("model_info"));
    }

    void without_any_ollama()
    {
        TestGateway gateway(test_config({demo()}));
        QCOMPARE(get(gateway, "/api/version"), QByteArray("{\"version\":\"" TOKENSCOPE_VERSION "\"}"));
        QCOMPARE(get(gateway, "/api/ps"), QByteArray(R"({"models":[]})"));
        QCOMPARE(get(gateway, "/"), QByteArray("Tokenscope is running"));
        RawHttp heartbeat(gateway.port());
        heartbeat.send("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QVERIFY(heartbeat.read_until([&](const QByteArray&) { return heartbeat.status() != 0; }));
        QCOMPARE(heartbeat.status(), 200);
    }

    void a_dead_or_broken_ollama_hides_nobody()
    {
        F broken([](const F::Request&) -> Script { return {F::reply(200, "application/json", "nope")}; });
        F failing([](const F::Request&) -> Script { return json(R"({"error":"x"})", 500); });
        F upstream(ollama(full_answer));
        auto dead = ollama_at(upstream, "dead");
        dead.base_url = "http://127.0.0.1:1";
        TestGateway gateway(test_config(
            {dead, ollama_at(broken, "broken"), ollama_at(failing, "failing"), ollama_at(upstream), demo()}));
        const auto json_at = [&](const QByteArray& path) { return Json::parse(get(gateway, path).toStdString()); };
        QCOMPARE(dump(json_at("/api/version")), QByteArray(R"({"version":"0.13.5"})"));
        QCOMPARE(json_at("/api/ps")["models"].size(), std::size_t(1));
        QCOMPARE(dump(json_at("/api/tags")["models"][0]["name"]), QByteArray("\"phi4:latest\""));
    }

    void a_silent_ollama_holds_nobody_up_for_long()
    {
        F silent(ollama(Script{F::Hold{}}));
        F upstream(ollama(full_answer));
        TestGateway gateway(test_config({ollama_at(silent, "silent"), ollama_at(upstream)}));
        QCOMPARE(get(gateway, "/api/version"), QByteArray(R"({"version":"0.13.5"})"));
        QTRY_VERIFY(silent.disconnects() > 0); // and is not asked any longer
    }

    void nobody_is_asked_for_a_client_that_has_left()
    {
        F silent(ollama(Script{F::Hold{}}));
        TestGateway gateway(test_config({ollama_at(silent)}));
        RawHttp client(gateway.port());
        client.get("/api/ps");
        QTRY_VERIFY(was_asked(silent, "/api/ps"));
        const auto before = silent.disconnects();
        client.close();
        QTRY_VERIFY_WITH_TIMEOUT(silent.disconnects() > before, 3'000);
    }

    void a_new_configuration_does_not_disturb_an_answer()
    {
        F silent(ollama(Script{F::Hold{}, F::reply(200, "application/json", R"({"models":[{"name":"a"}]})")}));
        TestGateway gateway(test_config({ollama_at(silent)}));
        RawHttp client(gateway.port());
        client.get("/api/ps");
        QTRY_VERIFY(was_asked(silent, "/api/ps"));
        auto config = test_config({demo()});
        QVERIFY(gateway.gateway().apply(config).has_value());
        silent.release();
        QVERIFY(client.read_reply());
        QCOMPARE(client.body(), QByteArray(R"({"models":[{"name":"a"}]})"));
    }

    void bad_show_requests_data()
    {
        QTest::addColumn<QByteArray>("body");
        for (const char* body : {"", "nope", "[]", "{}", R"({"model":""})", R"({"model":5})", "\xff"})
            QTest::newRow(body) << QByteArray(body);
    }

    void bad_show_requests()
    {
        QFETCH(QByteArray, body);
        TestGateway gateway(test_config({demo()}));
        RawHttp client(gateway.port());
        client.post("/api/show", body);
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 400);
        QVERIFY(body_of(client)["error"].is_string());
    }

    void managing_is_refused_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("path");
        for (const auto* path : {"/api/pull", "/api/push", "/api/create", "/api/copy", "/api/blobs/sha256:00"})
            QTest::newRow(path) << QByteArray("POST") << QByteArray(path);
        QTest::newRow("delete") << QByteArray("DELETE") << QByteArray("/api/delete");
    }

    void managing_is_refused()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, path);
        F upstream(ollama(full_answer));
        TestGateway gateway(test_config({ollama_at(upstream)}));
        RawHttp client(gateway.port());
        client.send(method + " " + path
                    + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 16\r\n\r\n{\"model\":\"phi4\"}");
        QVERIFY(client.read_reply());
        QCOMPARE(client.status(), 403);
        QVERIFY(client.body().contains("OLLAMA_HOST"));
        for (const auto& request : upstream.requests())
            QVERIFY(request.target == "/api/tags");
    }

    void side_calls_bring_the_clients_key_unless_it_is_ours()
    {
        for (const bool ours : {false, true}) {
            F upstream(ollama(full_answer));
            auto config = test_config({ollama_at(upstream)});
            if (ours) // SHA-256 of "abc"
                config.auth.keys = {{"me", "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}};
            TestGateway gateway(config);
            RawHttp client(gateway.port());
            client.post("/api/show", R"({"model":"phi4"})", "Authorization: Bearer abc\r\n");
            QVERIFY(client.read_reply());
            QCOMPARE(client.status(), 200);
            QCOMPARE(asked(upstream).header("authorization"), ours ? QByteArray() : QByteArray("Bearer abc"));
            RawHttp tags(gateway.port());
            tags.send("GET /api/version HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer abc\r\n\r\n");
            QVERIFY(tags.read_reply());
            const auto key = asked(upstream, "/api/version").header("authorization");
            QCOMPARE(key, ours ? QByteArray() : QByteArray("Bearer abc"));
        }
    }
};

QTEST_GUILESS_MAIN(TstOllamaRoutes)
#include "tst_ollama_routes.moc"
