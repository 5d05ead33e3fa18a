// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/observers.h"
#include "telemetry/provider_metrics.h"
#include "telemetry/queue_metrics.h"

namespace tokenscope::test {

/// Takes whatever is recorded and keeps nothing: for tests that are about something else.
class SilentTelemetry final : public telemetry::TokenMetrics,
                              public telemetry::RequestMetrics,
                              public telemetry::ProviderMetrics,
                              public telemetry::QueueMetrics,
                              public telemetry::RecordSink {
public:
    telemetry::Observers observers(const Clock& clock) { return {*this, *this, nullptr, *this, clock}; }

    void first_token(const telemetry::Target&, Nanos, std::string_view) override {}
    void inter_token(const telemetry::Target&, std::span<const telemetry::TokenGap>) override {}
    void finished(const telemetry::RequestRecord&) override {}
    void first_byte(const telemetry::ProviderCall&, Nanos, std::string_view) override {}
    void chunks(const telemetry::ProviderCall&, std::uint64_t) override {}
    void finished(const telemetry::ProviderCall&, telemetry::RequestStatus, Nanos, std::optional<Nanos>,
                  const llm::Usage&, std::string_view) override
    {
    }
    void depth(std::string_view, std::size_t) override {}
    void waited(std::string_view, Nanos) override {}
    void rejected(std::string_view, std::string_view) override {}
    void publish(telemetry::RequestRecord) override {}
};

} // namespace tokenscope::test
