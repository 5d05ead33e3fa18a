// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/metric_feed.h"
#include "query/frame.h"

#include <QStringList>

#include <optional>
#include <string>
#include <vector>

/// Small sums over answers. Everything keeps gaps as gaps.
namespace tokenscope::ui {

/// The value at the newest step; absent where there is none, however many there were before.
std::optional<double> lastValue(const query::Frame& frame, std::size_t column = 0);

/// The first column's values, or nothing.
std::vector<double> history(const query::Frame& frame);

/// The columns of several frames over the same steps as one, in the order of the frames. A frame's name is that of its one column,
/// or stands before the names of its several; an empty name keeps the columns' own. Frames that are null or have other steps
/// are left out.
query::FramePtr combined(const std::vector<query::FramePtr>& frames, const std::vector<std::string>& names);

/// Every value times `factor`; the frame itself for 1.
query::FramePtr scaled(const query::FramePtr& frame, double factor);

/// At most so many of its columns, the first ones; the frame itself where it has no more.
query::FramePtr firstColumns(const query::FramePtr& frame, std::size_t most);

/// Its last step alone, with the columns that have a value there.
query::FramePtr lastStep(const query::FramePtr& frame);

/// 100 * the sum of `part` / the sum of `whole` at every step: no value where `whole` has none or is 0; a `part` without a
/// value counts as none of it.
query::FramePtr percentage(const query::FramePtr& part, const query::FramePtr& whole);

/// The same questions' answer at the end of the range: `end` in place of the frames.
FeedAnswer atEnd(const FeedAnswer& answer);

/// The answer's frames, failed ones as null.
std::vector<query::FramePtr> goodFrames(const FeedAnswer& answer);

/// The first complaint of the answer, at its end too, or an empty string.
QString firstError(const FeedAnswer& answer);

/// What the source says of the answer, at its end too, each sentence once.
QStringList warningsOf(const FeedAnswer& answer);

} // namespace tokenscope::ui
