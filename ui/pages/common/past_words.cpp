// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/past_words.h"

#include <QCoreApplication>

#include <algorithm>

namespace tokenscope::ui {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("Past", text);
}

/// In the one unit that says how long it roughly is.
QString roughly(std::int64_t ms)
{
    const auto seconds = std::max<std::int64_t>(ms, 0) / 1000;
    if (seconds < 90)
        return tr("%1 s").arg(seconds);
    const auto minutes = (seconds + 30) / 60;
    if (minutes < 90)
        return tr("%1 min").arg(minutes);
    const auto hours = (minutes + 30) / 60;
    return hours < 48 ? tr("%1 h").arg(hours) : tr("%1 days").arg((hours + 12) / 24);
}

} // namespace

QString pastWords(const std::optional<Past>& past, std::int64_t now)
{
    if (!past)
        return {};
    const auto what = past->metric.isEmpty() ? tr("data") : past->metric;
    switch (past->known) {
    case Past::Known::seen: return tr("No %1 in this time range. Last seen %2 ago.").arg(what, roughly(now - past->at));
    case Past::Known::not_for:
        // That the source has the metric was found first; why this question of it had no answer is not known.
        return past->metric.isEmpty()
                   ? tr("No data in this time range, nor in the %1 before.").arg(roughly(past->reach.count()))
                   : tr("The source has %1, but nothing of it to show in this time range, nor from the %2 before. "
                        "There may be too few samples yet, or none that match.")
                         .arg(what, roughly(past->reach.count()));
    case Past::Known::nowhere: return tr("This source has no %1 in all that it keeps.").arg(what);
    }
    return {};
}

TimeRange::Span spanAround(const Past& past, const TimeRange& range, bool endsThere)
{
    const auto width = range.fixed() ? range.fixed()->to - range.fixed()->from : range.windowMs();
    const auto to = endsThere ? past.at : std::min(past.at + width / 5, range.now());
    return {.from = to - width, .to = to};
}

} // namespace tokenscope::ui
