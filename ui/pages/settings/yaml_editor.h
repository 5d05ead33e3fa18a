// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/settings/problem_lines.h"

#include <QPlainTextEdit>

#include <vector>

namespace tokenscope::ui {

class Theme;
class YamlHighlighter;

/// The text of config.yaml with the numbers of its lines, and its problems where they are.
class YamlEditor : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit YamlEditor(const Theme& theme, QWidget* parent = nullptr);

    /// Replaces what differs, so that the cursor stays.
    void setLines(const QStringList& lines);
    /// Character by character what is there, which toPlainText() is not: it has a space for one that does not break.
    QStringList lines() const;
    void setSecrets(const QStringList& secrets);
    void setProblems(std::vector<ProblemLine> problems);
    void goTo(int line, int column);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    int gutterWidth() const;
    void placeGutter();
    void paintGutter();
    const ProblemLine* problemAt(int line) const;
    void underline();
    void dress();

    const Theme& m_theme;
    YamlHighlighter* m_highlighter;
    QWidget* m_gutter;
    std::vector<ProblemLine> m_problems;
};

} // namespace tokenscope::ui
