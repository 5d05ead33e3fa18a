// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/queued_provider.h"

#include "telemetry/request_observation.h"
#include "telemetry/tracing/span_errors.h"

#include <utility>

namespace tokenscope::providers {

QueuedProvider::QueuedProvider(std::unique_ptr<Provider> inner, std::unique_ptr<AdmissionQueue> queue)
    : ProviderDecorator(std::move(inner)), m_queue(std::move(queue))
{
}

telemetry::Span QueuedProvider::begin_wait(ModelCall& call)
{
    call.observed.queued();
    auto wait = telemetry::child_of(call.span, "queue.wait");
    wait.set("provider.name", name());
    return wait;
}

void QueuedProvider::end_wait(ModelCall& call, telemetry::Span wait, const Result<AdmissionQueue::Ticket>& ticket)
{
    if (ticket)
        call.observed.dequeued();
    else
        telemetry::note_error(wait, ticket.error());
}

Task<Result<Reply>> QueuedProvider::generate(ModelCall& call)
{
    auto wait = begin_wait(call);
    const auto ticket = co_await m_queue->enter(call.cancel, call.client_key, &call.observed);
    end_wait(call, std::move(wait), ticket);
    if (!ticket)
        co_return failure(ticket.error());
    co_return co_await inner().generate(call);
}

Task<Result<StreamOutcome>> QueuedProvider::generate_stream(ModelCall& call, StreamSink& sink)
{
    auto wait = begin_wait(call);
    const auto ticket = co_await m_queue->enter(call.cancel, call.client_key, &call.observed);
    end_wait(call, std::move(wait), ticket);
    if (!ticket)
        co_return failure(ticket.error());
    co_return co_await inner().generate_stream(call, sink);
}

} // namespace tokenscope::providers
