// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/common/completion_popup.h"
#include "telemetry/filter/filter_error.h"
#include "telemetry/filter/filter_spot.h"
#include "telemetry/request_record.h"

#include <QString>
#include <QStringList>

#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace tokenscope::ui {

/// A stretch of a text in the editor's own characters.
struct TextStretch {
    qsizetype from = 0;
    qsizetype length = 0;
};
/// The filter language counts bytes of UTF-8.
TextStretch stretchOf(const QString& text, std::size_t from, std::size_t to);
inline TextStretch stretchOf(const QString& text, const telemetry::FilterError& error)
{
    return stretchOf(text, error.from, error.from + error.length);
}

/// The values of a field that occur, the most frequent first.
using SeenValues = std::function<QStringList(const QString& field)>;
QStringList seenValues(const std::deque<std::shared_ptr<const telemetry::RequestRecord>>& records,
                       const QString& field);

/// What can be written at the spot, the best first.
std::vector<CompletionItem> filterChoices(const telemetry::FilterSpot& spot, const SeenValues& seen);

/// A choice as it is written, and what follows it.
QString filterInsertion(const telemetry::FilterSpot& spot, const QString& choice);

} // namespace tokenscope::ui
