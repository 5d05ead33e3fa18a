// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/lane.h"
#include "widgets/lane_geometry.h"

#include <QImage>
#include <QStyledItemDelegate>

#include <vector>

namespace tokenscope::ui {

class LaneModel;
class Theme;
struct ThemeTokens;

/// Fills `area` as a stretch of this kind is filled, in a lane and in the key of the shades.
void paintLaneSegment(QPainter& painter, const QRectF& area, LaneSegment::Kind kind, const ThemeTokens& tokens);

/// Paints the rows of a LaneView.
class LanePainter : public QStyledItemDelegate {
    Q_OBJECT

public:
    LanePainter(const Theme& theme, const LaneModel& model, QObject* parent = nullptr);

    void setGeometry(const LaneGeometry& geometry) { m_geometry = geometry; }
    const LaneGeometry& geometry() const { return m_geometry; }
    void setRowHeight(int height) { m_rowHeight = height; }
    int rowHeight() const { return m_rowHeight; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintTexts(QPainter& painter, const QRectF& row, const Lane& lane) const;
    void paintBar(QPainter& painter, const QRectF& row, const Lane& lane) const;
    void paintSegment(QPainter& painter, const QRectF& bar, const LaneSegment& segment) const;
    void paintMarks(QPainter& painter, const QRectF& bar, const Lane& lane) const;
    QColor endColor(LaneEnd end) const;

    const Theme& m_theme;
    const LaneModel& m_model;
    LaneGeometry m_geometry;
    int m_rowHeight = 26;
};

} // namespace tokenscope::ui
