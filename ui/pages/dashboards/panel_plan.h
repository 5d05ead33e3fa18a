// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/metric_feed.h"
#include "dashboards/dashboard.h"
#include "dashboards/resolve.h"
#include "format/format.h"

#include <QString>

#include <span>
#include <string>
#include <vector>

namespace tokenscope::ui {

/// What there is to go by when a panel's questions are chosen.
struct PlanContext {
    bool settled = false; ///< else nothing is asked yet
    bool known = false;   ///< whether `names` are all that the source has; else they say nothing
    const dashboards::MetricNames& names;
    bool promql = false;
    const dashboards::Choices& choices;
    QString trouble;                                      ///< of the source: what it has may not be all; empty: none
    std::span<const dashboards::Variable> variables = {}; ///< that the choices are of
};

/// What a panel asks of a source, or why it asks nothing.
struct PanelPlan {
    std::vector<Question> questions;
    std::vector<std::string> names;   ///< parallel to the questions: see combined()
    std::vector<std::size_t> queries; ///< parallel to the questions: which of the panel's queries each is of
    std::vector<bool> more;           ///< parallel to the questions: the source has another alternative after this one
    bool percentiles = false;
    QString regardless; ///< the titles of what is chosen, and makes no difference to some of the questions; empty: none
    QString emptyText;  ///< why there is nothing to ask, or nothing in the answer; empty: no special reason
    QString tried;      ///< with it: the metrics that the source does not have; empty: it is not for want of them
    QString trouble;    ///< of the source, which therefore is not known to have nothing; empty: none
    std::string key;    ///< equal where nothing changed
};

/// `passed`: parallel to the panel's queries, how many of the alternatives that the source has are passed over.
PanelPlan planOf(const dashboards::Panel& panel, const PlanContext& context,
                 const std::vector<std::size_t>& passed = {});

/// How the console writes a dashboard's unit: the values times `factor`.
struct ShownUnit {
    Unit unit = Unit::none;
    double factor = 1;
};
ShownUnit shownUnit(dashboards::Unit unit);

} // namespace tokenscope::ui
