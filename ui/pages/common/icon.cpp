// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/icon.h"

#include <QPainter>
#include <QPixmap>
#include <QSvgRenderer>

// Must stand outside any namespace.
static void initConsoleResources()
{
    Q_INIT_RESOURCE(resources);
}

namespace tokenscope::ui {

namespace {

/// Of a control that cannot be used; what the style makes of it can hardly be told apart in the dark.
constexpr float faded = 0.4F;

QPixmap tinted(QSvgRenderer& renderer, const QColor& color, int scale)
{
    QPixmap pixmap(20 * scale, 20 * scale);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    renderer.render(&painter);
    painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
    painter.fillRect(pixmap.rect(), color);
    painter.end();
    pixmap.setDevicePixelRatio(scale);
    return pixmap;
}

} // namespace

QIcon tintedIcon(const QString& name, const QColor& color)
{
    initConsoleResources();
    QSvgRenderer renderer(QStringLiteral(":/icons/") + name + QStringLiteral(".svg"));
    auto disabled = color;
    disabled.setAlphaF(color.alphaF() * faded);
    QIcon icon;
    for (const int scale : {1, 2, 3}) {
        icon.addPixmap(tinted(renderer, color, scale));
        icon.addPixmap(tinted(renderer, disabled, scale), QIcon::Disabled);
    }
    return icon;
}

QIcon dotIcon(const QColor& color, int size)
{
    constexpr int scale = 3;
    constexpr int width = 8;
    QPixmap pixmap(size * scale, size * scale);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawEllipse(QRectF(0, 0, width * scale, width * scale)
                            .translated((size - width) * scale / 2.0, (size - width) * scale / 2.0));
    painter.end();
    pixmap.setDevicePixelRatio(scale);
    return QIcon(pixmap);
}

} // namespace tokenscope::ui
