// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "config/config.h"
#include "providers/demo/engine.h"
#include "providers/provider.h"
#include "telemetry/pipeline_metrics.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::providers::demo {

/// The simulated engine as a provider: OpenAI chat completions, streamed or not, of the models in models.h. Calls may be made
/// on any number of I/O threads; each stays on its own. Should outlive its calls: one that is left at destruction is
/// ended with `shutting_down`, through its executor, which must still exist then. Tells each call's observation how long
/// the stages of the engine's pipeline took it, as far as it got, and the three that are the provider's own: reading the
/// request, encoding the reply, and getting hold of the tokens. These run beside the engine's and overlap with inference.
class DemoProvider final : public Provider {
public:
    /// `clock` and `metrics` must outlive it and its calls.
    DemoProvider(const config::Provider& settings, const Clock& clock, telemetry::PipelineMetrics& metrics);

    const std::string& name() const override { return m_name; }
    std::string_view kind() const override { return "demo"; }
    bool speaks(llm::Api api) const override { return api == llm::Api::chat; }

    Task<Result<Reply>> generate(ModelCall& call) override;
    Task<Result<StreamOutcome>> generate_stream(ModelCall& call, StreamSink& sink) override;
    Task<Result<std::vector<ModelInfo>>> models(CancelToken cancel) override;
    Task<Result<void>> health(CancelToken cancel) override;
    Task<Result<Reply>> side_call(SideCall call) override;

    EngineStats stats() const { return m_engine->stats(); }

private:
    const std::string m_name;
    const Clock& m_clock;
    const std::int64_t m_created; ///< of the models: when this engine was made
    const std::shared_ptr<Engine> m_engine;
};

} // namespace tokenscope::providers::demo
