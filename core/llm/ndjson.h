// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tokenscope::llm {

/// Cuts a stream into lines, split anywhere: newline-delimited JSON. A line longer than the limit is reported as such
/// and not kept.
class NdjsonSplitter {
public:
    struct Line {
        std::string_view text; ///< without LF or CRLF; valid until the next call
        bool oversized = false;
    };

    static constexpr std::size_t default_limit = std::size_t{4} << 20;
    explicit NdjsonSplitter(std::size_t limit = default_limit) : m_limit(limit) {}

    /// Takes `bytes` up to the end of the next line and removes them; false if no line ends in them (all are taken).
    bool next(std::string_view& bytes, Line& line);
    /// What stands after the last LF, if anything.
    bool finish(Line& line);

private:
    void hold(std::string_view part);

    std::size_t m_limit;
    std::string m_held;
    bool m_oversized = false;
    bool m_handed_out = false;
};

} // namespace tokenscope::llm
