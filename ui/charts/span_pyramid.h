// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/frame.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace tokenscope::ui {

/// What a stretch of samples comes to; what is not finite is a gap and does not count.
struct ValueSpan {
    double minimum = 0;
    double maximum = 0;
    std::size_t first = 0; ///< place of the first finite one
    std::size_t last = 0;
    std::size_t count = 0; ///< 0: nothing of the above means anything
};

/// Looks at every sample of [begin, end).
ValueSpan spanOf(std::span<const double> values, std::size_t begin, std::size_t end);

/// What blocks of 64, 256, 1024 ... samples come to, so that a column of any number of samples is told from a few dozen
/// reads. Costs a twelfth of the memory of the values.
class SpanPyramid {
public:
    static constexpr std::size_t base = 64; ///< samples of the smallest block
    static constexpr std::size_t ratio = 4; ///< blocks in one of the next level

    explicit SpanPyramid(std::span<const double> values);
    /// The same as spanOf(). `values` are those that the pyramid was made of.
    ValueSpan span(std::span<const double> values, std::size_t begin, std::size_t end) const;

private:
    struct Block {
        double minimum = 0;
        double maximum = 0;
        std::uint32_t first = 0; ///< places, from the beginning of the values
        std::uint32_t last = 0;
        std::uint32_t count = 0;
    };
    static void add(ValueSpan& sum, const Block& block);
    static Block blockOf(const ValueSpan& span);

    std::vector<std::vector<Block>> m_levels;
};

/// The pyramids of one frame's columns, each built when it is first looked at. Frames with too few steps to need one have none.
class FramePyramids {
public:
    static constexpr std::size_t leastSteps = 4096;

    explicit FramePyramids(query::FramePtr frame);
    const query::FramePtr& frame() const { return m_frame; }
    const SpanPyramid* column(std::size_t index);

private:
    query::FramePtr m_frame;
    std::vector<std::unique_ptr<SpanPyramid>> m_columns;
};

} // namespace tokenscope::ui
