// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/explore/completion_data.h"

#include <QFrame>

#include <vector>

class QLabel;
class QListWidget;

namespace tokenscope::ui {

class ElidedLabel;
class Theme;

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
