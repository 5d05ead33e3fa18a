// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/inquiry.h"
#include "bridge/source_list.h"
#include "query/query.h"
#include "sources/presence.h"

#include <QString>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tokenscope::ui {

/// What a panel asks: a query, or an expression in raw PromQL for sources that can.
using Question = std::variant<query::Query, std::string>;

/// What is known of the time before a range in which a question had no answer.
struct Past {
    enum class Known {
        seen,    ///< it had one until `at`
        not_for, ///< not for as long as `reach` before the range
        nowhere, ///< the source has no such metric in all that it keeps
    };
    Known known = Known::not_for;
    QString metric;      ///< that was looked for; empty: an expression has many
    std::int64_t at = 0; ///< ms since 1970
    std::chrono::milliseconds reach{0};
};

/// Looks once whether a source could have answered a question before `until`: whether it has the metric at all, then in the last
/// hour, then as far back as is worth asking. One request at a time, none when this is gone. Used on the UI thread.
class PastLook {
public:
    /// `settled` is called once, from the event loop, unless this is gone before; it may destroy this.
    PastLook(SourceList::Entry source, const Question& question, std::int64_t until, std::function<void()> settled);

    bool settled() const { return m_settled; }
    /// Nothing while it is looked for, or where the source would not tell.
    const std::optional<Past>& past() const { return m_past; }
    /// Equal for questions that the same look answers.
    static std::string keyOf(const Question& question);
    std::int64_t until() const { return m_until; }

private:
    void findMetric();
    void lookBack(std::size_t stage);
    void received(std::size_t stage, const query::Frame& frame);
    void settle(std::optional<Past> past);
    /// Asked over a window, at whose end what happened is seen last.
    bool windowed() const { return m_expression.empty() && m_query.function == query::Function::increase; }

    const SourceList::Entry m_source;
    query::Query m_query;
    std::string m_expression;    ///< in place of the query, if not empty
    const bool m_events = false; ///< the query counts: 0 is nothing seen
    const std::int64_t m_until;
    const std::vector<sources::LookBack> m_stages;
    std::function<void()> m_done;
    std::optional<Past> m_past;
    bool m_settled = false;
    Inquiry m_inquiry;
};

/// Of several questions of one panel: what was seen last, or what is true of all. Nothing while any is looked for.
std::optional<Past> pastOf(const std::vector<std::shared_ptr<PastLook>>& looks);

} // namespace tokenscope::ui
