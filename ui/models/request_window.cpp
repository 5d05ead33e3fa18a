// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/request_window.h"

#include "telemetry/request_figures.h"

#include <limits>

namespace tokenscope::ui {

bool RequestWindow::has(const telemetry::RequestRecord& record) const
{
    const auto began = record.started.time_since_epoch().count();
    const auto ended = ended_at(record).time_since_epoch().count();
    return ended >= fromMs.value_or(std::numeric_limits<std::int64_t>::min())
           && began <= toMs.value_or(std::numeric_limits<std::int64_t>::max());
}

} // namespace tokenscope::ui
