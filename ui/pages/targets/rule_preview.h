// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "alerts/rule.h"
#include "bridge/inquiry.h"
#include "bridge/scrape_pace.h"
#include "bridge/source_list.h"
#include "query/frame.h"
#include "sources/metric_source.h"

#include <QLabel>

#include <cstdint>

namespace tokenscope::ui {

/// What a rule would see at present; where that is nothing, when it last saw something.
class RulePreview : public QLabel {
    Q_OBJECT

public:
    explicit RulePreview(QWidget* parent = nullptr);

    /// Asks `source` what the rule asks. The rule itself may be unfinished.
    void preview(const alerts::Rule& rule, SourceList::Entry source);
    void forget();

private:
    void start();
    void ask(const sources::Range& range);
    void showNow(const Result<query::FramePtr>& answer);
    void showPast(const query::Frame& frame);

    alerts::Rule m_rule;
    SourceList::Entry m_source;
    std::int64_t m_askedMs = 0;
    bool m_past = false; ///< it is asked for what was
    ScrapePace m_scrapes{[this](const std::string&) { start(); }};
    Inquiry m_inquiry;
};

} // namespace tokenscope::ui
