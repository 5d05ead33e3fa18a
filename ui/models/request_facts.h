// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/request_record.h"

#include <QString>

#include <vector>

namespace tokenscope::ui {

/// One line of what is known of a request. What is not known is "–", never 0.
struct Fact {
    QString label;
    QString value;
    QString explanation = {}; ///< for a tool tip
    QString copy = {};        ///< what its copy button copies; empty: it has none
    QString filter = {};      ///< in the filter language: requests that share it; empty: none
    bool bad = false;         ///< an error
};

struct FactGroup {
    QString title;
    std::vector<Fact> facts;
};

std::vector<FactGroup> factsOf(const telemetry::RequestRecord& record);

/// "Completed", "The client left", ...: how the request ended, in words.
QString endingOf(const telemetry::RequestRecord& record);
/// The model as the gateway resolved it, else as the client asked for it; "–" where neither is known.
QString modelOf(const telemetry::RequestRecord& record);
/// Local time to the millisecond, with the date.
QString startOf(const telemetry::RequestRecord& record);

} // namespace tokenscope::ui
