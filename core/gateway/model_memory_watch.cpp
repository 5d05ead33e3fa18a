// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/model_memory_watch.h"

#include "base/cancel.h"
#include "llm/ollama_ps.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <utility>

namespace tokenscope::gateway {

namespace asio = boost::asio;

/// One provider and the coroutine that asks it, which may outlive the watch for a moment.
struct ModelMemoryWatch::Watched {
    std::shared_ptr<providers::Provider> provider;
    telemetry::ModelMemoryMetrics& metrics;
    const Options options;
    asio::steady_timer wait;
    asio::steady_timer deadline;
    CancelSource asking; ///< a new one for every question
    bool stopped = false;

    void stop()
    {
        stopped = true;
        wait.cancel();
        deadline.cancel();
        asking.cancel();
        metrics.loaded(provider->name(), {});
    }
};

namespace {

std::vector<telemetry::ModelMemory> memory_of(const Result<providers::Reply>& reply)
{
    std::vector<telemetry::ModelMemory> out;
    if (!reply || reply->status != 200)
        return out;
    auto models = llm::read_ollama_ps(reply->body);
    if (!models)
        return out;
    for (auto& model : *models)
        out.push_back({std::move(model.name), model.size, model.size_vram});
    return out;
}

} // namespace

ModelMemoryWatch::ModelMemoryWatch(asio::any_io_executor executor, telemetry::ModelMemoryMetrics& metrics,
                                   Options options)
    : m_executor(std::move(executor)), m_metrics(metrics), m_options(options)
{
}

ModelMemoryWatch::ModelMemoryWatch(asio::any_io_executor executor, telemetry::ModelMemoryMetrics& metrics)
    : ModelMemoryWatch(std::move(executor), metrics, Options())
{
}

ModelMemoryWatch::~ModelMemoryWatch()
{
    stop();
}

void ModelMemoryWatch::watch(const std::vector<std::shared_ptr<providers::Provider>>& providers)
{
    std::erase_if(m_watched, [&](const auto& watched) {
        if (std::find(providers.begin(), providers.end(), watched->provider) != providers.end())
            return false;
        watched->stop();
        return true;
    });
    for (const auto& provider : providers) {
        const auto known = [&](const auto& watched) { return watched->provider == provider; };
        if (provider->kind() != "ollama" || std::any_of(m_watched.begin(), m_watched.end(), known))
            continue;
        const auto watched =
            std::make_shared<Watched>(Watched{provider, m_metrics, m_options, asio::steady_timer(m_executor),
                                              asio::steady_timer(m_executor), CancelSource()});
        m_watched.push_back(watched);
        asio::co_spawn(m_executor, keep_asking(watched), asio::detached);
    }
}

void ModelMemoryWatch::stop()
{
    for (const auto& watched : std::exchange(m_watched, {}))
        watched->stop();
}

net::Task<void> ModelMemoryWatch::keep_asking(std::shared_ptr<Watched> watched)
{
    while (!watched->stopped) {
        watched->asking = CancelSource();
        watched->deadline.expires_after(watched->options.timeout);
        watched->deadline.async_wait([asking = watched->asking](const boost::system::error_code& cancelled) mutable {
            if (!cancelled)
                asking.cancel();
        });
        providers::SideCall call{
            .method = "GET", .target = "/api/ps", .body = {}, .headers = {}, .cancel = watched->asking.token()};
        const auto reply = co_await watched->provider->side_call(std::move(call));
        watched->deadline.cancel();
        if (watched->stopped)
            break;
        watched->metrics.loaded(watched->provider->name(), memory_of(reply));
        watched->wait.expires_after(watched->options.interval);
        co_await watched->wait.async_wait(net::awaiting);
    }
}

} // namespace tokenscope::gateway
