// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/alert_engine.h"
#include "pages/targets/monitor_list.h"

#include <cstdint>
#include <functional>

namespace tokenscope::ui {

/// What a rule asks for, in words: "p95 of aigateway_first_token_latency_seconds by model", or its PromQL.
QString questionText(const alerts::Rule& rule);
/// "above 2 s for 30 s"
QString conditionText(const alerts::Rule& rule);
/// How a value of the rule's answer is written.
QString ruleValueText(const alerts::Rule& rule, std::optional<double> value);

/// The user's rules and how they stand. `sourceName`: by a source's id.
MonitorList watchList(const AlertEngine& engine, std::int64_t nowMs,
                      const std::function<QString(const std::string&)>& sourceName);
/// What fired and what was over, newest first.
MonitorList happeningList(const AlertEngine& engine, std::int64_t nowMs);

} // namespace tokenscope::ui
