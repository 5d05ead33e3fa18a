// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/settings/problem_lines.h"

#include <QWidget>

#include <vector>

class QLabel;
class QListWidget;

namespace tokenscope::ui {

class EditSession;
class Theme;
class YamlEditor;

/// config.yaml as a text, the same that the form edits, and what is wrong with it.
class YamlView : public QWidget {
    Q_OBJECT

public:
    YamlView(const Theme& theme, EditSession& session, QWidget* parent = nullptr);

    void setProblems(std::vector<ProblemLine> problems);
    /// Shows what the session holds.
    void refresh();
    /// The first one, if there is any.
    void focusProblem();

private:
    void dress();

    const Theme& m_theme;
    EditSession& m_session;
    YamlEditor* m_editor;
    QLabel* m_note;
    QListWidget* m_list;
    std::vector<ProblemLine> m_problems;
    QStringList m_shown;
    bool m_filling = false;
};

} // namespace tokenscope::ui
