// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sources/connection.h"

#include <QDialog>
#include <QString>

#include <map>
#include <optional>

class QListWidget;
class QPushButton;
class QStackedWidget;

namespace tokenscope::ui {

class BreakingLabel;
class ConnectionForm;
class ConnectionTest;
class NoticeBar;
class OutcomeBox;
class SourceList;
class Theme;

/// The user's connections: add, edit, duplicate, remove, test. What is typed stays until it is saved or thrown away on purpose,
/// whichever connection is looked at meanwhile.
class SourcesDialog : public QDialog {
    Q_OBJECT

public:
    SourcesDialog(const Theme& theme, SourceList& sources, QWidget* parent = nullptr);
    void reject() override;

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    using Connection = sources::Connection;

    QWidget* makeList();
    QWidget* makeEditor();
    QPushButton* makeButton(const char* name, const QString& text);
    void fillList(const QString& current);
    void choose();
    QString currentId() const;
    std::optional<Connection> saved(const QString& id) const;
    void addDraft(Connection connection);
    void duplicate();
    void askRemove();
    void remove();
    void revert();
    void edited();
    void judge();
    bool save();

    const Theme& m_theme;
    SourceList& m_sources;
    std::map<QString, Connection> m_drafts; ///< by id; of one that was never saved it begins with "new:"
    QString m_shown;                        ///< what the form is about
    bool m_touched = false;                 ///< a new one is not scolded before anything was typed
    int m_made = 0;
    QListWidget* m_list;
    QStackedWidget* m_stack;
    ConnectionForm* m_form;
    ConnectionTest* m_test;
    NoticeBar* m_notice;
    OutcomeBox* m_failure;
    BreakingLabel* m_reason;
    QPushButton *m_duplicate, *m_remove, *m_run, *m_revert, *m_save;
};

} // namespace tokenscope::ui
