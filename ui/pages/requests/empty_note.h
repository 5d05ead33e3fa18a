// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

class QLabel;
class QPushButton;

namespace tokenscope::ui {

class Theme;

/// Why the list is empty, and one thing that helps.
class EmptyNote : public QWidget {
    Q_OBJECT

public:
    explicit EmptyNote(const Theme& theme, QWidget* parent = nullptr);

    void tell(const QString& message, const QString& remedy); ///< no `remedy`: no button
    /// What takes the keys: the button, or null.
    QWidget* control() const;

Q_SIGNALS:
    void remedyWanted();

private:
    void fit();
    void dress();

    const Theme& m_theme;
    QLabel* m_message;
    QPushButton* m_remedy;
};

} // namespace tokenscope::ui
