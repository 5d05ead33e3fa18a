// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/request_record.h"

#include <array>
#include <cstdint>
#include <string>

namespace tokenscope::test {

/// Records as they come from a busy gateway: models, providers, errors and absent values in turns, the same each time.
inline telemetry::RequestRecord sampleRequest(std::uint64_t n, WallTime started)
{
    using namespace std::chrono_literals;
    using telemetry::EndReason;
    constexpr std::array models = {"phi4:14b", "gpt-4o", "claude-sonnet-4", "qwen2.5-coder:32b", "tiny"};
    constexpr std::array providers = {"ollama", "work", "anthropic", "ollama", "demo"};
    telemetry::RequestRecord record;
    record.request_id = "req_" + std::to_string(n);
    record.trace_id = std::string(24, 'a') + std::to_string(10'000'000 + n);
    record.route = n % 7 == 3 ? "/v1/messages" : n % 7 == 5 ? "/v1/embeddings" : "/v1/chat/completions";
    record.target = {.backend = providers[n % 5], .model = models[n % 5]};
    record.requested_model = record.target.model;
    record.client = n % 2 == 0 ? "laptop" : "ci";
    record.streamed = n % 7 != 5;
    record.started = started;
    record.accepted = Instant(1000s) + n * 10ms;
    const auto wait = std::chrono::milliseconds(80 + (n * 7919) % 900);
    const auto length = std::chrono::milliseconds(300 + (n * 104'729) % 9000);
    record.attempts = n % 31 == 0 ? 2 : 1;
    if (n % 11 == 4) {
        record.http_status = n % 2 == 0 ? 429 : 502;
        record.end_reason = n % 2 == 0 ? EndReason::rejected : EndReason::upstream_error;
        record.error = n % 2 == 0 ? "Too many requests are waiting: try again in 3 s."
                                  : "The provider \"" + record.target.backend + "\" did not answer: connection refused";
        record.error_type = n % 2 == 0 ? "queue_full" : "upstream_unreachable";
        record.ended = record.accepted + wait;
        return record;
    }
    record.http_status = 200;
    record.status = telemetry::RequestStatus::success;
    record.end_reason = EndReason::done;
    record.finish_reason = "stop";
    record.usage.prompt = 20 + (n * 37) % 4000;
    record.ended = record.accepted + wait + length;
    if (record.streamed) {
        record.first_token = record.accepted + wait;
        record.last_token = record.accepted + wait + length;
        record.chunk_count = 40;
        record.usage.completion = 10 + (n * 13) % 900;
        record.usage.estimated = n % 13 == 0;
    }
    if (n % 5 == 1 || n % 5 == 2)
        record.cost = telemetry::Cost{.amount = static_cast<double>(n % 97) * 0.00042, .currency = "USD"};
    return record;
}

} // namespace tokenscope::test
