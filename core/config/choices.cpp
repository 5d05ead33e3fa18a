// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/choices.h"

#include <array>

namespace tokenscope::config {
namespace {

constexpr std::array<std::string_view, 4> kind_names{"openai", "ollama", "anthropic", "demo"};
constexpr std::array<std::string_view, 1> planned_kinds{"bedrock"};
constexpr std::array<std::string_view, 2> store_names{"memory", "sqlite"};
constexpr std::array<std::string_view, 6> level_names{"trace", "debug", "info", "warning", "error", "off"};
constexpr std::array<std::string_view, 3> sampler_names{"always", "never", "probability"};
constexpr std::array<std::string_view, 4> exporter_names{"none", "otlp", "otlp_http", "stdout"};

constexpr Choices provider_kinds{"a kind of provider", kind_names, planned_kinds};
constexpr Choices conversation_backends{"a place to keep conversations", store_names, {}};
constexpr Choices log_levels{"a level of the log", level_names, {}};
constexpr Choices sampler_types{"a kind of sampler", sampler_names, {}};
constexpr Choices exporter_types{"a kind of exporter", exporter_names, {}};
constexpr Choices request_log_backends{"a place to keep records of requests", store_names, {}};

} // namespace

template <>
const Choices& choices<ProviderKind>()
{
    return provider_kinds;
}

template <>
const Choices& choices<ConversationBackend>()
{
    return conversation_backends;
}

template <>
const Choices& choices<LogLevel>()
{
    return log_levels;
}

template <>
const Choices& choices<SamplerType>()
{
    return sampler_types;
}

template <>
const Choices& choices<ExporterType>()
{
    return exporter_types;
}

template <>
const Choices& choices<RequestLogBackend>()
{
    return request_log_backends;
}

} // namespace tokenscope::config
