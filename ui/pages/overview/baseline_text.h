// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/baseline.h"

#include <QString>

#include <optional>

namespace tokenscope::ui {

/// "182 ms"; a share in per cent; "–" without a request.
QString comparedText(const telemetry::Comparison& comparison, std::optional<double> value);
/// "+89 ms (+12 %) slower", or that it cannot be told.
QString verdictText(const telemetry::Comparison& comparison);
/// What the difference is with 95 % confidence: "+0.33 ms to +33.7 ms". Empty without one.
QString intervalText(const telemetry::Comparison& comparison);
/// The same as a sentence, and how it was found.
QString confidenceText(const telemetry::Comparison& comparison);

} // namespace tokenscope::ui
