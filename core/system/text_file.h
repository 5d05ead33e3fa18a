// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::system {

/// The beginning (at most about 4 MiB) of a file that the kernel makes up; absent where it cannot be read.
std::optional<std::string> read_text(const std::filesystem::path& path);

/// A decimal number with nothing but white space around it; absent for anything else, NaN and infinities included.
std::optional<double> parse_number(std::string_view text);

std::optional<double> read_number(const std::filesystem::path& path);

std::string_view trimmed(std::string_view text);

} // namespace tokenscope::system
