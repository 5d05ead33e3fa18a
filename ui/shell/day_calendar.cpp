// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/day_calendar.h"

#include "pages/common/icon.h"
#include "theme/theme.h"

#include <QLayout>
#include <QTableView>
#include <QTextCharFormat>
#include <QToolButton>

namespace tokenscope::ui {

namespace {

constexpr int daysOfWeek = 7;
constexpr int rows = 7; ///< the names of the days, and six weeks
constexpr int cellWidth = 40;

} // namespace

DayCalendar::DayCalendar(const Theme& theme, QWidget* parent) : QCalendarWidget(parent), m_theme(theme)
{
    setVerticalHeaderFormat(NoVerticalHeader);
    setHorizontalHeaderFormat(ShortDayNames);
    // Red is what failed; a weekend did not.
    for (const auto day : {Qt::Saturday, Qt::Sunday})
        setWeekdayTextFormat(day, {});
    findChild<QTableView*>()->setMinimumSize(daysOfWeek * cellWidth, rows * theme.tokens().controlHeight);
    const auto name = [this](const char* part, const QString& text) {
        auto* button = findChild<QToolButton*>(QLatin1StringView(part));
        button->setToolTip(text);
        button->setAccessibleName(text);
    };
    name("qt_calendar_prevmonth", tr("The month before"));
    name("qt_calendar_nextmonth", tr("The next month"));
    connect(&theme, &Theme::changed, this, &DayCalendar::dress);
    dress();
}

QSize DayCalendar::sizeHint() const
{
    return minimumSizeHint();
}

QSize DayCalendar::minimumSizeHint() const
{
    return layout()->totalMinimumSize();
}

/// What the application's style sheet cannot say.
void DayCalendar::dress()
{
    const auto& tokens = m_theme.tokens();
    QTextCharFormat names;
    names.setForeground(tokens.secondary);
    setHeaderTextFormat(names);
    const auto arrow = [&](const char* part, const char* icon) {
        findChild<QToolButton*>(QLatin1StringView(part))
            ->setIcon(tintedIcon(QLatin1StringView(icon), tokens.secondary));
    };
    const bool mirrored = isRightToLeft();
    arrow("qt_calendar_prevmonth", mirrored ? "chevron-right" : "chevron-left");
    arrow("qt_calendar_nextmonth", mirrored ? "chevron-left" : "chevron-right");
}

} // namespace tokenscope::ui
