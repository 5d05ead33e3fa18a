// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/observability.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tokenscope::config {

enum class ProviderKind { openai, ollama, anthropic, demo };

/// The demo engine's cost model. Times are simulated by really waiting.
struct DemoOptions {
    std::uint64_t seed = 1;
    std::size_t tokenizer_workers = 2; ///< prompts tokenised at the same time
    std::size_t workers = 2;           ///< model workers of each model; each runs up to `batch_size` requests at once
    std::size_t batch_size = 4;
    std::chrono::microseconds batch_wait{4'000}; ///< longest wait for further requests before a batch begins
    std::chrono::microseconds tokenize_per_token{20};
    std::chrono::microseconds prefill_base{60'000};
    std::chrono::microseconds prefill_per_token{400};
    std::chrono::microseconds per_token{18'000};
    double jitter = 0.25;            ///< relative standard deviation of every wait
    double error_rate = 0;           ///< share of requests refused with a 500 before their first token
    double midstream_error_rate = 0; ///< share of replies that break off behind their first token
    double stall_rate = 0;           ///< share of tokens that take 20 times as long
    double tail_rate = 0;            ///< share of requests that take `tail_factor` times as long, with their batch
    double tail_factor = 5;

    bool operator==(const DemoOptions&) const = default;
};

struct Provider {
    std::string name;
    ProviderKind kind = ProviderKind::openai;
    std::string base_url; ///< "http://host:port/v1"; unused by demo
    std::string api_key;  ///< sent upstream as its API wants it; empty: the client's own is passed on
    std::size_t max_in_flight = 64;
    std::size_t max_queue = 256;
    std::chrono::milliseconds queue_timeout{60'000};
    std::chrono::milliseconds connect_timeout{5'000};
    /// Longest silence accepted from the upstream, before and between bytes.
    std::chrono::milliseconds idle_timeout{300'000};
    /// How often a request is sent again after a refused connection, a 429 or a 5xx, before its first byte.
    std::size_t max_retries = 1;
    /// Before the first retry; doubled for each further one, and jittered. An upstream's Retry-After counts if longer.
    std::chrono::milliseconds retry_backoff{250};
    DemoOptions demo;

    bool operator==(const Provider&) const = default;
};

struct Limits {
    std::size_t body_bytes = std::size_t{32} << 20;
    std::size_t header_bytes = std::size_t{64} << 10;
    std::chrono::milliseconds header_timeout{30'000}; ///< for the first byte of a request to the end of its headers
    std::chrono::milliseconds body_timeout{60'000};   ///< longest silence while a request body arrives
    std::chrono::milliseconds idle_timeout{120'000};  ///< a kept-alive connection without a request
    std::chrono::milliseconds write_timeout{120'000}; ///< a client that takes nothing
    std::chrono::milliseconds drain_timeout{10'000};  ///< how long requests in flight may finish at shutdown

    bool operator==(const Limits&) const = default;
};

/// A client that may use the gateway. The key itself is not kept.
struct ClientKey {
    std::string name; ///< for logs and metrics
    std::string hash; ///< "sha256:" and 64 lower-case hex digits

    bool operator==(const ClientKey&) const = default;
};

/// Who may use the gateway.
struct Auth {
    std::vector<ClientKey> keys;            ///< empty: whoever can reach it, and then it listens on loopback only
    std::vector<std::string> allowed_hosts; ///< names accepted in Host besides those of this machine; lower case
    /// Web origins that may use the gateway (CORS), as browsers send them, e.g. "https://app.example".
    std::vector<std::string> allowed_origins;

    bool operator==(const Auth&) const = default;
};

/// A token bucket per client key; per peer address where no keys are configured.
struct RateLimit {
    double requests_per_second = 0; ///< 0: no limit
    std::size_t burst = 0;          ///< 0: one second's worth, at least 1

    bool operator==(const RateLimit&) const = default;
};

enum class ConversationBackend { memory, sqlite };

/// Where replies are kept that a later request may refer to (previous_response_id).
struct Conversations {
    ConversationBackend backend = ConversationBackend::sqlite;
    std::string path; ///< of the database; empty: $XDG_DATA_HOME/tokenscope/conversations.db
    std::chrono::seconds ttl = std::chrono::hours(30 * 24); ///< since they were made

    bool operator==(const Conversations&) const = default;
};

enum class LogLevel { trace, debug, info, warning, error, off };

/// The log: one JSON object a line, on standard error.
struct Log {
    LogLevel level = LogLevel::info; ///< off: nothing at all
    std::string file;                ///< path of a file that is written as well; empty: none

    bool operator==(const Log&) const = default;
};

/// The whole configuration: an immutable value once loaded.
struct Config {
    std::string listen = "127.0.0.1:8080"; ///< host:port; port 0 takes a free one
    std::vector<Provider> providers;       ///< in order of preference for bare model names
    /// Nobody named providers: they are the built-in ones, and an Ollama found on this machine may be put before them.
    bool discover_providers = false;
    std::map<std::string, std::string> aliases; ///< model name -> "provider/model" or bare model name; one step only
    /// Model -> the targets to try next, in order, when it cannot be had: no connection, 429 or 5xx before the first byte.
    /// Both sides are "provider/model" or bare model names; aliases are replaced already. A target's own fallbacks do not
    /// count, so that two may name each other.
    std::map<std::string, std::vector<std::string>> fallbacks;
    Auth auth;
    RateLimit rate_limit;
    Conversations conversations;
    Limits limits;
    Log log;
    Observability observability;

    bool operator==(const Config&) const = default;
};

} // namespace tokenscope::config
