// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/panel_handle.h"

#include "pages/common/icon.h"
#include "theme/theme.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolButton>

#include <map>
#include <utility>

namespace tokenscope::ui {

namespace {

constexpr int buttonSize = 24;
constexpr int cornerSize = 18;
constexpr int fadeWidth = 24; ///< of a title that goes on under the buttons

} // namespace

PanelHandle::PanelHandle(const Theme& theme, const QString& id, const QString& title, Buttons buttons, QWidget* panel)
    : QWidget(panel), m_theme(theme), m_id(id), m_place(buttons)
{
    setObjectName(QStringLiteral("panel.%1.handle").arg(id));
    setAccessibleName(tr("Panel %1").arg(title));
    setAccessibleDescription(tr("Arrow keys move it, Shift and arrow keys resize it, Enter edits it, Ctrl+D duplicates "
                                "it, Delete removes it"));
    setToolTip(tr("%1: drag to move, drag the corner to resize, double-click to edit").arg(title));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setCursor(Qt::OpenHandCursor);
    m_buttons = {addButton("edit", QStringLiteral("edit"), tr("Edit %1").arg(title), Action::edit),
                 addButton("duplicate", QStringLiteral("copy"), tr("Duplicate %1").arg(title), Action::duplicate),
                 addButton("remove", QStringLiteral("trash"), tr("Remove %1").arg(title), Action::remove)};
    panel->installEventFilter(this);
    connect(&theme, &Theme::changed, this, &PanelHandle::dress);
    dress();
    place();
    raise();
    show();
}

QToolButton* PanelHandle::addButton(const char* name, const QString& icon, const QString& text, Action action)
{
    auto* button = new QToolButton(this);
    button->setObjectName(objectName() + QLatin1Char('.') + QLatin1StringView(name));
    button->setAccessibleName(text);
    button->setToolTip(text);
    button->setProperty("icon.name", icon);
    button->setFixedSize(buttonSize, buttonSize);
    button->setIconSize({14, 14});
    button->setFocusPolicy(Qt::TabFocus);
    button->setCursor(Qt::ArrowCursor);
    connect(button, &QToolButton::clicked, this, [this, action] { Q_EMIT wanted(action); });
    return button;
}

QRect PanelHandle::corner() const
{
    return {width() - cornerSize, height() - cornerSize, cornerSize, cornerSize};
}

void PanelHandle::place()
{
    setGeometry(parentWidget()->rect());
    const int margin = m_theme.tokens().space1;
    const bool top = m_place == Buttons::top;
    int right = width() - (top ? margin : cornerSize);
    // In the narrowest tile the keys have to do for what is done most seldom.
    m_buttons[1]->setVisible(right >= static_cast<int>(m_buttons.size()) * buttonSize);
    for (auto button = m_buttons.rbegin(); button != m_buttons.rend(); ++button) {
        if ((*button)->isHidden())
            continue;
        right -= buttonSize;
        (*button)->move(right, top ? margin : height() - margin - buttonSize);
    }
}

bool PanelHandle::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == parent() && event->type() == QEvent::Resize)
        place();
    return QWidget::eventFilter(watched, event);
}

void PanelHandle::paintEvent(QPaintEvent*)
{
    const auto& tokens = m_theme.tokens();
    const bool held = hasFocus() || m_moving;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double line = held ? 2 : 1;
    QPainterPath outline;
    const double inset = line / 2;
    outline.addRoundedRect(QRectF(rect()).adjusted(inset, inset, -inset, -inset), tokens.radius, tokens.radius);
    if (held || underMouse()) {
        auto wash = tokens.accent;
        wash.setAlphaF(0.06F);
        painter.fillPath(outline, wash);
    }
    if (m_place == Buttons::top)
        paintGround(painter);
    painter.setPen(QPen(held || underMouse() ? tokens.accent : tokens.secondary, line,
                        held || underMouse() ? Qt::SolidLine : Qt::DashLine));
    painter.drawPath(outline);
    painter.setPen(QPen(held || underMouse() ? tokens.accent : tokens.secondary, 1.5));
    const auto end = QPointF(rect().bottomRight()) - QPointF(4, 4);
    for (const double length : {4.0, 8.0})
        painter.drawLine(end - QPointF(length, 0), end - QPointF(0, length));
}

void PanelHandle::paintGround(QPainter& painter) const
{
    const auto& surface = m_theme.tokens().surface;
    const QRectF buttons = m_buttons.front()->geometry() | m_buttons.back()->geometry();
    const QRectF ground = buttons.adjusted(-fadeWidth, 0, 0, 0);
    auto clear = surface;
    clear.setAlpha(0);
    QLinearGradient fade(ground.topLeft(), ground.topRight());
    fade.setColorAt(0, clear);
    fade.setColorAt(fadeWidth / ground.width(), surface);
    painter.fillRect(ground, fade);
}

void PanelHandle::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_grip = corner().contains(event->position().toPoint()) ? Grip::corner : Grip::body;
    m_from = event->globalPosition().toPoint();
    m_moving = false;
}

void PanelHandle::mouseMoveEvent(QMouseEvent* event)
{
    const auto global = event->globalPosition().toPoint();
    if (m_grip == Grip::none) {
        setCursor(corner().contains(event->position().toPoint()) ? Qt::SizeFDiagCursor : Qt::OpenHandCursor);
        return;
    }
    if (!m_moving && (global - m_from).manhattanLength() < QApplication::startDragDistance())
        return;
    m_moving = true;
    update();
    if (m_grip == Grip::corner) {
        Q_EMIT pulled(global - m_from);
    } else {
        setCursor(Qt::ClosedHandCursor);
        Q_EMIT dragged(global);
    }
}

void PanelHandle::mouseReleaseEvent(QMouseEvent* event)
{
    const auto grip = std::exchange(m_grip, Grip::none);
    setCursor(Qt::OpenHandCursor);
    if (!std::exchange(m_moving, false))
        return;
    update();
    const auto global = event->globalPosition().toPoint();
    if (grip == Grip::corner)
        Q_EMIT released(global - m_from);
    else if (grip == Grip::body)
        Q_EMIT dropped(global);
}

void PanelHandle::mouseDoubleClickEvent(QMouseEvent*)
{
    Q_EMIT wanted(Action::edit);
}

void PanelHandle::keyPressEvent(QKeyEvent* event)
{
    const auto keys = event->modifiers() & ~Qt::KeypadModifier;
    if (event->key() == Qt::Key_Escape && m_moving) {
        m_moving = false;
        m_grip = Grip::none;
        setCursor(Qt::OpenHandCursor);
        update();
        Q_EMIT cancelled();
        return;
    }
    static const std::map<std::pair<int, int>, Action> actions{{{Qt::Key_Left, Qt::NoModifier}, Action::back},
                                                               {{Qt::Key_Right, Qt::NoModifier}, Action::on},
                                                               {{Qt::Key_Up, Qt::NoModifier}, Action::up},
                                                               {{Qt::Key_Down, Qt::NoModifier}, Action::down},
                                                               {{Qt::Key_Left, Qt::ShiftModifier}, Action::narrower},
                                                               {{Qt::Key_Right, Qt::ShiftModifier}, Action::wider},
                                                               {{Qt::Key_Up, Qt::ShiftModifier}, Action::lower},
                                                               {{Qt::Key_Down, Qt::ShiftModifier}, Action::higher},
                                                               {{Qt::Key_Return, Qt::NoModifier}, Action::edit},
                                                               {{Qt::Key_Enter, Qt::NoModifier}, Action::edit},
                                                               {{Qt::Key_D, Qt::ControlModifier}, Action::duplicate},
                                                               {{Qt::Key_Delete, Qt::NoModifier}, Action::remove}};
    const auto found = actions.find({event->key(), static_cast<int>(keys)});
    if (found == actions.end())
        QWidget::keyPressEvent(event);
    else
        Q_EMIT wanted(found->second);
}

void PanelHandle::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    update();
}

void PanelHandle::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    update();
}

void PanelHandle::enterEvent(QEnterEvent* event)
{
    QWidget::enterEvent(event);
    update();
}

void PanelHandle::leaveEvent(QEvent* event)
{
    QWidget::leaveEvent(event);
    update();
}

void PanelHandle::dress()
{
    const auto& tokens = m_theme.tokens();
    const auto ground =
        QStringLiteral("QToolButton { padding: 0; min-height: 0; background: %1; border: 1px solid %2; }"
                       "QToolButton:hover { background: %2; }"
                       "QToolButton:focus { padding: 0; min-height: 0; border: 1px solid %3; }")
            .arg(tokens.raised.name(), tokens.hairline.name(), tokens.accent.name());
    for (auto* button : m_buttons) {
        button->setIcon(tintedIcon(button->property("icon.name").toString(), tokens.text));
        button->setStyleSheet(ground);
    }
    update();
}

} // namespace tokenscope::ui
