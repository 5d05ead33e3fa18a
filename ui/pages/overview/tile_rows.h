// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <vector>

class QGridLayout;

namespace tokenscope::ui {

/// Of `count` tiles in `width` px: as many as stand beside each other with room for their numbers, in rows as equal as can be.
int tilesPerRow(int count, int width, int spacing);

/// Tiles in rows. One that is left out leaves no hole.
class TileRows : public QWidget {
    Q_OBJECT

public:
    static constexpr int narrowestTile = 124; ///< px

    explicit TileRows(int spacing, QWidget* parent = nullptr);

    void add(QWidget* tile, bool shown);
    void setShown(QWidget* tile, bool shown);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Tile {
        QWidget* widget;
        bool shown;
    };
    void arrange();

    QGridLayout* m_grid;
    std::vector<Tile> m_tiles;
    std::vector<QWidget*> m_placed; ///< in the grid
    int m_perRow = 0;
};

} // namespace tokenscope::ui
