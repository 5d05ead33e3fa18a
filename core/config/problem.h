// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::config {

/// Something that is wrong in a file, or about it.
struct Problem {
    int line = 0; ///< from 1; 0: the file as a whole
    int column = 0;
    std::string text;
};

/// "file:line:column: text" of each, in the order of the file.
std::vector<std::string> to_lines(std::string_view file_name, std::vector<Problem> problems);

/// The same as one Error.
Error all_in_one(std::string_view file_name, std::vector<Problem> problems);

tl::unexpected<Error> refuse(std::string_view file_name, Problem problem);

/// As it stands in the file, cut short and without control characters: it ends up in a terminal.
std::string shown(std::string_view text);

} // namespace tokenscope::config
