// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "sources/connection.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace tokenscope::sources {

/// The user's connections, kept in a file of the console's own (sources.json beside config.yaml), in the user's order.
/// A file that is not there holds none. Fails with ErrorCode::config; the message names the file and the place in it.
Result<std::vector<Connection>> load_connections(const std::filesystem::path& file);

/// Whole or not at all (a temporary file and a rename), readable by its owner only.
Result<void> save_connections(const std::filesystem::path& file, const std::vector<Connection>& connections);

/// What is wrong with it, in a sentence, or nothing: an empty name or URL, a scheme that is not http(s), a header that HTTP does
/// not allow, a key without its certificate, a negative time. `param` names the field.
std::optional<Error> validate(const Connection& connection);

} // namespace tokenscope::sources
