// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/lane_geometry.h"

#include <QWidget>

namespace tokenscope::ui {

class Theme;

/// The time axis above the lanes.
class LaneAxis : public QWidget {
    Q_OBJECT

public:
    explicit LaneAxis(const Theme& theme, QWidget* parent = nullptr);

    void setGeometryOfRows(const LaneGeometry& geometry);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    LaneGeometry m_geometry;
};

} // namespace tokenscope::ui
