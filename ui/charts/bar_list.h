// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/series_colors.h"
#include "charts/titled_panel.h"

#include <QColor>

#include <vector>

namespace tokenscope::ui {

/// The last value of every series as a horizontal bar, the highest first. Those that do not fit are counted.
class BarList : public TitledPanel {
    Q_OBJECT

public:
    struct Bar {
        QString name;
        double value = 0;
        QColor color;
    };

    explicit BarList(const Theme& theme, QWidget* parent = nullptr) : TitledPanel(theme, parent) {}
    const std::vector<Bar>& bars() const { return m_bars; }

protected:
    QString readData() override;
    bool hasData() const override { return !m_bars.empty(); }
    void paintData(QPainter& painter, const QRect& area) override;
    bool event(QEvent* event) override;

private:
    int rowHeight() const;
    QString textOf(const Bar& bar) const;

    std::vector<Bar> m_bars;
    SeriesColors m_colors;
    QRect m_area; ///< where they were painted
    int m_shown = 0;
};

} // namespace tokenscope::ui
