// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/config.h"

#include <cstddef>
#include <span>
#include <string_view>

namespace tokenscope::config {

/// The names of an enum's values.
struct Choices {
    std::string_view what;                     ///< "a kind of provider": what an unknown name is not
    std::span<const std::string_view> names;   ///< in the order of the enum
    std::span<const std::string_view> planned; ///< which will be more, without being supported in this version
};

/// Position in Choices::names.
struct Choice {
    std::size_t index = 0;
    bool operator==(const Choice&) const = default;
};

/// Of every enum of the configuration.
template <typename Enum>
const Choices& choices();
template <>
const Choices& choices<ProviderKind>();
template <>
const Choices& choices<ConversationBackend>();
template <>
const Choices& choices<LogLevel>();
template <>
const Choices& choices<SamplerType>();
template <>
const Choices& choices<ExporterType>();
template <>
const Choices& choices<RequestLogBackend>();

template <typename Enum>
std::string_view name_of(Enum value)
{
    return choices<Enum>().names[static_cast<std::size_t>(value)];
}

} // namespace tokenscope::config
