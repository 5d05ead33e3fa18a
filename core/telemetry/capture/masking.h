// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

/// What of a request may be shown to whoever sits at the screen, and be in its pictures.
namespace tokenscope::telemetry {

/// Whether the value of a header or query parameter of this name is taken for a secret, by what the name says: authorization,
/// cookies, and whatever has "key", "token", "secret", "password", "credential" or "signature" in it, but for the numbers
/// of rate limits ("x-ratelimit-remaining-tokens").
bool is_secret_name(std::string_view name);

/// "sk-...3f9a" with the middle as dots where there is enough of it that its ends give nothing away (24 characters of one
/// token), else dots alone, as many whatever was there.
std::string masked_secret(std::string_view secret);

/// A header's value as it may be shown. Keeps the scheme of an authorization, and the names and attributes of cookies.
std::string masked_header(std::string_view name, std::string_view value);

/// A request's target or any URL: values of secret query parameters, and what stands before an '@' of the authority, are masked.
std::string masked_target(std::string_view target);

} // namespace tokenscope::telemetry
