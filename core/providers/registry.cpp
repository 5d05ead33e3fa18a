// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "providers/registry.h"

#include "providers/anthropic_provider.h"
#include "providers/demo/demo_provider.h"
#include "providers/instrumented_provider.h"
#include "providers/ollama_provider.h"
#include "providers/openai_provider.h"
#include "providers/queued_provider.h"
#include "providers/retrying_provider.h"

#include <utility>

namespace tokenscope::providers {

namespace {

Result<std::unique_ptr<Provider>> make_plain(const config::Provider& settings, const ProviderParts& parts)
{
    if (settings.kind == config::ProviderKind::demo)
        return std::make_unique<demo::DemoProvider>(settings, parts.clock);
    const bool anthropic = settings.kind == config::ProviderKind::anthropic;
    auto base = parse_url(anthropic && settings.base_url.empty() ? AnthropicProvider::default_base_url
                                                                 : std::string_view(settings.base_url));
    if (!base)
        return failure(std::move(base.error()));
    if (anthropic) {
        Upstream server(parts.client, settings, AnthropicProvider::without_version(std::move(*base)));
        return std::make_unique<AnthropicProvider>(std::move(server), parts.clock);
    }
    Upstream upstream(parts.client, settings, std::move(*base));
    if (settings.kind == config::ProviderKind::ollama)
        return std::make_unique<OllamaProvider>(std::move(upstream), parts.clock);
    return std::make_unique<OpenAiProvider>(std::move(upstream), parts.clock);
}

} // namespace

Result<std::shared_ptr<Provider>> make_provider(const config::Provider& settings, const ProviderParts& parts)
{
    auto plain = make_plain(settings, parts);
    if (!plain)
        return failure(std::move(plain.error()));
    auto instrumented = std::make_unique<InstrumentedProvider>(std::move(*plain), parts.provider_metrics, parts.clock);
    const AdmissionQueue::Limits limits{settings.max_in_flight, settings.max_queue, settings.queue_timeout};
    auto queue = std::make_unique<AdmissionQueue>(settings.name, limits, parts.queues, parts.clock, parts.watchdog);
    auto queued = std::make_unique<QueuedProvider>(std::move(instrumented), std::move(queue));
    // The built-in engine fails only when it is told to.
    if (settings.kind == config::ProviderKind::demo)
        return queued;
    const RetryPolicy policy{settings.max_retries, settings.retry_backoff};
    return std::make_unique<RetryingProvider>(std::move(queued), policy, parts.gateway);
}

} // namespace tokenscope::providers
