// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sources/monitoring.h"

#include <QString>
#include <QStringList>

#include <cstdint>
#include <optional>
#include <vector>

namespace tokenscope::ui {

/// How one thing is, for its colour and the filter.
enum class Tone { good, warn, bad, unknown };

struct MonitorRow {
    QString key; ///< the same for the same thing at the next round
    QStringList cells;
    Tone tone = Tone::unknown;
    QString detail;     ///< all that is known, in lines
    QString expression; ///< of a rule, or empty
};

struct MonitorGroup {
    QString title;
    QString note; ///< small, beside the title
    std::vector<MonitorRow> rows;
};

/// A list in groups, ready to be shown: what is scraped, the rules, the alerts.
struct MonitorList {
    QStringList header;
    std::vector<MonitorGroup> groups;

    std::size_t count() const;
    std::size_t count(Tone tone) const;
};

/// `nowMs`: what ages are counted to.
MonitorList targetList(const std::vector<sources::Target>& targets, std::int64_t nowMs);
MonitorList ruleList(const std::vector<sources::RuleGroup>& groups, std::int64_t nowMs);
MonitorList alertList(const std::vector<sources::RuleGroup>& groups, std::int64_t nowMs);

/// The rows whose text has every word of `wanted`, and of one tone only where `tones` names some; groups without rows are left out.
MonitorList filtered(const MonitorList& list, const QString& wanted, const std::vector<Tone>& tones);

/// "12 s ago", "just now", "never".
QString ageText(const std::optional<std::int64_t>& ms, std::int64_t nowMs);

} // namespace tokenscope::ui
