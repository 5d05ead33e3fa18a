// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/series_visibility.h"

#include <algorithm>

namespace tokenscope::ui {

bool SeriesVisibility::isVisible(const QString& identity) const
{
    return m_isolated.isEmpty() ? !m_hidden.contains(identity) : identity == m_isolated;
}

void SeriesVisibility::isolate(const QString& identity)
{
    m_hidden.clear();
    m_isolated = m_isolated == identity ? QString() : identity;
}

void SeriesVisibility::toggle(const QString& identity, const QStringList& all)
{
    if (!m_isolated.isEmpty()) {
        m_hidden = QSet<QString>(all.begin(), all.end());
        m_hidden.remove(m_isolated);
        m_isolated.clear();
    }
    if (!m_hidden.remove(identity))
        m_hidden.insert(identity);
    if (std::all_of(all.begin(), all.end(), [this](const QString& one) { return m_hidden.contains(one); }))
        m_hidden.clear();
}

} // namespace tokenscope::ui
