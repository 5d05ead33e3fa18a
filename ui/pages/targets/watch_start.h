// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/rule.h"

#include <QFrame>

class QPushButton;

namespace tokenscope::ui {

class Theme;

/// Stands in place of the user's rules while there are none: what a rule does, and some to start from.
class WatchStart : public QFrame {
    Q_OBJECT

public:
    explicit WatchStart(const Theme& theme, QWidget* parent = nullptr);
    void setUsable(bool usable); ///< whether a rule can be made

    static constexpr int mostWidth = 720; ///< px: longer lines are hard to read

Q_SIGNALS:
    void newRequested();
    void proposed(const alerts::Rule& rule);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    const Theme& m_theme;
    QPushButton* m_add;
    QWidget* m_proposals;
};

} // namespace tokenscope::ui
