// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>

namespace tokenscope::ui {

/// A text field that grows with its text up to a few lines, takes plain text only and is sent with Ctrl+Enter.
class PromptEdit : public QPlainTextEdit {
    Q_OBJECT

public:
    PromptEdit(int fewestLines, int mostLines, QWidget* parent = nullptr);

Q_SIGNALS:
    void submitted();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void fit();

    int m_fewestLines;
    int m_mostLines;
};

} // namespace tokenscope::ui
