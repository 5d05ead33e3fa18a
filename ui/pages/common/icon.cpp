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

QIcon tintedIcon(const QString& name, const QColor& color)
{
    initConsoleResources();
    QSvgRenderer renderer(QStringLiteral(":/icons/") + name + QStringLiteral(".svg"));
    QIcon icon;
    for (const int scale : {1, 2, 3}) {
        QPixmap pixmap(20 * scale, 20 * scale);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        renderer.render(&painter);
        painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
        painter.fillRect(pixmap.rect(), color);
        painter.end();
        pixmap.setDevicePixelRatio(scale);
        icon.addPixmap(pixmap);
    }
    return icon;
}

} // namespace tokenscope::ui
