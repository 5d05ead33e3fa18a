// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "provider_probe.h"

#include "net/tls.h"
#include "providers/registry.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace tokenscope::app {

namespace asio = boost::asio;

struct ProviderProbe::Question {
    config::Provider provider;
    std::chrono::milliseconds longest{0};
    CancelToken cancel;
    Handler handler;
    CancelSource stop = {}; ///< cancelled on the probe's thread only
    bool too_long = false;
};

ProviderProbe::ProviderProbe(const config::Env& env)
    : m_tls(net::make_client_tls()), m_watchdog(m_io.get_executor()),
      m_client(m_io.get_executor(), m_tls, m_watchdog, {.proxies = net::ProxyRules::from_environment(env)}),
      m_work(m_io.get_executor()), m_thread([this] { m_io.run(); })
{
}

ProviderProbe::~ProviderProbe()
{
    asio::post(m_io, [this] {
        m_stop.cancel();
        if (m_running == 0)
            finish();
    });
    m_thread.join();
}

void ProviderProbe::finish()
{
    m_client.close_idle();
    if (!m_stop.cancelled())
        return;
    m_watchdog.stop();
    m_work.reset();
}

void ProviderProbe::ask(config::Provider provider, std::chrono::milliseconds longest, CancelToken cancel,
                        Handler handler)
{
    auto question = std::make_shared<Question>(Question{.provider = std::move(provider),
                                                        .longest = longest,
                                                        .cancel = std::move(cancel),
                                                        .handler = std::move(handler)});
    asio::post(m_io, [this, question = std::move(question)]() mutable {
        ++m_running;
        asio::co_spawn(m_io, run(std::move(question)), asio::detached);
    });
}

net::Task<void> ProviderProbe::run(std::shared_ptr<Question> question)
{
    auto result = co_await answer(*question);
    if (question->too_long)
        result = failure(ErrorCode::upstream_timeout,
                         fmt::format("{} did not list its models within {:g} s.", question->provider.name,
                                     std::chrono::duration<double>(question->longest).count()));
    question->handler(std::move(result));
    if (--m_running == 0)
        finish();
}

net::Task<Result<std::vector<std::string>>> ProviderProbe::answer(Question& question)
{
    const providers::ProviderParts parts{.client = m_client,
                                         .watchdog = m_watchdog,
                                         .queues = m_no_metrics,
                                         .gateway = m_no_metrics,
                                         .provider_metrics = m_no_metrics,
                                         .pipeline = m_no_metrics,
                                         .clock = m_clock};
    const auto provider = providers::make_provider(question.provider, parts);
    if (!provider)
        co_return failure(provider.error());
    // Whoever cancels, on whatever thread: what is to be ended is ended here, and not in the midst of its own callback.
    const auto end = [this, stop = question.stop] { asio::post(m_io, [stop = stop]() mutable { stop.cancel(); }); };
    const auto unwanted = question.cancel.on_cancel(end);
    const auto closing = m_stop.token().on_cancel(end);
    net::Watchdog::Guard guard(m_watchdog, [end, &question] {
        question.too_long = true;
        end();
    });
    guard.arm(question.longest);
    auto token = question.stop.token();
    const auto models = co_await (*provider)->models(std::move(token));
    guard.disarm();
    if (!models)
        co_return failure(models.error());
    std::vector<std::string> names;
    for (const auto& model : *models)
        names.push_back(model.id);
    co_return names;
}

} // namespace tokenscope::app
