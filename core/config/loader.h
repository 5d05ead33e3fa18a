// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "config/config.h"
#include "config/environment.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::config {

/// Reads config.yaml. Keys that are not there have their defaults (see default_config for the providers), so an empty
/// file is a valid one. Nothing is accepted in part: the Error (ErrorCode::config) lists everything that is wrong, one
/// "file:line:column: key: problem" a line, in the order of the file. What is allowed and probably not meant goes to
/// `warnings`, if given, one line each of the same form. Secrets and what replaced a "${...}" are never repeated in either.
Result<Config> load_config(std::string_view yaml_text, std::string_view file_name, const Lookup& lookup,
                           std::vector<std::string>* warnings = nullptr);

/// The same for a file of at most 1 MiB.
Result<Config> load_config_file(const std::filesystem::path& path, const Lookup& lookup,
                                std::vector<std::string>* warnings = nullptr);

} // namespace tokenscope::config
