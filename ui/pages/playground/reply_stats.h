// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <vector>

class QLabel;

namespace tokenscope::ui {

struct ChatStats;
class LatencyStrip;
class Theme;

/// What was measured of a reply: one quiet row of numbers and the strip of gaps.
class ReplyStats : public QWidget {
    Q_OBJECT

public:
    explicit ReplyStats(const Theme& theme, QWidget* parent = nullptr);
    void setStats(const ChatStats& stats);
    /// Only the newest reply's numbers carry object names ("playground.stats.ttft"), so that each is unique.
    void setNamed(bool named);

private:
    void dress();
    QLabel* add(const QString& id, const QString& toolTip);

    const Theme& m_theme;
    struct Item {
        QString id;
        QLabel* label;
    };
    std::vector<Item> m_items;
    QWidget* m_row;
    QLabel *m_ttft, *m_speed, *m_tokensIn, *m_tokensOut, *m_total, *m_gap, *m_finish, *m_model;
    LatencyStrip* m_strip;
};

} // namespace tokenscope::ui
