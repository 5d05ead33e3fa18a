// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/playground/reply_stats.h"

#include "bridge/chat_types.h"
#include "format/format.h"
#include "pages/playground/latency_strip.h"
#include "theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenscope::ui {

namespace {

QString number(const std::optional<std::uint64_t>& count)
{
    return formatValue(count ? std::optional(static_cast<double>(*count)) : std::nullopt, Unit::none).number;
}

} // namespace

ReplyStats::ReplyStats(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme), m_row(new QWidget)
{
    auto* row = new QHBoxLayout(m_row);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme.tokens().space4);
    m_ttft =
        add(QStringLiteral("ttft"), tr("Time to first token: from sending to the first words, as the console saw it"));
    m_speed = add(QStringLiteral("speed"), tr("Output tokens / (last token - first token), reasoning included"));
    m_tokensIn = add(QStringLiteral("tokensIn"), tr("Prompt tokens, as the model reported them"));
    m_tokensOut = add(QStringLiteral("tokensOut"), tr("Output tokens, as the model reported them"));
    m_total = add(QStringLiteral("total"), tr("From sending to the end of the reply"));
    m_gap = add(QStringLiteral("longestGap"),
                tr("A bar for each pause between two chunks, as the console saw it; a chunk is mostly one token"));
    m_finish = add(QStringLiteral("finish"), tr("Why the reply ended"));
    m_model = add(QStringLiteral("model"), tr("The model that answered"));
    m_model->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    for (auto* label : {m_ttft, m_speed, m_tokensIn, m_tokensOut, m_total, m_finish, m_model})
        row->addWidget(label);
    row->setStretchFactor(m_model, 1);

    m_strip = new LatencyStrip(theme);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, theme.tokens().space1, 0, 0);
    column->setSpacing(theme.tokens().space1);
    column->addWidget(m_strip);
    column->addWidget(m_gap);
    column->addWidget(m_row);
    connect(&theme, &Theme::changed, this, &ReplyStats::dress);
    dress();
}

QLabel* ReplyStats::add(const QString& id, const QString& toolTip)
{
    auto* label = new QLabel;
    label->setToolTip(toolTip);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_items.push_back({id, label});
    return label;
}

void ReplyStats::setNamed(bool named)
{
    for (const auto& item : m_items)
        item.label->setObjectName(named ? QStringLiteral("playground.stats.") + item.id : QString());
    m_strip->setObjectName(named ? QStringLiteral("playground.stats.gaps") : QString());
}

void ReplyStats::setStats(const ChatStats& stats)
{
    m_ttft->setText(tr("TTFT %1").arg(formatValue(stats.ttft, Unit::seconds).joined()));
    m_speed->setText(formatValue(stats.tokensPerSecond, Unit::tokensPerSecond).joined());
    m_speed->setVisible(stats.tokensPerSecond.has_value());
    m_tokensIn->setText(tr("%1 in").arg(number(stats.promptTokens)));
    m_tokensOut->setText(tr("%1 out").arg(number(stats.completionTokens)));
    m_total->setText(tr("total %1").arg(formatValue(stats.total, Unit::seconds).joined()));
    m_gap->setVisible(!stats.gaps.empty());
    if (!stats.gaps.empty())
        m_gap->setText(
            tr("gap before each token, up to %1")
                .arg(formatValue(*std::max_element(stats.gaps.begin(), stats.gaps.end()), Unit::seconds).joined()));
    m_finish->setText(stats.finishReason);
    m_finish->setVisible(!stats.finishReason.isEmpty() && stats.finishReason != QLatin1StringView("stop"));
    m_model->setText(stats.model);
    m_strip->setGaps(stats.gaps);
    m_strip->setVisible(!stats.gaps.empty());
    setVisible(true);
}

void ReplyStats::dress()
{
    for (const auto& item : m_items)
        item.label->setFont(m_theme.tokens().small);
    setStyleSheet(
        QStringLiteral("QLabel { color: %1; background: transparent; }").arg(m_theme.tokens().secondary.name()));
}

} // namespace tokenscope::ui
