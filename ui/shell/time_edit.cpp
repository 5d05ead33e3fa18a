// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/time_edit.h"

#include "pages/common/icon.h"
#include "theme/theme.h"

#include <QAction>
#include <QCalendarWidget>
#include <QKeyEvent>
#include <QVBoxLayout>

namespace tokenscope::ui {

TimeEdit::TimeEdit(const Theme& theme, DayEnd end, QWidget* parent) : QLineEdit(parent), m_end(end)
{
    auto* calendar =
        addAction(tintedIcon(QStringLiteral("chevron-down"), theme.tokens().secondary), QLineEdit::TrailingPosition);
    calendar->setText(tr("Pick a day"));
    calendar->setToolTip(tr("Pick a day (Alt+Down)"));
    connect(calendar, &QAction::triggered, this, &TimeEdit::openCalendar);
}

void TimeEdit::keyPressEvent(QKeyEvent* event)
{
    const bool drop =
        (event->key() == Qt::Key_Down && event->modifiers().testFlag(Qt::AltModifier)) || event->key() == Qt::Key_F4;
    if (drop)
        openCalendar();
    else
        QLineEdit::keyPressEvent(event);
}

void TimeEdit::openCalendar()
{
    auto* popup = new QWidget(this, Qt::Popup);
    popup->setObjectName(objectName() + QStringLiteral(".popup"));
    popup->setAttribute(Qt::WA_DeleteOnClose);
    auto* calendar = new QCalendarWidget;
    calendar->setObjectName(objectName() + QStringLiteral(".calendar"));
    calendar->setVerticalHeaderFormat(QCalendarWidget::NoVerticalHeader);
    const auto now = QDateTime::currentMSecsSinceEpoch();
    calendar->setSelectedDate(QDateTime::fromMSecsSinceEpoch(timeOf(text(), now, DayEnd::begin).value_or(now)).date());
    auto* column = new QVBoxLayout(popup);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(calendar);
    connect(calendar, &QCalendarWidget::activated, this, [this, popup](const QDate& day) {
        popup->close();
        take(day);
    });
    connect(calendar, &QCalendarWidget::clicked, this, [this, popup](const QDate& day) {
        popup->close();
        take(day);
    });
    popup->move(mapToGlobal(QPoint(0, height())));
    popup->show();
    calendar->setFocus();
}

/// The time of day stays as it is; where there is none, the day stands for its own end.
void TimeEdit::take(const QDate& day)
{
    const auto now = QDateTime::currentMSecsSinceEpoch();
    const auto before = timeOf(text(), now, DayEnd::begin);
    const bool hasClock = before && before == timeOf(text(), now, DayEnd::end);
    setText(hasClock ? timeText(QDateTime(day, QDateTime::fromMSecsSinceEpoch(*before).time()).toMSecsSinceEpoch())
                     : day.toString(Qt::ISODate));
    setFocus();
}

} // namespace tokenscope::ui
