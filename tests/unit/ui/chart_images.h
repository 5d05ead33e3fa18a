// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QImage>
#include <QRect>

namespace tokenscope::test {

/// How many pixels of that part are close to the colour (antialiasing blends a line into its ground).
inline int countPixels(const QImage& image, const QRect& part, const QColor& color, int tolerance = 24)
{
    int count = 0;
    const QRect area = part & image.rect();
    for (int y = area.top(); y <= area.bottom(); ++y) {
        for (int x = area.left(); x <= area.right(); ++x) {
            const QColor pixel = image.pixelColor(x, y);
            count += qAbs(pixel.red() - color.red()) <= tolerance && qAbs(pixel.green() - color.green()) <= tolerance
                     && qAbs(pixel.blue() - color.blue()) <= tolerance;
        }
    }
    return count;
}

} // namespace tokenscope::test
