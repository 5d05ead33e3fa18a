// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "providers/admission_queue.h"
#include "providers/provider_decorator.h"
#include "telemetry/tracing/span.h"

#include <memory>

namespace tokenscope::providers {

/// Lets at most `max_in_flight` calls through to the provider it owns; the others wait their turn (see AdmissionQueue).
class QueuedProvider final : public ProviderDecorator {
public:
    QueuedProvider(std::unique_ptr<Provider> inner, std::unique_ptr<AdmissionQueue> queue);

    /// See AdmissionQueue: a changed configuration takes effect without dropping calls.
    void set_limits(AdmissionQueue::Limits limits) { m_queue->set_limits(limits); }

    Task<Result<Reply>> generate(ModelCall& call) override;
    Task<Result<StreamOutcome>> generate_stream(ModelCall& call, StreamSink& sink) override;

private:
    telemetry::Span begin_wait(ModelCall& call);
    static void end_wait(ModelCall& call, telemetry::Span wait, const Result<AdmissionQueue::Ticket>& ticket);

    std::unique_ptr<AdmissionQueue> m_queue;
};

} // namespace tokenscope::providers
