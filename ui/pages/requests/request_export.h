// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/request_list_model.h"

#include <QByteArray>
#include <QString>

#include <vector>

namespace tokenscope::ui {

/// A line for each request (RFC 4180, UTF-8) below a line of names: times in ISO 8601 (UTC), durations in ms, all digits, empty
/// where there is no value. What a spreadsheet would take for a formula is written as text.
QByteArray requestsCsv(const std::vector<RequestListModel::Record>& records);

/// The same as an object in JSON on each line; null where there is no value.
QByteArray requestsJsonLines(const std::vector<RequestListModel::Record>& records);

/// What the list shows of them, with tabs between.
QString requestRows(const QAbstractItemModel& model, const QList<int>& rows, const QList<int>& columns);

} // namespace tokenscope::ui
