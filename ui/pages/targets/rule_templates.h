// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/rule.h"

#include <vector>

namespace tokenscope::ui {

/// Rules on this gateway's metrics that people want first, to start from: slow first tokens, errors, a long queue, ...
std::vector<alerts::Rule> ruleTemplates();

} // namespace tokenscope::ui
