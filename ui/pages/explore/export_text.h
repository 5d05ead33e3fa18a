// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/frame.h"

#include <QString>

class QAbstractItemModel;
class QIODevice;

namespace tokenscope::ui {

/// The last value of every column with its labels as comma separated values (RFC 4180, UTF-8): a column for each label, then
/// "value" with as many digits as it takes, empty where there is none.
/// Of series of samples (more than one time) each sample is a row, with "time" (ISO 8601, UTC) before the value.
/// What a spreadsheet would take for a formula is written as text. Goes row by row, for a frame may have millions of values, and
/// ends where `to` takes no more. On whatever thread.
void writeCsv(const query::Frame& frame, QIODevice& to);

/// The same over time: "time" (ISO 8601, UTC), then a column for each series, named by its labels.
void writeCsvOverTime(const query::Frame& frame, QIODevice& to);

/// The rows of a table of values, in its order, as tab separated text; those in `rows`, or all. Numbers have all their digits.
QString tsvOf(const QAbstractItemModel& table, const QList<int>& rows);

/// {a="b", c="d"} of a column, its name before it; its name alone where it has no labels.
QString seriesText(const query::Column& column);

} // namespace tokenscope::ui
