// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/csv.h"

namespace tokenscope::ui {

QString csvCell(QString text)
{
    if (!text.isEmpty() && QLatin1StringView("=+-@\t\r").contains(text.front()))
        text.prepend(QLatin1Char('\''));
    if (text.contains(QLatin1Char(',')) || text.contains(QLatin1Char('"')) || text.contains(QLatin1Char('\n'))
        || text.contains(QLatin1Char('\r')))
        return QLatin1Char('"') + text.replace(QLatin1Char('"'), QStringLiteral("\"\"")) + QLatin1Char('"');
    return text;
}

QByteArray csvLine(const QStringList& cells)
{
    return (cells.join(QLatin1Char(',')) + QStringLiteral("\r\n")).toUtf8();
}

} // namespace tokenscope::ui
