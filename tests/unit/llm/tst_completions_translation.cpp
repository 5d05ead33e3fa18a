// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "llm/completions_translation.h"

#include <QTest>

#include <nlohmann/json.hpp>

using namespace tokenscope;
using nlohmann::json;

namespace {

llm::ModelRequest request(const std::string& body)
{
    return *llm::parse_model_request(llm::Api::completions, body);
}

std::unique_ptr<llm::Translation> translation(const std::string& body)
{
    auto made = llm::translate_completions(request(body), {});
    return made ? std::move(*made) : nullptr;
}

// Outside the class, since moc loses its way in such texts.
const std::string all_members =
    R"( {"model":"a\/b","prompt":"Say \"hi\" \u00e9","max_tokens":5,"stop":["x"],"new":{"y":1.0},"n":2})";
const std::string all_members_as_chat =
    R"({"messages":[{"role":"user","content":"Say \"hi\" \u00e9"}],"model":"a/b","max_tokens":5,"stop":["x"],)"
    R"("new":{"y":1.0},"n":2})";

const std::string chat_stream =
    ": hello\n\n"
    "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":5,\"model\":\"m\",\"choices\":[{"
    "\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\r\n\r\n"
    "data: {\"id\":\"chatcmpl-1\",\"created\":5,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
    "\"H\\u00e9\\n\"}}]}\n\n"
    "data: {\"id\":\"chatcmpl-1\",\"created\":5,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},"
    "\"finish_reason\":\"length\"}]}\n\n"
    "data: {\"id\":\"chatcmpl-1\",\"created\":5,\"model\":\"m\",\"choices\":[],\"usage\":{\"prompt_tokens\":3,"
    "\"completion_tokens\":1,\"x\":1.50}}\n\n"
    "data: [DONE]\n\n";

const std::string completion_stream =
    "data: {\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"created\":5,\"model\":\"m\",\"choices\":[{\"text\":"
    "\"H\\u00e9\\n\",\"index\":0,\"logprobs\":null,\"finish_reason\":null}]}\n\n"
    "data: {\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"created\":5,\"model\":\"m\",\"choices\":[{\"text\":"
    "\"\",\"index\":0,\"logprobs\":null,\"finish_reason\":\"length\"}]}\n\n";

} // namespace

class TestCompletionsTranslation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void the_prompt_becomes_a_message()
    {
        const auto made = translation(all_members);
        QVERIFY(made);
        const auto& chat = made->chat_request();
        QCOMPARE(chat.model, std::string("a/b"));
        QVERIFY(chat.api == llm::Api::chat);
        const auto body = json::parse(chat.body);
        QCOMPARE(body.dump(), json::parse(all_members_as_chat).dump());
        QVERIFY(chat.body.find("1.0") != std::string::npos);
    }

    void one_prompt_in_a_list_is_one_prompt()
    {
        const auto made = translation(R"({"model":"m","prompt":["only"],"echo":false,"logprobs":null,"best_of":1})");
        QVERIFY(made);
        QCOMPARE(json::parse(made->chat_request().body).dump(),
                 json::parse(R"({"messages":[{"role":"user","content":"only"}],"model":"m"})").dump());
    }

    void a_stream_always_asks_for_usage()
    {
        const auto made = translation(R"({"model":"m","prompt":"x","stream":true,"stream_options":{"other":1}})");
        QVERIFY(made);
        QVERIFY(made->chat_request().stream);
        QCOMPARE(made->chat_request().include_usage, std::optional(true));
    }

    void what_a_chat_cannot_do_is_refused_data()
    {
        QTest::addColumn<QByteArray>("members");
        QTest::addColumn<QByteArray>("param");
        QTest::newRow("no prompt") << QByteArray() << QByteArray("prompt");
        QTest::newRow("null prompt") << QByteArray(R"("prompt":null)") << QByteArray("prompt");
        QTest::newRow("several") << QByteArray(R"("prompt":["a","b"])") << QByteArray("prompt");
        QTest::newRow("none") << QByteArray(R"("prompt":[])") << QByteArray("prompt");
        QTest::newRow("token ids") << QByteArray(R"("prompt":[1,2])") << QByteArray("prompt");
        QTest::newRow("a number") << QByteArray(R"("prompt":1)") << QByteArray("prompt");
        QTest::newRow("suffix") << QByteArray(R"("prompt":"a","suffix":"b")") << QByteArray("suffix");
        QTest::newRow("echo") << QByteArray(R"("prompt":"a","echo":true)") << QByteArray("echo");
        QTest::newRow("best_of") << QByteArray(R"("prompt":"a","best_of":3)") << QByteArray("best_of");
        QTest::newRow("logprobs") << QByteArray(R"("prompt":"a","logprobs":2)") << QByteArray("logprobs");
    }

    void what_a_chat_cannot_do_is_refused()
    {
        QFETCH(QByteArray, members);
        QFETCH(QByteArray, param);
        const auto body = "{\"model\":\"m\"" + (members.isEmpty() ? "" : "," + members.toStdString()) + "}";
        const auto made = llm::translate_completions(request(body), {});
        QVERIFY(!made);
        QVERIFY(made.error().code == ErrorCode::invalid_request);
        QCOMPARE(made.error().param, param.toStdString());
    }

    void a_whole_reply()
    {
        const auto made = translation(R"({"model":"m","prompt":"x"})");
        const auto reply = made->reply(R"({"id":"chatcmpl-7","created":9,"model":"m-1","choices":[
            {"index":1,"message":{"role":"assistant","content":"b"},"finish_reason":"stop"},
            {"index":0,"message":{"role":"assistant","content":null},"finish_reason":"length"}],
            "usage":{"prompt_tokens":1,"n":1.50}})");
        QVERIFY(reply);
        QVERIFY(made->complete());
        QCOMPARE(*reply,
                 std::string(R"({"id":"cmpl-7","object":"text_completion","created":9,"model":"m-1","choices":[)"
                             R"({"text":"b","index":1,"logprobs":null,"finish_reason":"stop"},)"
                             R"({"text":"","index":0,"logprobs":null,"finish_reason":"length"}],)"
                             R"("usage":{"prompt_tokens":1,"n":1.50}})"));
        for (const char* bad : {"<html>", "{}", R"({"choices":[]})"})
            QVERIFY(!translation(R"({"model":"m","prompt":"x"})")->reply(bad));
    }

    void a_stream_split_at_every_byte()
    {
        for (std::size_t cut = 0; cut <= chat_stream.size(); ++cut) {
            const auto made = translation(R"({"model":"m","prompt":"x","stream":true})");
            std::string out;
            if (cut > 0)
                made->feed(std::string_view(chat_stream).substr(0, cut), out);
            if (cut < chat_stream.size())
                made->feed(std::string_view(chat_stream).substr(cut), out);
            QVERIFY(made->complete());
            made->finish(out);
            QCOMPARE(out, completion_stream + "data: [DONE]\n\n");
        }
    }

    void usage_only_for_who_asks()
    {
        const auto made =
            translation(R"({"model":"m","prompt":"x","stream":true,"stream_options":{"include_usage":true}})");
        std::string out;
        made->feed(chat_stream, out);
        QVERIFY(out.find(R"("choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1,"x":1.50}})")
                != std::string::npos);
    }

    void a_broken_stream_gets_no_end()
    {
        const auto made = translation(R"({"model":"m","prompt":"x","stream":true})");
        std::string out;
        made->feed("data: {\"error\":{\"message\":\"boom\"}}\n\ndata: not json\n\n", out);
        made->finish(out);
        QVERIFY(!made->complete());
        QCOMPARE(out, std::string("data: {\"error\":{\"message\":\"boom\"}}\n\n"));
    }
};

QTEST_APPLESS_MAIN(TestCompletionsTranslation)
#include "tst_completions_translation.moc"
