// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "sources/metric_source.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace tokenscope::ui {

class TimeRange;

/// Prometheus answers at most so many points a series.
inline constexpr std::int64_t mostPoints = 11'000;

QStringList usualSteps();

/// Why the range cannot be asked for with this step, or nothing. What is no time stands for "auto".
std::optional<Error> checkStep(const TimeRange& range, const QString& step);

/// The steps to ask for: as written, or as the width in pixels wants them and no closer than `leastStep` (ms).
sources::Range rangeFor(const TimeRange& range, const QString& step, int width, std::int64_t leastStep);

} // namespace tokenscope::ui
