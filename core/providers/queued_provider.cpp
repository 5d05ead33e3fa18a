// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/queued_provider.h"

#include "telemetry/request_observation.h"

#include <utility>

namespace tokenscope::providers {

QueuedProvider::QueuedProvider(std::unique_ptr<Provider> inner, std::unique_ptr<AdmissionQueue> queue)
    : ProviderDecorator(std::move(inner)), m_queue(std::move(queue))
{
}

Task<Result<Reply>> QueuedProvider::generate(ModelCall& call)
{
    call.observed.queued();
    auto ticket = co_await m_queue->enter(call.cancel, call.client_key);
    if (!ticket)
        co_return failure(std::move(ticket.error()));
    call.observed.dequeued();
    co_return co_await inner().generate(call);
}

Task<Result<StreamOutcome>> QueuedProvider::generate_stream(ModelCall& call, StreamSink& sink)
{
    call.observed.queued();
    auto ticket = co_await m_queue->enter(call.cancel, call.client_key);
    if (!ticket)
        co_return failure(std::move(ticket.error()));
    call.observed.dequeued();
    co_return co_await inner().generate_stream(call, sink);
}

} // namespace tokenscope::providers
