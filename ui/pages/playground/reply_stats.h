// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "format/format.h"

#include <QHash>
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
    /// `asked`: the model that was asked, as the heading names it.
    void setStats(const ChatStats& stats, const QString& asked);
    /// Only the newest reply's numbers carry object names ("playground.stats.ttft"), so that each is unique.
    void setNamed(bool named);

private:
    void dress();
    QLabel* add(const QString& id, const QString& toolTip);
    void setFigure(QLabel* label, const QString& words, const FormattedValue& value);
    void showFigure(QLabel* label) const;
    void showCaption(const std::vector<double>& gaps);

    const Theme& m_theme;
    struct Item {
        QString id;
        QLabel* label;
    };
    struct Figure {
        QString words; ///< "%1" is the value
        FormattedValue value;
    };
    std::vector<Item> m_items;
    QHash<QLabel*, Figure> m_figures;
    QWidget* m_row;
    QLabel *m_ttft, *m_speed, *m_tokensIn, *m_tokensOut, *m_total, *m_gap, *m_finish, *m_model;
    LatencyStrip* m_strip;
};

} // namespace tokenscope::ui
