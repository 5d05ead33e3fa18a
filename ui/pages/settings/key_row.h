// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/settings/problem_lines.h"
#include "pages/settings/setting_services.h"
#include "pages/settings/setting_table.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace tokenscope::ui {

class SettingEditor;

/// One key of config.yaml: what it is called, what it holds, what it means, what is wrong with it, and the way back.
class KeyRow : public QWidget {
    Q_OBJECT

public:
    /// Its controls are called "settings.<path>", "….undo", "….reset".
    KeyRow(const SettingServices& services, Setting setting, const QString& group, QWidget* parent = nullptr);

    const Setting& setting() const { return m_setting; }
    /// In the document.
    std::string path() const { return m_prefix + m_setting.path; }
    /// Which element of a list it is about: "providers[1]."; what is shown is of that one from now on.
    void setPrefix(const std::string& prefix);
    /// Another element than before is at its prefix: what was begun for that one goes.
    void forget();
    void setFallback(const QString& text);
    void setSuggestion(const QString& entry); ///< of a secret
    /// The command line decides it for now.
    void setOverridden(bool overridden);
    /// What the check of the whole says of it.
    void setProblems(const std::vector<ProblemLine>& problems);
    bool hasProblem() const;
    bool hasMistake() const { return m_mistaken; } ///< in what is there now, as the row itself can tell
    /// Every word is in its name, path or text.
    bool matches(const QStringList& words) const;
    void focusEditor();
    /// Shows what the session holds.
    void refresh();

Q_SIGNALS:
    void secretKept(); ///< another one, in the keychain

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    SettingEditor* makeEditor(const QString& name);
    void showProblem();
    void showMeta();
    void dress();

    SettingServices m_services;
    Setting m_setting;
    std::string m_prefix;
    QString m_group;
    QString m_fallback;
    QString m_said; ///< by the check of the whole
    bool m_warning = false;
    bool m_mistaken = false;
    bool m_overridden = false;
    bool m_changed = false;
    bool m_redress = true;
    SettingEditor* m_editor;
    QLabel* m_label;
    QLabel* m_problem;
    QLabel* m_doc;
    QLabel* m_meta;
    QPushButton* m_undo;
    QPushButton* m_reset;
};

} // namespace tokenscope::ui
