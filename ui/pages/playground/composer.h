// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QLabel;
class QPushButton;

namespace tokenscope::ui {

class PromptEdit;
class Theme;

/// Where the prompt is written, with the one button that sends it or stops the reply.
class Composer : public QFrame {
    Q_OBJECT

public:
    explicit Composer(const Theme& theme, QWidget* parent = nullptr);

    QString text() const;
    void setText(const QString& text);
    void setBusy(bool busy);
    /// Why nothing can be sent just now, in words; empty: it can.
    void setObstacle(const QString& obstacle);
    void focus();

Q_SIGNALS:
    void edited();
    void sendRequested();
    void stopRequested();

private:
    void refresh();
    void dress();

    const Theme& m_theme;
    PromptEdit* m_prompt;
    QPushButton* m_send;
    QLabel* m_hint;
    QString m_obstacle;
    bool m_busy = false;
};

} // namespace tokenscope::ui
