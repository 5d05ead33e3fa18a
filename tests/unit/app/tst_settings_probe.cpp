// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fake_upstream.h"
#include "unit/app/settings_program.h"

#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::test;
using namespace std::chrono_literals;

namespace {

const std::string two_models = R"({"object":"list","data":[{"id":"a"},{"id":"b"}]})";

config::Provider at(const FakeUpstream& server)
{
    config::Provider provider;
    provider.name = "up";
    provider.base_url = server.url().toStdString() + "/v1";
    provider.api_key = "sk-test";
    return provider;
}

FakeUpstream::Script listing(const FakeUpstream::Request&)
{
    return {FakeUpstream::reply(200, "application/json", QByteArray::fromStdString(two_models))};
}

} // namespace

class TestSettingsProbe : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tests_a_provider();
    void why_a_provider_fails_data();
    void why_a_provider_fails();
    void nobody_listens();
    void a_list_that_never_ends();
    void tests_a_provider_of_a_text();
    void the_demo_engine_too();
    void a_cancelled_test_tells_nothing();
    void ends_while_a_test_runs();
    void discovers();
};

void TestSettingsProbe::tests_a_provider()
{
    FakeUpstream server(listing);
    SettingsProgram program;
    QVERIFY(program.start());
    const auto models = program.test(at(server));
    QVERIFY2(models, models ? "" : models.error().message.c_str());
    QCOMPARE(*models, (std::vector<std::string>{"a", "b"}));
    QCOMPARE(server.requests().at(0).target, QByteArray("/v1/models"));
    QCOMPARE(server.requests().at(0).header("authorization"), QByteArray("Bearer sk-test"));
}

void TestSettingsProbe::why_a_provider_fails_data()
{
    QTest::addColumn<int>("script");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("words");
    QTest::newRow("401") << 0 << int(ErrorCode::upstream_bad_reply) << QByteArray("up answered 401");
    QTest::newRow("a web page") << 1 << int(ErrorCode::upstream_bad_reply) << QByteArray();
    QTest::newRow("no HTTP") << 2 << int(ErrorCode::upstream_bad_reply) << QByteArray();
    QTest::newRow("closed") << 3 << int(ErrorCode::upstream_reset) << QByteArray();
    QTest::newRow("silent") << 4 << int(ErrorCode::upstream_timeout) << QByteArray();
    QTest::newRow("cut off") << 5 << int(ErrorCode::upstream_reset) << QByteArray();
}

void TestSettingsProbe::why_a_provider_fails()
{
    QFETCH(int, script);
    QFETCH(int, code);
    QFETCH(QByteArray, words);
    using F = FakeUpstream;
    const QList<F::Script> scripts{{F::reply(401, "application/json", "{}")},
                                   {F::reply(200, "text/html", "<html>hello</html>")},
                                   {F::Send{"SSH-2.0-x\r\n\r\n"}, F::Close{}},
                                   {F::Close{}},
                                   {F::Hold{}},
                                   {F::Send{"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"data\""}, F::Close{}}};
    FakeUpstream server([&](const F::Request&) { return scripts[script]; });
    SettingsProgram program;
    QVERIFY(program.start());
    auto provider = at(server);
    provider.idle_timeout = 200ms;
    const auto models = program.test(provider);
    QVERIFY(!models);
    QCOMPARE(int(models.error().code), code);
    QVERIFY(!models.error().message.empty());
    QVERIFY2(bytes(models.error().message).contains(words), models.error().message.c_str());
    QVERIFY(!bytes(models.error().message).contains("sk-test"));
}

void TestSettingsProbe::nobody_listens()
{
    config::Provider provider;
    {
        FakeUpstream gone(listing);
        provider = at(gone);
    }
    SettingsProgram program;
    QVERIFY(program.start());
    auto models = program.test(provider);
    QVERIFY(!models);
    QCOMPARE(models.error().code, ErrorCode::upstream_unreachable);
    provider.base_url = "nonsense";
    QVERIFY(!program.test(provider));
}

void TestSettingsProbe::a_list_that_never_ends()
{
    using F = FakeUpstream;
    FakeUpstream server([](const F::Request&) {
        F::Script script{F::chunked_head(200, "application/json")};
        for (int i = 0; i < 2'000; ++i)
            script << F::chunk(" ") << F::Wait{20};
        return script;
    });
    SettingsProgram program;
    program.longest_test = 300ms;
    QVERIFY(program.start());
    const auto models = program.test(at(server));
    QVERIFY(!models);
    QCOMPARE(models.error().code, ErrorCode::upstream_timeout);
    QVERIFY2(bytes(models.error().message).contains("up did not list its models within"),
             models.error().message.c_str());
}

void TestSettingsProbe::tests_a_provider_of_a_text()
{
    FakeUpstream server(listing);
    SettingsProgram program("", {}, {{"KEY", "sk-env"}});
    QVERIFY(program.start());
    const auto text =
        fmt::format("providers:\n- {{name: mine, kind: openai, base_url: \"{}/v1\", api_key: \"${{KEY}}\"}}\n",
                    server.url().toStdString());
    std::optional<Models> models;
    const auto take = [&](Models result) { models = std::move(result); };
    program.settings->test_provider(text, "mine", {}, take);
    QTRY_VERIFY(models.has_value());
    QVERIFY2(*models, *models ? "" : models->error().message.c_str());
    QCOMPARE(server.requests().at(0).header("authorization"), QByteArray("Bearer sk-env"));
    models.reset();
    program.settings->test_provider(text, "other", {}, take);
    QTRY_VERIFY(models.has_value());
    QVERIFY(!*models && bytes(models->error().message).contains("no provider 'other'"));
    models.reset();
    program.settings->test_provider("]", "mine", {}, take);
    QTRY_VERIFY(models.has_value());
    QVERIFY(!*models && bytes(models->error().message).contains("not valid YAML"));
}

void TestSettingsProbe::the_demo_engine_too()
{
    SettingsProgram program;
    QVERIFY(program.start());
    config::Provider provider;
    provider.name = "demo";
    provider.kind = config::ProviderKind::demo;
    const auto models = program.test(provider);
    QVERIFY(models && !models->empty());
    // Also the one that is there without a file.
    std::optional<Models> built_in;
    program.settings->test_provider("", "demo", {}, [&](Models result) { built_in = std::move(result); });
    QTRY_VERIFY(built_in.has_value());
    QVERIFY2(*built_in, *built_in ? "" : built_in->error().message.c_str());
    QVERIFY(**built_in == *models);
}

void TestSettingsProbe::a_cancelled_test_tells_nothing()
{
    FakeUpstream server([](const FakeUpstream::Request&) { return FakeUpstream::Script{FakeUpstream::Hold{}}; });
    SettingsProgram program;
    QVERIFY(program.start());
    CancelSource source;
    bool told = false;
    program.settings->test_provider(at(server), source.token(), [&](const Models&) { told = true; });
    QTRY_COMPARE(server.requests().size(), qsizetype(1));
    source.cancel();
    QTRY_COMPARE(server.disconnects(), 1); // at once, not after the timeout
    CancelSource before;
    before.cancel();
    program.settings->check("", before.token(), [&](const Models&) { told = true; });
    program.settings->save(with_queue(1), "", before.token(), [&](const Saved&) { told = true; });
    QVERIFY(program.check(""));
    QVERIFY(!std::filesystem::exists(program.file()));
    QVERIFY(!told);
}

void TestSettingsProbe::ends_while_a_test_runs()
{
    FakeUpstream server([](const FakeUpstream::Request&) { return FakeUpstream::Script{FakeUpstream::Hold{}}; });
    SettingsProgram program;
    QVERIFY(program.start());
    bool told = false;
    for (int i = 0; i < 3; ++i)
        program.settings->test_provider(at(server), {}, [&](const Models&) { told = true; });
    QTRY_COMPARE(server.requests().size(), qsizetype(3));
    program.settings.reset();
    QTRY_COMPARE(server.disconnects(), 3);
    QCoreApplication::processEvents();
    QVERIFY(!told);
}

void TestSettingsProbe::discovers()
{
    FakeUpstream server([](const FakeUpstream::Request&) {
        return FakeUpstream::Script{FakeUpstream::reply(200, "application/json", R"({"models":[]})")};
    });
    SettingsProgram program("", {}, {{"OLLAMA_HOST", server.url().toStdString()}});
    QVERIFY(program.start());
    std::optional<std::vector<std::string>> found;
    program.settings->discover({}, [&](std::vector<std::string> urls) { found = std::move(urls); });
    QTRY_VERIFY(found.has_value());
    QVERIFY(!found->empty());
    QCOMPARE(bytes(found->front()), server.url().toUtf8());
}

QTEST_GUILESS_MAIN(TestSettingsProbe)
#include "tst_settings_probe.moc"
