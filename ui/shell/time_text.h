// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>
#include <optional>

namespace tokenscope::ui {

/// Which end of a day a date alone stands for.
enum class DayEnd { begin, end };

/// A time as a person writes or pastes it, in ms since 1970: "2026-10-24 09:15", with seconds, a fraction, a T, a Z or "+02:00"; a
/// date alone; "09:15" of today; "now", "today", "yesterday"; "now-7d", "-1h30m"; seconds or milliseconds since 1970. Local time
/// where none is named. Nothing where it is no time.
std::optional<std::int64_t> timeOf(const QString& text, std::int64_t nowMs, DayEnd end);

/// As timeOf() reads it, to the second.
QString timeText(std::int64_t ms);

} // namespace tokenscope::ui
