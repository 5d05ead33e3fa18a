// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fake_upstream.h"
#include "support/gateway_process.h"

#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include <algorithm>

#include <nlohmann/json.hpp>

#include <memory>
#include <string>

using namespace tokenscope::test;
using Json = nlohmann::json;
using Script = FakeUpstream::Script;

namespace {

QByteArray bytes(const std::string& text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

FakeUpstream::Step event(const Json& choices, const Json& usage = nullptr)
{
    const Json chunk = {{"id", "c"},          {"object", "chat.completion.chunk"},
                        {"created", 1},       {"model", "gpt-ran"},
                        {"choices", choices}, {"usage", usage}};
    return FakeUpstream::chunk("data: " + bytes(chunk.dump()) + "\n\n");
}

FakeUpstream::Step delta(const Json& delta, const Json& finish = nullptr)
{
    return event(Json::array({{{"index", 0}, {"delta", delta}, {"finish_reason", finish}}}));
}

Json tool_call(int index, const char* id, const char* arguments)
{
    Json call = {{"index", index}, {"function", {{"arguments", arguments}}}};
    if (id) {
        call["id"] = id;
        call["type"] = "function";
        call["function"]["name"] = "weather";
    }
    return {{"tool_calls", Json::array({call})}};
}

const Json usage = {{"prompt_tokens", 30},
                    {"completion_tokens", 12},
                    {"total_tokens", 42},
                    {"prompt_tokens_details", {{"cached_tokens", 10}}}};

Script ended(Script script, const char* finish)
{
    return script << delta(Json::object(), finish) << event(Json::array(), usage)
                  << FakeUpstream::chunk("data: [DONE]\n\n") << FakeUpstream::last_chunk();
}

Script plain(const Json& message, const char* finish)
{
    const Json reply = {{"id", "c"},
                        {"object", "chat.completion"},
                        {"created", 1},
                        {"model", "gpt-ran"},
                        {"choices", {{{"index", 0}, {"message", message}, {"finish_reason", finish}}}},
                        {"usage", usage}};
    return {FakeUpstream::reply(200, "application/json", bytes(reply.dump()))};
}

Script weather(bool streamed, bool answered)
{
    const Script begin{FakeUpstream::chunked_head(200, "text/event-stream"),
                       delta({{"role", "assistant"}, {"content", ""}})};
    if (answered && streamed)
        return ended(Script(begin) << delta({{"content", "Mild "}}) << delta({{"content", "in both."}}), "stop");
    if (answered)
        return plain({{"role", "assistant"}, {"content", "Mild in both."}}, "stop");
    if (streamed) // two calls at once, their arguments mixed
        return ended(Script(begin) << delta({{"reasoning_content", "Two cities."}})
                                   << delta(tool_call(0, "call_a", R"({"ci)"))
                                   << delta(tool_call(1, "call_b", R"({"city":)"))
                                   << delta(tool_call(0, nullptr, R"(ty":"Rome"})"))
                                   << delta(tool_call(1, nullptr, R"("Oslo"})")),
                     "tool_calls");
    const auto call = [](const char* id, const char* arguments) -> Json {
        return {{"id", id}, {"type", "function"}, {"function", {{"name", "weather"}, {"arguments", arguments}}}};
    };
    return plain({{"role", "assistant"},
                  {"content", nullptr},
                  {"reasoning_content", "Two cities."},
                  {"tool_calls", {call("call_a", R"({"city":"Rome"})"), call("call_b", R"({"city":"Oslo"})")}}},
                 "tool_calls");
}

/// An OpenAI-compatible server whose models are named after what they do.
Script answer(const FakeUpstream::Request& request)
{
    if (request.target == "/v1/messages/count_tokens")
        return {FakeUpstream::reply(200, "application/json", R"({"input_tokens":17})")};
    if (request.target != "/v1/chat/completions")
        return {FakeUpstream::reply(200, "application/json", R"({"object":"list","data":[]})")};
    const auto body = Json::parse(request.body.toStdString());
    const auto model = body.at("model").get<std::string>();
    const bool streamed = body.value("stream", false);
    const Script begin{FakeUpstream::chunked_head(200, "text/event-stream"), delta({{"content", "Hel"}})};
    if (model == "weather") {
        bool answered = false;
        for (const auto& message : body["messages"])
            answered = answered || message["role"] == "tool";
        return weather(streamed, answered);
    }
    if (model.starts_with("refuses-"))
        return {FakeUpstream::reply(std::stoi(model.substr(8)), "application/json",
                                    R"({"error":{"message":"Not today.","type":"x","code":null,"param":null}})")};
    if (model == "dies")
        return Script(begin) << FakeUpstream::Reset{};
    if (model == "says-error")
        return Script(begin) << FakeUpstream::chunk("data: {\"error\":{\"message\":\"Out of memory.\"}}\n\n")
                             << FakeUpstream::last_chunk();
    if (model == "holds")
        return Script(begin) << FakeUpstream::Hold{};
    if (streamed)
        return ended(Script(begin) << delta({{"content", "lo \u00e9!"}}), "stop");
    return plain({{"role", "assistant"}, {"content", "Hello \u00e9!"}}, "length");
}

} // namespace

/// The official npm client of Anthropic's, unchanged, against a gateway process in front of providers that only chat.
class TstNpmAnthropic : public QObject {
    Q_OBJECT

private:
    QString m_node;
    std::unique_ptr<FakeUpstream> m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;

    QList<Json> run(const QString& model, const QString& mode, const QString& url = {})
    {
        QProcess node;
        node.setWorkingDirectory(qEnvironmentVariable("TOKENSCOPE_E2E") + QStringLiteral("/npm"));
        node.start(m_node,
                   {QStringLiteral("anthropic_client.mjs"), url.isEmpty() ? m_gateway->url() : url, model, mode});
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

    /// What the upstream was asked last.
    Json last_body() const
    {
        const auto requests = m_upstream->requests();
        for (auto request = requests.rbegin(); request != requests.rend(); ++request)
            if (request->target == "/v1/chat/completions")
                return Json::parse(request->body.toStdString());
        return {};
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_node = QStandardPaths::findExecutable(QStringLiteral("node"));
        if (m_node.isEmpty())
            QSKIP("node is not installed, so its clients cannot be run.");
        if (!QFileInfo::exists(qEnvironmentVariable("TOKENSCOPE_E2E")
                               + QStringLiteral("/npm/node_modules/@anthropic-ai/sdk")))
            QSKIP("The npm packages of tests/e2e/npm are not installed (npm ci did not run or failed).");
        m_upstream = std::make_unique<FakeUpstream>(answer);
        m_gateway = std::make_unique<GatewayProcess>(QStringLiteral(R"(
providers:
  - { name: openai, kind: openai, base_url: "%1/v1" }
  - { name: anthropic, kind: anthropic, base_url: "%1", api_key: "upstream-key" }
  - { name: demo, kind: demo, demo: { per_token: 1ms, prefill_base: 5ms } }
)")
                                                         .arg(m_upstream->url()));
        QVERIFY2(m_gateway->started(), m_gateway->log());
    }

    void plain_reply()
    {
        const auto lines = run(QStringLiteral("openai/gpt-test"), QStringLiteral("plain"));
        QCOMPARE(lines.size(), qsizetype(1));
        const auto& reply = lines[0];
        QVERIFY(reply["id"].get<std::string>().starts_with("msg_"));
        QCOMPARE(reply["model"].get<std::string>(), std::string("gpt-ran"));
        const Json content = Json::array({{{"type", "text"}, {"text", "Hello \u00e9!"}}});
        QCOMPARE(bytes(reply["content"].dump()), bytes(content.dump()));
        QCOMPARE(reply["stop_reason"].get<std::string>(), std::string("max_tokens"));
        QCOMPARE(reply["usage"]["input_tokens"].get<int>(), 20);
        QCOMPARE(reply["usage"]["cache_read_input_tokens"].get<int>(), 10);
        QCOMPARE(reply["usage"]["output_tokens"].get<int>(), 12);
        const auto asked = last_body();
        QCOMPARE(asked["messages"][0]["role"].get<std::string>(), std::string("system"));
        QCOMPARE(asked["max_tokens"].get<int>(), 512);
        QCOMPARE(asked["model"].get<std::string>(), std::string("gpt-test"));
    }

    void demo_provider()
    {
        const auto lines = run(QStringLiteral("demo/demo-tiny"), QStringLiteral("plain"));
        QCOMPARE(lines.size(), qsizetype(1));
        QVERIFY(!lines[0]["content"][0]["text"].get<std::string>().empty());
        QVERIFY(lines[0]["usage"]["output_tokens"].get<int>() > 0);
        const auto streamed = run(QStringLiteral("demo/demo-tiny"), QStringLiteral("helper"));
        QCOMPARE(streamed.size(), qsizetype(1));
        QVERIFY(!streamed[0]["heard"].get<std::string>().empty());
        QCOMPARE(streamed[0]["content"][0]["text"].get<std::string>(), streamed[0]["heard"].get<std::string>());
        QVERIFY(streamed[0]["usage"]["input_tokens"].get<int>() > 0);
        QVERIFY(streamed[0]["usage"]["output_tokens"].get<int>() > 0);
    }

    void streamed_events()
    {
        const auto lines = run(QStringLiteral("openai/gpt-test"), QStringLiteral("stream"));
        QStringList types;
        std::string text;
        for (const auto& line : lines) {
            types << QString::fromStdString(line.value("type", "end"));
            if (line.contains("delta"))
                text += line["delta"].value("text", "");
        }
        QCOMPARE(types.join(QLatin1Char(' ')),
                 QStringLiteral("message_start content_block_start content_block_delta content_block_delta "
                                "content_block_stop message_delta message_stop end"));
        QCOMPARE(text, std::string("Hello \u00e9!"));
        QVERIFY(last_body()["stream_options"]["include_usage"].get<bool>());
    }

    void accumulated_stream()
    {
        const auto lines = run(QStringLiteral("openai/gpt-test"), QStringLiteral("helper"));
        QCOMPARE(lines.size(), qsizetype(1));
        QCOMPARE(lines[0]["heard"].get<std::string>(), std::string("Hello \u00e9!"));
        QCOMPARE(lines[0]["stop_reason"].get<std::string>(), std::string("end_turn"));
        QCOMPARE(lines[0]["usage"]["input_tokens"].get<int>(), 20);
        QCOMPARE(lines[0]["usage"]["cache_read_input_tokens"].get<int>(), 10);
        QCOMPARE(lines[0]["usage"]["output_tokens"].get<int>(), 12);
    }

    void tools_there_and_back_data()
    {
        QTest::addColumn<QString>("mode");
        QTest::newRow("plain") << QStringLiteral("tools");
        QTest::newRow("streamed") << QStringLiteral("tools-stream");
    }

    void tools_there_and_back()
    {
        QFETCH(QString, mode);
        const auto lines = run(QStringLiteral("openai/weather"), mode);
        QCOMPARE(lines.size(), qsizetype(2));
        const auto& content = lines[0]["content"];
        QCOMPARE(content.size(), std::size_t(3));
        QCOMPARE(content[0]["thinking"].get<std::string>(), std::string("Two cities."));
        QCOMPARE(content[1]["id"].get<std::string>(), std::string("call_a"));
        QCOMPARE(content[1]["name"].get<std::string>(), std::string("weather"));
        QCOMPARE(bytes(content[1]["input"].dump()), QByteArray("{\"city\":\"Rome\"}"));
        QCOMPARE(bytes(content[2]["input"].dump()), QByteArray("{\"city\":\"Oslo\"}"));
        QCOMPARE(lines[0]["stop_reason"].get<std::string>(), std::string("tool_use"));
        QCOMPARE(lines[1]["content"][0]["text"].get<std::string>(), std::string("Mild in both."));

        QStringList roles;
        const auto asked = last_body()["messages"];
        for (const auto& message : asked)
            roles << QString::fromStdString(message["role"].get<std::string>());
        QCOMPARE(roles.join(QLatin1Char(' ')), QStringLiteral("user assistant tool tool user"));
        QCOMPARE(asked[1]["reasoning_content"].get<std::string>(), std::string("Two cities."));
        QCOMPARE(asked[1]["tool_calls"][1]["id"].get<std::string>(), std::string("call_b"));
        QCOMPARE(asked[2]["tool_call_id"].get<std::string>(), std::string("call_a"));
        QCOMPARE(asked[3]["content"].get<std::string>(), std::string("21 degrees in Oslo"));
        QCOMPARE(asked[4]["content"].get<std::string>(), std::string("In one sentence, please."));
    }

    void errors_are_the_clients_own_classes_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("mode");
        QTest::addColumn<QByteArray>("expected"); // class, status, type
        QTest::addColumn<QByteArray>("words");
        const auto row = [](const char* model, const char* mode, const char* expected, const char* words) {
            QTest::addRow("%s %s", model, mode)
                << QString::fromLatin1(model) << QString::fromLatin1(mode) << QByteArray(expected) << QByteArray(words);
        };
        row("openai/refuses-400", "error", "BadRequestError 400 invalid_request_error", "Not today.");
        row("openai/refuses-401", "error", "AuthenticationError 401 authentication_error", "Not today.");
        row("openai/refuses-403", "error", "PermissionDeniedError 403 permission_error", "Not today.");
        row("openai/refuses-404", "error", "NotFoundError 404 not_found_error", "Not today.");
        row("openai/refuses-429", "error", "RateLimitError 429 rate_limit_error", "Not today.");
        row("openai/refuses-429", "stream", "RateLimitError 429 rate_limit_error", "Not today.");
        row("openai/refuses-500", "error", "InternalServerError 500 api_error", "Not today.");
        row("no-such-model", "error", "NotFoundError 404 not_found_error", "no-such-model");
        row("openai/gpt-test", "unlimited", "BadRequestError 400 invalid_request_error", "max_tokens");
        row("openai/dies", "helper", "APIError null api_error", "");
        row("openai/says-error", "helper", "APIError null api_error", "Out of memory.");
        row("openai/gpt-test", "count", "BadRequestError 400 invalid_request_error", "cannot count tokens");
        row("demo/demo-tiny", "count", "BadRequestError 400 invalid_request_error", "cannot count tokens");
    }

    void errors_are_the_clients_own_classes()
    {
        QFETCH(QString, model);
        QFETCH(QString, mode);
        QFETCH(QByteArray, expected);
        QFETCH(QByteArray, words);
        const auto lines = run(model, mode);
        QVERIFY(!lines.isEmpty());
        const auto& error = lines.last();
        QVERIFY2(error.contains("name"), error.dump().c_str());
        const auto type = error["type"].is_null() ? std::string("null") : error["type"].get<std::string>();
        const auto told = error["name"].get<std::string>() + " " + error["status"].dump() + " " + type;
        QCOMPARE(bytes(told), expected);
        QVERIFY2(bytes(error["message"].dump()).contains(words), error.dump().c_str());
    }

    void counts_tokens_where_the_provider_can()
    {
        const auto lines = run(QStringLiteral("anthropic/claude-x"), QStringLiteral("count"));
        QCOMPARE(lines.size(), qsizetype(1));
        QCOMPARE(bytes(lines[0].dump()), QByteArray("{\"input_tokens\":17}"));
        // The gateway may ask for the models at any time, too.
        const auto all = m_upstream->requests();
        const auto found = std::find_if(all.rbegin(), all.rend(), [](const auto& request) {
            return request.target == QByteArray("/v1/messages/count_tokens");
        });
        QVERIFY(found != all.rend());
        const auto asked = *found;
        QCOMPARE(asked.header("x-api-key"), QByteArray("upstream-key"));
        QCOMPARE(Json::parse(asked.body.toStdString())["model"].get<std::string>(), std::string("claude-x"));
    }

    void nobody_there()
    {
        const auto lines = run(QStringLiteral("m"), QStringLiteral("error"), QStringLiteral("http://127.0.0.1:1"));
        QCOMPARE(lines.size(), qsizetype(1));
        QCOMPARE(lines[0]["name"].get<std::string>(), std::string("APIConnectionError"));
    }

    void abort_reaches_the_upstream()
    {
        const auto before = m_upstream->disconnects();
        const auto lines = run(QStringLiteral("openai/holds"), QStringLiteral("abort"));
        QCOMPARE(lines.size(), qsizetype(1));
        QVERIFY(lines[0].contains("aborted"));
        QTRY_VERIFY(m_gateway->log().contains("\"status\":499"));
        QTRY_VERIFY(m_upstream->disconnects() > before);
    }
};

QTEST_GUILESS_MAIN(TstNpmAnthropic)
#include "tst_npm_anthropic.moc"
