// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/span_pyramid.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace tokenscope::ui {
namespace {

void add(ValueSpan& sum, const ValueSpan& part)
{
    if (part.count == 0)
        return;
    if (sum.count == 0) {
        sum = part;
        return;
    }
    sum.minimum = std::min(sum.minimum, part.minimum);
    sum.maximum = std::max(sum.maximum, part.maximum);
    sum.last = part.last;
    sum.count += part.count;
}

/// Four at a time, for a processor that compares several at once. Only right where all are finite.
ValueSpan spanOfFinite(const double* values, std::size_t begin, std::size_t end)
{
    std::array<double, 4> low{};
    std::array<double, 4> high{};
    low.fill(values[begin]);
    high.fill(values[begin]);
    std::size_t i = begin;
    for (; i + 4 <= end; i += 4) {
        for (std::size_t lane = 0; lane < 4; ++lane) {
            const double value = values[i + lane];
            low[lane] = value < low[lane] ? value : low[lane];
            high[lane] = value > high[lane] ? value : high[lane];
        }
    }
    for (; i < end; ++i) {
        low[0] = std::min(low[0], values[i]);
        high[0] = std::max(high[0], values[i]);
    }
    return {std::min({low[0], low[1], low[2], low[3]}), std::max({high[0], high[1], high[2], high[3]}), begin, end - 1,
            end - begin};
}

/// What is not finite times 0 is NaN, and stays it in a sum.
bool allFinite(const double* values, std::size_t begin, std::size_t end)
{
    std::array<double, 4> sums{};
    std::size_t i = begin;
    for (; i + 4 <= end; i += 4) {
        for (std::size_t lane = 0; lane < 4; ++lane)
            sums[lane] += values[i + lane] * 0.0;
    }
    for (; i < end; ++i)
        sums[0] += values[i] * 0.0;
    return sums[0] + sums[1] + sums[2] + sums[3] == 0.0;
}

} // namespace

ValueSpan spanOf(std::span<const double> values, std::size_t begin, std::size_t end)
{
    if (begin >= end)
        return {};
    if (end - begin >= 8 && allFinite(values.data(), begin, end))
        return spanOfFinite(values.data(), begin, end);
    ValueSpan sum;
    for (std::size_t i = begin; i < end; ++i) {
        if (std::isfinite(values[i]))
            add(sum, {values[i], values[i], i, i, 1});
    }
    return sum;
}

SpanPyramid::Block SpanPyramid::blockOf(const ValueSpan& span)
{
    return {span.minimum, span.maximum, static_cast<std::uint32_t>(span.first), static_cast<std::uint32_t>(span.last),
            static_cast<std::uint32_t>(span.count)};
}

void SpanPyramid::add(ValueSpan& sum, const Block& block)
{
    ui::add(sum, {block.minimum, block.maximum, block.first, block.last, block.count});
}

SpanPyramid::SpanPyramid(std::span<const double> values)
{
    // Only whole blocks: what is left over at the end is read from the values.
    values = values.first(std::min<std::size_t>(values.size(), std::numeric_limits<std::uint32_t>::max()));
    auto& ground = m_levels.emplace_back();
    ground.reserve(values.size() / base);
    for (std::size_t at = 0; at + base <= values.size(); at += base)
        ground.push_back(blockOf(spanOf(values, at, at + base)));
    while (m_levels.back().size() >= 2 * ratio) {
        const auto& below = m_levels.back();
        std::vector<Block> level;
        level.reserve(below.size() / ratio);
        for (std::size_t at = 0; at + ratio <= below.size(); at += ratio) {
            ValueSpan sum;
            for (std::size_t i = at; i < at + ratio; ++i)
                add(sum, below[i]);
            level.push_back(blockOf(sum));
        }
        m_levels.push_back(std::move(level));
    }
}

ValueSpan SpanPyramid::span(std::span<const double> values, std::size_t begin, std::size_t end) const
{
    ValueSpan sum;
    std::size_t at = begin;
    while (at < end) {
        // The largest block that begins here and fits.
        std::size_t size = base;
        std::size_t level = m_levels.size();
        if (at % base == 0) {
            for (std::size_t i = 0; i < m_levels.size(); ++i, size *= ratio) {
                if (at % size != 0 || at + size > end || at / size >= m_levels[i].size())
                    break;
                level = i;
            }
        }
        if (level < m_levels.size()) {
            size = base;
            for (std::size_t i = 0; i < level; ++i)
                size *= ratio;
            add(sum, m_levels[level][at / size]);
            at += size;
        } else {
            const std::size_t next = std::min(end, (at / base + 1) * base);
            ui::add(sum, spanOf(values, at, next));
            at = next;
        }
    }
    return sum;
}

FramePyramids::FramePyramids(query::FramePtr frame) : m_frame(std::move(frame)), m_columns(m_frame->columns.size()) {}

const SpanPyramid* FramePyramids::column(std::size_t index)
{
    if (m_frame->times.size() < leastSteps || index >= m_columns.size())
        return nullptr;
    auto& pyramid = m_columns[index];
    if (!pyramid)
        pyramid = std::make_unique<SpanPyramid>(m_frame->columns[index].values);
    return pyramid.get();
}

} // namespace tokenscope::ui
