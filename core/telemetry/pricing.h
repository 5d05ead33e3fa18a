// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "llm/usage.h"
#include "telemetry/token_metrics.h"

#include <optional>
#include <string>

namespace tokenscope::telemetry {

/// What a request cost by the price table. 0 is a price too: a model that the table says is free.
struct Cost {
    double amount = 0;
    std::string currency; ///< ISO 4217, e.g. "USD"
    bool operator==(const Cost&) const = default;
};

/// Where prices come from. Thread-safe.
class Pricing {
public:
    virtual ~Pricing() = default;
    /// Absent where the table does not have the model or the tokens are not known: that is not the same as free.
    virtual std::optional<Cost> cost_of(const Target& target, const llm::Usage& usage) const = 0;
};

} // namespace tokenscope::telemetry
