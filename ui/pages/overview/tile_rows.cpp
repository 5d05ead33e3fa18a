// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/overview/tile_rows.h"

#include <QGridLayout>

#include <algorithm>

namespace tokenscope::ui {

int tilesPerRow(int count, int width, int spacing)
{
    const int fit = std::max(1, (width + spacing) / (TileRows::narrowestTile + spacing));
    const int rows = std::max(1, (count + fit - 1) / fit);
    return (count + rows - 1) / rows;
}

TileRows::TileRows(int spacing, QWidget* parent) : QWidget(parent), m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(spacing);
}

void TileRows::add(QWidget* tile, bool shown)
{
    tile->setParent(this);
    tile->setVisible(shown);
    m_tiles.push_back({tile, shown});
    arrange();
}

void TileRows::setShown(QWidget* tile, bool shown)
{
    const auto known = std::ranges::find(m_tiles, tile, &Tile::widget);
    if (known == m_tiles.end() || known->shown == shown)
        return;
    known->shown = shown;
    tile->setVisible(shown);
    arrange();
}

void TileRows::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void TileRows::arrange()
{
    std::vector<QWidget*> shown;
    for (const auto& tile : m_tiles) {
        if (tile.shown)
            shown.push_back(tile.widget);
    }
    const int perRow = tilesPerRow(static_cast<int>(shown.size()), width(), m_grid->spacing());
    if (shown == m_placed && perRow == m_perRow)
        return;
    for (auto* tile : m_placed)
        m_grid->removeWidget(tile);
    for (int column = 0; column < m_grid->columnCount(); ++column)
        m_grid->setColumnStretch(column, 0);
    for (std::size_t i = 0; i < shown.size(); ++i) {
        const int place = static_cast<int>(i);
        m_grid->addWidget(shown[i], place / perRow, place % perRow);
        m_grid->setColumnStretch(place % perRow, 1);
    }
    m_placed = std::move(shown);
    m_perRow = perRow;
}

} // namespace tokenscope::ui
