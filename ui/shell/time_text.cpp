// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/time_text.h"

#include <QDateTime>
#include <QRegularExpression>
#include <QTimeZone>

namespace tokenscope::ui {

namespace {

constexpr std::int64_t secondMs = 1000;
constexpr std::int64_t minuteMs = 60 * secondMs;
constexpr std::int64_t hourMs = 60 * minuteMs;
constexpr std::int64_t dayMs = 24 * hourMs;

std::int64_t unitMs(QChar unit)
{
    switch (unit.unicode()) {
    case u's': return secondMs;
    case u'm': return minuteMs;
    case u'h': return hourMs;
    case u'd': return dayMs;
    default: return 7 * dayMs;
    }
}

std::int64_t midnight(const QDate& date)
{
    return date.startOfDay().toMSecsSinceEpoch(); // which is later than 0:00 where the clocks are put forward then
}

std::int64_t dayOf(const QDate& date, DayEnd end)
{
    return midnight(end == DayEnd::begin ? date : date.addDays(1));
}

/// "-7d", "+1h30m"; nothing is nothing.
std::optional<std::int64_t> shiftOf(QString text)
{
    text.remove(QLatin1Char(' '));
    if (text.isEmpty())
        return 0;
    static const QRegularExpression whole(QStringLiteral("^([+-])((?:\\d{1,6}[smhdw])+)$"));
    static const QRegularExpression part(QStringLiteral("(\\d+)([smhdw])"));
    const auto match = whole.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    std::int64_t sum = 0;
    for (auto parts = part.globalMatch(match.captured(2)); parts.hasNext();) {
        const auto one = parts.next();
        sum += one.captured(1).toLongLong() * unitMs(one.captured(2).front());
    }
    return match.captured(1) == QLatin1Char('-') ? -sum : sum;
}

std::optional<std::int64_t> sinceEpoch(const QString& text)
{
    static const QRegularExpression seconds(QStringLiteral("^(\\d{9,10})(?:\\.(\\d{1,3})\\d*)?$"));
    static const QRegularExpression milliseconds(QStringLiteral("^\\d{12,13}$"));
    if (milliseconds.match(text).hasMatch())
        return text.toLongLong();
    const auto match = seconds.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    return match.captured(1).toLongLong() * secondMs
           + match.captured(2).leftJustified(3, QLatin1Char('0')).toLongLong();
}

/// "9:15", "09:15:30.5"
QTime clockOf(const QRegularExpressionMatch& match)
{
    return {match.captured(QStringLiteral("h")).toInt(), match.captured(QStringLiteral("m")).toInt(),
            match.captured(QStringLiteral("s")).toInt(),
            match.captured(QStringLiteral("f")).leftJustified(3, QLatin1Char('0')).toInt()};
}

std::optional<std::int64_t> calendarTime(const QString& text, const QDate& today, DayEnd end)
{
    static const QRegularExpression form(
        QStringLiteral("^(?:(?<date>\\d{4}-\\d{1,2}-\\d{1,2})(?:t|\\s+|$))?"
                       "(?:(?<h>\\d{1,2}):(?<m>\\d{2})(?::(?<s>\\d{2})(?:[.,](?<f>\\d{1,3})\\d*)?)?)?"
                       "\\s*(?<zone>z|utc|[+-]\\d{2}:?\\d{2})?$"));
    const auto match = form.match(text);
    const auto dateText = match.captured(QStringLiteral("date"));
    const bool hasClock = !match.captured(QStringLiteral("h")).isEmpty();
    const auto zone = match.captured(QStringLiteral("zone"));
    if (!match.hasMatch() || (dateText.isEmpty() && !hasClock) || (!hasClock && !zone.isEmpty()))
        return std::nullopt;
    const auto numbers = dateText.split(QLatin1Char('-'));
    const auto date = dateText.isEmpty() ? today : QDate(numbers[0].toInt(), numbers[1].toInt(), numbers[2].toInt());
    const auto clock = clockOf(match);
    if (!date.isValid() || (hasClock && !clock.isValid()))
        return std::nullopt;
    if (!hasClock)
        return dayOf(date, end);
    if (zone.isEmpty())
        return QDateTime(date, clock).toMSecsSinceEpoch();
    int offset = 0;
    if (!zone.front().isLetter()) {
        offset = zone.mid(1, 2).toInt() * 3600 + zone.right(2).toInt() * 60;
        offset = zone.startsWith(QLatin1Char('-')) ? -offset : offset;
    }
    return QDateTime(date, clock, Qt::OffsetFromUTC, offset).toMSecsSinceEpoch();
}

} // namespace

std::optional<std::int64_t> timeOf(const QString& text, std::int64_t nowMs, DayEnd end)
{
    const auto written = text.trimmed().toLower();
    const auto today = QDateTime::fromMSecsSinceEpoch(nowMs).date();
    if (written == QLatin1StringView("today"))
        return dayOf(today, end);
    if (written == QLatin1StringView("yesterday"))
        return dayOf(today.addDays(-1), end);
    const bool fromNow = written.startsWith(QLatin1StringView("now"));
    if (fromNow || written.startsWith(QLatin1Char('-'))) {
        const auto shift = shiftOf(fromNow ? written.mid(3) : written);
        return shift ? std::optional(nowMs + *shift) : std::nullopt;
    }
    if (const auto ms = sinceEpoch(written))
        return ms;
    return calendarTime(written, today, end);
}

QString timeText(std::int64_t ms)
{
    return QDateTime::fromMSecsSinceEpoch(ms).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
}

} // namespace tokenscope::ui
