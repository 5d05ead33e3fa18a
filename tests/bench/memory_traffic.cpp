// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/memory_traffic.h"

#include "telemetry/tracing/span.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace tokenscope::bench {

using namespace std::chrono_literals;
using telemetry::EndReason;
using telemetry::RequestStatus;

namespace {

struct Model {
    std::string_view provider;
    std::string_view name;
};

constexpr std::array<Model, 3> models{{{"demo", "demo-small"}, {"vllm", "alpha-70b-instruct"}, {"ollama", "phi4"}}};
constexpr std::array<std::string_view, 4> keys{"alice", "bob", "ci", ""};
/// A model that is tuned, tried and thrown away, a new one three times an hour.
constexpr std::uint64_t seconds_of_a_guest = 1'200;
constexpr std::string_view event =
    R"(data: {"id":"chatcmpl-1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":" word"}}]})"
    "\n\n";
constexpr std::string_view route = "/v1/chat/completions";

telemetry::CapturedHeaders request_headers()
{
    return {{"host", "127.0.0.1:8080"},
            {"user-agent", "some-client/1.42.0 (linux; x86_64)"},
            {"accept", "application/json"},
            {"accept-encoding", "gzip, deflate"},
            {"content-type", "application/json"},
            {"authorization", "Bearer sk-proj-0123456789abcdefghijklmnopqrstuvwxyz"},
            {"content-length", "2117"}};
}

telemetry::CapturedHeaders reply_headers(const std::string& request_id)
{
    return {{"content-type", "text/event-stream"}, {"cache-control", "no-cache"}, {"x-request-id", request_id}};
}

} // namespace

struct MemoryTraffic::Flight {
    std::string request_id;
    telemetry::TraceContext context;
    telemetry::Span span, wait, call_span;
    std::unique_ptr<telemetry::RequestObservation> observed;
    telemetry::CapturedExchange exchange;
    std::string provider, model;
    Fate fate = Fate::good;
    bool streamed = false;
    Instant accepted, called, goes_on; ///< the last: queue, then first byte or whole reply
    std::uint64_t chunks = 0;          ///< still to come
    std::uint64_t at_once = 1;         ///< that come with one tick
    std::uint64_t tokens = 0;
    bool calling = false;
    bool streaming = false;

    telemetry::ProviderCall call() const
    {
        return {.provider = provider, .model = model, .operation = streamed ? "generate_stream" : "generate"};
    }
};

MemoryTraffic::MemoryTraffic(const TrafficParts& parts) : m_parts(parts)
{
    for (const auto& model : models)
        m_parts.metrics.declare_provider(model.provider);
    m_parts.metrics.pipeline().worker_started(telemetry::WorkerType::model);
    m_parts.metrics.pipeline().worker_started(telemetry::WorkerType::tokenizer);
}

MemoryTraffic::~MemoryTraffic() = default;

void MemoryTraffic::second()
{
    static_assert(requests_per_second % 2 == 0 && 1'000 % requests_per_second == 0);
    constexpr auto pace = 1'000 / requests_per_second;
    int longer = 0;
    for (int i = 0; i < requests_per_second; ++i) {
        // Two ticks of uneven length are always as long as two even ones.
        longer = i % 2 == 0 ? static_cast<int>(below(11)) - 5 : -longer;
        m_parts.clock.advance(std::chrono::milliseconds(pace + longer));
        begin();
        std::erase_if(m_flights, [this](const auto& flight) { return !go_on(*flight); });
    }
    ++m_seconds;
    now_and_then();
}

void MemoryTraffic::choose(Flight& flight)
{
    const auto percent = below(100);
    flight.fate = percent < 3    ? Fate::unknown_model
                  : percent < 6  ? Fate::refused
                  : percent < 8  ? Fate::timeout
                  : percent < 10 ? Fate::client_gone
                                 : Fate::good;
    const auto& model = models.at(below(models.size()));
    flight.provider = model.provider;
    flight.model = model.name;
    if (below(100) < 8) {
        flight.provider = "vllm";
        flight.model = fmt::format("tuned-{}:7b", m_seconds / seconds_of_a_guest);
    }
    flight.streamed = below(100) < 75;
    flight.chunks = 8 + below(90);
    if (below(100) == 0) {
        flight.chunks = 1'500 + below(4'500);
        flight.at_once = 16;
    }
}

void MemoryTraffic::begin()
{
    auto made = std::make_unique<Flight>();
    auto& flight = *made;
    choose(flight);
    const auto now = m_parts.clock.now();
    flight.accepted = now;
    ++m_begun;
    flight.request_id = fmt::format("{:016x}{:016x}", m_begun, m_begun * 0x9e37'79b9'7f4a'7c15);
    m_parts.metrics.http().started();
    flight.span = m_parts.tracer.begin(std::nullopt, now, flight.context);
    flight.observed = std::make_unique<telemetry::RequestObservation>(
        m_parts.observers, telemetry::RequestBeginning{.route = std::string(route),
                                                       .operation = "chat",
                                                       .request_id = flight.request_id,
                                                       .trace_id = telemetry::TraceText(flight.context.trace_id),
                                                       .sampled = flight.context.sampled()});
    auto& observed = *flight.observed;
    observed.client(std::string(keys.at(below(keys.size()))));
    const bool bodies = m_parts.captures.bodies();
    flight.exchange = {.method = "POST",
                       .target = std::string(route),
                       .request_headers = request_headers(),
                       .request_body = {.wanted = bodies, .bytes = {}},
                       .reply_headers = reply_headers(flight.request_id),
                       .reply_body = {.wanted = bodies, .bytes = {}}};
    append(flight.exchange.request_body, std::string(300 + below(5'000), 'p'), m_parts.captures.settings().body_bytes);
    if (flight.fate == Fate::unknown_model) {
        observed.parsed(fmt::format("made-up-{}", m_random()), flight.streamed);
        flight.goes_on = now;
    } else {
        observed.parsed(flight.model, flight.streamed);
        observed.routed({.backend = flight.provider, .model = "unknown"});
        observed.queued();
        flight.wait = flight.span.child("queue.wait");
        flight.wait.set("provider.name", flight.provider);
        m_parts.metrics.queues().depth(flight.provider, below(5));
        flight.goes_on = now + std::chrono::milliseconds(below(4) == 0 ? below(80) : 0);
    }
    m_flights.push_back(std::move(made));
}

void MemoryTraffic::call_provider(Flight& flight)
{
    const auto now = m_parts.clock.now();
    flight.calling = true;
    flight.called = now;
    flight.wait.end();
    auto& observed = *flight.observed;
    observed.dequeued();
    m_parts.metrics.queues().waited(flight.provider, now - flight.accepted);
    observed.attempt();
    flight.call_span = flight.span.child(flight.streamed ? "provider.generate_stream" : "provider.generate",
                                         telemetry::SpanKind::client);
    flight.call_span.set("provider.name", flight.provider);
    flight.call_span.set("provider.model", flight.model);
    flight.call_span.set("gen_ai.operation.name", "chat");
    flight.call_span.set("gen_ai.provider.name", flight.provider);
    flight.call_span.set("gen_ai.request.model", flight.model);
    observed.connected();
    observed.sent();
    const auto wait = flight.fate == Fate::timeout ? 3'000 : 60 + below(flight.streamed ? 700 : 1'500);
    flight.goes_on = now + std::chrono::milliseconds(wait);
}

bool MemoryTraffic::go_on(Flight& flight)
{
    if (m_parts.clock.now() < flight.goes_on)
        return true;
    if (!flight.calling && flight.fate != Fate::unknown_model) {
        call_provider(flight);
        return true;
    }
    const bool streams = flight.streamed && (flight.fate == Fate::good || flight.fate == Fate::client_gone);
    if (!streams) {
        end(flight);
        return false;
    }
    if (!flight.streaming) {
        flight.streaming = true;
        auto& observed = *flight.observed;
        observed.routed({.backend = flight.provider, .model = flight.model});
        observed.first_byte();
        m_parts.metrics.providers().first_byte(flight.call(), m_parts.clock.now() - flight.called,
                                               observed.so_far().exemplar());
        flight.call_span.set("provider.ttfb_seconds", flight.call_span.recording() ? flight.call_span.age() : 0.0);
        flight.call_span.event("first_token");
    }
    if (below(4) == 0)
        return true; // a gap twice as long
    for (std::uint64_t i = 0; i < flight.at_once && flight.chunks > 0; ++i)
        chunk(flight);
    const bool left = flight.fate == Fate::client_gone && flight.tokens > 10;
    if (flight.chunks > 0 && !left)
        return true;
    end(flight);
    return false;
}

void MemoryTraffic::chunk(Flight& flight)
{
    --flight.chunks;
    ++flight.tokens;
    flight.observed->chunk(event.size(), 1, 1);
    append(flight.exchange.reply_body, event, m_parts.captures.settings().body_bytes);
}

void MemoryTraffic::end(Flight& flight)
{
    auto& observed = *flight.observed;
    const auto now = m_parts.clock.now();
    auto& metrics = m_parts.metrics;
    unsigned status = 200;
    llm::Usage usage;
    switch (flight.fate) {
    case Fate::unknown_model:
        status = 404;
        observed.fail(EndReason::rejected, fmt::format("No provider lists the model made-up-{}.", m_random()),
                      "rejected");
        flight.span.abandon("model_not_found", "No provider lists this model.");
        break;
    case Fate::refused:
        status = 500;
        observed.fail(EndReason::upstream_error, "The provider answered 500.", "upstream_5xx");
        flight.call_span.fail("500", "The provider answered 500.");
        metrics.gateway().retried(flight.provider, "status_5xx");
        break;
    case Fate::timeout:
        status = 504;
        observed.fail(EndReason::timeout, "The provider did not answer in time.", "timeout");
        flight.call_span.fail("timeout", "The provider did not answer in time.");
        break;
    case Fate::client_gone:
        status = 499;
        observed.fail(EndReason::client_gone, "The client closed the connection before the reply was complete.");
        flight.call_span.abandon("cancelled", "The call was cancelled before the reply was complete.");
        break;
    case Fate::good:
        observed.routed({.backend = flight.provider, .model = flight.model});
        usage.prompt = 200 + below(1'000);
        usage.completion = flight.streamed ? flight.tokens : 20 + below(400);
        if (!flight.streamed)
            append(flight.exchange.reply_body, std::string(4 * *usage.completion + 300, 'r'),
                   m_parts.captures.settings().body_bytes);
        observed.usage(usage);
        observed.response_facts(flight.model, "stop");
        flight.call_span.set("gen_ai.usage.input_tokens", *usage.prompt);
        flight.call_span.set("gen_ai.usage.output_tokens", *usage.completion);
        flight.call_span.set("gen_ai.response.finish_reasons", "stop");
        observed.succeed();
    }
    if (flight.calling) {
        observed.attempt_ended();
        const auto streamed = flight.streaming ? std::optional<Nanos>(now - flight.called) : std::nullopt;
        if (flight.tokens > 0)
            metrics.providers().chunks(flight.call(), flight.tokens);
        metrics.providers().finished(flight.call(), status == 200 ? RequestStatus::success : RequestStatus::error,
                                     now - flight.called, streamed, usage, observed.so_far().exemplar());
        if (flight.provider == "demo")
            for (std::size_t i = 0; i < telemetry::stage_count; ++i)
                observed.stage(static_cast<telemetry::Stage>(i), std::chrono::microseconds(50 + below(20'000)));
    }
    flight.call_span.end();
    observed.http_status(status);
    flight.exchange.status = status;
    const auto reply_bytes = flight.exchange.reply_body.whole;
    m_parts.captures.keep(flight.request_id, std::move(flight.exchange));
    flight.span.rename({"HTTP ", "POST", " ", route});
    flight.span.set("http.method", "POST");
    flight.span.set("http.route", route);
    flight.span.set("http.status_code", status);
    flight.span.set("http.request_id", flight.request_id);
    metrics.http().finished({.method = "POST",
                             .route = route,
                             .status = status,
                             .duration = now - flight.accepted,
                             .request_bytes = flight.exchange.request_body.whole,
                             .response_bytes = reply_bytes,
                             .trace_id = observed.so_far().exemplar()});
    flight.observed.reset();
    flight.span.end();
}

/// What happens beside the requests.
void MemoryTraffic::now_and_then()
{
    auto& metrics = m_parts.metrics;
    metrics.set_cpu(static_cast<double>(below(10'000)) / 100);
    metrics.set_process({.cpu_seconds = static_cast<double>(m_seconds) * 0.31,
                         .resident_bytes = 2e8 + static_cast<double>(below(1'000'000)),
                         .open_fds = 60 + static_cast<double>(below(50)),
                         .max_fds = 1024,
                         .start_time_seconds = 1.7e9});
    metrics.pipeline().batch({.sequences = 4, .tokens = 400 + below(400), .padding = below(200), .longest = 300});
    metrics.pipeline().worker_finished(telemetry::WorkerType::model, 0, 4, 15ms);
    metrics.pipeline().answered();
    metrics.conversations().operation("get", "sqlite", below(9) == 0 ? "not_found" : "success", 40us);
    metrics.conversations().active("sqlite", 300 + below(5));
    if (m_seconds % 7 == 0)
        metrics.gateway().rate_limited("ci");
    if (m_seconds % 60 == 0)
        metrics.model_memory().loaded("ollama", {{.model = "phi4", .memory_bytes = 9'000'000'000, .vram_bytes = 0}});
}

} // namespace tokenscope::bench
