// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/targets/rule_preview.h"

#include "alerts/rule_state.h"
#include "pages/targets/monitor_list.h"
#include "pages/targets/watch_list.h"

#include <QDateTime>
#include <QStringList>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <variant>

namespace tokenscope::ui {

namespace {

constexpr int mostPreviewed = 4;
constexpr std::int64_t hourMs = 3'600'000;
constexpr std::int64_t pastStepMs = 15'000;

QString withLabels(const QString& value, const query::Labels& labels)
{
    QStringList all;
    for (const auto& [name, text] : labels)
        all << QString::fromStdString(text);
    return all.isEmpty() ? value : QStringLiteral("%1 (%2)").arg(value, all.join(QStringLiteral(", ")));
}

} // namespace

RulePreview::RulePreview(QWidget* parent) : QLabel(parent)
{
    setProperty("role", QStringLiteral("secondary"));
    setWordWrap(true);
    setTextFormat(Qt::PlainText);
}

void RulePreview::forget()
{
    m_inquiry.cancel();
    m_source = {};
    clear();
}

void RulePreview::preview(const alerts::Rule& rule, SourceList::Entry source)
{
    forget();
    m_rule = rule;
    m_source = std::move(source);
    start();
}

void RulePreview::start()
{
    if (!m_source.source)
        return;
    m_askedMs = QDateTime::currentMSecsSinceEpoch();
    m_past = false;
    ask({m_askedMs, m_askedMs, 1000});
}

void RulePreview::ask(const sources::Range& range)
{
    const auto* expression = std::get_if<std::string>(&m_rule.question);
    const auto source = m_source.source;
    if (expression && (expression->empty() || !source->capabilities().promql))
        return;
    auto done = m_inquiry.begin<query::FramePtr>([this](const Result<query::FramePtr>& answer) { showNow(answer); });
    if (expression)
        return source->promql(*expression, range, m_inquiry.token(), std::move(done));
    auto query = std::get<query::Query>(m_rule.question);
    m_scrapes.widen(query, m_source, range.to > range.from ? range.step : 0, m_askedMs);
    source->range(std::move(query), range, m_inquiry.token(), std::move(done));
}

void RulePreview::showNow(const Result<query::FramePtr>& answer)
{
    if (!answer)
        return setText(tr("Now: %1").arg(QString::fromStdString(answer.error().message)));
    if (m_past)
        return showPast(**answer);
    alerts::RuleState state;
    state.answered(m_rule, **answer, m_askedMs);
    QStringList values;
    for (const auto& series : state.series()) {
        if (series.value)
            values << withLabels(ruleValueText(m_rule, series.value), series.labels);
    }
    if (values.isEmpty()) {
        // Quiet for a minute, or never heard of: the last hour tells.
        setText(tr("Now: no value at the moment."));
        m_past = true;
        return ask({m_askedMs - hourMs, m_askedMs, pastStepMs});
    }
    const auto more = values.size() - mostPreviewed;
    setText(tr("Now: %1").arg(values.mid(0, mostPreviewed).join(QStringLiteral(", ")))
            + (more > 0 ? tr(" and %1 more").arg(more) : QString()));
}

void RulePreview::showPast(const query::Frame& frame)
{
    const query::Column* last = nullptr;
    std::size_t at = 0;
    for (const auto& column : frame.columns) {
        for (std::size_t i = std::min(column.values.size(), frame.times.size()); i-- > at;) {
            if (std::isnan(column.values[i]) || (last && i == at))
                continue;
            last = &column;
            at = i;
            break;
        }
    }
    if (!last)
        return setText(tr("Now: no value at the moment, and none in the last hour."));
    setText(tr("Now: no value at the moment; the last was %1, %2.")
                .arg(withLabels(ruleValueText(m_rule, last->values[at]), last->labels),
                     ageText(frame.times[at], m_askedMs)));
}

} // namespace tokenscope::ui
