// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/time_edit.h"

#include "pages/common/icon.h"
#include "shell/day_calendar.h"
#include "theme/theme.h"

#include <QAction>
#include <QFrame>
#include <QKeyEvent>
#include <QScreen>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenscope::ui {

TimeEdit::TimeEdit(const Theme& theme, DayEnd end, QWidget* parent) : QLineEdit(parent), m_theme(theme), m_end(end)
{
    auto* calendar = addAction(QIcon(), QLineEdit::TrailingPosition);
    const auto dress = [this, calendar] {
        calendar->setIcon(tintedIcon(QStringLiteral("chevron-down"), m_theme.tokens().secondary));
    };
    connect(&theme, &Theme::changed, this, dress);
    dress();
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
    auto* popup = new QFrame(this, Qt::Popup);
    popup->setFrameShape(QFrame::StyledPanel);
    popup->setObjectName(objectName() + QStringLiteral(".popup"));
    popup->setAttribute(Qt::WA_DeleteOnClose);
    auto* calendar = new DayCalendar(m_theme, popup);
    calendar->setObjectName(objectName() + QStringLiteral(".calendar"));
    const auto now = QDateTime::currentMSecsSinceEpoch();
    calendar->setSelectedDate(QDateTime::fromMSecsSinceEpoch(timeOf(text(), now, DayEnd::begin).value_or(now)).date());
    auto* column = new QVBoxLayout(popup);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSizeConstraint(QLayout::SetFixedSize);
    column->addWidget(calendar);
    const auto pick = [this, popup](const QDate& day) {
        popup->close();
        take(day);
    };
    connect(calendar, &QCalendarWidget::activated, this, pick);
    connect(calendar, &QCalendarWidget::clicked, this, pick);
    popup->adjustSize();
    // Below the field, or as far below it as the screen reaches.
    const auto room = screen()->availableGeometry();
    const auto place = mapToGlobal(QPoint(0, height()));
    popup->move(std::max(room.left(), std::min(place.x(), room.right() + 1 - popup->width())),
                std::max(room.top(), std::min(place.y(), room.bottom() + 1 - popup->height())));
    popup->show();
    calendar->setFocus();
}

/// The whole day: who wants a part of it writes the time of day behind it.
void TimeEdit::take(const QDate& day)
{
    setText(day.toString(Qt::ISODate));
    setFocus();
}

} // namespace tokenscope::ui
