// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/environment.h"
#include "config/file_watch.h"
#include "telemetry/logging/log.h"
#include "telemetry/prices/price_list.h"

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

namespace tokenscope::telemetry {

/// Where the prices come from.
struct PriceSource {
    std::filesystem::path file; ///< empty: the built-in table alone
    bool needed = false;        ///< it was asked for; else the built-in table stands in while there is none

    bool operator==(const PriceSource&) const = default;
};

/// `setting` is observability.prices; a file that is asked for is looked up as it is given.
PriceSource price_source(const std::string& setting, const config::Env& env);

/// Reads the file, or takes the built-in table. Errors have ErrorCode::config.
Result<PriceTable> load_prices(const PriceSource& source);

/// Keeps a price list at what a file says: whatever happens to the file, the list follows, unless the new content is
/// broken; then the list stays as it is, and the log says why.
class PriceFile {
public:
    /// Watches from now on. Both `prices` and `log` must outlive it. A file that cannot be watched is a line in the log.
    PriceFile(PriceSource source, PriceList& prices, Logger& log, config::FileWatch::Options options = {});

    const PriceSource& source() const { return m_source; }
    /// Reads the file again, now.
    void reload();

private:
    const PriceSource m_source;
    PriceList& m_prices;
    Logger& m_log;
    std::mutex m_reloading;
    std::unique_ptr<config::FileWatch> m_watch; ///< last: its thread uses the rest
};

} // namespace tokenscope::telemetry
