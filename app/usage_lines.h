// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstddef>
#include <utility>
#include <vector>

namespace tokenscope::telemetry {
class RequestLog;
}

namespace tokenscope::app {

class Composition;

/// What this process keeps, and how much it may, for the Settings page.
std::vector<std::pair<QString, QString>> usageLines(Composition& composition);

/// What the records in it take of the heap.
std::size_t requestBytes(const telemetry::RequestLog& log);

} // namespace tokenscope::app
