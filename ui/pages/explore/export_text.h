// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/frame.h"

#include <QByteArray>
#include <QString>

class QAbstractItemModel;

namespace tokenscope::ui {

/// The last value of every column with its labels as comma separated values (RFC 4180, UTF-8): a column for each label, then
/// "value" with as many digits as it takes, empty where there is none.
/// Of series of samples (more than one time) each sample is a row, with "time" (ISO 8601, UTC) before the value.
/// What a spreadsheet would take for a formula is written as text.
QByteArray csvOf(const query::Frame& frame);

/// The same over time: "time" (ISO 8601, UTC), then a column for each series, named by its labels.
QByteArray csvOverTime(const query::Frame& frame);

/// The rows of a table of values, in its order, as tab separated text; those in `rows`, or all. Numbers have all their digits.
QString tsvOf(const QAbstractItemModel& table, const QList<int>& rows);

/// {a="b", c="d"} of a column, its name before it; its name alone where it has no labels.
QString seriesText(const query::Column& column);

} // namespace tokenscope::ui
