// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/frame_math.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tokenscope::ui {

namespace {

constexpr double absent = std::numeric_limits<double>::quiet_NaN();

double sumAt(const query::Frame& frame, std::size_t row)
{
    double sum = 0;
    bool any = false;
    for (const auto& column : frame.columns) {
        if (row < column.values.size() && !std::isnan(column.values[row])) {
            sum += column.values[row];
            any = true;
        }
    }
    return any ? sum : absent;
}

} // namespace

std::optional<double> lastValue(const query::Frame& frame, std::size_t column)
{
    if (column >= frame.columns.size() || frame.columns[column].values.empty())
        return std::nullopt;
    const auto value = frame.columns[column].values.back();
    return std::isnan(value) ? std::nullopt : std::optional(value);
}

std::vector<double> history(const query::Frame& frame)
{
    return frame.columns.empty() ? std::vector<double>() : frame.columns.front().values;
}

query::FramePtr combined(const std::vector<query::FramePtr>& frames, const std::vector<std::string>& names)
{
    auto result = std::make_shared<query::Frame>();
    for (std::size_t i = 0; i < frames.size(); ++i) {
        const auto& frame = frames[i];
        if (!frame)
            continue;
        if (result->times.empty())
            result->times = frame->times;
        if (frame->times != result->times)
            continue;
        for (auto column : frame->columns) {
            if (i < names.size() && !names[i].empty()) {
                column.name = frame->columns.size() == 1 ? names[i] : names[i] + " " + column.name;
                column.labels["series"] = names[i];
            }
            result->columns.push_back(std::move(column));
        }
        result->warnings.insert(result->warnings.end(), frame->warnings.begin(), frame->warnings.end());
    }
    return result;
}

query::FramePtr scaled(const query::FramePtr& frame, double factor)
{
    if (!frame || factor == 1)
        return frame;
    auto result = std::make_shared<query::Frame>(*frame);
    for (auto& column : result->columns) {
        for (auto& value : column.values)
            value *= factor;
    }
    return result;
}

query::FramePtr firstColumns(const query::FramePtr& frame, std::size_t most)
{
    if (!frame || frame->columns.size() <= most)
        return frame;
    auto result = std::make_shared<query::Frame>();
    result->times = frame->times;
    result->warnings = frame->warnings;
    result->columns.assign(frame->columns.begin(), frame->columns.begin() + static_cast<std::ptrdiff_t>(most));
    return result;
}

query::FramePtr lastStep(const query::FramePtr& frame)
{
    auto result = std::make_shared<query::Frame>();
    if (!frame || frame->times.empty())
        return result;
    result->times = {frame->times.back()};
    result->warnings = frame->warnings;
    for (const auto& column : frame->columns) {
        if (column.values.size() == frame->times.size() && !std::isnan(column.values.back()))
            result->columns.push_back({column.name, column.labels, {column.values.back()}});
    }
    return result;
}

query::FramePtr percentage(const query::FramePtr& part, const query::FramePtr& whole)
{
    auto result = std::make_shared<query::Frame>();
    if (!whole || whole->columns.empty())
        return result;
    result->times = whole->times;
    query::Column column{.name = "share", .labels = {}, .values = std::vector<double>(whole->times.size(), absent)};
    for (std::size_t row = 0; row < whole->times.size(); ++row) {
        const auto all = sumAt(*whole, row);
        if (std::isnan(all) || all == 0)
            continue;
        const auto some = part && part->times == whole->times ? sumAt(*part, row) : absent;
        column.values[row] = std::isnan(some) ? 0 : 100 * some / all;
    }
    result->columns.push_back(std::move(column));
    return result;
}

FeedAnswer atEnd(const FeedAnswer& answer)
{
    auto end = answer;
    end.frames = std::move(end.end);
    end.end.clear();
    return end;
}

std::vector<query::FramePtr> goodFrames(const FeedAnswer& answer)
{
    std::vector<query::FramePtr> frames;
    for (const auto& frame : answer.frames)
        frames.push_back(frame ? *frame : nullptr);
    return frames;
}

QString firstError(const FeedAnswer& answer)
{
    for (const auto* frames : {&answer.frames, &answer.end}) {
        for (const auto& frame : *frames) {
            if (!frame)
                return QString::fromStdString(frame.error().message);
        }
    }
    return {};
}

QStringList warningsOf(const FeedAnswer& answer)
{
    QStringList warnings;
    for (const auto* frames : {&answer.frames, &answer.end}) {
        for (const auto& frame : *frames) {
            if (!frame || !*frame)
                continue;
            for (const auto& warning : (*frame)->warnings)
                warnings << QString::fromStdString(warning);
        }
    }
    warnings.removeDuplicates();
    return warnings;
}

} // namespace tokenscope::ui
