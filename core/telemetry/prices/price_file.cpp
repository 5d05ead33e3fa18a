// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/prices/price_file.h"

#include "config/places.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

namespace tokenscope::telemetry {

namespace fs = std::filesystem;

namespace {

Result<std::string> read_file(const fs::path& file)
{
    std::error_code failed;
    if (!fs::is_regular_file(file, failed))
        return failure(ErrorCode::config,
                       fmt::format("The price table {} is no file. Change observability.prices.", file.string()));
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    const int reason = errno;
    if (!stream || !text)
        return failure(ErrorCode::config, fmt::format("The price table {} cannot be read.", file.string()),
                       std::strerror(reason));
    return std::move(text).str();
}

} // namespace

PriceSource price_source(const std::string& setting, const config::Env& env)
{
    if (!setting.empty())
        return {.file = setting, .needed = true};
    return {.file = config::config_file(env, "prices.json")};
}

Result<PriceTable> load_prices(const PriceSource& source)
{
    std::error_code unknown;
    if (source.file.empty() || (!source.needed && !fs::exists(source.file, unknown) && !unknown))
        return builtin_prices();
    return read_file(source.file).and_then([&](const std::string& text) {
        return parse_prices(text, source.file.string());
    });
}

PriceFile::PriceFile(PriceSource source, PriceList& prices, Logger& log, config::FileWatch::Options options)
    : m_source(std::move(source)), m_prices(prices), m_log(log)
{
    if (m_source.file.empty())
        return;
    auto watch = config::FileWatch::start(
        m_source.file, [this] { reload(); }, options);
    if (!watch) {
        m_log.log(Level::warn, "changes of the price table will not be noticed",
                  {{"file", m_source.file.string()}, {"detail", watch.error().detail}});
        return;
    }
    m_watch = std::move(*watch);
    reload(); // it may have changed since it was read
}

void PriceFile::reload()
{
    const std::scoped_lock lock(m_reloading);
    auto loaded = load_prices(m_source);
    if (!loaded) {
        m_log.log(Level::error, "price table not reloaded",
                  {{"file", m_source.file.string()},
                   {"error_message", loaded.error().message},
                   {"detail", loaded.error().detail}});
        return;
    }
    if (*loaded == *m_prices.table())
        return;
    const auto count = loaded->prices().size();
    m_prices.set_table(std::move(*loaded));
    m_log.log(Level::info, "price table reloaded", {{"file", m_source.file.string()}, {"prices", count}});
}

} // namespace tokenscope::telemetry
