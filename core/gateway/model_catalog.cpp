// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/model_catalog.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace tokenscope::gateway {

ModelCatalog::ModelCatalog(std::vector<std::shared_ptr<providers::Provider>> providers,
                           std::map<std::string, std::string> aliases, const Clock& clock, CancelToken stopping)
    : m_aliases(std::move(aliases)), m_clock(clock), m_stopping(std::move(stopping))
{
    for (auto& provider : providers)
        m_backends.push_back({std::move(provider), {}});
}

std::optional<std::string> ModelCatalog::listed_name(const Backend& backend, std::string_view name)
{
    const auto lists = [&](std::string_view model) {
        return std::any_of(backend.models.begin(), backend.models.end(), [&](const auto& m) { return m.id == model; });
    };
    if (lists(name))
        return std::string(name);
    // Ollama's own names have a tag, which its clients may leave out.
    auto latest = std::string(name) + ":latest";
    if (backend.provider->kind() == "ollama" && lists(latest))
        return latest;
    return std::nullopt;
}

std::optional<ModelCatalog::Choice> ModelCatalog::find(std::string_view name) const
{
    // A listed name wins over a prefix: model names may contain slashes themselves ("meta-llama/Llama-3").
    for (const auto& backend : m_backends)
        if (auto listed = listed_name(backend, name))
            return Choice{backend.provider.get(), std::move(*listed), true};
    const auto slash = name.find('/');
    if (slash == std::string_view::npos)
        return std::nullopt;
    for (const auto& backend : m_backends) {
        if (backend.provider->name() != name.substr(0, slash))
            continue;
        const auto model = name.substr(slash + 1);
        auto listed = listed_name(backend, model);
        const bool is_listed = listed.has_value();
        return Choice{backend.provider.get(), std::move(listed).value_or(std::string(model)), is_listed};
    }
    return std::nullopt;
}

net::Task<Result<ModelCatalog::Choice>> ModelCatalog::resolve(std::string name)
{
    const auto alias = m_aliases.find(name);
    const auto& wanted = alias == m_aliases.end() ? name : alias->second;
    auto choice = find(wanted);
    const bool stale = !m_last_refresh || m_clock.now() - *m_last_refresh > std::chrono::seconds(1);
    // Whoever names the provider need not wait for all the others' lists, but for the very first.
    const bool unsettled = !choice || (!choice->listed && !m_last_refresh);
    if (unsettled && stale) {
        co_await refresh();
        choice = find(wanted);
    }
    if (choice && !choice->model.empty())
        co_return *choice;

    constexpr std::size_t most_named = 12;
    std::string known;
    const auto entries = list();
    for (std::size_t i = 0; i < std::min(entries.size(), most_named); ++i)
        known += (known.empty() ? "" : ", ") + entries[i].id;
    if (entries.size() > most_named)
        known += ", ...";
    auto message = known.empty()
                       ? fmt::format("There is no model \"{}\": no provider lists any. Is its server running?", name)
                       : fmt::format("There is no model \"{}\". Known are: {}.", name, known);
    co_return failure(
        Error{.code = ErrorCode::model_not_found, .message = std::move(message), .detail = {}, .param = "model"});
}

net::Task<void> ModelCatalog::refresh()
{
    if (const auto under_way = m_refreshing) {
        co_await under_way->async_wait(net::awaiting);
        co_return;
    }
    const auto executor = co_await boost::asio::this_coro::executor;
    m_refreshing = std::make_shared<boost::asio::steady_timer>(executor, boost::asio::steady_timer::time_point::max());
    co_await ask_all();
    m_refreshing->cancel();
    m_refreshing.reset();
}

/// Wakes ask_all() when the last provider has answered.
struct ModelCatalog::Asking {
    std::size_t left;
    boost::asio::steady_timer done;
};

net::Task<void> ModelCatalog::ask_all()
{
    // All at once: one that hangs must not hide the others' models.
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto asking = std::make_shared<Asking>(
        Asking{m_backends.size(), boost::asio::steady_timer(executor, boost::asio::steady_timer::time_point::max())});
    for (auto& backend : m_backends)
        boost::asio::co_spawn(executor, ask(backend, asking), boost::asio::detached);
    if (asking->left > 0)
        co_await asking->done.async_wait(net::awaiting);
    m_last_refresh = m_clock.now();
}

net::Task<void> ModelCatalog::ask(Backend& backend, std::shared_ptr<Asking> asking)
{
    auto models = co_await backend.provider->models(m_stopping);
    backend.error.reset();
    if (!models && !m_stopping.cancelled())
        backend.error = models.error();
    if (backend.error && backend.error->code == ErrorCode::upstream_bad_reply) {
        // Some serve models well and do not list them.
        if (const auto healthy = co_await backend.provider->health(m_stopping); healthy)
            backend.error.reset();
    }
    backend.models = models ? std::move(*models) : std::vector<providers::ModelInfo>();
    if (--asking->left == 0)
        asking->done.cancel();
}

std::vector<ModelCatalog::Health> ModelCatalog::health() const
{
    std::vector<Health> all;
    for (const auto& backend : m_backends)
        all.push_back({*backend.provider, backend.models.size(), backend.error});
    return all;
}

std::vector<ModelCatalog::Entry> ModelCatalog::list() const
{
    std::vector<Entry> entries;
    std::set<std::string> seen;
    for (const auto& backend : m_backends) {
        const auto& provider = backend.provider->name();
        for (const auto& model : backend.models) {
            const auto bare = seen.insert(model.id).second;
            entries.push_back({bare ? model.id : provider + "/" + model.id, provider, model.created});
        }
    }
    return entries;
}

} // namespace tokenscope::gateway
