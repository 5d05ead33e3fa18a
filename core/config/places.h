// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/environment.h"

#include <filesystem>
#include <string_view>

namespace tokenscope::config {

/// $XDG_DATA_HOME/tokenscope/NAME, else ~/.local/share/tokenscope/NAME. Empty where neither XDG_DATA_HOME nor HOME is an
/// absolute path.
std::filesystem::path data_file(const Env& env, std::string_view name);

/// $XDG_CONFIG_HOME/tokenscope/NAME, else ~/.config/tokenscope/NAME; empty as above.
std::filesystem::path config_file(const Env& env, std::string_view name);

} // namespace tokenscope::config
