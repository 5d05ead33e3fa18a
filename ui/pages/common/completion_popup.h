// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QString>

#include <vector>

class QLabel;
class QListWidget;

namespace tokenscope::ui {

class ElidedLabel;
class Theme;

/// One choice of the popup.
struct CompletionItem {
    QString text;
    QString detail; ///< small, on the right: "counter", "function"
    QString help;   ///< a line below the list: the metric's help, the function's signature
};

/// The list of choices beside the cursor. The editor keeps the focus and moves in it.
class CompletionPopup : public QFrame {
    Q_OBJECT

public:
    CompletionPopup(const Theme& theme, QWidget* editor);

    /// Below `anchor` (of the cursor, in the editor's window), or above where there is no room.
    void open(const std::vector<CompletionItem>& items, const QRect& anchor);
    QString current() const;
    int count() const;
    void move(int rows); ///< by so many, round the ends

Q_SIGNALS:
    void chosen(const QString& text);

private:
    void describe();
    void dress();

    const Theme& m_theme;
    QListWidget* m_list;
    ElidedLabel* m_help;
};

} // namespace tokenscope::ui
