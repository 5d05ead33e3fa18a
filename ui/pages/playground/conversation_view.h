// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QScrollArea>

#include <vector>

class QLabel;
class QVBoxLayout;

namespace tokenscope::ui {

class Theme;
class TurnWidget;

/// The exchanges, newest below, in a column that is good to read. Follows the reply while the user is at the end and
/// stays where it is once they have scrolled up.
class ConversationView : public QScrollArea {
    Q_OBJECT

public:
    static constexpr int readableWidth = 820; ///< px: about 110 letters a line

    explicit ConversationView(const Theme& theme, QWidget* parent = nullptr);

    void add(TurnWidget* turn);
    void removeNewest();
    void clear();
    const std::vector<TurnWidget*>& turns() const { return m_turns; }
    /// Shown while there are no exchanges.
    void setHint(const QString& hint);
    void scrollToEnd();

private:
    void refresh();
    void dress();

    const Theme& m_theme;
    QVBoxLayout* m_column;
    QLabel* m_hint;
    std::vector<TurnWidget*> m_turns;
    bool m_following = true;
};

} // namespace tokenscope::ui
