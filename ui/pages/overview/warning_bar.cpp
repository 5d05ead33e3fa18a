// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/overview/warning_bar.h"

namespace tokenscope::ui {

namespace {

constexpr qsizetype mostLetters = 240; ///< a server may write a page

} // namespace

WarningBar::WarningBar(const Theme& theme, const QString& name, QWidget* parent) : NoticeBar(theme, name, parent) {}

void WarningBar::take(const QString& panel, const QStringList& warnings)
{
    if (warnings.isEmpty())
        m_warnings.erase(panel);
    else
        m_warnings[panel] = warnings;
    showAll();
}

void WarningBar::clear()
{
    m_warnings.clear();
    showAll();
}

void WarningBar::showAll()
{
    QStringList all;
    for (const auto& [panel, warnings] : m_warnings)
        all << warnings;
    all.removeDuplicates();
    if (all == m_told)
        return;
    m_told = all;
    if (all.isEmpty()) {
        letGo();
        return;
    }
    QString first = all.front();
    const bool whole = first.size() <= mostLetters;
    if (!whole)
        first = first.left(mostLetters) + QChar(0x2026);
    const auto others = all.size() - 1;
    tell(others == 0 ? tr("The source warns: %1").arg(first)
                     : tr("The source warns: %1 (and %2 more)").arg(first, QString::number(others)));
    // Another program's words are no markup.
    const auto escaped = all.join(QLatin1Char('\n')).toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br>"));
    const bool seen = whole && others == 0;
    setToolTip(seen ? QString() : QString(QStringLiteral("<p>") + escaped + QStringLiteral("</p>")));
    setAccessibleDescription(seen ? QString() : all.join(QLatin1Char('\n')));
}

} // namespace tokenscope::ui
