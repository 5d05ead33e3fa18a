// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/accessibility.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QAccessibleWidget>
#include <QButtonGroup>
#include <QMetaObject>
#include <QPushButton>
#include <QToolButton>

namespace tokenscope::ui {

namespace {

constexpr const char* oneOfSeveral = "oneOfSeveral";

/// Push and tool buttons. Qt's own interface toggles a button that stays down without a click, which nobody hears who waits for
/// one. What the button is, is looked up each time: it is asked for before the button is finished.
class Button : public QAccessibleWidget {
public:
    explicit Button(QAbstractButton* button) : QAccessibleWidget(button, QAccessible::Button) {}

    QAccessible::Role role() const override
    {
        return hasMenu()                ? QAccessible::ButtonMenu
               : exclusive()            ? QAccessible::RadioButton
               : button().isCheckable() ? QAccessible::CheckBox
                                        : QAccessible::Button;
    }
    QString text(QAccessible::Text kind) const override
    {
        const auto said = QAccessibleWidget::text(kind);
        return said.isEmpty() && kind == QAccessible::Name ? button().text().remove(QLatin1Char('&')) : said;
    }
    QAccessible::State state() const override
    {
        auto state = QAccessibleWidget::state();
        state.checkable = button().isCheckable();
        state.checked = button().isChecked();
        state.pressed = button().isDown();
        state.hasPopup = hasMenu();
        return state;
    }
    QStringList actionNames() const override
    {
        return button().isEnabled() ? QStringList{action(), setFocusAction()} : QStringList();
    }
    void doAction(const QString& name) override
    {
        if (name != action() || !button().isEnabled())
            return QAccessibleWidget::doAction(name);
        // A menu is left only when something is chosen from it: not while somebody waits for the answer.
        QMetaObject::invokeMethod(
            &button(), [pressed = &button()] { press(*pressed); }, Qt::QueuedConnection);
    }

private:
    QAbstractButton& button() const { return *static_cast<QAbstractButton*>(widget()); }
    bool hasMenu() const
    {
        const auto* push = qobject_cast<const QPushButton*>(&button());
        const auto* tool = qobject_cast<const QToolButton*>(&button());
        return (push && push->menu()) || (tool && tool->menu());
    }
    bool exclusive() const
    {
        const auto* group = button().group();
        return button().isCheckable()
               && ((group && group->exclusive()) || button().autoExclusive()
                   || button().property(oneOfSeveral).toBool());
    }
    /// One of several is chosen: another press does not take that back.
    QString action() const
    {
        return hasMenu() ? showMenuAction() : button().isCheckable() && !exclusive() ? toggleAction() : pressAction();
    }
    static void press(QAbstractButton& button)
    {
        if (auto* tool = qobject_cast<QToolButton*>(&button); tool && tool->menu())
            tool->showMenu();
        else if (auto* push = qobject_cast<QPushButton*>(&button); push && push->menu())
            push->showMenu();
        else
            button.click();
    }
};

QAccessibleInterface* button(const QString& className, QObject* object)
{
    const bool wanted = className == QLatin1StringView("QPushButton") || className == QLatin1StringView("QToolButton");
    auto* found = wanted ? qobject_cast<QAbstractButton*>(object) : nullptr;
    return found ? new Button(found) : nullptr;
}

/// Text fields, tables and trees have interfaces of their own, which are found before these.
QAccessibleInterface* scrollArea(const QString& className, QObject* object)
{
    auto* widget = qobject_cast<QWidget*>(object);
    const bool wanted =
        className == QLatin1StringView("QScrollArea") || className == QLatin1StringView("QAbstractScrollArea");
    return widget && wanted ? new QAccessibleWidget(widget, QAccessible::Client) : nullptr;
}

} // namespace

void installAccessibility()
{
    QAccessible::installFactory(scrollArea);
    QAccessible::installFactory(button);
}

void setOneOfSeveral(QAbstractButton& button)
{
    button.setProperty(oneOfSeveral, true);
}

} // namespace tokenscope::ui
