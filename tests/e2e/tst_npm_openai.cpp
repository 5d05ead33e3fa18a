// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fake_upstream.h"
#include "support/gateway_process.h"

#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include <nlohmann/json.hpp>

#include <memory>
#include <set>
#include <string>

using namespace tokenscope::test;
using Json = nlohmann::json;
using Script = FakeUpstream::Script;

namespace {

QByteArray data_file(const QString& name)
{
    QFile file(qEnvironmentVariable("TOKENSCOPE_TEST_DATA") + QStringLiteral("/upstreams/") + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// The lines of a stream as separate chunks, with a pause before the last ones.
Script line_by_line(const QByteArray& type, const QByteArray& stream, const QByteArray& separator)
{
    Script script{FakeUpstream::chunked_head(200, type)};
    qsizetype begin = 0;
    for (auto end = stream.indexOf(separator); end >= 0; end = stream.indexOf(separator, begin)) {
        end += separator.size();
        script << FakeUpstream::chunk(stream.mid(begin, end - begin));
        begin = end;
    }
    return script << FakeUpstream::last_chunk();
}

/// Has OpenAI's Responses API, and keeps what its recorded reply says until that is deleted.
Script answer_responses(const FakeUpstream::Request& request, bool streamed)
{
    static bool kept = true;
    const auto path =
        request.target.left(request.target.indexOf('?') < 0 ? request.target.size() : request.target.indexOf('?'));
    if (request.method == "POST" && streamed)
        return line_by_line("text/event-stream", data_file(QStringLiteral("openai_responses_stream.sse")), "\n\n");
    if (request.method == "DELETE") {
        kept = false;
        return {FakeUpstream::reply(200, "application/json", R"({"id":"resp","object":"response","deleted":true})")};
    }
    if (!kept && request.method == "GET")
        return {FakeUpstream::reply(404, "application/json", R"({"error":{"message":"Response not found."}})")};
    if (path.endsWith("/input_items"))
        return {FakeUpstream::reply(200, "application/json",
                                    R"({"object":"list","data":[{"id":"msg_1","type":"message","role":"user",)"
                                    R"("content":[{"type":"input_text","text":"Again."}]}],"first_id":"msg_1",)"
                                    R"("last_id":"msg_1","has_more":false})")};
    return {FakeUpstream::reply(200, "application/json", data_file(QStringLiteral("openai_responses_reply.json")))};
}

/// Only chats. Calls two tools at first, in pieces, and says in the end what came of them.
Script answer_tools(const FakeUpstream::Request& request, const Json& body)
{
    if (request.target != "/tools/v1/chat/completions")
        return {FakeUpstream::reply(404, "application/json", R"({"detail":"Not Found"})")};
    if (body["messages"].back()["role"] == "tool") {
        std::string text;
        for (const auto& message : body["messages"])
            if (message["role"] == "tool")
                text +=
                    message["tool_call_id"].get<std::string>() + ": " + message["content"].get<std::string>() + "; ";
        const Json reply{
            {"choices",
             {{{"index", 0}, {"message", {{"role", "assistant"}, {"content", text}}}, {"finish_reason", "stop"}}}}};
        return {FakeUpstream::reply(200, "application/json", QByteArray::fromStdString(reply.dump()))};
    }
    Script script{FakeUpstream::chunked_head(200, "text/event-stream")};
    const auto call = [&](int index, const char* id, const char* arguments) {
        Json one{{"index", index}, {"function", {{"arguments", arguments}}}};
        if (*id) {
            one["id"] = id;
            one["function"]["name"] = "weather";
        }
        const Json chunk{{"choices", {{{"index", 0}, {"delta", {{"tool_calls", {one}}}}}}}};
        script << FakeUpstream::chunk("data: " + QByteArray::fromStdString(chunk.dump()) + "\n\n");
    };
    call(0, "call_a", "");
    call(0, "", "{\"city\":");
    call(0, "", "\"Oslo\"}");
    call(1, "call_b", "{\"city\":\"Rome\"}");
    return script << FakeUpstream::chunk("data: [DONE]\n\n") << FakeUpstream::last_chunk();
}

/// Speaks both dialects after recorded wire formats, so that one server can stand behind either kind of provider.
Script answer(const FakeUpstream::Request& request)
{
    const auto json = [](const QString& name) -> Script {
        return {FakeUpstream::reply(200, "application/json", data_file(name))};
    };
    const auto body = Json::parse(request.body.toStdString(), nullptr, false);
    const bool streamed = body.is_object() && body.value("stream", false);
    if (request.target.startsWith("/tools/"))
        return answer_tools(request, body);
    if (request.target.startsWith("/v1/responses"))
        return answer_responses(request, streamed);
    if (request.target == "/v1/embeddings")
        return json(QStringLiteral("openai_embeddings_reply.json"));
    if (request.target == "/v1/models")
        return {FakeUpstream::reply(200, "application/json", R"({"object":"list","data":[{"id":"gpt-test"}]})")};
    if (request.target == "/api/tags")
        return json(QStringLiteral("ollama_tags.json"));
    if (request.target == "/v1/chat/completions")
        return streamed ? line_by_line("text/event-stream", data_file(QStringLiteral("openai_chat_stream.sse")), "\n\n")
                        : json(QStringLiteral("openai_chat_reply.json"));
    if (request.target == "/api/chat")
        return streamed
                   ? line_by_line("application/x-ndjson", data_file(QStringLiteral("ollama_chat_stream.ndjson")), "\n")
                   : json(QStringLiteral("ollama_chat_reply.json"));
    return {FakeUpstream::reply(404, "application/json", "{}")};
}

std::string ollama_text()
{
    std::string text;
    for (const auto& line : data_file(QStringLiteral("ollama_chat_stream.ndjson")).split('\n'))
        if (!line.isEmpty())
            text += Json::parse(line.toStdString()).at("message").value("content", "");
    return text;
}

std::string openai_text()
{
    std::string text;
    for (const auto& line : data_file(QStringLiteral("openai_chat_stream.sse")).split('\n')) {
        if (!line.startsWith("data: {"))
            continue;
        const auto chunk = Json::parse(line.mid(6).toStdString());
        if (!chunk.at("choices").empty() && chunk["choices"][0]["delta"].value("content", Json()).is_string())
            text += chunk["choices"][0]["delta"]["content"].get<std::string>();
    }
    return text;
}

} // namespace

/// The official npm client, unchanged, against a gateway process in front of each kind of provider.
class TstNpmOpenai : public QObject {
    Q_OBJECT

private:
    QString m_node;
    std::unique_ptr<FakeUpstream> m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;

    QList<Json> run(const QString& model, const QString& mode)
    {
        QProcess node;
        node.setWorkingDirectory(qEnvironmentVariable("TOKENSCOPE_E2E") + QStringLiteral("/npm"));
        node.start(m_node,
                   {QStringLiteral("openai_client.mjs"), m_gateway->url() + QStringLiteral("/v1"), model, mode});
        if (!node.waitForFinished(60'000))
            node.kill();
        const auto errors = node.readAllStandardError();
        if (!errors.isEmpty())
            qInfo("%s", errors.constData());
        QList<Json> lines;
        for (const auto& line : node.readAllStandardOutput().split('\n'))
            if (!line.isEmpty())
                lines << Json::parse(line.toStdString());
        return lines;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_node = QStandardPaths::findExecutable(QStringLiteral("node"));
        if (m_node.isEmpty())
            QSKIP("node is not installed, so its clients cannot be run.");
        if (!QFileInfo::exists(qEnvironmentVariable("TOKENSCOPE_E2E") + QStringLiteral("/npm/node_modules/openai")))
            QSKIP("The npm packages of tests/e2e/npm are not installed (npm ci did not run or failed).");
        m_upstream = std::make_unique<FakeUpstream>(answer);
        m_gateway = std::make_unique<GatewayProcess>(QStringLiteral(R"(
providers:
  - { name: openai, kind: openai, base_url: "%1/v1" }
  - { name: ollama, kind: ollama, base_url: "%1" }
  - { name: tools, kind: openai, base_url: "%1/tools/v1" }
  - { name: demo, kind: demo, demo: { per_token: 1ms, prefill_base: 5ms } }
)")
                                                         .arg(m_upstream->url()));
        QVERIFY2(m_gateway->started(), m_gateway->log());
    }

    void replies_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("text"); // empty: whatever the demo engine says
        QTest::newRow("openai") << QStringLiteral("openai/gpt-test") << QString::fromStdString(openai_text());
        QTest::newRow("ollama") << QStringLiteral("ollama/llama3.2") << QString::fromStdString(ollama_text());
        QTest::newRow("demo") << QStringLiteral("demo/demo-tiny") << QString();
    }

    void replies()
    {
        QFETCH(QString, model);
        QFETCH(QString, text);
        const auto plain = run(model, QStringLiteral("plain"));
        QCOMPARE(plain.size(), qsizetype(1));
        const auto content = QString::fromStdString(plain[0]["content"].get<std::string>());
        QVERIFY(!content.isEmpty());
        QCOMPARE(plain[0]["finish"].get<std::string>(), std::string("stop"));
        QVERIFY(plain[0]["usage"]["completion_tokens"].get<int>() > 0);

        const auto lines = run(model, QStringLiteral("stream"));
        QVERIFY(lines.size() > 3);
        QCOMPARE(lines.last().dump(), std::string(R"({"end":true})"));
        std::string streamed;
        int usages = 0, finishes = 0;
        for (const auto& line : lines) {
            streamed += line.value("delta", "");
            usages += line.contains("usage") && !line["usage"].is_null();
            finishes += line.contains("finish") && !line["finish"].is_null();
        }
        QCOMPARE(usages, 1);
        QCOMPARE(finishes, 1);
        QVERIFY(!streamed.empty());
        if (!text.isEmpty())
            QCOMPARE(QString::fromStdString(streamed), text);
    }

    void lists_models()
    {
        const auto lines = run(QString(), QStringLiteral("models"));
        QCOMPARE(lines.size(), qsizetype(1));
        std::set<std::string> owners;
        for (const auto& model : lines[0]["models"])
            owners.insert(model[1].get<std::string>());
        QCOMPARE(owners, (std::set<std::string>{"openai", "ollama", "demo"}));
    }

    void errors_are_the_clients_own_classes()
    {
        const auto lines = run(QString(), QStringLiteral("error"));
        QCOMPARE(lines.size(), qsizetype(1));
        QCOMPARE(lines[0]["status"].get<int>(), 404);
        QCOMPARE(lines[0]["code"].get<std::string>(), std::string("model_not_found"));
        QCOMPARE(lines[0]["name"].get<std::string>(), std::string("NotFoundError"));
    }

    void abort_reaches_the_metrics()
    {
        const auto lines = run(QStringLiteral("demo/demo-large"), QStringLiteral("abort"));
        QCOMPARE(lines.size(), qsizetype(1));
        QVERIFY(lines[0].contains("aborted"));
        QTRY_VERIFY(m_gateway->log().contains("\"status\":499"));
    }

    void embeddings()
    {
        const auto lines = run(QStringLiteral("openai/embed-test"), QStringLiteral("embeddings"));
        QCOMPARE(lines.size(), qsizetype(1));
        QCOMPARE(lines[0].dump(),
                 std::string(R"({"embedding":[0.25,-0.5,0.75],"usage":{"prompt_tokens":5,"total_tokens":5}})"));
    }

    void responses_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("text"); // empty: whatever the demo engine says
        QTest::newRow("native") << QStringLiteral("openai/gpt-test") << QStringLiteral("Hi there!");
        QTest::newRow("ollama") << QStringLiteral("ollama/llama3.2") << QString::fromStdString(ollama_text());
        QTest::newRow("demo") << QStringLiteral("demo/demo-tiny") << QString();
    }

    void responses()
    {
        QFETCH(QString, model);
        QFETCH(QString, text);
        const auto plain = run(model, QStringLiteral("responses"));
        QCOMPARE(plain.size(), qsizetype(1));
        QCOMPARE(plain[0]["status"].get<std::string>(), std::string("completed"));
        QVERIFY(!plain[0]["output_text"].get<std::string>().empty());
        QVERIFY(plain[0]["usage"]["output_tokens"].get<int>() > 0);

        const auto events = run(model, QStringLiteral("responses-stream"));
        QVERIFY(events.size() > 8);
        QCOMPARE(events.last().dump(), std::string(R"({"end":true})"));
        std::string streamed;
        for (qsizetype i = 0; i + 1 < events.size(); ++i) {
            QCOMPARE(events[i]["sequence_number"].get<qsizetype>(), i);
            if (events[i]["type"] == "response.output_text.delta")
                streamed += events[i]["delta"].get<std::string>();
        }
        QCOMPARE(events.first()["type"].get<std::string>(), std::string("response.created"));
        const auto& end = events[events.size() - 2];
        QCOMPARE(end["type"].get<std::string>(), std::string("response.completed"));
        QVERIFY(end["response"]["usage"]["total_tokens"].get<int>() > 0);
        if (!text.isEmpty())
            QCOMPARE(QString::fromStdString(streamed), text);

        const auto helped = run(model, QStringLiteral("responses-helper"));
        QCOMPARE(helped.size(), qsizetype(1));
        QCOMPARE(helped[0]["output_text"].get<std::string>(), helped[0]["heard"].get<std::string>());
    }

    void responses_have_a_state_data()
    {
        QTest::addColumn<QString>("model");
        QTest::newRow("native") << QStringLiteral("openai/gpt-test");
        QTest::newRow("demo") << QStringLiteral("demo/demo-tiny");
    }

    void responses_have_a_state()
    {
        QFETCH(QString, model);
        const auto lines = run(model, QStringLiteral("responses-state"));
        QCOMPARE(lines.size(), qsizetype(1));
        QVERIFY(lines[0]["same"].get<bool>());
        if (model.startsWith(QStringLiteral("demo")))
            QVERIFY(lines[0]["previous"].get<bool>());
        QVERIFY(!lines[0]["text"].get<std::string>().empty());
        QCOMPARE(lines[0]["items"].size(), std::size_t(1));
        QCOMPARE(lines[0]["items"][0]["content"][0]["text"].get<std::string>(), std::string("Again."));
        QCOMPARE(lines[0]["gone"].get<std::string>(), std::string("NotFoundError"));
    }

    void responses_call_tools()
    {
        const auto lines = run(QStringLiteral("tools/any"), QStringLiteral("responses-tools"));
        QCOMPARE(lines.size(), qsizetype(1));
        QCOMPARE(lines[0]["calls"].size(), std::size_t(2));
        QCOMPARE(lines[0]["text"].get<std::string>(), std::string("call_a: 21 in Oslo; call_b: 21 in Rome; "));
    }

    void responses_errors_are_the_clients_own_classes()
    {
        const auto lines = run(QStringLiteral("demo/demo-tiny"), QStringLiteral("responses-error"));
        QCOMPARE(lines.size(), qsizetype(1));
        QCOMPARE(lines[0].dump(),
                 std::string(R"({"code":"previous_response_not_found","name":"BadRequestError",)"
                             R"("param":"previous_response_id","status":400,"type":"invalid_request_error"})"));
    }

    void aborted_responses_are_counted()
    {
        const auto before = m_gateway->log().count("\"status\":499");
        const auto lines = run(QStringLiteral("demo/demo-large"), QStringLiteral("responses-abort"));
        QCOMPARE(lines.size(), qsizetype(1));
        QVERIFY(lines[0].contains("aborted"));
        QTRY_VERIFY(m_gateway->log().count("\"status\":499") > before);
    }
};

QTEST_GUILESS_MAIN(TstNpmOpenai)
#include "tst_npm_openai.moc"
