// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/accessibility.h"

#include <QAccessible>
#include <QAccessibleWidget>

namespace tokenscope::ui {

namespace {

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
}

} // namespace tokenscope::ui
