// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/status_bar.h"

#include "bridge/console_context.h"
#include "bridge/frame_math.h"
#include "bridge/metric_feed.h"
#include "format/format.h"
#include "pages/common/icon.h"
#include "pages/common/window_words.h"
#include "pages/overview/overview_queries.h"
#include "theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include <chrono>

namespace tokenscope::ui {

namespace {

constexpr int barHeight = 32;

} // namespace

StatusBar::StatusBar(const ConsoleContext& context, MetricFeed& feed, QWidget* parent)
    : QFrame(parent), m_context(context), m_address(new QPushButton)
{
    setObjectName(QStringLiteral("statusBar"));
    setFixedHeight(barHeight);
    const auto& gateway = context.gateway;
    m_address->setObjectName(QStringLiteral("statusBar.address"));
    m_address->setFocusPolicy(Qt::TabFocus);
    m_address->setText(gateway.running() ? gateway.apiUrl() : tr("Gateway not running"));
    m_address->setAccessibleName(m_address->text());
    m_address->setToolTip(gateway.running() ? tr("Copy the address that clients use as their base URL")
                                            : gateway.error);
    m_address->setEnabled(gateway.running());
    m_copied.setSingleShot(true);
    m_copied.setInterval(std::chrono::milliseconds(1500));

    const auto& tokens = context.theme.tokens();
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(tokens.space2, 0, tokens.space4, 0);
    row->setSpacing(tokens.space4);
    row->addWidget(m_address);
    row->addStretch(1);
    const auto window = windowText(overview::requestRate());
    m_inFlight = add(QStringLiteral("inFlight"), tr("Requests being answered now, without those that wait"));
    m_queued = add(QStringLiteral("queued"), tr("Requests waiting for a provider"));
    m_rates = add(QStringLiteral("rates"), tr("Model requests finished and output tokens of all models a second, "
                                              "the means of the last %1")
                                               .arg(window));
    m_errors = add(QStringLiteral("errors"), tr("Failed model requests since the start"));
    m_gpu = add(QStringLiteral("gpu"), tr("GPU use, the mean of all GPUs of this machine"));
    m_memory = add(QStringLiteral("memory"), tr("Memory this process holds (resident)"));

    connect(m_address, &QPushButton::clicked, this, &StatusBar::copyAddress);
    connect(&m_copied, &QTimer::timeout, this, [this] { m_address->setText(m_context.gateway.apiUrl()); });
    connect(&context.theme, &Theme::changed, this, &StatusBar::dress);
    feed.subscribe(
        this,
        std::vector<Question>{overview::inFlight(), overview::queued(), overview::requestRate(), overview::outputRate(),
                              overview::failedTotal(), overview::gpuUse(), overview::residentMemory()},
        [this](const FeedAnswer& answer) { showAnswer(answer); }, MetricFeed::Wants::end);
    dress();
}

QLabel* StatusBar::add(const QString& id, const QString& toolTip)
{
    auto* label = new QLabel;
    label->setObjectName(QStringLiteral("statusBar.") + id);
    label->setToolTip(toolTip);
    label->hide();
    layout()->addWidget(label);
    m_labels.push_back(label);
    return label;
}

void StatusBar::showAnswer(const FeedAnswer& answer)
{
    const auto frames = goodFrames(answer);
    const auto value = [&frames](std::size_t index) {
        return frames[index] ? lastValue(*frames[index]) : std::nullopt;
    };
    const auto number = [](std::optional<double> amount) { return formatValue(amount, Unit::none).number; };
    const auto inFlight = overview::answering(value(0), value(1));
    m_inFlight->setText(tr("%1 in flight").arg(number(inFlight)));
    m_queued->setText(tr("%1 queued").arg(number(value(1))));
    QStringList rates;
    for (const auto& [rate, unit] :
         {std::pair(value(2), Unit::requestsPerSecond), std::pair(value(3), Unit::tokensPerSecond)}) {
        if (rate)
            rates << formatValue(rate, unit).joined();
    }
    m_rates->setText(tr("%1 over %2").arg(rates.join(QStringLiteral(", ")), windowText(overview::requestRate())));
    // A counter nobody has raised has no series: after a good answer that does mean none.
    const auto failed = value(4).value_or(0);
    m_errors->setText(failed == 1 ? tr("1 error since start") : tr("%1 errors since start").arg(number(failed)));
    m_errors->setStyleSheet(failed > 0 ? QStringLiteral("color: %1;").arg(m_context.theme.tokens().bad.name())
                                       : QString());
    const auto gpu = value(5);
    m_gpu->setText(gpu ? tr("GPU %1").arg(formatValue(gpu, Unit::percent).joined()) : tr("no GPU found"));
    m_memory->setText(tr("memory %1").arg(formatValue(value(6), Unit::bytes).joined()));
    const std::vector<bool> known{inFlight.has_value(),         frames[1] && value(1),        !rates.isEmpty(),
                                  static_cast<bool>(frames[4]), static_cast<bool>(frames[5]), frames[6] && value(6)};
    for (std::size_t i = 0; i < m_labels.size(); ++i)
        m_labels[i]->setVisible(known[i]);
}

void StatusBar::copyAddress()
{
    QGuiApplication::clipboard()->setText(m_context.gateway.apiUrl());
    m_address->setText(tr("Copied"));
    m_copied.start();
}

void StatusBar::dress()
{
    const auto& tokens = m_context.theme.tokens();
    m_address->setFont(tokens.small);
    m_address->setIcon(tintedIcon(QStringLiteral("copy"), tokens.secondary));
    m_address->setIconSize({14, 14});
    // Keeps its width while it says "Copied".
    m_address->setMinimumWidth(QFontMetrics(tokens.small).horizontalAdvance(m_context.gateway.apiUrl()) + 44);
    for (auto* label : m_labels)
        label->setFont(tokens.small);
    setStyleSheet(QStringLiteral("tokenscope--ui--StatusBar { background: %1; border: none; border-top: 1px solid %2; }"
                                 "QLabel { background: transparent; color: %3; }"
                                 "QPushButton { background: transparent; color: %4; border: 1px solid transparent; "
                                 "border-radius: %5px; padding: 2px 8px; text-align: left; }"
                                 "QPushButton:hover { background: %6; }"
                                 "QPushButton:disabled { color: %7; }"
                                 "QPushButton:focus { border-color: %8; }")
                      .arg(tokens.surface.name(), tokens.hairline.name(), tokens.secondary.name(), tokens.text.name())
                      .arg(tokens.radius)
                      .arg(tokens.raised.name(), tokens.bad.name(), tokens.accent.name()));
}

} // namespace tokenscope::ui
