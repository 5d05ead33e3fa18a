// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/stream_timeline.h"

#include "charts/chart_tooltip.h"
#include "format/format.h"
#include "theme/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace tokenscope::ui {

namespace {

constexpr int leastDrag = 4;
constexpr double zoomStep = 0.7;

QString duration(double value)
{
    return formatValue(value, Unit::seconds).joined();
}

} // namespace

StreamTimeline::StreamTimeline(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

StreamTimeline::~StreamTimeline()
{
    delete m_tip;
}

void StreamTimeline::setChunks(std::vector<StreamChunk> chunks)
{
    m_stream = StreamLayout(std::move(chunks));
    m_range = m_stream.whole();
    m_dragFrom.reset();
    setCurrent(std::nullopt);
    const auto count = m_stream.chunks().size();
    auto text = tr("%1 chunks from %2 to %3").arg(count).arg(duration(m_range.from), duration(m_range.to));
    for (const auto& gap : m_stream.stalls(3))
        text += tr("; a stall of %1 at %2").arg(duration(gap.length()), duration(gap.from));
    setAccessibleDescription(text);
    update();
    Q_EMIT rangeChanged();
}

void StreamTimeline::setMeasure(StreamHeight measure)
{
    m_measure = measure;
    update();
}

void StreamTimeline::setRange(StreamLayout::Range range)
{
    const auto wanted = m_stream.bounded(range);
    if (wanted == m_range)
        return;
    m_range = wanted;
    update();
    Q_EMIT rangeChanged();
}

void StreamTimeline::showAll()
{
    setRange(m_stream.whole());
}

bool StreamTimeline::zoomed() const
{
    return !(m_range == m_stream.whole());
}

void StreamTimeline::setCurrent(std::optional<std::size_t> chunk)
{
    if (chunk && *chunk >= m_stream.chunks().size())
        chunk.reset();
    if (!chunk)
        hideTip();
    if (chunk == m_current)
        return;
    m_current = chunk;
    update();
    Q_EMIT currentChanged();
}

QString StreamTimeline::words(std::size_t chunk) const
{
    const auto& shown = m_stream.chunks().at(chunk);
    const auto tokens = shown.tokens == 1 ? tr("1 token") : tr("%1 tokens").arg(shown.tokens);
    auto text = tr("Chunk %1 at %2 s: %3, %4, %5 tokens in all")
                    .arg(chunk + 1)
                    .arg(shown.at, 0, 'f', 4)
                    .arg(tokens)
                    .arg(formatValue(shown.bytes, Unit::bytes).joined())
                    .arg(m_stream.tokensUpTo(chunk));
    if (chunk > 0)
        text += tr(", %1 after the one before").arg(duration(shown.at - m_stream.chunks()[chunk - 1].at));
    return text;
}

QSize StreamTimeline::sizeHint() const
{
    return {360, 240};
}

QSize StreamTimeline::minimumSizeHint() const
{
    return {200, 180};
}

double StreamTimeline::xOf(double seconds) const
{
    const auto area = plot();
    return area.left() + (m_range.length() > 0 ? (seconds - m_range.from) / m_range.length() : 0) * (area.width() - 1);
}

double StreamTimeline::timeAt(double x) const
{
    const auto area = plot();
    return m_range.from + (x - area.left()) / std::max(1, area.width() - 1) * m_range.length();
}

void StreamTimeline::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && plot().contains(event->position().toPoint())) {
        m_dragFrom = m_dragTo = event->position().toPoint().x();
        hideTip();
    }
}

void StreamTimeline::mouseMoveEvent(QMouseEvent* event)
{
    const auto at = event->position().toPoint();
    if (m_dragFrom) {
        m_dragTo = std::clamp(at.x(), plot().left(), plot().right());
        update();
        return;
    }
    setCurrent(plot().contains(at) ? m_stream.nearest(timeAt(at.x())) : std::nullopt);
    showTip();
}

void StreamTimeline::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !m_dragFrom)
        return;
    const auto from = *m_dragFrom;
    m_dragFrom.reset();
    update();
    if (std::abs(m_dragTo - from) >= leastDrag)
        setRange({timeAt(std::min(from, m_dragTo)), timeAt(std::max(from, m_dragTo))});
}

void StreamTimeline::mouseDoubleClickEvent(QMouseEvent*)
{
    m_dragFrom.reset();
    showAll();
}

void StreamTimeline::wheelEvent(QWheelEvent* event)
{
    const auto turns = event->angleDelta().y() / 120.0;
    // As in the charts: without Ctrl the wheel belongs to what the timeline stands in.
    if (turns == 0 || m_stream.chunks().empty() || !event->modifiers().testFlag(Qt::ControlModifier)) {
        event->ignore();
        return;
    }
    setRange(m_stream.zoomed(m_range, timeAt(event->position().x()), std::pow(zoomStep, turns)));
    event->accept();
}

void StreamTimeline::keyPressEvent(QKeyEvent* event)
{
    if (m_stream.chunks().empty() || !step(event->key()))
        QWidget::keyPressEvent(event);
}

bool StreamTimeline::step(int key)
{
    const auto last = m_stream.chunks().size() - 1;
    const auto anchor = m_current ? m_stream.chunks()[*m_current].at : (m_range.from + m_range.to) / 2;
    switch (key) {
    case Qt::Key_Right: setCurrent(m_current ? std::min(*m_current + 1, last) : 0); break;
    case Qt::Key_Left: setCurrent(m_current ? *m_current - std::min<std::size_t>(*m_current, 1) : last); break;
    case Qt::Key_Home: setCurrent(0); break;
    case Qt::Key_End: setCurrent(last); break;
    case Qt::Key_Plus:
    case Qt::Key_Equal: setRange(m_stream.zoomed(m_range, anchor, zoomStep)); return true;
    case Qt::Key_Minus: setRange(m_stream.zoomed(m_range, anchor, 1 / zoomStep)); return true;
    case Qt::Key_0: showAll(); return true;
    default: return false;
    }
    // What is looked at is in sight.
    const auto at = m_stream.chunks()[*m_current].at;
    if (at < m_range.from || at > m_range.to)
        setRange({at - m_range.length() / 2, at + m_range.length() / 2});
    showTip();
    return true;
}

void StreamTimeline::leaveEvent(QEvent*)
{
    setCurrent(std::nullopt);
}

void StreamTimeline::focusOutEvent(QFocusEvent* event)
{
    setCurrent(std::nullopt);
    QWidget::focusOutEvent(event);
}

void StreamTimeline::hideEvent(QHideEvent* event)
{
    setCurrent(std::nullopt);
    QWidget::hideEvent(event);
}

void StreamTimeline::showTip()
{
    if (!m_current)
        return;
    if (!m_tip || m_tip->parentWidget() != window()) {
        delete m_tip;
        m_tip = new ChartTooltip(m_theme, window());
    }
    const auto& tokens = m_theme.tokens();
    const auto& chunk = m_stream.chunks()[*m_current];
    std::vector<ChartTooltip::Row> rows{
        {tokens.accent, tr("tokens"), QString::number(chunk.tokens)},
        {tokens.accent, tr("bytes"), QString::number(chunk.bytes)},
        {tokens.good, tr("tokens in all"), QString::number(m_stream.tokensUpTo(*m_current))},
    };
    if (*m_current > 0)
        rows.push_back(
            {tokens.warn, tr("after the one before"), duration(chunk.at - m_stream.chunks()[*m_current - 1].at)});
    m_tip->setContents(tr("Chunk %1 at %2 s").arg(*m_current + 1).arg(chunk.at, 0, 'f', 4), std::move(rows));
    const QPoint at(static_cast<int>(xOf(chunk.at)), bars().center().y());
    m_tip->showBeside(mapTo(window(), at));
}

void StreamTimeline::hideTip()
{
    if (m_tip)
        m_tip->hide();
}

} // namespace tokenscope::ui
