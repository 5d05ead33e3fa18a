// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointer>
#include <QString>
#include <QTimer>
#include <QWidget>

#include <functional>
#include <vector>

class QHBoxLayout;
class QPushButton;

namespace tokenscope::ui {

class BreakingLabel;
class Theme;

/// A question or a notice on one line, with what can be done about it: "Removed “prod”. [Undo]". Hidden while there is none.
class NoticeBar : public QWidget {
    Q_OBJECT

public:
    struct Choice {
        QString text;
        std::function<void()> run;
    };

    /// The buttons are called "<name>.0", "<name>.1", ...
    NoticeBar(const Theme& theme, const QString& name, QWidget* parent = nullptr);
    ~NoticeBar() override;

    /// A choice hides the bar, gives the focus back to what had it before, and is run. The first button gets the focus where it
    /// is a question.
    void ask(const QString& question, std::vector<Choice> choices);
    void tell(const QString& notice, std::vector<Choice> choices = {});
    /// What did not work, in the colour of that.
    void tellFailure(const QString& failure);
    /// What is good to know for a moment ("Saved."): goes by itself, not while the mouse or the focus is on it.
    void mention(const QString& notice);
    /// Hides what was told and asks for no answer: something has been done since.
    void letGo();
    QString text() const;

private:
    void close();
    void age();
    void fill(const QString& text, std::vector<Choice> choices);
    void dress();

    const Theme& m_theme;
    BreakingLabel* m_text;
    QHBoxLayout* m_row;
    std::vector<QPushButton*> m_buttons;
    bool m_waits = false; ///< for an answer
    bool m_failed = false;
    QTimer m_age;
    QPointer<QWidget> m_before; ///< had the focus when it came in here
};

} // namespace tokenscope::ui
