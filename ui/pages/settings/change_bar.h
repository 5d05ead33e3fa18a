// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace tokenscope::ui {

class Theme;

/// What is not saved yet, and what to do about it. Hidden while there is nothing.
class ChangeBar : public QWidget {
    Q_OBJECT

public:
    explicit ChangeBar(const Theme& theme, QWidget* parent = nullptr);

    struct State {
        int changes = 0;
        int problems = 0;
        bool readable = true; ///< the text is YAML
        bool saving = false;
        bool blocked =
            false; ///< it is known that what is there now cannot be saved; of the problems they may be old ones
    };
    void show(const State& state);
    bool canSave() const;

Q_SIGNALS:
    void saveRequested();
    void discardRequested();
    void changesRequested();
    void problemRequested();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void dress();

    const Theme& m_theme;
    QLabel* m_text;
    QPushButton* m_problem;
    QPushButton* m_changes;
    QPushButton* m_discard;
    QPushButton* m_save;
};

} // namespace tokenscope::ui
