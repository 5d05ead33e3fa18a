// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/past_look.h"

#include "query/promql.h"

#include <algorithm>
#include <utility>

namespace tokenscope::ui {

namespace {

query::Query presence(const Question& question)
{
    const auto* query = std::get_if<query::Query>(&question);
    return query ? sources::presence_of(*query) : query::Query();
}

std::string expressionOf(const Question& question)
{
    const auto* expression = std::get_if<std::string>(&question);
    return expression ? *expression : std::string();
}

} // namespace

PastLook::PastLook(SourceList::Entry source, const Question& question, std::int64_t until,
                   std::function<void()> settled)
    : m_source(std::move(source)), m_query(presence(question)), m_expression(expressionOf(question)),
      m_events(m_query.function == query::Function::increase), m_until(until),
      m_stages(sources::look_backs(m_source.source->capabilities())), m_done(std::move(settled))
{
    if (m_expression.empty())
        findMetric();
    else
        lookBack(0);
}

std::string PastLook::keyOf(const Question& question)
{
    const auto expression = expressionOf(question);
    return expression.empty() ? query::to_promql(presence(question)) : expression;
}

void PastLook::findMetric()
{
    const auto found = [this](bool any) {
        if (any)
            lookBack(0);
        else
            settle(Past{.known = Past::Known::nowhere, .metric = QString::fromStdString(m_query.metric)});
    };
    // Of a Prometheus its index alone answers, for all that it keeps; the others have all names at hand.
    if (m_source.source->capabilities().promql) {
        using Texts = sources::MetricSource::Texts;
        auto done = m_inquiry.begin<Texts>([this, found](const Result<Texts>& names) {
            if (names)
                found(!names->empty());
            else
                settle(std::nullopt);
        });
        m_source.source->label_values("__name__", m_query.metric, m_inquiry.token(), std::move(done));
        return;
    }
    using Infos = std::vector<sources::MetricInfo>;
    auto done = m_inquiry.begin<Infos>([this, found](const Result<Infos>& metrics) {
        if (!metrics) {
            settle(std::nullopt);
            return;
        }
        found(std::any_of(metrics->begin(), metrics->end(),
                          [this](const auto& metric) { return metric.name == m_query.metric; }));
    });
    m_source.source->metrics(m_inquiry.token(), std::move(done));
}

void PastLook::lookBack(std::size_t stage)
{
    const auto& look = m_stages.at(stage);
    sources::Range range{.from = m_until - look.reach.count(), .to = m_until, .step = look.step.count()};
    auto done = m_inquiry.begin<query::FramePtr>([this, stage](const Result<query::FramePtr>& frame) {
        if (frame && *frame)
            received(stage, **frame);
        else
            settle(std::nullopt);
    });
    if (!m_expression.empty()) {
        m_source.source->promql(m_expression, range, m_inquiry.token(), std::move(done));
        return;
    }
    // At far steps a value that was there for a moment would be missed; a window sees it, whatever it counts.
    if (stage > 0)
        m_query.function = query::Function::increase;
    if (windowed()) {
        m_query.window = sources::presence_window(look, m_source.source->capabilities());
        // What happened is seen until its window ends: so far ahead tells when it was.
        range.to += m_query.window.count() / range.step * range.step;
    }
    m_source.source->range(m_query, range, m_inquiry.token(), std::move(done));
}

void PastLook::received(std::size_t stage, const query::Frame& frame)
{
    const auto& look = m_stages[stage];
    const auto last = sources::last_present(frame, m_events ? sources::Present::above_zero : sources::Present::any);
    Past past{.metric = QString::fromStdString(m_query.metric), .reach = look.reach};
    if (!last && stage + 1 < m_stages.size()) {
        lookBack(stage + 1);
        return;
    }
    if (last) {
        past.known = Past::Known::seen;
        past.at = windowed() ? std::min(*last - m_query.window.count() + look.step.count(), m_until) : *last;
    }
    // It is there, and still there was no answer: nothing that could be said of the past explains that. An expression that has
    // windows of its own may have had an answer between two steps.
    if (last ? !windowed() && *last >= m_until : !m_expression.empty())
        settle(std::nullopt);
    else
        settle(past);
}

void PastLook::settle(std::optional<Past> past)
{
    m_past = std::move(past);
    m_settled = true;
    const auto done = std::move(m_done); // which may destroy this
    done();
}

std::optional<Past> pastOf(const std::vector<std::shared_ptr<PastLook>>& looks)
{
    std::optional<Past> best;
    for (const auto& look : looks) {
        const auto& past = look->past();
        if (!past)
            return std::nullopt;
        const auto rank = [](const Past& one) {
            return std::pair(one.known == Past::Known::seen ? 2 : one.known == Past::Known::not_for ? 1 : 0, one.at);
        };
        if (!best || rank(*past) > rank(*best))
            best = past;
    }
    return best;
}

} // namespace tokenscope::ui
