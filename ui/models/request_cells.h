// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/request_record.h"

#include <QColor>
#include <QString>

#include <cstdint>

namespace tokenscope::ui {

struct ThemeTokens;

/// What a table of requests can say of one: each kind of column, whoever shows it.
enum class RequestCell {
    time,   ///< 14:03:10
    moment, ///< 14:03:10.250, with the date where it is not of today
    route,
    provider,
    model,
    status,     ///< a word
    statusCode, ///< the HTTP status, then the word
    ttft,
    total,
    tokens, ///< prompt and output
    tokensIn,
    tokensOut,
    speed,
    cost,
    trace
};

/// For a person; "–" where it is absent. `nowMs`: ms since 1970, of which day a moment needs no date.
QString cellText(const telemetry::RequestRecord& record, RequestCell cell, std::int64_t nowMs = 0);
QString cellToolTip(const telemetry::RequestRecord& record, RequestCell cell);
QColor cellColor(const telemetry::RequestRecord& record, RequestCell cell, const ThemeTokens& tokens);
QString cellTitle(RequestCell cell);
QString cellTitleToolTip(RequestCell cell);
bool isNumber(RequestCell cell); ///< stands on the right

} // namespace tokenscope::ui
