// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fake_exchange.h"
#include "gateway/handlers/model_route.h"
#include "gateway/middleware/observation.h"
#include "gateway/middleware/metrics.h"
#include "support/silent_telemetry.h"
#include "telemetry/request_log.h"

#include <QTest>

#include <stdexcept>
#include <vector>

using namespace tokenscope;
using namespace tokenscope::test;
using gateway::RequestContext;
using telemetry::RequestObservation;

namespace {

const std::string trace = "0af7651916cd43dd8448eb211c80319c";

net::Task<void> good(RequestContext& context, RequestObservation& observed, const llm::ModelRequest&)
{
    net::Response ok{.status = 200, .body = "done"};
    co_await context.exchange.reply(std::move(ok));
    observed.succeed();
}

net::Task<void> throwing(RequestContext&, RequestObservation&, const llm::ModelRequest&)
{
    throw std::runtime_error("handler");
    co_return;
}

class KeptEnds final : public telemetry::HttpMetrics {
public:
    void started() override { ++begun; }
    void finished(const telemetry::HttpEnd& end) override
    {
        ends.push_back(end);
        traces.emplace_back(end.trace_id);
    }

    int begun = 0;
    std::vector<telemetry::HttpEnd> ends;
    std::vector<std::string> traces;
};

} // namespace

/// What a model request's route and the metrics around all routes know of a request.
class TstModelRoute : public QObject {
    Q_OBJECT

    ManualClock m_clock;
    SilentTelemetry m_silent;

    gateway::Handler observed_route(llm::Api api, telemetry::RecordSink& records, gateway::Serve serve)
    {
        const telemetry::Observers observers{m_silent, m_silent, nullptr, records, m_clock};
        return gateway::with_observation(
            observers, [api](const RequestContext&) { return api; }, gateway::model_route(api, std::move(serve)));
    }

    static FakeExchange request(
        const char* body = R"({"model":"m","messages":[{}],"input":"x","prompt":"x","query":"x"})")
    {
        FakeExchange exchange("POST", "/v1/x", {{"content-type", "application/json"}});
        exchange.request_body = body;
        return exchange;
    }

private Q_SLOTS:
    void operations_data()
    {
        QTest::addColumn<int>("api");
        QTest::addColumn<QByteArray>("operation");
        using llm::Api;
        const auto row = [](Api api, const char* operation) {
            QTest::addRow("%d", int(api)) << int(api) << QByteArray(operation);
        };
        row(Api::chat, "chat");
        row(Api::completions, "completion");
        row(Api::embeddings, "embeddings");
        row(Api::rerank, "rerank");
        row(Api::responses, "responses");
        row(Api::messages, "messages");
        row(Api::ollama_chat, "chat");
        row(Api::ollama_generate, "completion");
        row(Api::ollama_embed, "embeddings");
        row(Api::ollama_embeddings, "embeddings");
    }

    void operations()
    {
        QFETCH(int, api);
        QFETCH(QByteArray, operation);
        telemetry::RequestLog records;
        auto exchange = request();
        run(exchange, [&](const gateway::Handler&) -> gateway::Handler {
            const auto route = observed_route(static_cast<llm::Api>(api), records, good);
            return [route](RequestContext& context) {
                context.client = "laptop";
                context.traced = true;
                context.trace = {.trace_id = telemetry::parse_trace_id(trace).value(),
                                 .flags = telemetry::TraceContext::sampled_flag};
                return route(context);
            };
        });
        QCOMPARE(records.since(0).size(), std::size_t(1));
        const auto& record = *records.since(0)[0];
        QCOMPARE(record.operation, std::string_view(operation.data()));
        QCOMPARE(record.client, std::string("laptop"));
        QCOMPARE(record.trace_id.view(), std::string_view(trace));
        QVERIFY(record.sampled);
        QCOMPARE(record.http_status, 200U);
        QCOMPARE(record.status, telemetry::RequestStatus::success);
    }

    void exceptions_are_recorded_once()
    {
        telemetry::RequestLog records;
        KeptEnds http;
        auto exchange = request();
        bool caught = false;
        try {
            run(exchange, [&](const gateway::Handler&) {
                return gateway::with_metrics(http, m_clock, {}, observed_route(llm::Api::chat, records, throwing));
            });
        } catch (const std::runtime_error& problem) {
            caught = std::string_view(problem.what()) == "handler";
        }
        QVERIFY(caught);
        QCOMPARE(records.since(0).size(), std::size_t(1));
        QCOMPARE(records.since(0)[0]->error_type, std::string_view("error"));
        QCOMPARE(http.begun, 1);
        QCOMPARE(http.ends.size(), std::size_t(1));
        QCOMPARE(http.ends[0].status, 500U);
    }

    void refusals_are_recorded_once()
    {
        telemetry::RequestLog records;
        auto exchange = request("[]");
        run(exchange, [&](const gateway::Handler&) { return observed_route(llm::Api::chat, records, good); });
        QCOMPARE(records.since(0).size(), std::size_t(1));
        QCOMPARE(records.since(0)[0]->error_type, std::string_view("rejected"));
        QCOMPARE(records.since(0)[0]->operation, std::string_view("chat"));
        QVERIFY(!records.since(0)[0]->sampled);
    }

    void bodies_and_traces()
    {
        telemetry::RequestLog records;
        KeptEnds http;
        for (const std::uint8_t flags : {0, 1}) {
            auto exchange = request();
            run(exchange, [&](const gateway::Handler&) -> gateway::Handler {
                const auto counted =
                    gateway::with_metrics(http, m_clock, {}, observed_route(llm::Api::chat, records, good));
                return [counted, flags](RequestContext& context) {
                    context.traced = true;
                    context.trace = {.trace_id = telemetry::parse_trace_id(trace).value(), .flags = flags};
                    return counted(context);
                };
            });
        }
        QCOMPARE(http.ends.size(), std::size_t(2));
        QCOMPARE(http.ends[0].request_bytes, std::uint64_t(request().request_body.size()));
        QCOMPARE(http.ends[0].response_bytes, std::uint64_t(4));
        QCOMPARE(http.traces, (std::vector<std::string>{"", trace}));
    }
};

QTEST_GUILESS_MAIN(TstModelRoute)
#include "tst_model_route.moc"
