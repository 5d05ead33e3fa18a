// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/explore/explore_steps.h"

#include "bridge/time_range.h"
#include "query/duration_text.h"

#include <QCoreApplication>

#include <algorithm>

namespace tokenscope::ui {

namespace {

std::optional<std::int64_t> written(const QString& step)
{
    const auto time = query::parse_duration(step.trimmed().toStdString());
    return time && time->count() >= 1 ? std::optional<std::int64_t>(time->count()) : std::nullopt;
}

} // namespace

QStringList usualSteps()
{
    return {QStringLiteral("1s"), QStringLiteral("5s"), QStringLiteral("15s"), QStringLiteral("30s"),
            QStringLiteral("1m"), QStringLiteral("5m"), QStringLiteral("15m"), QStringLiteral("1h")};
}

std::optional<Error> checkStep(const TimeRange& range, const QString& step)
{
    const auto time = written(step);
    const auto width = range.fixed() ? range.fixed()->to - range.fixed()->from : range.windowMs();
    if (!time || width / *time < mostPoints)
        return std::nullopt;
    const auto least = std::chrono::milliseconds((width / (mostPoints - 1) / 1000 + 1) * 1000);
    return Error{.code = ErrorCode::invalid_request,
                 .message = QCoreApplication::translate("tokenscope::ui::ExplorePage",
                                                        "The step is too short for this time range: take at least %1.")
                                .arg(QString::fromStdString(query::duration_text(least)))
                                .toStdString(),
                 .param = "step"};
}

sources::Range rangeFor(const TimeRange& range, const QString& step, int width, std::int64_t leastStep)
{
    // Points finer than the pixels cannot be seen.
    auto asked = range.steps(std::clamp(width, 200, 2000), leastStep);
    if (const auto time = written(step)) {
        asked.step = *time;
        asked.to = std::max(asked.from, asked.to / *time * *time);
        asked.from = std::min(asked.from / *time * *time, asked.to);
    }
    return asked;
}

} // namespace tokenscope::ui
