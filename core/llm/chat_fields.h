// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::llm {

// What translations of chat requests share. Raw values are slices of a request that parse_model_request has accepted.

/// An invalid_request that names the field at fault.
tl::unexpected<Error> bad_field(std::string param, std::string message);

/// The arguments of a tool call, which OpenAI writes as text, as the JSON object that they must be; nothing if they are
/// none. `given` is raw JSON: a string, or an object already. Blank text stands for {}.
std::optional<std::string> arguments_object(std::string_view given);

/// The name under which a model takes the limit of its reply's tokens. max_tokens is the one that every compatible server
/// knows, while some refuse max_completion_tokens or ignore it; only OpenAI's own reasoning models (o1, o3-mini, gpt-5...,
/// with any prefix up to the last '/') refuse max_tokens.
std::string_view token_limit_name(std::string_view model);

/// A whole number of at least 0, or nothing for what is none. One that is too large for us is the largest.
std::optional<std::uint64_t> whole_number(std::string_view raw);

/// A "data:<media type>[;parameters];base64,<data>" URL; the views point into it.
struct DataUrl {
    std::string_view media_type; ///< may be empty
    std::string_view data;       ///< not checked
};
std::optional<DataUrl> split_data_url(std::string_view url);

} // namespace tokenscope::llm
