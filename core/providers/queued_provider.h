// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "providers/admission_queue.h"
#include "providers/provider.h"

#include <memory>

namespace tokenscope::providers {

/// Lets at most `max_in_flight` calls through to the provider it owns; the others wait their turn (see AdmissionQueue).
class QueuedProvider final : public Provider {
public:
    QueuedProvider(std::unique_ptr<Provider> inner, std::unique_ptr<AdmissionQueue> queue);

    /// See AdmissionQueue: a changed configuration takes effect without dropping calls.
    void set_limits(AdmissionQueue::Limits limits) { m_queue->set_limits(limits); }

    const std::string& name() const override { return m_inner->name(); }
    std::string_view kind() const override { return m_inner->kind(); }
    bool speaks(llm::Api api) const override { return m_inner->speaks(api); }
    Task<Result<Reply>> generate(ModelCall& call) override;
    Task<Result<StreamOutcome>> generate_stream(ModelCall& call, StreamSink& sink) override;
    Task<Result<std::vector<ModelInfo>>> models(CancelToken cancel) override
    {
        return m_inner->models(std::move(cancel));
    }
    Task<Result<void>> health(CancelToken cancel) override { return m_inner->health(std::move(cancel)); }
    Task<Result<Reply>> side_call(SideCall call) override { return m_inner->side_call(std::move(call)); }

private:
    std::unique_ptr<Provider> m_inner;
    std::unique_ptr<AdmissionQueue> m_queue;
};

} // namespace tokenscope::providers
