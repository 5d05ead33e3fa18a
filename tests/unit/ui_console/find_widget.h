// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>
#include <QtGlobal>

namespace tokenscope::test {

/// The part of a window that has that name. There must be one.
template <typename W>
W* find(const QWidget& parent, const QString& name)
{
    auto* found = parent.findChild<W*>(name);
    if (!found)
        qFatal("no %s", qPrintable(name));
    return found;
}

template <typename W>
W* find(const QWidget& parent, const char* name)
{
    return find<W>(parent, QString::fromLatin1(name));
}

} // namespace tokenscope::test
