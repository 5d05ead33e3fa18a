// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/dashboards/panel_frame.h"

#include "bridge/frame_math.h"

namespace tokenscope::ui {
namespace {

constexpr std::size_t mostLines = 100; ///< more are neither told apart nor drawn in time
constexpr std::size_t mostRows = 2000;

} // namespace

query::FramePtr reduced(const query::FramePtr& frame, dashboards::PanelKind kind)
{
    using dashboards::PanelKind;
    const bool listed = kind == PanelKind::bar || kind == PanelKind::table;
    return firstColumns(frame, kind == PanelKind::stat ? 1 : listed ? mostRows : mostLines);
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

std::optional<double> limitOf(const std::vector<dashboards::Threshold>& thresholds, double value)
{
    std::optional<double> limit;
    for (const auto& threshold : thresholds) {
        if (value < threshold.from)
            break;
        limit = threshold.level == dashboards::ThresholdLevel::good ? std::nullopt : std::optional(threshold.from);
    }
    return limit;
}

} // namespace tokenscope::ui
