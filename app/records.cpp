// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "records.h"

#include "config/places.h"

#include <utility>

namespace tokenscope::app {

using telemetry::Level;
using telemetry::RequestArchive;

namespace {

/// As many of an earlier run as the console shows.
constexpr std::size_t most_restored = 2000;

} // namespace

Records::Records(telemetry::Logger& log, const Clock& clock, config::Env env)
    : m_log(log), m_clock(clock), m_env(std::move(env)), m_ring(most_restored)
{
}

std::filesystem::path Records::archive_path(const config::RequestLog& settings) const
{
    if (settings.backend == config::RequestLogBackend::memory)
        return {};
    if (!settings.path.empty())
        return settings.path;
    auto usual = config::data_file(m_env, "requests.db");
    if (usual.empty())
        m_log.log(Level::warn, "request records are kept in memory only: there is no place for a file",
                  {{"detail", "neither HOME nor XDG_DATA_HOME is set"}});
    return usual;
}

std::shared_ptr<RequestArchive> Records::open(const Next& next, std::optional<Error>& mistake)
{
    auto opened = RequestArchive::open(next.path, next.settings.ttl, m_clock, m_log, {});
    if (opened)
        return std::move(*opened);
    if (opened.error().code == ErrorCode::config)
        mistake = std::move(opened.error());
    else
        m_log.log(
            Level::warn,
            "request records are kept in memory only; set observability.requests.path to a file that can be written",
            {{"error_message", opened.error().message}, {"detail", opened.error().detail}});
    return nullptr;
}

Result<Records::Next> Records::prepare(const config::Config& config)
{
    const auto& settings = config.observability;
    auto source = telemetry::price_source(settings.prices, m_env);
    std::optional<telemetry::PriceTable> prices;
    if (!m_price_file || m_price_file->source() != source) { // else the list follows its file already
        auto table = telemetry::load_prices(source);
        if (!table)
            return failure(std::move(table.error()));
        prices = std::move(*table);
    }
    Next next{.source = std::move(source),
              .prices = std::move(prices),
              .providers = telemetry::provider_names(config),
              .settings = settings.requests,
              .path = archive_path(settings.requests)};
    const auto present = archive();
    if (!next.path.empty() && (!present || present->path() != next.path)) {
        std::optional<Error> mistake;
        next.archive = open(next, mistake);
        if (mistake)
            return failure(std::move(*mistake));
    }
    return next;
}

void Records::adopt(Next next)
{
    m_ring.set_budget(next.settings.memory);
    m_prices.set_providers(std::move(next.providers));
    if (next.prices) {
        m_price_file.reset(); // no longer may it touch the list
        m_prices.set_table(std::move(*next.prices));
        m_price_file = std::make_unique<telemetry::PriceFile>(std::move(next.source), m_prices, m_log);
    }
    const auto present = archive();
    if (next.archive || next.path.empty() || (present && present->path() != next.path))
        m_records.set_archive(std::move(next.archive));
    else if (present)
        present->set_ttl(next.settings.ttl);
}

Result<void> Records::start(const config::Config& config)
{
    auto next = prepare(config);
    if (!next)
        return failure(std::move(next.error()));
    adopt(std::move(*next));
    const auto kept = archive();
    if (!kept)
        return {};
    auto earlier = kept->load_last(most_restored, config.observability.requests.memory);
    if (earlier)
        m_ring.restore(std::move(*earlier));
    else
        m_log.log(Level::warn, earlier.error().message, {{"detail", earlier.error().detail}});
    return {};
}

} // namespace tokenscope::app
