// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/choices.h"
#include "config/config.h"

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

/// The one table of what config.yaml may say. The loader reads by it, the writer prints by it and takes its comments from
/// it; defaults are those of the structs in config.h.
namespace tokenscope::config {

enum class ValueType {
    boolean,
    count,
    number,
    duration,
    size,
    text,
    secret,
    client_key, ///< a secret of which only the hash is kept
    name,
    path,   ///< of a file: absolute, or empty
    phrase, ///< text for people: not empty, one line
    choice, ///< one of KeySpec::choices
    host,
    origin,
    url,
    listen,
    address,  ///< as listen, or empty
    endpoint, ///< host:port or a URL, or empty
    page,     ///< path of a page of the gateway's
    header    ///< value of an HTTP header: a secret
};

/// Whether the text in the file must not be repeated.
constexpr bool is_secret(ValueType type)
{
    return type == ValueType::secret || type == ValueType::client_key || type == ValueType::header;
}

/// count and size are std::uint64_t; what is text in the file and no choice is std::string.
using Value = std::variant<bool, std::uint64_t, double, std::chrono::microseconds, std::string, Choice>;

/// Inclusive; in bytes, microseconds or plain numbers.
struct Range {
    double min = 0;
    double max = 0;
};

/// Which kinds of provider a key has an effect for, as a set of bits.
using Kinds = unsigned;
constexpr Kinds kind_bit(ProviderKind kind)
{
    return 1U << static_cast<unsigned>(kind);
}
inline constexpr Kinds any_kind = ~0U;
inline constexpr Kinds http_kinds = any_kind & ~kind_bit(ProviderKind::demo);

struct KeySpec {
    std::string_view name;
    ValueType type = ValueType::text;
    std::string_view doc;
    std::optional<Range> range = std::nullopt;
    Kinds kinds = any_kind;
    std::uint64_t step = 1;                ///< durations: the microseconds that the member counts in
    const Choices& (*choices)() = nullptr; ///< of a choice
};

/// A key of the mapping that fills an `Owner`.
template <typename Owner>
struct Key {
    KeySpec spec;
    Value (*get)(const Owner&) = nullptr;
    void (*set)(Owner&, const Value&) = nullptr;
};

/// A mapping that holds nothing but other mappings.
struct Group {};

/// Scalar keys, in the order they are printed. Specialised for every struct of config.h.
template <typename Owner>
std::span<const Key<Owner>> keys();
template <>
std::span<const Key<Config>> keys();
template <>
std::span<const Key<Provider>> keys();
template <>
std::span<const Key<DemoOptions>> keys();
template <>
std::span<const Key<ClientKey>> keys();
template <>
std::span<const Key<RateLimit>> keys();
template <>
std::span<const Key<Conversations>> keys();
template <>
std::span<const Key<Limits>> keys();
template <>
std::span<const Key<Log>> keys();
template <>
std::span<const Key<Observability>> keys();
template <>
std::span<const Key<Metrics>> keys();
template <>
std::span<const Key<Tracing>> keys();
template <>
std::span<const Key<Sampler>> keys();
template <>
std::span<const Key<Exporter>> keys();
template <>
std::span<const Key<RequestLog>> keys();
template <>
std::span<const Key<Charts>> keys();
template <>
std::span<const Key<Group>> keys();

/// What a key that holds more than one value is for, e.g. "providers", "providers[].demo" or "auth.allowed_hosts".
std::string_view section_doc(std::string_view path);

} // namespace tokenscope::config
