// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace tokenscope::ui {

/// One chunk of a stream.
struct StreamChunk {
    double at = 0; ///< seconds since the request was accepted
    std::uint32_t bytes = 0;
    std::uint32_t tokens = 0;
};

enum class StreamHeight { tokens, bytes };

/// Where the chunks of a stream stand on a stretch of time. Pure arithmetic; pixels and seconds.
class StreamLayout {
public:
    struct Range {
        double from = 0;
        double to = 0;
        double length() const { return to - from; }
        bool operator==(const Range&) const = default;
    };
    /// All chunks that fall on one pixel: the highest of them, so that no spike is lost.
    struct Column {
        int x = 0;
        std::uint32_t value = 0;
        std::size_t chunks = 0;
    };
    struct Gap {
        double from = 0;
        double to = 0;
        double length() const { return to - from; }
    };

    StreamLayout() = default;
    explicit StreamLayout(std::vector<StreamChunk> chunks);

    const std::vector<StreamChunk>& chunks() const { return m_chunks; }
    /// From the first chunk to the last; of some length also where all came at once.
    Range whole() const { return m_whole; }
    /// `wanted` within the whole, and no shorter than a millionth of it or a microsecond.
    Range bounded(Range wanted) const;
    /// `range` shorter (factor below 1) or longer around `anchor`, which stays where it is.
    Range zoomed(Range range, double anchor, double factor) const;

    /// Left to right; only columns with chunks.
    std::vector<Column> columns(Range range, int width, StreamHeight height) const;
    /// The highest chunk of the range; at least 1.
    std::uint32_t highest(Range range, StreamHeight height) const;
    /// The longest gaps between chunks, at most `count`, longest first: three times the median and 20 ms or more.
    std::vector<Gap> stalls(std::size_t count) const;
    /// Tokens that had come by then.
    std::uint64_t tokensAt(double time) const;
    std::uint64_t tokensUpTo(std::size_t chunk) const { return m_tokens.at(chunk); } ///< itself included
    /// The chunk closest in time; absent where there are none.
    std::optional<std::size_t> nearest(double time) const;

private:
    std::size_t firstAt(double time) const;

    std::vector<StreamChunk> m_chunks;   ///< in the order of their time
    std::vector<std::uint64_t> m_tokens; ///< sums
    Range m_whole;
};

} // namespace tokenscope::ui
