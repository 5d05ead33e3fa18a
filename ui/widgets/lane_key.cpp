// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/lane_key.h"

#include "theme/theme.h"
#include "widgets/lane_painter.h"

#include <QPainter>

#include <array>

namespace tokenscope::ui {

namespace {

enum class Shade { queued, waiting, tokens, done };
constexpr std::array shades{Shade::queued, Shade::waiting, Shade::tokens, Shade::done};

constexpr int swatchWidth = 16;
constexpr int swatchHeight = 10;
constexpr int tickGap = 4; ///< between tokens that can be told apart

QString wordsOf(Shade shade)
{
    switch (shade) {
    case Shade::queued: return LaneKey::tr("queued");
    case Shade::waiting: return LaneKey::tr("waiting");
    case Shade::tokens: return LaneKey::tr("tokens");
    case Shade::done: break;
    }
    return LaneKey::tr("done");
}

void paintSwatch(QPainter& painter, const QRectF& swatch, Shade shade, const ThemeTokens& tokens)
{
    switch (shade) {
    case Shade::queued: paintLaneSegment(painter, swatch, LaneSegment::Kind::queued, tokens); break;
    case Shade::waiting: paintLaneSegment(painter, swatch, LaneSegment::Kind::waiting, tokens); break;
    case Shade::tokens:
        paintLaneSegment(painter, swatch, LaneSegment::Kind::streaming, tokens);
        for (double x = swatch.left(); x < swatch.right(); x += tickGap)
            painter.fillRect(QRectF(x, swatch.top(), 1, swatch.height()), tokens.accent);
        break;
    case Shade::done: painter.fillRect(swatch, tokens.good); break;
    }
}

} // namespace

LaneKey::LaneKey(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    QStringList words;
    for (const auto shade : shades)
        words << (shade == Shade::waiting ? tr("waiting for the first token") : wordsOf(shade));
    setAccessibleName(tr("What the shades mean: %1").arg(words.join(QStringLiteral(", "))));
    setToolTip(accessibleName());
    connect(&theme, &Theme::changed, this, &LaneKey::updateGeometry);
}

int LaneKey::entryWidth(const QString& words) const
{
    const auto& tokens = m_theme.tokens();
    return swatchWidth + tokens.space1 + QFontMetrics(tokens.small).horizontalAdvance(words);
}

QSize LaneKey::sizeHint() const
{
    const auto& tokens = m_theme.tokens();
    int width = 0;
    for (const auto shade : shades)
        width += entryWidth(wordsOf(shade)) + tokens.space3;
    return {width - tokens.space3, QFontMetrics(tokens.small).height()};
}

void LaneKey::paintEvent(QPaintEvent*)
{
    if (width() < sizeHint().width())
        return;
    const auto& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.setFont(tokens.small);
    int x = 0;
    for (const auto shade : shades) {
        paintSwatch(painter, QRectF(x, (height() - swatchHeight) / 2, swatchWidth, swatchHeight), shade, tokens);
        const auto words = wordsOf(shade);
        const int end = x + entryWidth(words);
        const int left = x + swatchWidth + tokens.space1;
        painter.setPen(tokens.secondary);
        painter.drawText(QRect(left, 0, end - left + 1, height()), Qt::AlignLeft | Qt::AlignVCenter, words);
        x = end + tokens.space3;
    }
}

} // namespace tokenscope::ui
