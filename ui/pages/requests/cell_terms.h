// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/request_record.h"

#include <QString>

#include <vector>

namespace tokenscope::ui {

/// Something to filter by, and how it is offered.
struct CellTerm {
    QString offer; ///< "Only model “phi4”"
    QString term;  ///< "model:=phi4"
};

/// What a cell of the list of requests offers to filter by. `column`: RequestListModel::Column.
std::vector<CellTerm> termsOf(const telemetry::RequestRecord& record, int column);

} // namespace tokenscope::ui
