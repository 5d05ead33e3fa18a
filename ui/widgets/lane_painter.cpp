// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/lane_painter.h"

#include "format/format.h"
#include "theme/color_math.h"
#include "theme/theme.h"
#include "widgets/lane_model.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace tokenscope::ui {

namespace {

constexpr double hatchGap = 5;
/// More than one: a slanted line of one pixel would be drawn another way, which makes it thinner on a screen of scale 1.
constexpr double hatchWidth = 1.2;
constexpr double leastSeen = 3; ///< contrast
/// So that a request that has just begun is seen at all.
constexpr double leastBar = 3;
constexpr double roomForTag = 190; ///< of the name and it

/// Logical pixels between tokens, below which they are no longer drawn one by one.
constexpr double leastTickGap = 2.5;
constexpr double densityWindow = 8; ///< logical pixels

void hatch(QPainter& painter, const QRectF& area, const QColor& color)
{
    painter.save();
    painter.setClipRect(area, Qt::IntersectClip);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(color, hatchWidth));
    for (double x = area.left() - area.height(); x < area.right(); x += hatchGap)
        painter.drawLine(QPointF(x, area.bottom()), QPointF(x + area.height(), area.top()));
    painter.restore();
}

/// The same with its edges between the screen's pixels, however many of them a logical one has.
QRectF snapped(const QPainter& painter, const QRectF& area)
{
    const auto toDevice = painter.deviceTransform();
    const auto onDevice = toDevice.mapRect(area);
    const QPointF from(std::round(onDevice.left()), std::round(onDevice.top()));
    const QPointF to(std::round(onDevice.right()), std::round(onDevice.bottom()));
    return toDevice.inverted().mapRect(QRectF(from, to));
}

/// How strong the colour of each column is where ticks can be told apart.
std::vector<double> tickStrengths(const std::vector<std::uint32_t>& counts, std::size_t tick)
{
    std::vector<double> out(counts.size());
    std::uint64_t within = 0;
    for (std::size_t x = 0; x < counts.size(); ++x) {
        within += counts[x];
        within -= x >= tick ? counts[x - tick] : 0;
        if (within > 0)
            out[x] = std::min(1.0, 0.45 + 0.12 * static_cast<double>(within));
    }
    return out;
}

/// The same where they cannot: by the tokens around, so that a steady stream is one colour.
std::vector<double> densityStrengths(const std::vector<std::uint32_t>& counts, double scale)
{
    std::vector<double> out(counts.size());
    const auto some = [](std::uint32_t count) { return count > 0; };
    const int width = static_cast<int>(counts.size());
    const int first = static_cast<int>(std::ranges::find_if(counts, some) - counts.begin());
    const int last = width - 1 - static_cast<int>(std::find_if(counts.rbegin(), counts.rend(), some) - counts.rbegin());
    const int half = std::max(1, static_cast<int>(densityWindow * scale / 2));
    std::uint64_t within = 0;
    for (int ahead = first; ahead <= last + half; ++ahead) {
        const int x = ahead - half;
        const int behind = x - half;
        within += ahead < width ? counts[static_cast<std::size_t>(ahead)] : 0;
        within -= behind >= first ? counts[static_cast<std::size_t>(behind)] : 0;
        if (x < first || x > last || within == 0)
            continue;
        const int covered = std::min(ahead, last) - std::max(behind + 1, first) + 1;
        const double density = static_cast<double>(within) * scale / covered;
        out[static_cast<std::size_t>(x)] = std::min(1.0, 0.3 + 0.5 * density);
    }
    return out;
}

} // namespace

void paintLaneSegment(QPainter& painter, const QRectF& area, LaneSegment::Kind kind, const ThemeTokens& tokens)
{
    switch (kind) {
    case LaneSegment::Kind::preparing: painter.fillRect(area, mixed(tokens.surface, tokens.secondary, 0.35)); break;
    case LaneSegment::Kind::queued:
        painter.fillRect(area, mixed(tokens.surface, tokens.warn, 0.12));
        hatch(painter, area, mixed(tokens.surface, tokens.warn, 0.6));
        break;
    case LaneSegment::Kind::waiting:
        painter.fillRect(area, faded(tokens.secondary, tokens.surface, 0.6, leastSeen));
        break;
    case LaneSegment::Kind::streaming: painter.fillRect(area, mixed(tokens.surface, tokens.accent, 0.3)); break;
    }
}

LanePainter::LanePainter(const Theme& theme, const LaneModel& model, QObject* parent)
    : QStyledItemDelegate(parent), m_theme(theme), m_model(model)
{
}

QSize LanePainter::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    return {120, m_rowHeight};
}

QColor LanePainter::endColor(LaneEnd end) const
{
    const auto& tokens = m_theme.tokens();
    switch (end) {
    case LaneEnd::done: return tokens.good;
    case LaneEnd::failed: return tokens.bad;
    case LaneEnd::cancelled: return tokens.warn;
    case LaneEnd::running:
    case LaneEnd::unknown: break;
    }
    return tokens.secondary;
}

void LanePainter::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const auto* const lane = m_model.lane(index.row());
    if (!lane)
        return;
    const auto& tokens = m_theme.tokens();
    const QRectF row(option.rect);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    if (selected || option.state.testFlag(QStyle::State_MouseOver)) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(tokens.raised); // pale, since the bars have to be told from it
        painter->drawRoundedRect(row.adjusted(1, 0, -1, 0), 4, 4);
        if (selected)
            painter->fillRect(QRectF(row.left() + 1, row.top() + 1, 3, row.height() - 2), tokens.accent);
    }
    painter->setOpacity(1 - lane->fading);
    paintTexts(*painter, row, *lane);
    paintBar(*painter, row, *lane);
    painter->setOpacity(1);
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(QPen(tokens.accent, 2));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(row.adjusted(2, 1, -2, -1), 4, 4);
    }
    painter->restore();
}

void LanePainter::paintTexts(QPainter& painter, const QRectF& row, const Lane& lane) const
{
    const auto& tokens = m_theme.tokens();
    const auto& font = tokens.small;
    const QFontMetrics metrics(font);
    painter.setFont(font);
    const auto text = [&](double left, double right, const QString& words, Qt::TextElideMode elide, Qt::Alignment align,
                          const QColor& color) {
        const QRectF box(left, row.top(), right - left, row.height());
        painter.setPen(color);
        painter.drawText(box, static_cast<int>(align | Qt::AlignVCenter),
                         metrics.elidedText(words, elide, static_cast<int>(box.width())));
    };
    double nameRight = m_geometry.nameRight;
    if (!lane.tag.isEmpty() && nameRight - m_geometry.nameLeft >= roomForTag) {
        const double tagLeft = nameRight - metrics.horizontalAdvance(lane.tag) - 1;
        text(tagLeft, nameRight, lane.tag, Qt::ElideNone, Qt::AlignRight, tokens.secondary);
        nameRight = tagLeft - tokens.space2;
    }
    text(m_geometry.nameLeft, nameRight, lane.name, Qt::ElideMiddle, Qt::AlignLeft, tokens.text);
    const auto color =
        lane.end == LaneEnd::running || lane.end == LaneEnd::unknown ? tokens.secondary : endColor(lane.end);
    text(m_geometry.stateLeft, m_geometry.stateRight, lane.state, Qt::ElideRight, Qt::AlignLeft, color);
    text(m_geometry.ageLeft, m_geometry.ageRight, formatValue(lane.age, Unit::seconds).joined(), Qt::ElideNone,
         Qt::AlignRight, tokens.secondary);
}

void LanePainter::paintBar(QPainter& painter, const QRectF& row, const Lane& lane) const
{
    const auto& tokens = m_theme.tokens();
    const double margin = std::max(1.5, row.height() * 0.18);
    const double right =
        std::min(std::max(m_geometry.x(lane.age), m_geometry.plotLeft + leastBar), m_geometry.plotRight);
    const QRectF bar = snapped(
        painter, {m_geometry.plotLeft, row.top() + margin, right - m_geometry.plotLeft, row.height() - 2 * margin});
    painter.save();
    painter.setPen(Qt::NoPen);
    painter.setBrush(mixed(tokens.surface, tokens.secondary, 0.2));
    painter.drawRect(bar);
    painter.setClipRect(bar, Qt::IntersectClip);
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (const auto& segment : lane.segments)
        paintSegment(painter, bar, segment);
    paintMarks(painter, bar, lane);
    painter.restore();
    if (lane.end != LaneEnd::running) {
        constexpr double capWidth = 4;
        painter.fillRect(QRectF(bar.right(), bar.top(), capWidth, bar.height()), endColor(lane.end));
    }
}

void LanePainter::paintSegment(QPainter& painter, const QRectF& bar, const LaneSegment& segment) const
{
    QRectF area = bar;
    area.setLeft(m_geometry.x(segment.from));
    area.setRight(m_geometry.x(segment.to));
    area = snapped(painter, area);
    paintLaneSegment(painter, area, segment.kind, m_theme.tokens());
}

/// Ticks, or how dense the tokens are, in the screen's own pixels: an image one line high, drawn as high as the bar.
void LanePainter::paintMarks(QPainter& painter, const QRectF& bar, const Lane& lane) const
{
    const double scale = painter.deviceTransform().m11();
    const int width = static_cast<int>(std::round(bar.width() * scale));
    if (lane.marks.empty() || width <= 0)
        return;
    std::vector<std::uint32_t> counts(static_cast<std::size_t>(width));
    std::uint64_t tokens = 0;
    for (const auto& mark : lane.marks) {
        const auto x = static_cast<int>((m_geometry.x(mark.at) - bar.left()) * scale);
        counts[static_cast<std::size_t>(std::clamp(x, 0, width - 1))] += mark.tokens;
        tokens += mark.tokens;
    }
    const double length = m_geometry.x(lane.marks.back().at) - m_geometry.x(lane.marks.front().at);
    const bool apart = length >= leastTickGap * static_cast<double>(tokens - 1);
    const auto tick = static_cast<std::size_t>(std::max(1.0, std::round(scale)));
    const auto strong = apart ? tickStrengths(counts, tick) : densityStrengths(counts, scale);
    const auto color = m_theme.tokens().accent;
    QImage line(width, 1, QImage::Format_ARGB32_Premultiplied);
    line.fill(Qt::transparent);
    for (int x = 0; x < width; ++x) {
        auto column = color;
        column.setAlphaF(static_cast<float>(strong[static_cast<std::size_t>(x)]));
        line.setPixelColor(x, 0, column);
    }
    painter.drawImage(bar, line);
}

} // namespace tokenscope::ui
