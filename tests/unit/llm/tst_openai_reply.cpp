// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm_test.h"

#include "llm/openai_chat.h"

using namespace tokenscope;
using namespace tokenscope::llm;
using llmtest::bytes;

class TestOpenAiReply : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void reads_the_fixture();
    void absent_is_absent();
    void reads_errors();
    void refuses_what_is_no_object_data();
    void refuses_what_is_no_object();
    void reads_models();
    void refuses_lists_data();
    void refuses_lists();
};

void TestOpenAiReply::reads_the_fixture()
{
    const auto facts = read_openai_reply(llmtest::fixture("openai_chat_reply.json"));
    QVERIFY(facts.has_value());
    const Usage expected{.prompt = 26, .completion = 5, .total = 31, .cached = 0, .reasoning = 2};
    QVERIFY(facts->usage == expected);
    QCOMPARE(bytes(facts->model), QByteArray("gpt-4o-mini-2024-07-18"));
    QCOMPARE(bytes(facts->finish_reason), QByteArray("stop"));
    QVERIFY(!facts->is_error);
}

void TestOpenAiReply::absent_is_absent()
{
    const auto facts =
        read_openai_reply(R"( {"choices":[{"message":{"content":"x"},"finish_reason":null}],"usage":null} )");
    QVERIFY(facts.has_value());
    QVERIFY(facts->usage == Usage{});
    QVERIFY(facts->model.empty() && facts->finish_reason.empty() && !facts->is_error);
    const auto nan = read_openai_reply(R"({"choices":[{"logprobs":{"x":NaN}}],"usage":{"prompt_tokens":0}})");
    QVERIFY(nan.has_value());
    QCOMPARE(nan->usage.prompt.value_or(99), std::uint64_t{0});
}

void TestOpenAiReply::reads_errors()
{
    const auto facts = read_openai_reply(R"({"error":{"message":"no such model","code":"model_not_found"}})");
    QVERIFY(facts.has_value() && facts->is_error);
    QCOMPARE(bytes(facts->error_message), QByteArray("no such model"));
    QVERIFY(read_openai_reply(R"({"object":"error","message":"x"})")->is_error);
    QVERIFY(!read_openai_reply(R"({"object":"chat.completion","error":null})")->is_error);
}

void TestOpenAiReply::refuses_what_is_no_object_data()
{
    QTest::addColumn<QByteArray>("body");
    for (const char* body : {"", " ", "null", "[]", "5", "\"x\"", "<html></html>", "{", "{}{}", "{\"a\":1", "\xFF"})
        QTest::newRow(body) << QByteArray(body);
}

void TestOpenAiReply::refuses_what_is_no_object()
{
    QFETCH(QByteArray, body);
    const auto facts = read_openai_reply(body.toStdString());
    QVERIFY(!facts.has_value());
    QVERIFY(facts.error().code == ErrorCode::upstream_bad_reply);
}

void TestOpenAiReply::reads_models()
{
    const auto models = read_openai_models(
        R"({"object":"list","data":[{"id":"a","created":5,"x":{"id":"no"}},{"created":1},7,{"id":"b","created":"x"}]})");
    QVERIFY(models.has_value());
    QCOMPARE(models->size(), std::size_t{2});
    QCOMPARE(bytes((*models)[0].id), QByteArray("a"));
    QCOMPARE((*models)[0].created, std::int64_t{5});
    QCOMPARE(bytes((*models)[1].id), QByteArray("b"));
    QCOMPARE((*models)[1].created, std::int64_t{0});
    QVERIFY(read_openai_models(R"({"data":[]})")->empty());
}

void TestOpenAiReply::refuses_lists_data()
{
    QTest::addColumn<QByteArray>("body");
    for (const char* body :
         {"", "[]", "{}", R"({"data":{}})", R"({"data":null})", R"({"data":[{"id":"a"})", "404 page not found"})
        QTest::newRow(body) << QByteArray(body);
}

void TestOpenAiReply::refuses_lists()
{
    QFETCH(QByteArray, body);
    const auto models = read_openai_models(body.toStdString());
    QVERIFY(!models.has_value());
    QVERIFY(models.error().code == ErrorCode::upstream_bad_reply);
}

QTEST_APPLESS_MAIN(TestOpenAiReply)
#include "tst_openai_reply.moc"
