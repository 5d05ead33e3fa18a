// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <string>
#include <vector>

namespace tokenscope::ui {

/// One line of what the check of the configuration says, "file:line:column: key: problem".
struct ProblemLine {
    int line = 0; ///< from 1; 0: the file as a whole
    int column = 0;
    QString text; ///< "key: problem"
    bool warning = false;
    bool operator==(const ProblemLine&) const = default;
};

std::vector<ProblemLine> readProblems(const std::string& message);
std::vector<ProblemLine> readWarnings(const std::vector<std::string>& warnings);

/// Whether a problem is about the key or something below it; then what it says of it, else nothing.
QString problemOf(const ProblemLine& problem, const std::string& path);

} // namespace tokenscope::ui
