// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace tokenscope::ui {

enum class LaneEnd { running, done, failed, cancelled, unknown };

/// A stretch of a lane; seconds since it began.
struct LaneSegment {
    enum class Kind { preparing, queued, waiting, streaming };
    Kind kind = Kind::preparing;
    double from = 0;
    double to = 0;
};

/// Tokens that came at one time; seconds since the lane began.
struct LaneMark {
    double at = 0;
    std::uint32_t tokens = 0;
};

/// Something that takes its time, from its beginning on: a row of a LaneView.
struct Lane {
    std::uint64_t id = 0; ///< 0: nothing, an empty row
    QString key;          ///< what a click on it names
    QString name;         ///< who it is, in a word or two
    QString tag;          ///< which of that name, for where there is room; may be empty
    QString state;        ///< how it is, in a few words
    double age = 0;       ///< seconds from its beginning to now, or to its end
    std::vector<LaneSegment> segments;
    std::vector<LaneMark> marks;
    LaneEnd end = LaneEnd::running;
    double fading = 0; ///< 0: all there, 1: gone
};

} // namespace tokenscope::ui
