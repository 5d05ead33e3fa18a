// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/query_history.h"

#include <QSettings>

#include <algorithm>

namespace tokenscope::ui {

QueryHistory::QueryHistory(QSettings& settings, QObject* parent, QString prefix)
    : QObject(parent), m_settings(settings), m_prefix(std::move(prefix))
{
}

void QueryHistory::setSource(const QString& id)
{
    m_key = m_prefix + id;
    m_entries = m_settings.value(m_key).toStringList().mid(0, most);
    Q_EMIT changed();
}

QStringList QueryHistory::found(const QString& wanted) const
{
    const auto words = wanted.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    QStringList result;
    std::copy_if(m_entries.begin(), m_entries.end(), std::back_inserter(result), [&words](const QString& entry) {
        return std::all_of(words.begin(), words.end(),
                           [&entry](const QString& word) { return entry.contains(word, Qt::CaseInsensitive); });
    });
    return result;
}

void QueryHistory::add(const QString& text)
{
    const auto trimmed = text.trimmed();
    if (trimmed.isEmpty() || trimmed.size() > longest)
        return;
    auto entries = m_entries;
    entries.removeAll(trimmed);
    entries.prepend(trimmed);
    setEntries(entries);
}

void QueryHistory::remove(const QString& text)
{
    auto entries = m_entries;
    entries.removeAll(text);
    setEntries(entries);
}

void QueryHistory::setEntries(const QStringList& entries)
{
    const auto kept = entries.mid(0, most);
    if (kept == m_entries || m_key.isEmpty())
        return;
    m_entries = kept;
    if (m_entries.isEmpty())
        m_settings.remove(m_key);
    else
        m_settings.setValue(m_key, m_entries);
    Q_EMIT changed();
}

} // namespace tokenscope::ui
