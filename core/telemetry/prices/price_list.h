// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/config.h"
#include "telemetry/prices/price_table.h"
#include "telemetry/pricing.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace tokenscope::telemetry {

/// A configured provider's name -> all names by which a price table may speak of it: that one, its kind, and the host of
/// its base_url.
using ProviderNames = std::map<std::string, std::vector<std::string>, std::less<>>;
ProviderNames provider_names(const config::Config& config);

/// Prices requests by a table that can be replaced at any time: those priced before keep what they cost. Thread-safe.
///
/// The prompt's cached tokens cost `cached_input`, those written to the cache `cache_write`, its others `input`, the
/// completion `output`; counts that nobody reported
/// cost nothing, and estimated ones what they are estimated to be.
class PriceList final : public Pricing {
public:
    void set_table(PriceTable table);
    void set_providers(ProviderNames providers);

    std::shared_ptr<const PriceTable> table() const;
    std::optional<Cost> cost_of(const Target& target, const llm::Usage& usage) const override;

private:
    mutable std::mutex m_mutex;
    std::shared_ptr<const PriceTable> m_table = std::make_shared<PriceTable>();
    std::shared_ptr<const ProviderNames> m_providers = std::make_shared<ProviderNames>();
};

} // namespace tokenscope::telemetry
