// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/handlers/responses_delivery.h"
#include "providers/demo/demo_provider.h"
#include "support/fake_pipeline.h"
#include "unit/conversations/scripted_store.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <QTest>

#include <string>
#include <vector>

using namespace tokenscope;
using namespace tokenscope::gateway;
using test::ScriptedStore;
namespace asio = boost::asio;

namespace {

config::Provider demo()
{
    config::Provider settings;
    settings.name = "demo";
    settings.kind = config::ProviderKind::demo;
    return settings;
}

/// A delivery of one request, whose store does as it is told.
struct Bench {
    explicit Bench(ResponsesBasis basis = {}, const char* body = R"({"model":"fast","input":"x"})")
        : delivery({store, log, clock, aliases, names}, std::move(basis)),
          request(*llm::parse_model_request(llm::Api::responses, body))
    {
        log.set_level(telemetry::Level::debug);
    }

    /// Begins to hand a part on; true once that may go to the client.
    bool hand_on(std::string_view bytes, const llm::Translation* translation, bool whole)
    {
        passed = false;
        asio::co_spawn(
            io,
            [](Bench& bench, Delivery::Part part) -> net::Task<void> {
                co_await bench.delivery.before(part);
                bench.passed = true;
            }(*this, {provider, bytes, translation, whole}),
            asio::detached);
        return go_on();
    }
    bool go_on()
    {
        io.restart();
        io.poll();
        return passed;
    }

    static inline const std::map<std::string, std::string> aliases{{"fast", "demo-tiny"}, {"far", "other/m"}};
    static inline const std::set<std::string> names{"demo", "other", "up"};
    asio::io_context io{1};
    ManualClock clock;
    ScriptedStore store{clock};
    std::vector<std::string> lines;
    telemetry::Logger log{{.to_stderr = false, .sink = [this](std::string_view line) { lines.emplace_back(line); }}};
    test::FakePipeline metrics;
    providers::demo::DemoProvider provider{demo(), clock, metrics};
    ResponsesDelivery delivery;
    llm::ModelRequest request;
    bool passed = false;
};

const char* const chat = R"({"choices":[{"index":0,"message":{"role":"assistant","content":"y"}}]})";

} // namespace

class TstResponsesDelivery : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void a_reply_waits_until_it_is_stored()
    {
        Bench bench;
        bench.store.held = true;
        auto translation = bench.delivery.translate(bench.request, bench.provider);
        QVERIFY(translation);
        const auto reply = (*translation)->reply(chat);
        QVERIFY(reply);
        QVERIFY(!bench.hand_on(*reply, translation->get(), true));
        QCOMPARE(bench.store.creates, 1);
        bench.store.release();
        QVERIFY(bench.go_on());
        QCOMPARE(bench.store.count(), std::size_t(1));
        // Only once, whatever else is handed on.
        bench.store.held = false;
        QVERIFY(bench.hand_on("", translation->get(), true));
        QCOMPARE(bench.store.creates, 1);
        bench.log.flush();
        QVERIFY(bench.lines.empty());
    }

    void a_reply_that_cannot_be_stored_is_delivered_with_a_warning()
    {
        Bench bench;
        bench.store.broken = true;
        auto translation = bench.delivery.translate(bench.request, bench.provider);
        const auto reply = (*translation)->reply(chat);
        QVERIFY(bench.hand_on(*reply, translation->get(), true));
        bench.log.flush();
        QCOMPARE(bench.lines.size(), std::size_t(1));
        for (const char* part : {R"("level":"warn")", "resp_", "database or disk is full"})
            QVERIFY2(bench.lines[0].find(part) != std::string::npos, bench.lines[0].c_str());
    }

    void parts_before_the_end_are_not_stored()
    {
        Bench bench({}, R"({"model":"m","input":"x","stream":true})");
        auto translation = bench.delivery.translate(bench.request, bench.provider);
        std::string out;
        (*translation)->feed("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"y\"}}]}\n\n", out);
        QVERIFY(bench.hand_on(out, translation->get(), false));
        QCOMPARE(bench.store.creates, 0);
        (*translation)->feed("data: [DONE]\n\n", out);
        QVERIFY(bench.hand_on(out, translation->get(), false));
        QCOMPARE(bench.store.creates, 1);
    }

    void an_upstream_that_does_not_store_is_not_remembered()
    {
        for (const char* body : {R"({"id":"resp_1","store":false})", R"({"id":""})", "{}", "[]"}) {
            Bench bench;
            QVERIFY(bench.hand_on(body, nullptr, true));
            QCOMPARE(bench.store.creates, 0);
        }
        ResponsesBasis unwanted;
        unwanted.links.store = false;
        Bench bench(unwanted);
        QVERIFY(bench.hand_on(R"({"id":"resp_1"})", nullptr, true));
        QCOMPARE(bench.store.creates, 0);
    }

    void where_a_held_response_is_continued_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("target");
        const auto row = [](const char* model, const char* target) {
            QTest::newRow(model) << QString::fromLatin1(model) << QString::fromLatin1(target);
        };
        row("gpt", "up/gpt");
        row("up/gpt", "up/gpt");
        row("other/gpt", "other/gpt"); // whoever names another gets that, and its refusal
        row("vendor/gpt", "up/vendor/gpt");
        row("fast", "up/demo-tiny");
        row("far", "far");
    }

    void where_a_held_response_is_continued()
    {
        QFETCH(QString, model);
        QFETCH(QString, target);
        ResponsesBasis basis;
        basis.holder = "up";
        basis.links.previous = "resp_1";
        Bench bench(basis);
        bench.request.model = model.toStdString();
        QCOMPARE(QString::fromStdString(bench.delivery.target(bench.request)), target);
        QVERIFY(!bench.delivery.passes_through(bench.request, bench.provider));
        const auto refused = bench.delivery.translate(bench.request, bench.provider);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::previous_response_not_found);
    }
};

QTEST_GUILESS_MAIN(TstResponsesDelivery)
#include "tst_responses_delivery.moc"
