// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

#include <functional>
#include <vector>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace tokenscope::ui {

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

    /// A choice hides the bar and is run. The first button gets the focus where it is a question.
    void ask(const QString& question, std::vector<Choice> choices);
    void tell(const QString& notice, std::vector<Choice> choices = {});
    QString text() const;

private:
    void fill(const QString& text, std::vector<Choice> choices);
    void dress();

    const Theme& m_theme;
    QLabel* m_text;
    QHBoxLayout* m_row;
    std::vector<QPushButton*> m_buttons;
};

} // namespace tokenscope::ui
