// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/playground/reply_stats.h"

#include "bridge/chat_types.h"
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
                tr("A bar for each pause between two chunks, as the console saw it; a chunk is mostly one token; %1")
                    .arg(LatencyStrip::spikeWords()));
    m_finish = add(QStringLiteral("finish"), tr("Why the reply ended"));
    m_model = add(QStringLiteral("model"), tr("The model that answered"));
    for (auto* label : {m_finish, m_model})
        label->setProperty("value", true);
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

void ReplyStats::setFigure(QLabel* label, const QString& words, const FormattedValue& value)
{
    m_figures[label] = {words, value};
    label->setTextFormat(Qt::RichText);
    label->setAccessibleName(words.arg(value.joined()));
    showFigure(label);
}

/// The number in the colour of text, its name and unit in that of the label.
void ReplyStats::showFigure(QLabel* label) const
{
    const auto figure = m_figures.value(label);
    const QString number = QStringLiteral("<span style=\"color: %1\">%2</span>")
                               .arg(m_theme.tokens().text.name(), figure.value.number.toHtmlEscaped());
    label->setText(figure.words.arg(FormattedValue{number, figure.value.unit}.joined()));
}

void ReplyStats::setStats(const ChatStats& stats, const QString& asked)
{
    setFigure(m_ttft, tr("TTFT %1"), formatValue(stats.ttft, Unit::seconds));
    setFigure(m_speed, QStringLiteral("%1"), formatValue(stats.tokensPerSecond, Unit::tokensPerSecond));
    m_speed->setVisible(stats.tokensPerSecond.has_value());
    setFigure(m_tokensIn, tr("%1 in"), {number(stats.promptTokens), {}});
    setFigure(m_tokensOut, tr("%1 out"), {number(stats.completionTokens), {}});
    setFigure(m_total, tr("total %1"), formatValue(stats.total, Unit::seconds));
    m_strip->setGaps(stats.gaps);
    m_strip->setVisible(!stats.gaps.empty());
    showCaption(stats.gaps);
    m_finish->setText(stats.finishReason);
    m_finish->setVisible(!stats.finishReason.isEmpty() && stats.finishReason != QLatin1StringView("stop"));
    m_model->setText(stats.model == asked ? QString() : stats.model);
    setVisible(true);
}

void ReplyStats::showCaption(const std::vector<double>& gaps)
{
    m_gap->setVisible(!gaps.empty());
    if (gaps.empty())
        return;
    auto words = tr("gap before each token, up to %1")
                     .arg(formatValue(*std::max_element(gaps.begin(), gaps.end()), Unit::seconds).joined());
    if (m_strip->hasSpikes())
        words += QStringLiteral(" · ") + LatencyStrip::spikeWords();
    m_gap->setText(words);
}

void ReplyStats::dress()
{
    for (const auto& item : m_items)
        item.label->setFont(m_theme.tokens().small);
    for (auto figure = m_figures.keyBegin(); figure != m_figures.keyEnd(); ++figure)
        showFigure(*figure);
    setStyleSheet(QStringLiteral("QLabel { color: %1; background: transparent; } QLabel[value=\"true\"] { color: %2; }")
                      .arg(m_theme.tokens().secondary.name(), m_theme.tokens().text.name()));
}

} // namespace tokenscope::ui
