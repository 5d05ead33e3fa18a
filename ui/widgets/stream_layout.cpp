// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/stream_layout.h"

#include <algorithm>
#include <cmath>

namespace tokenscope::ui {

namespace {

constexpr double shortestRange = 1e-6;
constexpr double shortestShare = 1e-6;
constexpr double shortestStall = 0.02;
constexpr double stallFactor = 3;

std::uint32_t valueOf(const StreamChunk& chunk, StreamHeight height)
{
    return height == StreamHeight::tokens ? chunk.tokens : chunk.bytes;
}

} // namespace

StreamLayout::StreamLayout(std::vector<StreamChunk> chunks) : m_chunks(std::move(chunks))
{
    std::erase_if(m_chunks, [](const StreamChunk& chunk) { return !std::isfinite(chunk.at); });
    std::stable_sort(m_chunks.begin(), m_chunks.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    m_tokens.reserve(m_chunks.size());
    std::uint64_t sum = 0;
    for (const auto& chunk : m_chunks)
        m_tokens.push_back(sum += chunk.tokens);
    if (m_chunks.empty())
        return;
    m_whole = {m_chunks.front().at, m_chunks.back().at};
    if (m_whole.length() < 1e-3)
        m_whole = {m_whole.from - 5e-4, m_whole.to + 5e-4};
}

StreamLayout::Range StreamLayout::bounded(Range wanted) const
{
    if (!(wanted.to > wanted.from) || !std::isfinite(wanted.length()))
        return m_whole;
    const auto least = std::max(shortestRange, m_whole.length() * shortestShare);
    const auto length = std::clamp(wanted.length(), std::min(least, m_whole.length()), m_whole.length());
    const auto middle = (wanted.from + wanted.to) / 2;
    const auto from = std::clamp(middle - length / 2, m_whole.from, std::max(m_whole.from, m_whole.to - length));
    return length >= m_whole.length() ? m_whole : Range{from, from + length};
}

StreamLayout::Range StreamLayout::zoomed(Range range, double anchor, double factor) const
{
    return bounded({anchor - (anchor - range.from) * factor, anchor + (range.to - anchor) * factor});
}

std::size_t StreamLayout::firstAt(double time) const
{
    return static_cast<std::size_t>(
        std::lower_bound(m_chunks.begin(), m_chunks.end(), time,
                         [](const StreamChunk& chunk, double value) { return chunk.at < value; })
        - m_chunks.begin());
}

std::vector<StreamLayout::Column> StreamLayout::columns(Range range, int width, StreamHeight height) const
{
    std::vector<Column> columns;
    if (width < 1 || !(range.length() > 0))
        return columns;
    for (auto i = firstAt(range.from); i < m_chunks.size() && m_chunks[i].at <= range.to; ++i) {
        const auto x =
            std::clamp(static_cast<int>((m_chunks[i].at - range.from) / range.length() * (width - 1)), 0, width - 1);
        if (columns.empty() || columns.back().x != x)
            columns.push_back({x, 0, 0});
        columns.back().value = std::max(columns.back().value, valueOf(m_chunks[i], height));
        ++columns.back().chunks;
    }
    return columns;
}

std::uint32_t StreamLayout::highest(Range range, StreamHeight height) const
{
    std::uint32_t most = 1;
    for (auto i = firstAt(range.from); i < m_chunks.size() && m_chunks[i].at <= range.to; ++i)
        most = std::max(most, valueOf(m_chunks[i], height));
    return most;
}

std::vector<StreamLayout::Gap> StreamLayout::stalls(std::size_t count) const
{
    std::vector<Gap> gaps;
    for (std::size_t i = 1; i < m_chunks.size(); ++i)
        gaps.push_back({m_chunks[i - 1].at, m_chunks[i].at});
    if (gaps.empty())
        return gaps;
    std::vector<double> lengths;
    lengths.reserve(gaps.size());
    for (const auto& gap : gaps)
        lengths.push_back(gap.length());
    // The lower of two in the middle: of two gaps, one may be a stall.
    const auto middle = lengths.begin() + static_cast<std::ptrdiff_t>((lengths.size() - 1) / 2);
    std::nth_element(lengths.begin(), middle, lengths.end());
    const auto least = std::max(shortestStall, *middle * stallFactor);
    std::erase_if(gaps, [least](const Gap& gap) { return gap.length() < least; });
    std::stable_sort(gaps.begin(), gaps.end(), [](const Gap& a, const Gap& b) { return a.length() > b.length(); });
    gaps.resize(std::min(gaps.size(), count));
    return gaps;
}

std::uint64_t StreamLayout::tokensAt(double time) const
{
    const auto after = static_cast<std::size_t>(
        std::upper_bound(m_chunks.begin(), m_chunks.end(), time,
                         [](double value, const StreamChunk& chunk) { return value < chunk.at; })
        - m_chunks.begin());
    return after == 0 ? 0 : m_tokens[after - 1];
}

std::optional<std::size_t> StreamLayout::nearest(double time) const
{
    if (m_chunks.empty())
        return std::nullopt;
    const auto after = std::min(firstAt(time), m_chunks.size() - 1);
    if (after > 0 && time - m_chunks[after - 1].at <= m_chunks[after].at - time)
        return after - 1;
    return after;
}

} // namespace tokenscope::ui
