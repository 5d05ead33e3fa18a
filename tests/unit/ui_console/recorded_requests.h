// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/silent_telemetry.h"
#include "telemetry/capture/capture_store.h"
#include "telemetry/request_log.h"
#include "telemetry/tracing/span.h"
#include "telemetry/tracing/span_store.h"
#include "telemetry/tracing/tracer.h"

#include <chrono>
#include <map>
#include <memory>
#include <string>

namespace tokenscope::test {

using RecordPtr = std::shared_ptr<const telemetry::RequestRecord>;

/// Captured exchanges by their request's id.
struct FakeCaptures final : telemetry::CaptureStore {
    std::shared_ptr<const telemetry::CapturedExchange> find(std::string_view request_id) const override
    {
        const auto found = kept.find(request_id);
        return found == kept.end() ? nullptr : found->second;
    }
    bool bodies() const override { return capturing; }
    std::map<std::string, std::shared_ptr<const telemetry::CapturedExchange>, std::less<>> kept;
    bool capturing = true;
};

inline telemetry::CapturedBody body_of(std::string bytes)
{
    const auto whole = bytes.size();
    return {.wanted = true, .bytes = std::move(bytes), .whole = whole};
}

/// Requests as a gateway would have recorded them, with the real classes and a clock turned by hand.
struct RequestSamples {
    ManualClock clock;
    SilentTelemetry silent;
    telemetry::RequestLog log;
    telemetry::SpanStore spans;
    FakeCaptures captures;
    std::string last_body =
        R"({"model":"llama3","messages":[{"role":"user","content":"Why is the sky blue?"}],"stream":true})";

    struct Options {
        std::string id = "req_7f3a";
        bool streamed = true;
        bool sampled = true;
        bool capture = true;
        int chunks = 120;
        std::string error = {}; ///< fails in the stream
    };

    RecordPtr run(const Options& options, const std::optional<telemetry::TraceContext>& parent = {})
    {
        using namespace std::chrono_literals;
        config::Observability settings;
        settings.tracing.sampler.type = options.sampled ? config::SamplerType::always : config::SamplerType::never;
        const telemetry::Tracer tracer(settings, spans, clock);
        telemetry::TraceContext context;
        auto span = tracer.begin(parent, clock.now(), context);
        span.rename({"POST ", "/v1/chat/completions"});
        span.set("http.method", "POST");
        span.set("http.route", "/v1/chat/completions");
        span.set("http.request_id", options.id);
        const telemetry::Observers observers{silent, silent, nullptr, log, clock};
        {
            telemetry::RequestObservation seen(observers, {.route = "/v1/chat/completions",
                                                           .operation = "chat",
                                                           .request_id = options.id,
                                                           .trace_id = telemetry::TraceText(context.trace_id),
                                                           .sampled = options.sampled});
            seen.client("laptop");
            clock.advance(1ms);
            seen.parsed("llama3", options.streamed);
            seen.routed({.backend = "ollama", .model = "llama3:8b"});
            seen.queued();
            {
                auto wait = span.child("queue.wait");
                wait.set("provider.name", "ollama");
                clock.advance(12ms);
            }
            seen.dequeued();
            call(seen, span, options);
        }
        span.set("http.status_code", options.error.empty() ? 200 : 502);
        if (!options.error.empty())
            span.fail("in_stream_error", options.error);
        span.end();
        if (options.capture)
            captures.kept[options.id] = exchange(options);
        clock.advance(50ms);
        return log.since(log.last_sequence() - 1).front();
    }

private:
    void call(telemetry::RequestObservation& seen, telemetry::Span& span, const Options& options)
    {
        using namespace std::chrono_literals;
        auto provider = span.child("chat llama3:8b", telemetry::SpanKind::client);
        provider.set("gen_ai.provider.name", "ollama");
        provider.set("gen_ai.request.model", "llama3:8b");
        seen.attempt();
        clock.advance(2ms);
        seen.connected();
        clock.advance(1ms);
        seen.sent();
        clock.advance(310ms);
        seen.first_byte();
        provider.event("first_chunk");
        for (int i = 0; options.streamed && i < options.chunks; ++i) {
            clock.advance(i == options.chunks / 3 ? Nanos(1'240ms)
                                                  : Nanos(18ms + std::chrono::milliseconds(i * 7 % 13)));
            seen.chunk(180 + static_cast<std::size_t>(i % 5) * 9, i % 9 == 0 ? 2 : 1, 1);
        }
        if (options.error.empty()) {
            seen.usage(
                {.prompt = 1234, .completion = 134, .total = 1368, .cached = 0, .reasoning = {}, .cache_creation = {}});
            seen.response_facts("llama3:8b", "stop");
            seen.http_status(200);
            seen.succeed();
        } else {
            provider.fail("in_stream_error", options.error);
            seen.http_status(200);
            seen.fail(telemetry::EndReason::in_stream_error, options.error, "in_stream_error");
        }
        clock.advance(4ms);
        seen.attempt_ended();
    }

    std::shared_ptr<const telemetry::CapturedExchange> exchange(const Options& options) const
    {
        telemetry::CapturedExchange made;
        made.method = "POST";
        made.target = "/v1/chat/completions";
        made.request_headers = {{"Host", "127.0.0.1:8080"},
                                {"Authorization", "Bearer sk-p…c41f"},
                                {"Content-Type", "application/json"},
                                {"Accept", "text/event-stream"},
                                {"User-Agent", "openai-python/1.51.0"},
                                {"Content-Length", std::to_string(last_body.size())}};
        made.request_body = body_of(last_body);
        made.status = 200;
        made.reply_headers = {{"Content-Type", options.streamed ? "text/event-stream" : "application/json"},
                              {"Cache-Control", "no-cache, no-transform"},
                              {"X-Request-Id", options.id}};
        std::string reply;
        for (const auto* word : {"The", " sky", " is", " blue", "."})
            reply += std::string(R"(data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"content":")") + word
                     + "\"}}]}\n\n";
        reply += "data: [DONE]\n\n";
        made.reply_body = body_of(options.streamed ? reply : R"({"id":"x","choices":[]})");
        return std::make_shared<const telemetry::CapturedExchange>(std::move(made));
    }
};

} // namespace tokenscope::test
