// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/http_client.h"
#include "net/watchdog.h"
#include "providers/openai_provider.h"
#include "support/fake_upstream.h"
#include "support/silent_telemetry.h"
#include "telemetry/request_log.h"
#include "telemetry/request_observation.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <QTest>

#include <atomic>
#include <exception>
#include <optional>

using namespace tokenscope;
using namespace tokenscope::providers;
using test::FakeUpstream;
namespace asio = boost::asio;

namespace {

/// An upstream that has the Responses API only while it is told so.
struct Bench {
    Bench()
    {
        config::Provider settings;
        settings.name = "up";
        settings.base_url = server.url().toStdString() + "/v1";
        provider.emplace(Upstream(client, settings, *parse_url(settings.base_url)), clock);
    }

    Result<Reply> ask(llm::Api api)
    {
        const auto request =
            llm::parse_model_request(api, R"({"model":"m","input":"x","messages":[{"role":"user","content":"x"}]})");
        ModelCall call{*request, "m", {}, source.token(), observation};
        std::optional<Result<Reply>> result;
        io.restart();
        asio::co_spawn(io, provider->generate(call), [&](std::exception_ptr error, Result<Reply> value) {
            if (error)
                std::rethrow_exception(error);
            result.emplace(std::move(value));
            io.stop();
        });
        io.run();
        return std::move(*result);
    }

    std::atomic<bool> has_responses = false;
    FakeUpstream server{[this](const FakeUpstream::Request& request) -> FakeUpstream::Script {
        if (request.target == "/v1/responses" && !has_responses)
            return {FakeUpstream::reply(404, "text/plain", "404 page not found")};
        return {
            FakeUpstream::reply(200, "application/json",
                                R"({"model":"m","status":"completed","usage":{"input_tokens":2,"output_tokens":1}})")};
    }};
    asio::io_context io{1};
    asio::ssl::context tls = net::make_client_tls();
    net::Watchdog watchdog{io.get_executor()};
    net::HttpClient client{io.get_executor(), tls, watchdog};
    ManualClock clock;
    test::SilentTelemetry silent;
    telemetry::RequestObservation observation{silent.observers(clock), {.route = "/v1/x", .request_id = "id"}};
    CancelSource source;
    std::optional<OpenAiProvider> provider;
};

} // namespace

class TstOpenAiProvider : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void speaks_what_openai_has()
    {
        Bench bench;
        using llm::Api;
        for (const auto api : {Api::chat, Api::completions, Api::embeddings, Api::rerank, Api::responses})
            QVERIFY(bench.provider->speaks(api));
        for (const auto api : {Api::messages, Api::ollama_chat, Api::ollama_generate, Api::ollama_embed})
            QVERIFY(!bench.provider->speaks(api));
    }

    void a_missing_api_is_asked_for_again_after_a_while()
    {
        Bench bench;
        const auto refused = bench.ask(llm::Api::responses);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::unsupported_api);
        QVERIFY(!bench.provider->speaks(llm::Api::responses));
        QVERIFY(bench.provider->speaks(llm::Api::chat));
        bench.clock.advance(OpenAiProvider::asked_again - std::chrono::milliseconds(1));
        QVERIFY(!bench.provider->speaks(llm::Api::responses));
        bench.clock.advance(std::chrono::milliseconds(1));
        QVERIFY(bench.provider->speaks(llm::Api::responses));
        QVERIFY(!bench.ask(llm::Api::responses));
        QVERIFY(!bench.provider->speaks(llm::Api::responses));

        bench.has_responses = true;
        bench.clock.advance(OpenAiProvider::asked_again);
        const auto answered = bench.ask(llm::Api::responses);
        QVERIFY(answered);
        QCOMPARE(answered->usage.prompt.value_or(0), std::uint64_t(2));
        QCOMPARE(answered->finish_reason, std::string("stop"));
        QVERIFY(bench.provider->speaks(llm::Api::responses));
    }
};

QTEST_GUILESS_MAIN(TstOpenAiProvider)
#include "tst_openai_provider.moc"
