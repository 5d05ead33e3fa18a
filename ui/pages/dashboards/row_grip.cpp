// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/row_grip.h"

#include "theme/theme.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

namespace tokenscope::ui {

namespace {

constexpr int gripWidth = 20;
constexpr double dot = 1.5; ///< radius
constexpr int dotStep = 5;  ///< from one to the next

} // namespace

RowGrip::RowGrip(const Theme& theme, std::size_t row, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("row.%1.grip").arg(row));
    setAccessibleName(tr("Move row %1").arg(row + 1));
    setAccessibleDescription(tr("The arrow keys move the row with its panels up or down"));
    setToolTip(tr("Drag to move the row with its panels, or use ↑ and ↓"));
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::OpenHandCursor);
    setFixedSize(gripWidth, theme.tokens().controlHeight);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

bool RowGrip::event(QEvent* event)
{
    switch (event->type()) {
    case QEvent::Enter:
    case QEvent::Leave:
    case QEvent::FocusIn:
    case QEvent::FocusOut: update(); break;
    default: break;
    }
    return QWidget::event(event);
}

void RowGrip::paintEvent(QPaintEvent*)
{
    const auto& tokens = m_theme.tokens();
    const bool marked = hasFocus() || m_moving || underMouse();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (hasFocus()) {
        painter.setPen(QPen(tokens.accent, 2));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), tokens.radius, tokens.radius);
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(marked ? tokens.accent : tokens.secondary);
    const auto middle = QRectF(rect()).center();
    for (const double x : {-0.5, 0.5}) {
        for (const int y : {-1, 0, 1})
            painter.drawEllipse(middle + QPointF(x * dotStep, y * dotStep), dot, dot);
    }
}

void RowGrip::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_held = true;
    m_from = event->globalPosition().toPoint();
    setCursor(Qt::ClosedHandCursor);
}

void RowGrip::mouseMoveEvent(QMouseEvent* event)
{
    const auto global = event->globalPosition().toPoint();
    if (!m_held || (!m_moving && (global - m_from).manhattanLength() < QApplication::startDragDistance()))
        return;
    m_moving = true;
    update();
    Q_EMIT dragged(global);
}

void RowGrip::mouseReleaseEvent(QMouseEvent* event)
{
    const bool moved = m_moving;
    letGo();
    if (moved)
        Q_EMIT dropped(event->globalPosition().toPoint());
}

void RowGrip::keyPressEvent(QKeyEvent* event)
{
    const bool plain = (event->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier;
    if (event->key() == Qt::Key_Escape && m_moving) {
        letGo();
        Q_EMIT cancelled();
    } else if (plain && (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down)) {
        Q_EMIT shifted(event->key() == Qt::Key_Up ? -1 : 1);
    } else {
        QWidget::keyPressEvent(event);
    }
}

void RowGrip::letGo()
{
    m_held = false;
    m_moving = false;
    setCursor(Qt::OpenHandCursor);
    update();
}

} // namespace tokenscope::ui
