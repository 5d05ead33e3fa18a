// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::net {

/// `bytes` as a gzip member (RFC 1952), made for speed rather than size; equal bytes give equal members. Nothing where
/// there is no memory for it.
std::optional<std::string> gzip(std::string_view bytes);

} // namespace tokenscope::net
