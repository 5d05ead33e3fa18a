// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/query.h"

#include <QString>

namespace tokenscope::ui {

/// The time that each of a question's values is of: "1m"; empty where it is of a moment.
QString windowText(const query::Query& query);

} // namespace tokenscope::ui
