// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/rule.h"

#include <QString>

#include <vector>

namespace tokenscope::ui {

struct RuleTemplate {
    alerts::Rule rule;
    QString watched; ///< what it looks at, in words: "the p95 of the time to first token of each model"
};

/// Rules on this gateway's metrics that people want first, to start from: slow first tokens, errors, a long queue, ...
std::vector<RuleTemplate> ruleTemplates();

} // namespace tokenscope::ui
