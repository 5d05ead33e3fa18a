// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QLabel;
class QPushButton;

namespace tokenscope::ui {

class Theme;

/// An error where it arose: what happened and what to do, the detail behind a disclosure, both copyable.
class ErrorPanel : public QFrame {
    Q_OBJECT

public:
    explicit ErrorPanel(const Theme& theme, QWidget* parent = nullptr);
    void setError(const QString& message, const QString& detail);
    void setRetryPossible(bool possible);

Q_SIGNALS:
    void retryRequested();

private:
    void dress();

    const Theme& m_theme;
    QLabel* m_message;
    QLabel* m_detail;
    QPushButton* m_disclosure;
    QPushButton* m_copy;
    QPushButton* m_retry;
};

} // namespace tokenscope::ui
