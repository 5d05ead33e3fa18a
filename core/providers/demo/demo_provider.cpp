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

/// One job and the coroutine waiting for it. Destroying it, on whatever path, cancels what is left of the job.
class Generation {
public:
    Generation(const std::shared_ptr<Engine>& engine, const JobRequest& request, const CancelToken& cancel)
        : m_engine(engine), m_inbox(std::make_shared<Inbox>())
    {
        JobCallbacks callbacks;
        callbacks.token = [inbox = m_inbox](std::string_view text, std::size_t) { inbox->token(text); };
        callbacks.done = [inbox = m_inbox](const llm::Usage& usage, std::string_view finish_reason) {
            inbox->end({.usage = usage, .finish_reason = std::string(finish_reason)});
        };
        callbacks.failed = [inbox = m_inbox](Error error) { inbox->end({.error = std::move(error)}); };
        m_job = engine->submit(request, std::move(callbacks));
        m_on_cancel = cancel.on_cancel([weak = m_engine, inbox = m_inbox, job = m_job] {
            if (const auto alive = weak.lock())
                alive->cancel(job);
            inbox->cancel(job.prompt_tokens);
        });
    }
    ~Generation()
    {
        if (const auto alive = m_engine.lock())
            alive->cancel(m_job);
    }
    Generation(const Generation&) = delete;
    Generation& operator=(const Generation&) = delete;

    Task<Inbox::Batch> next() { return m_inbox->next(); }

    /// The job's usage where it was cut off after `tokens` by something else than a cancel.
    llm::Usage usage_after(std::uint64_t tokens) const
    {
        return {.prompt = m_job.prompt_tokens,
                .completion = tokens,
                .total = m_job.prompt_tokens + tokens,
                .estimated = true};
    }

private:
    const std::weak_ptr<Engine> m_engine;
    const std::shared_ptr<Inbox> m_inbox;
    JobHandle m_job;
    CancelRegistration m_on_cancel;
};

/// A simulated failure is the upstream's own refusal, and reaches the client as one; anything else is an error of ours.
Result<Reply> refusal(const Error& error)
{
    if (error.code != ErrorCode::internal)
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

} // namespace

DemoProvider::DemoProvider(const config::Provider& settings, const Clock& clock)
    : m_name(settings.name), m_clock(clock), m_created(unix_seconds(clock)),
      m_engine(std::make_shared<Engine>(settings.demo, clock))
{
}

Task<Result<Reply>> DemoProvider::generate(ModelCall& call)
{
    const Result<JobRequest> request = read_job(call.request, call.upstream_model);
    if (!request)
        co_return failure(request.error());
    const llm::OpenAiChunkWriter writer = new_writer(m_clock, call);
    call.observed.connected();
    Generation generation(m_engine, *request, call.cancel);
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
    reply.body = llm::openai_reply_body(writer, whole);
    reply.usage = batch.end->usage;
    reply.response_model = call.upstream_model;
    reply.finish_reason = batch.end->finish_reason;
    co_return reply;
}

Task<Result<StreamOutcome>> DemoProvider::generate_stream(ModelCall& call, StreamSink& sink)
{
    const Result<JobRequest> request = read_job(call.request, call.upstream_model);
    if (!request)
        co_return failure(request.error());
    const llm::OpenAiChunkWriter writer = new_writer(m_clock, call);
    call.observed.connected();
    Generation generation(m_engine, *request, call.cancel);
    call.observed.sent();

    // From here on nothing of this object is touched: it may be gone when the engine shuts down.
    Inbox::Batch batch = co_await generation.next();
    if (batch.end && batch.end->error) {
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
        for (const std::string& token : batch.tokens)
            writer.content(bytes, token);
        const bool ended = batch.end.has_value();
        if (ended && !batch.end->error)
            close_stream(bytes, writer, *batch.end);
        const auto tokens = static_cast<std::uint32_t>(batch.tokens.size());
        generated += tokens;
        if (taken && !bytes.empty()) {
            const StreamChunk chunk{bytes, tokens, tokens};
            taken = co_await sink.write(chunk);
        }
        if (!taken) {
            JobEnd broken{.usage = generation.usage_after(generated), .error = std::move(taken.error())};
            co_return StreamOutcome(stream_end(std::move(broken), call.upstream_model));
        }
        if (ended)
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
