// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/tracing/span_pipeline.h"
#include "tracing_support.h"

#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using namespace tokenscope::test;
using namespace std::chrono_literals;
using config::ExporterType;

namespace {

config::Observability exporting(const std::string& endpoint, const std::string& service = "svc")
{
    config::Observability settings;
    settings.tracing.service_name = service;
    settings.tracing.exporter = {.type = ExporterType::otlp, .endpoint = endpoint};
    return settings;
}

} // namespace

class TstSpanPipeline : public QObject {
    Q_OBJECT

    std::map<std::string, std::shared_ptr<ExporterScript>> m_scripts; ///< by endpoint
    std::vector<std::string> m_made;                                  ///< "service at endpoint"
    CountingSpanMetrics m_metrics;
    KeptLog m_log;
    std::unique_ptr<SpanPipeline> m_pipeline;

    Result<std::unique_ptr<SpanExporter>> make(const config::Exporter& settings, const Resource& resource)
    {
        if (settings.endpoint == "bad")
            return failure(ErrorCode::config, "That is no endpoint.");
        m_made.push_back(resource.attributes.at(0).second + " at " + settings.endpoint);
        auto& script = m_scripts[settings.endpoint];
        if (!script)
            script = std::make_shared<ExporterScript>();
        return std::make_unique<ScriptedExporter>(script);
    }
    void apply(const config::Observability& settings)
    {
        auto next = m_pipeline->prepare(settings);
        QVERIFY(next);
        m_pipeline->adopt(std::move(*next));
    }
    std::size_t sent(const std::string& endpoint) { return m_scripts.at(endpoint)->spans_sent(); }

private Q_SLOTS:
    void init()
    {
        m_scripts.clear();
        m_made.clear();
        m_pipeline = std::make_unique<SpanPipeline>(SpanPipeline::Parts{
            .metrics = m_metrics,
            .log = m_log.log(),
            .make_exporter = [this](const auto& settings, const auto& resource) { return make(settings, resource); },
            .version = "1.2.3",
            .batching = {.delay = 1h}});
    }

    void keeps_spans_whatever_the_exporter()
    {
        m_pipeline->finished(trace_of(2));
        apply({});
        m_pipeline->finished(trace_of(2));
        apply(exporting("a"));
        m_pipeline->finished(trace_of(2));
        QCOMPARE(m_pipeline->store().since(0).size(), std::size_t(3));
        m_pipeline->stop(10s);
        QCOMPARE(sent("a"), std::size_t(2));
        m_pipeline->finished(trace_of(2));
        QCOMPARE(m_pipeline->store().since(0).size(), std::size_t(4));
        QCOMPARE(m_metrics.all(), 0);
    }

    void spans_beyond_the_cap_are_counted()
    {
        m_pipeline->finished(trace_of(TraceLimits::spans + 5));
        QCOMPARE(m_metrics.by_cause(), (std::map<SpanLoss, int>{{SpanLoss::trace_full, 5}}));
    }

    void another_exporter_takes_over()
    {
        apply(exporting("a"));
        m_pipeline->finished(trace_of(3));
        apply(exporting("b"));
        m_pipeline->finished(trace_of(4));
        QTRY_COMPARE(sent("a"), std::size_t(3)); // what was queued is flushed
        apply({});                               // none
        m_pipeline->finished(trace_of(5));
        QTRY_COMPARE(sent("b"), std::size_t(4));
        m_pipeline->stop(10s);
        QCOMPARE(sent("a") + sent("b"), std::size_t(7));
    }

    void the_same_settings_keep_it()
    {
        apply(exporting("a"));
        m_pipeline->finished(trace_of(3));
        auto same = exporting("a");
        same.tracing.sampler.type = config::SamplerType::never;
        apply(same);
        QCOMPARE(m_made, std::vector<std::string>{"svc at a"});
        QCOMPARE(sent("a"), std::size_t(0)); // still waiting for more
        apply(exporting("a", "other"));
        QCOMPARE(m_made, (std::vector<std::string>{"svc at a", "other at a"}));
        QTRY_COMPARE(sent("a"), std::size_t(3));
    }

    void switched_off_it_exports_nothing()
    {
        for (auto* off : {"observability", "tracing"}) {
            auto settings = exporting("a");
            (std::string_view(off) == "tracing" ? settings.tracing.enabled : settings.enabled) = false;
            apply(settings);
        }
        QVERIFY(m_made.empty());
    }

    void a_bad_exporter_changes_nothing()
    {
        apply(exporting("a"));
        const auto next = m_pipeline->prepare(exporting("bad"));
        QVERIFY(!next);
        QCOMPARE(next.error().message, std::string("That is no endpoint."));
        m_pipeline->finished(trace_of(3));
        m_pipeline->stop(10s);
        QCOMPARE(sent("a"), std::size_t(3));
    }

    void prepared_but_not_adopted_is_forgotten()
    {
        apply(exporting("a"));
        QVERIFY(m_pipeline->prepare(exporting("b")));
        m_pipeline->finished(trace_of(3));
        m_pipeline->stop(10s);
        QCOMPARE(sent("a"), std::size_t(3));
        QCOMPARE(sent("b"), std::size_t(0));
    }

    void one_deadline_for_all_that_hang()
    {
        for (const auto* endpoint : {"a", "b", "c"}) {
            m_scripts[endpoint] = std::make_shared<ExporterScript>();
            m_scripts[endpoint]->answer = [](std::size_t, auto timeout, auto cancel) {
                return never_answer(timeout, cancel);
            };
            apply(exporting(endpoint));
            m_pipeline->finished(trace_of(2));
        }
        QElapsedTimer clock;
        clock.start();
        m_pipeline->stop(200ms);
        QVERIFY(clock.elapsed() < 2'000);
    }

    void without_a_factory_only_stdout_works()
    {
        SpanPipeline alone({.metrics = m_metrics, .log = m_log.log(), .make_exporter = {}, .version = "1"});
        QVERIFY(!alone.prepare(exporting("a")));
        config::Observability lines;
        lines.tracing.exporter.type = ExporterType::stdout_lines;
        QVERIFY(alone.prepare(lines));
    }
};

QTEST_GUILESS_MAIN(TstSpanPipeline)
#include "tst_span_pipeline.moc"
