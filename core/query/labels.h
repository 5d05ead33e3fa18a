// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>

namespace tokenscope::query {

/// Label names to values, sorted by name. The metric's name is not among them.
using Labels = std::map<std::string, std::string>;

} // namespace tokenscope::query
