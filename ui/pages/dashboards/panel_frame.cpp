// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/panel_frame.h"

#include "bridge/frame_math.h"

#include <algorithm>

namespace tokenscope::ui {
namespace {

constexpr std::size_t mostLines = 100; ///< more are neither told apart nor drawn in time
constexpr std::size_t mostRows = 2000;
constexpr std::size_t lastSteps = 3; ///< in which a last value is looked for

} // namespace

query::FramePtr reduced(const query::FramePtr& frame, dashboards::PanelKind kind)
{
    using dashboards::PanelKind;
    const bool lastValues = kind == PanelKind::bar || kind == PanelKind::table;
    const auto most = kind == PanelKind::stat ? std::size_t{1} : lastValues ? mostRows : mostLines;
    const auto steps = lastValues ? std::min(lastSteps, frame->times.size()) : frame->times.size();
    if (frame->columns.size() <= most && steps == frame->times.size())
        return frame;
    if (steps == frame->times.size())
        return firstColumns(frame, most);
    const auto skipped = static_cast<std::ptrdiff_t>(frame->times.size() - steps);
    auto cut = std::make_shared<query::Frame>();
    cut->warnings = frame->warnings;
    cut->times.assign(frame->times.begin() + skipped, frame->times.end());
    for (std::size_t i = 0; i < std::min(most, frame->columns.size()); ++i) {
        const auto& column = frame->columns[i];
        const auto from = column.values.begin() + std::min(skipped, static_cast<std::ptrdiff_t>(column.values.size()));
        cut->columns.push_back({column.name, column.labels, std::vector<double>(from, column.values.end())});
    }
    return cut;
}

StatTile::Tone toneOf(const std::vector<dashboards::Threshold>& thresholds, double value)
{
    auto tone = StatTile::Tone::normal;
    for (const auto& threshold : thresholds) {
        if (value < threshold.from)
            break;
        tone = threshold.level == dashboards::ThresholdLevel::good   ? StatTile::Tone::good
               : threshold.level == dashboards::ThresholdLevel::warn ? StatTile::Tone::warn
                                                                     : StatTile::Tone::bad;
    }
    return tone;
}

} // namespace tokenscope::ui
