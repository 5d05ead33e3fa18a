// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/observers.h"

#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace tokenscope::test {

using telemetry::Cost;
using telemetry::Pricing;
using telemetry::RecordSink;
using telemetry::RequestMetrics;
using telemetry::RequestRecord;
using telemetry::RequestStatus;
using telemetry::Target;
using telemetry::TokenGap;
using telemetry::TokenMetrics;

struct CountingMetrics final : TokenMetrics {
    struct First {
        Target target;
        Nanos latency;
        std::string trace;
    };
    struct Inter {
        Target target;
        Nanos gap;
        std::uint32_t tokens;
    };
    std::vector<First> firsts;
    std::vector<Inter> inters;
    bool failing = false;

    void first_token(const Target& target, Nanos latency, std::string_view trace) override
    {
        firsts.push_back({target, latency, std::string(trace)});
    }
    void inter_token(const Target& target, std::span<const TokenGap> gaps) override
    {
        for (const auto& [gap, tokens] : gaps)
            inters.push_back({target, gap, tokens});
        if (failing)
            throw std::bad_alloc();
    }
};

struct KeptEnds final : RequestMetrics {
    std::vector<RequestRecord> records;
    bool failing = false;
    void finished(const RequestRecord& record) override
    {
        records.push_back(record);
        if (failing)
            throw std::bad_alloc();
    }
};

struct OnePrice final : Pricing {
    mutable int asked = 0;
    bool failing = false;
    std::optional<Cost> cost_of(const Target& target, const llm::Usage& usage) const override
    {
        ++asked;
        if (failing)
            throw std::runtime_error("prices");
        if (target.model != "phi4" || !usage.completion)
            return std::nullopt;
        return Cost{.amount = 0.25 * static_cast<double>(*usage.completion), .currency = "EUR"};
    }
};

struct KeptRecords final : RecordSink {
    std::vector<RequestRecord> records;
    bool failing = false;
    void publish(RequestRecord record) override
    {
        records.push_back(std::move(record));
        if (failing)
            throw std::runtime_error("sink");
    }
};

} // namespace tokenscope::test
