// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>
#include <optional>

namespace tokenscope::ui {

/// Which requests to show: what a click on a chart asks the Requests page for.
struct RequestsWanted {
    std::optional<std::int64_t> fromMs, toMs; ///< of their time in the gateway; ms since 1970
    QString filter;                           ///< in the filter language; empty: all
    /// By which of their times the slowest come first; none: the newest first.
    enum class Slowest { none, total, firstToken, betweenTokens } slowest = Slowest::total;
};

/// A prompt to be put into the Playground, from a request that was captured.
struct ReplayWanted {
    QString model;
    QByteArray body; ///< of POST /v1/chat/completions
};

} // namespace tokenscope::ui
