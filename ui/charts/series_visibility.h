// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSet>
#include <QString>
#include <QStringList>

namespace tokenscope::ui {

/// Which series of a chart are shown. It outlives a frame: a series that comes back is as it was left, and one that is new
/// while another is isolated stays hidden.
class SeriesVisibility {
public:
    bool isVisible(const QString& identity) const;
    /// Shows that one alone; all again where it already is alone.
    void isolate(const QString& identity);
    /// `all` are the series there are; hiding the last visible one shows all.
    void toggle(const QString& identity, const QStringList& all);

private:
    QString m_isolated;
    QSet<QString> m_hidden;
};

} // namespace tokenscope::ui
