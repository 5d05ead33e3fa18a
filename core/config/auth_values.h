// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

/// The texts that "auth" is made of. Errors continue the sentence "'<value>' ...", as those of parse_value.
namespace tokenscope::config {

/// What --print-config shows in place of a secret. The loader refuses it as a value.
inline constexpr std::string_view secret_mask = "********";

/// A key as it travels in a header's value: nothing that would need an encoding, and not the mask. May be empty.
Result<std::string> parse_secret(std::string_view text);

/// The hash of a client's key, "sha256:" and 64 lower-case hexadecimal digits: of the key itself, or of such a hash.
Result<std::string> parse_client_key(std::string_view text);

/// Whether the text is a hash, or was meant for one.
bool is_key_hash(std::string_view text);

/// A host name or IP address without a port, in lower case; IPv6 without brackets, which the text may have.
Result<std::string> parse_host(std::string_view text);

/// A web origin as browsers send it: scheme://host[:port] in lower case, without the scheme's own port.
Result<std::string> parse_origin(std::string_view text);

} // namespace tokenscope::config
