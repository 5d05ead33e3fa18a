// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/schema.h"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

namespace tokenscope::config {
namespace {

template <auto Member>
struct Field;

/// Reads and writes one member through the few types that a Value knows.
template <typename Owner, typename T, T Owner::*Member>
struct Field<Member> {
    static constexpr bool is_duration = requires { typename T::period; };

    static Value get(const Owner& owner)
    {
        const T& value = owner.*Member;
        if constexpr (is_duration)
            return Value(std::chrono::microseconds(value));
        else if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>)
            return Value(std::uint64_t{value});
        else
            return Value(value);
    }

    static void set(Owner& owner, const Value& value)
    {
        if constexpr (is_duration)
            owner.*Member = std::chrono::duration_cast<T>(std::get<std::chrono::microseconds>(value));
        else if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>)
            owner.*Member = static_cast<T>(std::get<std::uint64_t>(value));
        else
            owner.*Member = std::get<T>(value);
    }

    static constexpr Key<Owner> key(KeySpec spec)
    {
        if constexpr (is_duration)
            spec.step = static_cast<std::uint64_t>(std::chrono::microseconds(T(1)).count());
        return {spec, &get, &set};
    }
};

template <auto Member>
constexpr auto key(std::string_view name, ValueType type, std::string_view doc, std::optional<Range> range = {},
                   Kinds kinds = any_kind)
{
    return Field<Member>::key(KeySpec{name, type, doc, range, kinds, 1});
}

constexpr double ms = 1e3; // in microseconds, as Range counts durations
constexpr double minute = 60e6;
constexpr double hour = 60 * minute;
constexpr double day = 24 * hour;
constexpr double kib = 1024;
constexpr double mib = 1024 * kib;
constexpr Range share{0, 1};
constexpr Range any_count{0, static_cast<double>(std::numeric_limits<std::uint64_t>::max())};
constexpr auto demo_kind = kind_bit(ProviderKind::demo);

using enum ValueType;

constexpr std::array config_keys{
    key<&Config::listen>("listen", listen, "Address the gateway listens on; port 0 takes a free one."),
};

constexpr std::array provider_keys{
    key<&Provider::name>("name", name, "Unique; \"name/model\" asks this provider."),
    key<&Provider::kind>("kind", kind, "openai (and everything compatible), ollama, anthropic or demo."),
    key<&Provider::base_url>("base_url", url,
                             "Where the upstream listens; for openai with the API's path, e.g. http://host:8000/v1.",
                             {}, http_kinds),
    key<&Provider::api_key>(
        "api_key", secret,
        "Sent upstream, e.g. \"${OPENAI_API_KEY}\" or \"${keychain:openai}\"; empty: the client's own "
        "is passed on.",
        {}, http_kinds),
    key<&Provider::max_in_flight>("max_in_flight", count, "Requests sent upstream at the same time.",
                                  Range{1, 100'000}),
    key<&Provider::max_queue>("max_queue", count,
                              "Requests that may wait for a place; the next one is refused with 429.",
                              Range{0, 1'000'000}),
    key<&Provider::queue_timeout>("queue_timeout", duration, "Longest wait for a place before a 503.", Range{0, day}),
    key<&Provider::connect_timeout>("connect_timeout", duration, "Longest time to connect to the upstream.",
                                    Range{ms, 10 * minute}, http_kinds),
    key<&Provider::idle_timeout>("idle_timeout", duration,
                                 "Longest silence accepted from the upstream, before and between bytes.",
                                 Range{ms, day}, http_kinds),
    key<&Provider::max_retries>("max_retries", count,
                                "How often a request is sent again after a refused connection, a 429 or a 5xx.",
                                Range{0, 10}, http_kinds),
    key<&Provider::retry_backoff>("retry_backoff", duration,
                                  "Wait before the first retry, doubled for each further one; a longer Retry-After "
                                  "counts.",
                                  Range{0, minute}, http_kinds),
};

constexpr std::array demo_keys{
    key<&DemoOptions::seed>("seed", count, "Same seed, same replies and delays.", any_count, demo_kind),
    key<&DemoOptions::tokenizer_workers>("tokenizer_workers", count, "Prompts tokenised at the same time.",
                                         Range{1, 16}, demo_kind),
    key<&DemoOptions::workers>("workers", count, "Model workers of each demo model; each runs one batch.", Range{1, 64},
                               demo_kind),
    key<&DemoOptions::batch_size>("batch_size", count, "Requests that a model worker generates at the same time.",
                                  Range{1, 256}, demo_kind),
    key<&DemoOptions::batch_wait>("batch_wait", duration, "Longest wait for a batch to fill before it begins.",
                                  Range{0, minute}, demo_kind),
    key<&DemoOptions::tokenize_per_token>("tokenize_per_token", duration,
                                          "Time a tokenizer worker spends on every prompt token.", Range{0, minute},
                                          demo_kind),
    key<&DemoOptions::prefill_base>("prefill_base", duration, "Time before the first token of an empty prompt.",
                                    Range{0, hour}, demo_kind),
    key<&DemoOptions::prefill_per_token>("prefill_per_token", duration,
                                         "Added for every prompt token of the batch, padding included.",
                                         Range{0, minute}, demo_kind),
    key<&DemoOptions::per_token>("per_token", duration, "Time for every further token of the reply.", Range{0, minute},
                                 demo_kind),
    key<&DemoOptions::jitter>("jitter", number, "Relative standard deviation of every wait.", Range{0, 2}, demo_kind),
    key<&DemoOptions::error_rate>("error_rate", number, "Share of requests refused with a 500.", share, demo_kind),
    key<&DemoOptions::midstream_error_rate>("midstream_error_rate", number,
                                            "Share of replies that break off after some tokens.", share, demo_kind),
    key<&DemoOptions::stall_rate>("stall_rate", number, "Share of tokens that take 20 times as long.", share,
                                  demo_kind),
    key<&DemoOptions::tail_rate>("tail_rate", number,
                                 "Share of requests that are slow from start to end, and slow their batch down.", share,
                                 demo_kind),
    key<&DemoOptions::tail_factor>("tail_factor", number, "How many times as long slow requests take.", Range{1, 1000},
                                   demo_kind),
};

constexpr std::array client_keys{
    key<&ClientKey::name>("name", name, "Unique; for logs and metrics. Without it: key-1, key-2, ..."),
    key<&ClientKey::hash>("key", client_key, "The key, or \"sha256:\" and its hash as --hash-key prints it."),
};

constexpr std::array rate_limit_keys{
    key<&RateLimit::requests_per_second>("requests_per_second", number, "Sustained rate; 0: no limit.",
                                         Range{0, 1'000'000}),
    key<&RateLimit::burst>("burst", count, "Requests that may come at once; 0: as many as in one second.",
                           Range{0, 1'000'000}),
};

constexpr std::array conversations_keys{
    key<&Conversations::backend>("backend", backend, "sqlite, or memory: then they are gone when the gateway ends."),
    key<&Conversations::path>("path", path,
                              "Absolute path of the database; empty: $XDG_DATA_HOME/tokenscope/conversations.db."),
    key<&Conversations::ttl>("ttl", duration, "How long a reply is kept.", Range{1e6, 3650 * day}),
};

constexpr std::array limits_keys{
    key<&Limits::body_bytes>("body_bytes", size, "Largest request body; more is refused with 413.",
                             Range{kib, 1024 * mib}),
    key<&Limits::header_bytes>("header_bytes", size, "Largest request head; more is refused with 431.",
                               Range{kib, 16 * mib}),
    key<&Limits::header_timeout>("header_timeout", duration, "From a request's first byte to the end of its head.",
                                 Range{ms, day}),
    key<&Limits::body_timeout>("body_timeout", duration, "Longest silence while a request body arrives.",
                               Range{ms, day}),
    key<&Limits::idle_timeout>("idle_timeout", duration, "How long a connection without a request is kept open.",
                               Range{ms, day}),
    key<&Limits::write_timeout>("write_timeout", duration, "How long a client may take nothing of its reply.",
                                Range{ms, day}),
    key<&Limits::drain_timeout>("drain_timeout", duration, "How long requests in flight may finish at shutdown.",
                                Range{0, hour}),
};

constexpr std::array metrics_keys{
    key<&Metrics::count_scrapes>("count_scrapes", boolean, "Whether reading /metrics counts as a request itself."),
};

constexpr std::array<std::pair<std::string_view, std::string_view>, 13> section_docs{{
    {"providers", "Upstreams. A bare model name goes to the first one that lists it."},
    {"providers[].demo", "What the built-in engine's replies cost."},
    {"aliases", "Other names for models, e.g. fast: ollama/phi4."},
    {"fallbacks",
     "What to try when a model cannot be had, in order, e.g. openai/gpt-4o: [ollama/phi4]; not further from there."},
    {"auth", "Who may use the gateway."},
    {"auth.keys",
     "Clients' keys, e.g. \"${MY_KEY}\" or { name: alice, key: \"sha256:...\" }. Without any, listen only on "
     "this machine."},
    {"auth.allowed_hosts", "Names that clients may call the gateway by, besides those of this machine."},
    {"auth.allowed_origins", "Web pages that may use the gateway, e.g. https://app.example."},
    {"rate_limit", "Per client key; without keys, per address."},
    {"conversations", "Replies that later requests may refer to by previous_response_id."},
    {"limits", "What clients may do."},
    {"observability", "What is measured, and how it is read."},
    {"observability.metrics", "The Prometheus endpoint."},
}};

constexpr std::array<std::string_view, 5> planned_keys{
    "observability.enabled",      "observability.tracing",         "observability.metrics.enabled",
    "observability.metrics.path", "observability.metrics.address",
};

constexpr std::array<std::string_view, 1> planned_kinds{"bedrock"};

/// In the order of ProviderKind.
constexpr std::array<std::string_view, 4> kinds_by_name{"openai", "ollama", "anthropic", "demo"};

/// In the order of ConversationBackend.
constexpr std::array<std::string_view, 2> backends_by_name{"memory", "sqlite"};

/// The value of an enum whose names are listed in its order.
template <typename Enum>
std::optional<Enum> parse_name(std::span<const std::string_view> names, std::string_view name)
{
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? std::nullopt : std::optional(static_cast<Enum>(found - names.begin()));
}

template <typename Container>
bool contains(const Container& container, std::string_view word)
{
    return std::find(container.begin(), container.end(), word) != container.end();
}

} // namespace

template <>
std::span<const Key<Config>> keys()
{
    return config_keys;
}

template <>
std::span<const Key<Provider>> keys()
{
    return provider_keys;
}

template <>
std::span<const Key<DemoOptions>> keys()
{
    return demo_keys;
}

template <>
std::span<const Key<ClientKey>> keys()
{
    return client_keys;
}

template <>
std::span<const Key<RateLimit>> keys()
{
    return rate_limit_keys;
}

template <>
std::span<const Key<Conversations>> keys()
{
    return conversations_keys;
}

template <>
std::span<const Key<Limits>> keys()
{
    return limits_keys;
}

template <>
std::span<const Key<Metrics>> keys()
{
    return metrics_keys;
}

template <>
std::span<const Key<Group>> keys()
{
    return {};
}

std::string_view section_doc(std::string_view path)
{
    const auto found =
        std::find_if(section_docs.begin(), section_docs.end(), [&](const auto& entry) { return entry.first == path; });
    return found == section_docs.end() ? std::string_view() : found->second;
}

bool is_planned_key(std::string_view path)
{
    return contains(planned_keys, path);
}

bool is_planned_kind(std::string_view kind)
{
    return contains(planned_kinds, kind);
}

std::string_view to_string(ProviderKind kind)
{
    return kinds_by_name[static_cast<std::size_t>(kind)];
}

std::span<const std::string_view> kind_names()
{
    return kinds_by_name;
}

std::optional<ProviderKind> parse_kind(std::string_view name)
{
    return parse_name<ProviderKind>(kinds_by_name, name);
}

std::string_view to_string(ConversationBackend backend)
{
    return backends_by_name[static_cast<std::size_t>(backend)];
}

std::span<const std::string_view> backend_names()
{
    return backends_by_name;
}

std::optional<ConversationBackend> parse_backend(std::string_view name)
{
    return parse_name<ConversationBackend>(backends_by_name, name);
}

} // namespace tokenscope::config
