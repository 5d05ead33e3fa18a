// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/scene_builder.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace tokenscope::ui {
namespace {

constexpr double labelPitch = 28; ///< px between two values' labels at the least

void setRange(PlotScene& scene, const SceneInput& input)
{
    scene.fromMs = input.fromMs;
    scene.toMs = input.toMs;
    if (scene.fromMs >= scene.toMs && input.frame && !input.frame->times.empty()) {
        scene.fromMs = input.frame->times.front();
        scene.toMs = input.frame->times.back();
    }
    scene.toMs = std::max(scene.toMs, scene.fromMs + 1000);
}

/// Where a layer has a gap the next one stands on what is below it.
void layFloors(PlotScene& scene)
{
    std::vector<PlotColumn> tops; // of all layers so far
    for (PlotLine& line : scene.lines) {
        std::vector<PlotColumn> higher;
        auto below = tops.begin();
        for (const PlotColumn& column : line.columns) {
            while (below != tops.end() && below->bucket < column.bucket)
                higher.push_back(*below++);
            const bool stands = below != tops.end() && below->bucket == column.bucket;
            line.floor.push_back(stands ? *below++ : PlotColumn{.bucket = column.bucket});
            line.floor.back().startsRun = false; // the layer itself says where it has gaps
            higher.push_back(column);
        }
        higher.insert(higher.end(), below, tops.end());
        tops = std::move(higher);
    }
}

void addLines(PlotScene& scene, const SceneInput& input, double width)
{
    scene.pixelRatio = std::max(1.0, input.pixelRatio);
    scene.bucketMs =
        std::max(1.0, static_cast<double>(scene.toMs - scene.fromMs) / (std::max(1.0, width) * scene.pixelRatio));
    if (!input.frame)
        return;
    const auto& times = input.frame->times;
    const auto slices = sliceTimes(times, scene.fromMs, scene.toMs, scene.bucketMs);
    const bool again =
        input.before && input.before->bucketMs == scene.bucketMs && input.before->lines.size() == input.series.size();
    for (std::size_t i = 0; i < input.series.size(); ++i) {
        const ChartSeries& series = input.series[i];
        const std::vector<double>& values = input.frame->columns[series.column].values;
        const auto* pyramid = input.pyramids ? input.pyramids->column(series.column) : nullptr;
        const auto before =
            again ? std::span<const PlotColumn>(input.before->lines[i].columns) : std::span<const PlotColumn>();
        scene.lines.push_back({series.color, series.width, decimate(times, values, slices, pyramid, before), {}});
    }
    if (!input.series.empty() && input.series.front().layer)
        layFloors(scene);
    for (std::size_t i = 0; i < input.series.size(); ++i) {
        const ChartSeries& series = input.series[i];
        if (series.bandFrom == i && !series.layer)
            continue;
        QColor color = series.color;
        color.setAlphaF(0.14F);
        scene.bands.push_back({series.layer ? std::nullopt : std::optional(series.bandFrom), i, color});
    }
}

ValueTicks ticksFor(const PlotScene& scene, const SceneInput& input, double height)
{
    double low = input.minimum.value_or(0);
    double high = low;
    for (const PlotLine& line : scene.lines) {
        for (const PlotColumn& column : line.columns) {
            if (!input.minimum)
                low = std::min(low, column.minimum);
            high = std::max(high, column.maximum);
        }
    }
    high = std::max(high, low + input.minimumSpan);
    if (high <= low)
        high = low + 1;
    const int intervals = std::clamp(static_cast<int>(height / labelPitch), 1, 6);
    if (input.maximum && *input.maximum > low)
        return valueTicks(low, *input.maximum, intervals, input.unit, AxisEnd::exact);
    return valueTicks(low, high, intervals, input.unit);
}

} // namespace

PlotScene buildScene(const SceneInput& input)
{
    const QFontMetricsF metrics(input.labelFont);
    PlotScene scene;
    setRange(scene, input);

    const double top = metrics.height() / 2;
    const double height = std::max(1.0, input.size.height() - top - metrics.height() - 6);
    // The gutter's width depends on the labels, they on the data, and the data's columns on the width: the guess is good
    // enough for the columns.
    addLines(scene, input, std::floor(input.size.width() - narrowestGutter - axisLabelGap));
    scene.values = ticksFor(scene, input, height);
    double gutter = narrowestGutter;
    for (const ValueTick& tick : scene.values.ticks)
        gutter = std::max(gutter, std::ceil(metrics.horizontalAdvance(tick.label)) + axisLabelGap);
    scene.plot =
        QRectF(gutter, std::floor(top), std::max(1.0, input.size.width() - gutter - axisLabelGap), std::floor(height));
    scene.times = timeAxis(scene.plot, scene.fromMs, scene.toMs, input.nowMs, metrics);
    return scene;
}

} // namespace tokenscope::ui
