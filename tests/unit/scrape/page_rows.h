// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scrape/parser.h"

#include <string>
#include <vector>

namespace tokenscope::test {

/// A small page and what becomes of it. Rows of which `as_prometheus` is true are shown to a real Prometheus, too.
struct PageRow {
    const char* name;
    scrape::Format format;
    std::string page;
    int fault_line = 0; ///< 0: the page is fine
    std::string words;  ///< of the fault, some of them
    bool as_prometheus = true;
};

std::vector<PageRow> good_rows();
std::vector<PageRow> bad_rows();

} // namespace tokenscope::test
