// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::telemetry {

/// What the tokens of some models cost, for one million of them. docs/prices.md describes the file it comes from.
struct Price {
    std::string provider; ///< pattern: its configured name, its kind, or the host of its base_url; empty: any
    std::string model;    ///< pattern: exact, or what it begins with and then "*"
    double input = 0;
    double output = 0;
    std::optional<double> cached_input; ///< absent: as input
    std::optional<double> cache_write;  ///< absent: as input
    std::string currency;               ///< ISO 4217
    std::string as_of;                  ///< "2026-01-31"; may be empty, as the next two
    std::string source;
    std::string note;

    bool operator==(const Price&) const = default;
};

/// An immutable price list that is quick to look something up in.
class PriceTable {
public:
    PriceTable() = default;
    /// No two with the same model and provider.
    explicit PriceTable(std::vector<Price> prices);

    /// The most particular entry: an exact model before a prefix, the longer prefix before the shorter; among those an exact
    /// provider, then the longer prefix, then any provider. `provider_names` are all names the provider goes by. The entry
    /// lives as long as the table. Null: there is none.
    const Price* find(std::string_view model, std::span<const std::string> provider_names) const;

    const std::vector<Price>& prices() const { return m_prices; }
    bool operator==(const PriceTable& other) const { return m_prices == other.m_prices; }

private:
    /// In order of preference among themselves.
    using Entries = std::vector<std::size_t>;

    const Price* first_of(const Entries& entries, std::span<const std::string> provider_names) const;

    std::vector<Price> m_prices;
    std::map<std::string, Entries, std::less<>> m_exact;
    std::map<std::string, Entries, std::less<>> m_prefixes; ///< without the "*"
};

/// Reads the JSON text of a table strictly. An error, of ErrorCode::config, names every problem as "file:line:column: text".
Result<PriceTable> parse_prices(std::string_view json, std::string_view file_name);

/// The text that is compiled in: resources/prices.json.
std::string_view builtin_prices_text();
/// The same as a table.
PriceTable builtin_prices();

} // namespace tokenscope::telemetry
