// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/demo/demo_provider.h"

#include "base/ids.h"
#include "llm/openai_writer.h"
#include "providers/demo/inbox.h"
#include "providers/demo/job_reader.h"
#include "telemetry/request_observation.h"

#include <utility>

namespace tokenscope::providers::demo {

using telemetry::Stage;

namespace {

std::int64_t unix_seconds(const Clock& clock)
{
    return std::chrono::duration_cast<std::chrono::seconds>(clock.wall().time_since_epoch()).count();
}

/// What every part of a reply begins with.
llm::OpenAiChunkWriter new_writer(const Clock& clock, const ModelCall& call)
{
    return {.id = "chatcmpl-" + random_hex(12),
            .created = unix_seconds(clock),
            .model = call.upstream_model,
            .announce_usage = call.request.include_usage.value_or(false)};
}

/// Measures from its construction.
class Stopwatch {
public:
    explicit Stopwatch(const Clock& clock) : m_clock(clock), m_begun(clock.now()) {}
    Nanos elapsed() const { return m_clock.now() - m_begun; }

private:
    const Clock& m_clock;
    Instant m_begun;
};

/// One job and the coroutine waiting for it. Destroying it, on whatever path, cancels what is left of the job.
class Generation {
public:
    Generation(const std::shared_ptr<Engine>& engine, JobRequest request, ModelCall& call, const Clock& clock)
        : m_observed(call.observed), m_engine(engine), m_inbox(std::make_shared<Inbox>(clock))
    {
        JobCallbacks callbacks;
        callbacks.token = [inbox = m_inbox](std::string_view text, std::size_t) { inbox->token(text); };
        callbacks.done = [inbox = m_inbox](const JobFacts& facts, std::string_view finish_reason) {
            inbox->end(
                {.usage = whole_usage(facts), .finish_reason = std::string(finish_reason), .stages = facts.stages});
        };
        callbacks.failed = [inbox = m_inbox](Error error, const JobFacts& facts) {
            inbox->end({.usage = partial_usage(facts, facts.completion_tokens),
                        .error = std::move(error),
                        .stages = facts.stages});
        };
        m_job = engine->submit(std::move(request), std::move(callbacks));
        m_on_cancel = call.cancel.on_cancel([weak = m_engine, inbox = m_inbox, job = m_job] {
            const auto alive = weak.lock();
            if (const auto facts = alive ? alive->cancel(job) : std::nullopt)
                inbox->cancel(*facts);
        });
    }
    ~Generation()
    {
        if (const auto alive = m_engine.lock())
            alive->cancel(m_job);
    }
    Generation(const Generation&) = delete;
    Generation& operator=(const Generation&) = delete;

    /// What is new. With the end, the observation learns of the engine's stages.
    Task<Inbox::Batch> next()
    {
        Inbox::Batch batch = co_await m_inbox->next();
        m_observed.stage(Stage::mp_queue_receive, batch.under_way);
        if (batch.end)
            tell(batch.end->stages);
        co_return batch;
    }

    /// Cuts the job off, of which `tokens` tokens were used. Not to be called behind an end.
    Task<llm::Usage> cut(std::uint64_t tokens)
    {
        std::optional<JobFacts> facts;
        if (const auto alive = m_engine.lock())
            facts = alive->cancel(m_job);
        if (facts) {
            tell(facts->stages);
            co_return partial_usage(*facts, tokens);
        }
        std::optional<JobEnd> end; // it has come by itself, or is about to
        while (!end) {
            Inbox::Batch batch = co_await next();
            end = std::move(batch.end);
        }
        co_return partial_usage({.prompt_tokens = end->usage.prompt}, tokens);
    }

private:
    static llm::Usage whole_usage(const JobFacts& facts)
    {
        llm::Usage usage = partial_usage(facts, facts.completion_tokens);
        usage.estimated = false;
        return usage;
    }

    void tell(const telemetry::StageTimes& stages)
    {
        for (std::size_t i = 0; i < stages.size(); ++i)
            if (stages[i])
                m_observed.stage(static_cast<Stage>(i), *stages[i]);
    }

    telemetry::RequestObservation& m_observed;
    const std::weak_ptr<Engine> m_engine;
    const std::shared_ptr<Inbox> m_inbox;
    JobHandle m_job;
    CancelRegistration m_on_cancel;
};

/// A simulated failure is the upstream's own refusal, and reaches the client as one; anything else is an error of ours.
Result<Reply> refusal(const Error& error)
{
    if (error.code != ErrorCode::internal && error.code != ErrorCode::upstream_error_event)
        return failure(error);
    Reply reply;
    reply.status = 500;
    reply.headers = {{"content-type", "application/json"}};
    reply.body = llm::openai_error_json(error.message, "server_error", "simulated_failure", {});
    return reply;
}

StreamEnd stream_end(JobEnd end, std::string model)
{
    return {.usage = end.usage,
            .response_model = std::move(model),
            .finish_reason = std::move(end.finish_reason),
            .error = std::move(end.error)};
}

/// Appends what closes a stream that ended well.
void close_stream(std::string& bytes, const llm::OpenAiChunkWriter& writer, const JobEnd& end)
{
    writer.finish(bytes, end.finish_reason);
    if (writer.announce_usage)
        writer.usage(bytes, end.usage);
    writer.done(bytes);
}

/// read_job() for `call`, timed.
Result<JobRequest> read_timed(ModelCall& call, const Clock& clock)
{
    const Stopwatch stopwatch(clock);
    Result<JobRequest> request = read_job(call.request, call.upstream_model);
    call.observed.stage(Stage::grpc_deserialize, stopwatch.elapsed());
    return request;
}

/// The batch as events of the stream.
void write_batch(std::string& bytes, const llm::OpenAiChunkWriter& writer, const Inbox::Batch& batch)
{
    for (const std::string& token : batch.tokens)
        writer.content(bytes, token);
    if (!batch.end)
        return;
    if (!batch.end->error)
        close_stream(bytes, writer, *batch.end);
    else if (batch.end->error->code == ErrorCode::upstream_error_event)
        writer.error(bytes, *batch.end->error);
}

} // namespace

DemoProvider::DemoProvider(const config::Provider& settings, const Clock& clock, telemetry::PipelineMetrics& metrics)
    : m_name(settings.name), m_clock(clock), m_created(unix_seconds(clock)),
      m_engine(std::make_shared<Engine>(settings.demo, clock, metrics))
{
}

Task<Result<Reply>> DemoProvider::generate(ModelCall& call)
{
    const Clock& clock = m_clock;
    Result<JobRequest> request = read_timed(call, clock);
    if (!request)
        co_return failure(std::move(request.error()));
    const llm::OpenAiChunkWriter writer = new_writer(clock, call);
    call.observed.connected();
    Generation generation(m_engine, std::move(*request), call, clock);
    call.observed.sent();

    // From here on nothing of this object is touched: it may be gone when the engine shuts down.
    llm::OpenAiReply whole;
    Inbox::Batch batch;
    while (!batch.end) {
        batch = co_await generation.next();
        for (const std::string& token : batch.tokens)
            whole.content += token;
    }
    if (batch.end->error)
        co_return refusal(*batch.end->error);
    call.observed.first_byte();
    whole.finish_reason = batch.end->finish_reason;
    whole.usage = batch.end->usage;
    Reply reply;
    reply.headers = {{"content-type", "application/json"}};
    const Stopwatch stopwatch(clock);
    reply.body = llm::openai_reply_body(writer, whole);
    call.observed.stage(Stage::grpc_serialize, stopwatch.elapsed());
    reply.usage = batch.end->usage;
    reply.response_model = call.upstream_model;
    reply.finish_reason = batch.end->finish_reason;
    co_return reply;
}

Task<Result<StreamOutcome>> DemoProvider::generate_stream(ModelCall& call, StreamSink& sink)
{
    const Clock& clock = m_clock;
    Result<JobRequest> request = read_timed(call, clock);
    if (!request)
        co_return failure(std::move(request.error()));
    const llm::OpenAiChunkWriter writer = new_writer(clock, call);
    call.observed.connected();
    Generation generation(m_engine, std::move(*request), call, clock);
    call.observed.sent();

    // From here on nothing of this object is touched: it may be gone when the engine shuts down.
    Inbox::Batch batch = co_await generation.next();
    if (batch.end && batch.end->error && batch.tokens.empty()) {
        Result<Reply> refused = refusal(*batch.end->error);
        if (!refused)
            co_return failure(std::move(refused.error()));
        co_return StreamOutcome(std::move(*refused));
    }
    call.observed.first_byte();
    const Headers headers{{"content-type", "text/event-stream"}, {"cache-control", "no-cache"}};
    Result<void> taken = co_await sink.begin(headers);
    std::uint64_t generated = 0;
    std::string bytes;
    writer.role(bytes);
    while (true) {
        const Stopwatch stopwatch(clock);
        write_batch(bytes, writer, batch);
        call.observed.stage(Stage::grpc_serialize, stopwatch.elapsed());
        const auto tokens = static_cast<std::uint32_t>(batch.tokens.size());
        generated += tokens;
        if (taken && !bytes.empty()) {
            const StreamChunk chunk{bytes, tokens, tokens};
            taken = co_await sink.write(chunk);
        }
        if (!taken) {
            const JobFacts facts{.prompt_tokens = batch.end ? batch.end->usage.prompt : std::nullopt};
            JobEnd broken{.usage = partial_usage(facts, generated), .error = std::move(taken.error())};
            if (!batch.end)
                broken.usage = co_await generation.cut(generated);
            co_return StreamOutcome(stream_end(std::move(broken), call.upstream_model));
        }
        if (batch.end)
            co_return StreamOutcome(stream_end(std::move(*batch.end), call.upstream_model));
        bytes.clear();
        batch = co_await generation.next();
    }
}

Task<Result<std::vector<ModelInfo>>> DemoProvider::models(CancelToken)
{
    std::vector<ModelInfo> list;
    for (const Model& model : demo::models)
        list.push_back({std::string(model.id), m_created});
    co_return list;
}

Task<Result<void>> DemoProvider::health(CancelToken)
{
    co_return Result<void>();
}

Task<Result<Reply>> DemoProvider::side_call(SideCall call)
{
    co_return failure(ErrorCode::unsupported_api,
                      "The built-in engine has nothing at " + call.target + ": it only completes chats.");
}

} // namespace tokenscope::providers::demo
