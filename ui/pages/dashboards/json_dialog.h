// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QDialog>
#include <QTimer>

#include <functional>
#include <string>

class QPlainTextEdit;
class QPushButton;

namespace tokenscope::ui {

class BreakingLabel;
class NoticeBar;
class Theme;

/// A dashboard as the text of its file. What is wrong with it stands below while it is typed.
class JsonDialog : public QDialog {
    Q_OBJECT

public:
    using Check = std::function<Result<void>(const std::string&)>;

    /// `check` reads the text; `apply` saves it and closes the dialog where it could.
    JsonDialog(const Theme& theme, const QString& title, const std::string& text, Check check, Check apply,
               QWidget* parent);
    void reject() override;

private:
    void judge();
    void save();

    const QString m_text; ///< at first
    const Check m_check;
    const Check m_apply;
    QTimer m_pause; ///< in the typing
    QPlainTextEdit* m_edit;
    BreakingLabel* m_problem;
    NoticeBar* m_notice;
    QPushButton* m_save;
};

} // namespace tokenscope::ui
