// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/past_look.h"

#include <QString>

namespace tokenscope::ui {

/// What an answer to it shows, over a chart: "latency_seconds · quantiles by model", or the beginning of the PromQL.
QString questionTitle(const Question& question);

} // namespace tokenscope::ui
