// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm_test.h"

#include "llm/ollama_chat.h"
#include "llm/openai_chat.h"

using namespace tokenscope;
using namespace tokenscope::llm;
using llmtest::bytes;

class TestOllamaReply : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void translates_the_fixture();
    void tool_calls();
    void refuses_data();
    void refuses();
    void tags();
    void times_data();
    void times();
    void bad_tags();
    void errors_data();
    void errors();
};

namespace {

const OpenAiChunkWriter head{.id = "chatcmpl-9", .created = 7, .model = "asked"};

} // namespace

void TestOllamaReply::translates_the_fixture()
{
    const auto reply = ollama_reply_to_openai(llmtest::fixture("ollama_chat_reply.json"), head);
    QVERIFY(reply.has_value());
    const Usage expected{.prompt = 26, .completion = 5, .total = 31};
    QVERIFY(reply->facts.usage == expected);
    QCOMPARE(bytes(reply->facts.model), QByteArray("phi4:latest"));
    QVERIFY(reply->durations.load == std::chrono::milliseconds(830));
    const auto json = nlohmann::json::parse(reply->body);
    QVERIFY(json["model"] == "asked" && json["id"] == "chatcmpl-9" && json["created"] == 7);
    const auto& choice = json["choices"][0];
    QVERIFY(choice["message"]["content"] == "Hello, \"w\xC3\xB6rld\" \xF0\x9F\x91\x8B");
    QVERIFY(choice["message"]["reasoning"] == "The user greets me. Greet back.");
    QVERIFY(choice["finish_reason"] == "stop");
    const auto facts = read_openai_reply(reply->body);
    QVERIFY(facts.has_value() && facts->usage == expected);
}

void TestOllamaReply::tool_calls()
{
    const auto reply = ollama_reply_to_openai(
        R"({"message":{"tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]},"done":true,"done_reason":"stop"})",
        head);
    QVERIFY(reply.has_value());
    const auto choice = nlohmann::json::parse(reply->body)["choices"][0];
    QVERIFY(choice["finish_reason"] == "tool_calls");
    QVERIFY(choice["message"]["content"].is_null());
    QVERIFY(choice["message"]["tool_calls"][0]["id"] == "call_9_0");
    QVERIFY(choice["message"]["tool_calls"][0]["function"]["arguments"] == R"({"a":1})");
    QVERIFY(!nlohmann::json::parse(reply->body).contains("usage")); // nobody counted
}

void TestOllamaReply::refuses_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("words");
    QTest::newRow("empty") << QByteArray() << QByteArray("not a JSON object");
    QTest::newRow("array") << QByteArray("[]") << QByteArray("not a JSON object");
    QTest::newRow("two lines") << QByteArray("{\"done\":false}\n{\"done\":true}") << QByteArray("not a JSON object");
    QTest::newRow("error") << QByteArray(R"({"error":"boom"})") << QByteArray("boom");
    QTest::newRow("not done") << QByteArray(R"({"message":{"content":"x"},"done":false})")
                              << QByteArray("not complete");
    QTest::newRow("something else") << QByteArray(R"({"version":"1"})") << QByteArray("not complete");
}

void TestOllamaReply::refuses()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, words);
    const auto reply = ollama_reply_to_openai(body.toStdString(), head);
    QVERIFY(!reply.has_value());
    QVERIFY(reply.error().code == ErrorCode::upstream_bad_reply);
    QVERIFY2(bytes(reply.error().message).contains(words), reply.error().message.c_str());
}

void TestOllamaReply::tags()
{
    const auto models = read_ollama_tags(llmtest::fixture("ollama_tags.json"));
    QVERIFY(models.has_value());
    QCOMPARE(models->size(), std::size_t{2});
    QCOMPARE(bytes((*models)[0].id), QByteArray("phi4:latest"));
    QCOMPARE((*models)[0].created, std::int64_t{1767604530});
    QCOMPARE(bytes((*models)[1].id), QByteArray("qwen3:8b"));
    QCOMPARE((*models)[1].created, std::int64_t{1766599200});
    QVERIFY(read_ollama_tags(R"({"models":[]})")->empty());
    QVERIFY(read_ollama_tags(R"({"models":null})")->empty());
    QCOMPARE(read_ollama_tags(R"({"models":[{"model":"a"},{"size":1},5]})")->size(), std::size_t{1});
}

void TestOllamaReply::times_data()
{
    QTest::addColumn<QByteArray>("time");
    QTest::addColumn<qint64>("expected");
    const auto row = [](const char* time, qint64 expected) { QTest::newRow(time) << QByteArray(time) << expected; };
    row("1970-01-01T00:00:10Z", 10);
    row("2000-02-29T12:00:00+00:00", 951825600);
    row("2000-02-29T12:00:00.5-05:30", 951845400);
    row("2000-02-29T12:00:00", 0);
    row("2001-02-29T12:00:00Z", 0);
    row("2000-13-01T12:00:00Z", 0);
    row("2000-01-01T24:00:00Z", 0);
    row("2000-01-01T12:00:00Zx", 0);
    row("2000-01-01T12:00:00+1", 0);
    row("-200-01-01T12:00:00Z", 0);
    row("yesterday", 0);
    row("", 0);
}

void TestOllamaReply::times()
{
    QFETCH(QByteArray, time);
    QFETCH(qint64, expected);
    const auto models = read_ollama_tags(R"({"models":[{"name":"a","modified_at":")" + time.toStdString() + "\"}]}");
    QCOMPARE(qint64{models->front().created}, expected);
}

void TestOllamaReply::bad_tags()
{
    for (const char* body : {"", "[]", "{}", "404 page not found", R"({"data":[]})", R"({"models":[{"name":"a"})"}) {
        const auto models = read_ollama_tags(body);
        QVERIFY2(!models.has_value(), body);
        QVERIFY(models.error().code == ErrorCode::upstream_bad_reply);
    }
}

void TestOllamaReply::errors_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* body, int status, const char* expected) {
        QTest::newRow(qPrintable(QStringLiteral("%1 %2").arg(status).arg(QLatin1StringView(body))))
            << QByteArray(body) << status << QByteArray(expected);
    };
    row(R"({"error":"model 'x' not found"})", 404,
        R"({"error":{"message":"model 'x' not found","type":"invalid_request_error","code":"model_not_found","param":"model"}})");
    row(R"({"error":"bad \"option\""})", 400,
        R"({"error":{"message":"bad \"option\"","type":"invalid_request_error","code":null,"param":null}})");
    row(R"({"error":"slow down"})", 429,
        R"({"error":{"message":"slow down","type":"rate_limit_error","code":"rate_limit_exceeded","param":null}})");
    row(R"({"error":"server busy"})", 503,
        R"({"error":{"message":"server busy","type":"server_error","code":null,"param":null}})");
    row("", 500,
        R"({"error":{"message":"The upstream answered with status 500 and no explanation.","type":"server_error","code":null,"param":null}})");
    row("<html>", 502,
        R"({"error":{"message":"The upstream answered with status 502: <html>","type":"server_error","code":null,"param":null}})");
}

void TestOllamaReply::errors()
{
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    QFETCH(QByteArray, expected);
    QCOMPARE(bytes(ollama_error_to_openai(body.toStdString(), static_cast<unsigned>(status))), expected);
}

QTEST_APPLESS_MAIN(TestOllamaReply)
#include "tst_ollama_reply.moc"
