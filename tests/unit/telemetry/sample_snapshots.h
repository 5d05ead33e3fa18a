// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/snapshot.h"

#include <string>
#include <string_view>

namespace tokenscope::test {

/// What a label's value may be that a client chose.
inline constexpr std::string_view hostile_value =
    "quote\" back\\slash\\n new\nline } ,= # {a=\"b\"} 1 \xE6\xA8\xA1 \r\t";

/// One series of these labels, and no help.
telemetry::FamilySnapshot counter(std::string name, double value, telemetry::Labels labels = {});
telemetry::FamilySnapshot gauge(std::string name, double value, telemetry::Labels labels = {});
telemetry::FamilySnapshot histogram(std::string name, telemetry::HistogramValue value, telemetry::Labels labels = {});

/// Every family of the catalogue with two series, one of them with hostile values in all labels that can have them; each
/// bucket of a histogram has an exemplar.
telemetry::Snapshot whole_catalogue();

} // namespace tokenscope::test
