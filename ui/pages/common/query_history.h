// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>

class QSettings;

namespace tokenscope::ui {

/// What was asked before of each source (or in each place), the newest first and each text once. Kept in the settings at once, so that a crash loses nothing.
class QueryHistory : public QObject {
    Q_OBJECT

public:
    static constexpr qsizetype most = 200;          ///< of a source
    static constexpr qsizetype longest = 16 * 1024; ///< characters; longer ones are not kept

    /// `prefix`: of the keys in the settings.
    explicit QueryHistory(QSettings& settings, QObject* parent = nullptr,
                          QString prefix = QStringLiteral("explore/history/"));

    void setSource(const QString& id);
    const QStringList& entries() const { return m_entries; }
    /// Those that contain every word of `wanted`.
    QStringList found(const QString& wanted) const;
    void add(const QString& text); ///< or moves it to the front
    void remove(const QString& text);
    /// Replaces all; what undoes a removal.
    void setEntries(const QStringList& entries);

Q_SIGNALS:
    void changed();

private:
    QSettings& m_settings;
    const QString m_prefix;
    QString m_key;
    QStringList m_entries;
};

} // namespace tokenscope::ui
