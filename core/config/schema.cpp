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
        else if constexpr (std::is_enum_v<T>)
            return Value(Choice{static_cast<std::size_t>(value)});
        else
            return Value(value);
    }

    static void set(Owner& owner, const Value& value)
    {
        if constexpr (is_duration)
            owner.*Member = std::chrono::duration_cast<T>(std::get<std::chrono::microseconds>(value));
        else if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>)
            owner.*Member = static_cast<T>(std::get<std::uint64_t>(value));
        else if constexpr (std::is_enum_v<T>)
            owner.*Member = static_cast<T>(std::get<Choice>(value).index);
        else
            owner.*Member = std::get<T>(value);
    }

    static constexpr Key<Owner> key(KeySpec spec)
    {
        if constexpr (is_duration)
            spec.step = static_cast<std::uint64_t>(std::chrono::microseconds(T(1)).count());
        if constexpr (std::is_enum_v<T>)
            spec.choices = &choices<T>;
        return {spec, &get, &set};
    }
};

template <auto Member>
constexpr auto key(std::string_view name, ValueType type, std::string_view doc, std::optional<Range> range = {},
                   Kinds kinds = any_kind)
{
    return Field<Member>::key(KeySpec{name, type, doc, range, kinds});
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
    key<&Provider::kind>("kind", choice, "openai (and everything compatible), ollama, anthropic or demo."),
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
    key<&Conversations::backend>("backend", choice, "sqlite, or memory: then they are gone when the gateway ends."),
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

constexpr std::array log_keys{
    key<&Log::level>("level", choice, "trace, debug, info, warning, error or off; --log-level counts before it."),
    key<&Log::file>("file", path,
                    "Absolute path of a file to write to as well, which is put aside and begun again at "
                    "10 MiB; --log-file counts before it."),
};

constexpr std::array observability_keys{
    key<&Observability::enabled>("enabled", boolean,
                                 "Of metrics and traces; false: neither, though each request is still logged."),
    key<&Observability::prices>("prices", path,
                                "Absolute path of a table of prices; empty: $XDG_CONFIG_HOME/tokenscope/prices.json if "
                                "there is one, else the built-in one."),
};

constexpr std::array metrics_keys{
    key<&Metrics::enabled>("enabled", boolean, "false: nothing is counted, and there are no pages."),
    key<&Metrics::path>("path", page, "Of the page in text; the one in JSON has .json after it."),
    key<&Metrics::address>("address", address,
                           "Host:port of a second listener that has these pages alone, e.g. 127.0.0.1:9190, and asks "
                           "nobody for a key; empty: none."),
    key<&Metrics::allow_remote>("allow_remote", boolean,
                                "Whether the second listener's address may be one that other machines can reach."),
    key<&Metrics::count_scrapes>("count_scrapes", boolean, "Whether reading these pages counts as a request itself."),
    key<&Metrics::series_cap>("series_cap", count, "Most series of one metric; what is more is put under <other>.",
                              Range{1, 1'000'000}),
};

constexpr std::array tracing_keys{
    key<&Tracing::enabled>("enabled", boolean,
                           "false: no spans are made and no trace ids logged; clients' trace headers are passed on."),
    key<&Tracing::service_name>("service_name", phrase, "What the spans are said to come from."),
};

constexpr std::array sampler_keys{
    key<&Sampler::type>("type", choice,
                        "always, never, or probability; a request that says whether its trace is "
                        "sampled is believed."),
    key<&Sampler::rate>("rate", number, "Of probability: the share of traces that is sampled.", share),
};

constexpr std::array exporter_keys{
    key<&Exporter::type>("type", choice, "none: kept in memory only; otlp (gRPC), otlp_http, or stdout."),
    key<&Exporter::endpoint>("endpoint", endpoint,
                             "Of the collector. otlp: host:port; otlp_http: a URL. Empty: localhost:4317, or "
                             "http://localhost:4318/v1/traces."),
    key<&Exporter::insecure>("insecure", boolean, "otlp to a host:port: without TLS."),
};

constexpr std::array request_log_keys{
    key<&RequestLog::backend>("backend", choice, "memory: the newest only; or sqlite."),
    key<&RequestLog::path>("path", path,
                           "Absolute path of the database; empty: $XDG_DATA_HOME/tokenscope/requests.db."),
    key<&RequestLog::ttl>("ttl", duration, "How long a record is kept.", Range{1e6, 3650 * day}),
    key<&RequestLog::memory>("memory", size,
                             "Most memory of the newest 2,000 records; where it is used up, the chunks of the oldest "
                             "streams go first, then the oldest records.",
                             Range{1 * mib, 1024 * mib}),
    key<&RequestLog::bodies>("bodies", boolean,
                             "Whether the console keeps what was sent and answered, private text included; in memory "
                             "only, at most 64 KiB of each."),
    key<&RequestLog::capture_memory>("capture_memory", size,
                                     "For what the console shows of the newest requests: headers, with secrets "
                                     "masked, and bodies; 0: nothing.",
                                     Range{0, 1024 * mib}),
};

constexpr std::array charts_keys{
    key<&Charts::interval>("interval", duration, "Between two samples of every metric.", Range{250 * ms, minute}),
    key<&Charts::memory>("memory", size,
                         "Most memory of samples and latencies; where it is used up, the oldest go first.",
                         Range{8 * mib, 4096 * mib}),
};

constexpr std::array<std::pair<std::string_view, std::string_view>, 20> section_docs{{
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
    {"log", "One JSON object a line, on standard error. Never prompts, replies or keys."},
    {"observability", "What is measured, and how it is read."},
    {"observability.metrics", "The Prometheus endpoint."},
    {"observability.tracing", "Spans of every request, in memory and, if wanted, for a collector."},
    {"observability.tracing.sampler", "Which traces are made."},
    {"observability.tracing.exporter", "Where finished spans are sent."},
    {"observability.tracing.exporter.headers",
     "Sent along, e.g. { authorization: \"Bearer ${OTLP_TOKEN}\" }; secrets, as api_key is."},
    {"observability.requests", "Records of finished requests, without prompts and replies; these only as bodies says."},
    {"observability.charts",
     "What the console draws its charts of this process from; the headless gateway keeps none."},
}};

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
std::span<const Key<Log>> keys()
{
    return log_keys;
}

template <>
std::span<const Key<Observability>> keys()
{
    return observability_keys;
}

template <>
std::span<const Key<Metrics>> keys()
{
    return metrics_keys;
}

template <>
std::span<const Key<Tracing>> keys()
{
    return tracing_keys;
}

template <>
std::span<const Key<Sampler>> keys()
{
    return sampler_keys;
}

template <>
std::span<const Key<Exporter>> keys()
{
    return exporter_keys;
}

template <>
std::span<const Key<RequestLog>> keys()
{
    return request_log_keys;
}

template <>
std::span<const Key<Charts>> keys()
{
    return charts_keys;
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

} // namespace tokenscope::config
