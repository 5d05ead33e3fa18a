// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/config.h"
#include "config/environment.h"
#include "telemetry/archive/archived_log.h"
#include "telemetry/prices/price_file.h"
#include "telemetry/request_log.h"

#include <filesystem>
#include <memory>
#include <optional>

namespace tokenscope::app {

/// The records of finished requests, as the configuration wants them kept, and the prices that they are given.
///
/// start(), prepare() and adopt() are called one at a time; the rest may be used on any thread meanwhile.
class Records {
public:
    /// `log` and `clock` must outlive it.
    Records(telemetry::Logger& log, const Clock& clock, config::Env env);

    /// The newest in memory, which the console shows.
    telemetry::RequestLog& log() { return m_ring; }
    /// Where the gateway hands them to: the ones in memory, and those on disk.
    telemetry::RecordSink& sink() { return m_records; }
    const telemetry::Pricing& prices() const { return m_prices; }
    /// Those on disk; null where none are kept there.
    std::shared_ptr<telemetry::RequestArchive> archive() const { return m_records.archive(); }

    /// What another configuration asks for, ready to be used.
    struct Next {
        telemetry::PriceSource source;
        std::optional<telemetry::PriceTable> prices; ///< of another source than before
        telemetry::ProviderNames providers;
        config::RequestLog settings;
        std::filesystem::path path;                         ///< of the archive; empty: there is to be none
        std::shared_ptr<telemetry::RequestArchive> archive; ///< opened anew; null: the one before, or none
    };
    /// Does all that can fail; nothing changes yet. Errors have ErrorCode::config: a broken price table, a database that is
    /// another program's or a newer version's. A disk that does not work is a warning in the log.
    Result<Next> prepare(const config::Config& config);
    void adopt(Next next);

    /// The first configuration. What is on disk from earlier runs is put before everything that is to come.
    Result<void> start(const config::Config& config);

private:
    std::shared_ptr<telemetry::RequestArchive> open(const Next& next, std::optional<Error>& mistake);
    std::filesystem::path archive_path(const config::RequestLog& settings) const;

    telemetry::Logger& m_log;
    const Clock& m_clock;
    const config::Env m_env;
    telemetry::RequestLog m_ring;
    telemetry::ArchivedLog m_records{m_ring};
    telemetry::PriceList m_prices;
    std::unique_ptr<telemetry::PriceFile> m_price_file;
};

} // namespace tokenscope::app
