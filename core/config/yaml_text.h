// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/problem.h"

#include <yaml-cpp/exceptions.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tokenscope::config {

inline constexpr std::size_t largest_text = std::size_t{1} << 20; ///< of a configuration, in bytes

/// Why a text cannot be a configuration, whatever it says: too large, not UTF-8, a NUL in it.
std::optional<Problem> text_problem(std::string_view text);

/// What the parser says of a text, in better words where it misleads.
Problem syntax_problem(std::string_view text, const YAML::Exception& error);

/// Where a second document has its content, if there is one. Throws YAML::Exception for what is no YAML; also where
/// YAML::LoadAll would make documents until the memory ends, because its parser does not get past a "," at the start.
std::optional<YAML::Mark> second_document(std::string_view text);

/// The parser takes an unclosed quote for closed when a line feed comes before the end.
std::string_view without_final_space(std::string_view text);

/// In double quotes, which hold anything.
std::string double_quoted(std::string_view text);

enum class ScalarStyle { plain, single_quoted, double_quoted };

/// A scalar on one line, in the wanted style where that can hold it, else in double quotes. Good for keys and for values of
/// block and flow collections.
std::string yaml_scalar(std::string_view text, ScalarStyle wanted);

} // namespace tokenscope::config
