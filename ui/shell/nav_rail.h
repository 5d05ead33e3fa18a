// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QString>

#include <vector>

class QToolButton;
class QVBoxLayout;

namespace tokenscope::ui {

class Theme;

/// The narrow list of pages at the left edge: an icon and a small label each, Ctrl+1 and so on.
class NavRail : public QFrame {
    Q_OBJECT

public:
    explicit NavRail(const Theme& theme, QWidget* parent = nullptr);
    void add(const QString& id, const QString& title, const QString& icon);
    void setCurrent(const QString& id);
    /// A dot beside the page's icon while something on it wants to be seen; the number is in its accessible name.
    void setBadge(const QString& id, int count);
    /// A quieter dot, while something there is not finished: `what` says it, e.g. "unsaved changes"; empty: no more.
    void setMark(const QString& id, const QString& what);

Q_SIGNALS:
    void chosen(const QString& id);

private:
    struct Entry {
        QString id;
        QString icon;
        QToolButton* button;
        QString title;
        QString keys; ///< that lead there; may be empty
        int badge = 0;
        QString mark;
    };

    void dress();
    static void name(const Entry& entry);

    const Theme& m_theme;
    QVBoxLayout* m_column;
    std::vector<Entry> m_entries;
};

} // namespace tokenscope::ui
