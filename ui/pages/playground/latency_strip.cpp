// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/playground/latency_strip.h"

#include "format/format.h"
#include "theme/theme.h"

#include <QPainter>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr int barWidth = 3;
constexpr int stride = 4;
constexpr int stripHeight = 28;
constexpr double spike = 3; ///< times the median: drawn in the warning colour

double median(std::vector<double> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

} // namespace

LatencyStrip::LatencyStrip(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void LatencyStrip::setGaps(std::vector<double> seconds)
{
    m_gaps = std::move(seconds);
    m_longest = m_gaps.empty() ? 0 : *std::max_element(m_gaps.begin(), m_gaps.end());
    const auto middle = m_gaps.empty() ? 0 : median(m_gaps);
    m_warnFrom = spike * middle;
    auto words = m_gaps.empty() ? tr("No gaps: the reply came in one piece")
                                : tr("Gaps between chunks as the console saw them: median %1, longest %2")
                                      .arg(formatValue(middle, Unit::seconds).joined(),
                                           formatValue(m_longest, Unit::seconds).joined());
    if (hasSpikes())
        words += QStringLiteral(" · ") + spikeWords();
    setToolTip(words);
    setAccessibleName(words);
    update();
}

QString LatencyStrip::spikeWords()
{
    return tr("amber: more than %1 × the median").arg(spike);
}

QSize LatencyStrip::sizeHint() const
{
    return {200, stripHeight};
}

void LatencyStrip::paintEvent(QPaintEvent*)
{
    if (m_gaps.empty() || m_longest <= 0)
        return;
    QPainter painter(this);
    const auto& tokens = m_theme.tokens();
    // More gaps than bars: each bar shows the longest of its share, so that no spike is lost.
    const auto bars = std::min<std::size_t>(m_gaps.size(), static_cast<std::size_t>(std::max(1, width() / stride)));
    auto calm = tokens.accent;
    calm.setAlphaF(0.75F);
    for (std::size_t bar = 0; bar < bars; ++bar) {
        const auto from = m_gaps.begin() + static_cast<std::ptrdiff_t>(bar * m_gaps.size() / bars);
        const auto to = m_gaps.begin() + static_cast<std::ptrdiff_t>((bar + 1) * m_gaps.size() / bars);
        const auto gap = *std::max_element(from, to);
        const auto tall = std::max(1, static_cast<int>(gap / m_longest * (stripHeight - 2)));
        painter.fillRect(static_cast<int>(bar) * stride, stripHeight - tall, barWidth, tall,
                         m_warnFrom > 0 && gap > m_warnFrom ? tokens.warn : calm);
    }
}

} // namespace tokenscope::ui
