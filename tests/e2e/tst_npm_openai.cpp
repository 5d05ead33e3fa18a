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

/// Speaks both dialects after recorded wire formats, so that one server can stand behind either kind of provider.
Script answer(const FakeUpstream::Request& request)
{
    const auto json = [](const QString& name) -> Script {
        return {FakeUpstream::reply(200, "application/json", data_file(name))};
    };
    const auto body = Json::parse(request.body.toStdString(), nullptr, false);
    const bool streamed = body.is_object() && body.value("stream", false);
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
};

QTEST_GUILESS_MAIN(TstNpmOpenai)
#include "tst_npm_openai.moc"
