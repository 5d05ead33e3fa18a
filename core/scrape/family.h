// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace tokenscope::scrape {

/// What a page says of a metric family in its TYPE, HELP and UNIT lines; what it does not say is empty.
struct Family {
    std::string name;
    std::string type; ///< as written, e.g. "histogram"
    std::string help;
    std::string unit;
};

} // namespace tokenscope::scrape
