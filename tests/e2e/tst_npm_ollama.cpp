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

Script line_by_line(const QByteArray& lines)
{
    Script script{FakeUpstream::chunked_head(200, "application/x-ndjson")};
    for (const auto& line : lines.split('\n'))
        if (!line.isEmpty())
            script << FakeUpstream::chunk(line + "\n");
    return script << FakeUpstream::last_chunk();
}

/// An Ollama server after recorded wire formats.
Script answer(const FakeUpstream::Request& request)
{
    const auto json = [](const QString& name) -> Script {
        return {FakeUpstream::reply(200, "application/json; charset=utf-8", data_file(name))};
    };
    const auto body = Json::parse(request.body.toStdString(), nullptr, false);
    const bool streamed = body.is_object() && body.value("stream", true);
    if (request.target == "/api/tags")
        return json(QStringLiteral("ollama_tags.json"));
    if (request.target == "/api/ps")
        return json(QStringLiteral("ollama_ps.json"));
    if (request.target == "/api/show")
        return json(QStringLiteral("ollama_show.json"));
    if (request.target == "/api/embed")
        return json(QStringLiteral("ollama_embed_reply.json"));
    if (request.target == "/api/version")
        return {FakeUpstream::reply(200, "application/json", R"({"version":"0.13.5"})")};
    if (request.target == "/api/chat")
        return streamed ? line_by_line(data_file(QStringLiteral("ollama_chat_stream.ndjson")))
                        : json(QStringLiteral("ollama_chat_reply.json"));
    if (request.target == "/api/generate")
        return streamed ? line_by_line(data_file(QStringLiteral("ollama_generate_stream.ndjson")))
                        : json(QStringLiteral("ollama_generate_reply.json"));
    return {FakeUpstream::reply(404, "application/json", R"({"error":"not here"})")};
}

QList<Json> lines_of(const QByteArray& text)
{
    QList<Json> lines;
    for (const auto& line : text.split('\n'))
        if (!line.isEmpty())
            lines << Json::parse(line.toStdString());
    return lines;
}

QByteArray dump(const Json& json)
{
    return QByteArray::fromStdString(json.dump());
}

} // namespace

/// The official npm client of Ollama, unchanged, against a gateway process in front of an Ollama and of the demo engine.
class TstNpmOllama : public QObject {
    Q_OBJECT

private:
    QString m_node;
    std::unique_ptr<FakeUpstream> m_upstream;
    std::unique_ptr<GatewayProcess> m_gateway;

    QList<Json> run(const QString& model, const QString& mode)
    {
        QProcess node;
        node.setWorkingDirectory(qEnvironmentVariable("TOKENSCOPE_E2E") + QStringLiteral("/npm"));
        node.start(m_node, {QStringLiteral("ollama_client.mjs"), m_gateway->url(), model, mode});
        if (!node.waitForFinished(60'000))
            node.kill();
        const auto errors = node.readAllStandardError();
        if (!errors.isEmpty())
            qInfo("%s", errors.constData());
        return lines_of(node.readAllStandardOutput());
    }

    /// The one line that a mode prints.
    Json run_one(const QString& model, const QString& mode)
    {
        const auto lines = run(model, mode);
        return lines.size() == 1 ? lines.front() : Json();
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_node = QStandardPaths::findExecutable(QStringLiteral("node"));
        if (m_node.isEmpty())
            QSKIP("node is not installed, so its clients cannot be run.");
        if (!QFileInfo::exists(qEnvironmentVariable("TOKENSCOPE_E2E") + QStringLiteral("/npm/node_modules/ollama")))
            QSKIP("The npm packages of tests/e2e/npm are not installed (npm ci did not run or failed).");
        m_upstream = std::make_unique<FakeUpstream>(answer);
        m_gateway = std::make_unique<GatewayProcess>(QStringLiteral(R"(
providers:
  - { name: ollama, kind: ollama, base_url: "%1" }
  - { name: demo, kind: demo, demo: { per_token: 1ms, prefill_base: 5ms } }
)")
                                                         .arg(m_upstream->url()));
        QVERIFY2(m_gateway->started(), m_gateway->log());
    }

    void passes_through_data()
    {
        QTest::addColumn<QString>("mode");
        QTest::addColumn<QString>("file");
        const auto row = [](const char* mode, const QString& file) {
            QTest::newRow(mode) << QString::fromLatin1(mode) << file;
        };
        row("chat", QStringLiteral("ollama_chat_reply.json"));
        row("chat-stream", QStringLiteral("ollama_chat_stream.ndjson"));
        row("generate", QStringLiteral("ollama_generate_reply.json"));
        row("generate-stream", QStringLiteral("ollama_generate_stream.ndjson"));
        row("embed", QStringLiteral("ollama_embed_reply.json"));
        row("show", QStringLiteral("ollama_show.json"));
        row("ps", QStringLiteral("ollama_ps.json"));
    }

    void passes_through()
    {
        QFETCH(QString, mode);
        QFETCH(QString, file);
        const auto seen = run(QStringLiteral("phi4"), mode);
        const auto expected = lines_of(data_file(file));
        QCOMPARE(seen.size(), expected.size());
        for (qsizetype i = 0; i < seen.size(); ++i)
            QCOMPARE(dump(seen[i]), dump(expected[i]));
    }

    void the_demo_chats()
    {
        const auto model = QStringLiteral("demo/demo-tiny");
        const auto whole = run_one(model, QStringLiteral("chat"));
        QCOMPARE(dump(whole["done"]), QByteArray("true"));
        QVERIFY(!whole["message"]["content"].get<std::string>().empty());
        QVERIFY(whole["prompt_eval_count"].get<int>() > 0 && whole["eval_count"].get<int>() > 0);
        QVERIFY(!run_one(model, QStringLiteral("generate"))["response"].get<std::string>().empty());
        for (const auto& mode : {QStringLiteral("chat-stream"), QStringLiteral("generate-stream")}) {
            const auto lines = run(model, mode);
            QVERIFY(lines.size() > 3);
            for (const auto& line : lines)
                QCOMPARE(dump(line["done"]), QByteArray(&line == &lines.back() ? "true" : "false"));
            QCOMPARE(dump(lines.back()["model"]), QByteArray("\"demo/demo-tiny\""));
            QVERIFY(lines.back()["eval_count"].get<int>() > 0);
        }
        QCOMPARE(dump(run_one(model, QStringLiteral("load"))["done_reason"]), QByteArray("\"load\""));
        QCOMPARE(dump(run_one(model, QStringLiteral("show"))["capabilities"]), QByteArray("[\"completion\"]"));
    }

    void lists_everything()
    {
        const auto list = run_one(QString(), QStringLiteral("list"));
        std::set<std::string> names;
        for (const auto& model : list["models"])
            names.insert(model["name"].get<std::string>());
        QVERIFY(names.count("phi4:latest") == 1 && names.count("qwen3:8b") == 1 && names.count("demo-tiny") == 1);
        QCOMPARE(dump(list["models"][0]),
                 dump(Json::parse(data_file(QStringLiteral("ollama_tags.json")).toStdString())["models"][0]));
        QCOMPARE(dump(run_one(QString(), QStringLiteral("version"))), QByteArray(R"({"version":"0.13.5"})"));
    }

    void errors_are_the_clients_own()
    {
        const auto error = run_one(QString(), QStringLiteral("error"));
        QCOMPARE(dump(error["status"]), QByteArray("404"));
        QCOMPARE(dump(error["name"]), QByteArray("\"ResponseError\""));
        QVERIFY(dump(error["message"]).startsWith("\"model 'no-such-model' not found"));
        QCOMPARE(dump(run_one(QStringLiteral("phi4"), QStringLiteral("pull"))["status"]), QByteArray("403"));
        QCOMPARE(dump(run_one(QStringLiteral("demo/demo-tiny"), QStringLiteral("embed"))["status"]), QByteArray("400"));
    }

    void abort_reaches_the_metrics()
    {
        const auto error = run_one(QStringLiteral("demo/demo-large"), QStringLiteral("abort"));
        QCOMPARE(dump(error["name"]), QByteArray("\"AbortError\""));
        QTRY_VERIFY(m_gateway->log().contains("\"status\":499"));
    }
};

QTEST_GUILESS_MAIN(TstNpmOllama)
#include "tst_npm_ollama.moc"
