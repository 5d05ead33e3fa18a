// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

class QPlainTextEdit;
class QPushButton;

namespace tokenscope::ui {

class BreakingLabel;
class Theme;

/// How something went: a sentence with a line in the colour of its outcome, the detail behind a disclosure, both to be copied.
class OutcomeBox : public QWidget {
    Q_OBJECT

public:
    enum class Outcome { good, bad };

    /// The parts' object names begin with `name`: "<name>.message", ".details", ".detail" and ".copy".
    OutcomeBox(const Theme& theme, const QString& name, QWidget* parent = nullptr);

    void show(Outcome outcome, const QString& message, const QString& detail = {});
    void clear(); ///< and hides
    QString message() const;

private:
    void dress();

    const Theme& m_theme;
    Outcome m_outcome = Outcome::good;
    BreakingLabel* m_message;
    QPushButton* m_disclosure;
    QPushButton* m_copy;
    QPlainTextEdit* m_detail;
};

} // namespace tokenscope::ui
