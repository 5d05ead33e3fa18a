// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QScrollArea>

#include <cstddef>
#include <memory>
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
    ~ConversationView() override;

    void add(TurnWidget* turn);
    void removeNewest();
    void clear();
    /// Takes the exchanges from this one on away, in the place of those that were set aside before.
    void setAside(std::size_t first);
    /// They are back, and what came in their place is gone.
    void bringBack();
    /// They cannot be brought back any more. Whether there were any.
    bool dropAside();
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
    std::vector<std::unique_ptr<TurnWidget>> m_aside; ///< without a parent
    std::size_t m_asideFrom = 0;                      ///< place of the first of them
    bool m_following = true;
};

} // namespace tokenscope::ui
