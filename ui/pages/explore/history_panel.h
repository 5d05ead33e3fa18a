// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

#include <functional>

class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace tokenscope::ui {

class NoticeBar;
class QueryHistory;
class Theme;

/// What was asked of this source before: search it, bring one back, remove one or all (which can be undone).
class HistoryPanel : public QWidget {
    Q_OBJECT

public:
    /// `describe`: an entry as a person reads it.
    HistoryPanel(const Theme& theme, QueryHistory& history, std::function<QString(const QString&)> describe,
                 QWidget* parent = nullptr);
    void focusSearch();
    void removeAll();

Q_SIGNALS:
    void chosen(const QString& text);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fill();
    void removeCurrent();
    void dress();

    const Theme& m_theme;
    QueryHistory& m_history;
    const std::function<QString(const QString&)> m_describe;
    QLineEdit* m_search;
    QListWidget* m_list;
    QLabel* m_empty;
    QPushButton* m_remove;
    QPushButton* m_clear;
    NoticeBar* m_notice;
};

} // namespace tokenscope::ui
