// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/top_bar.h"

#include "bridge/time_range.h"
#include "pages/common/icon.h"
#include "theme/theme.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

namespace tokenscope::ui {

namespace {

constexpr int barHeight = 48;
constexpr int dotSize = 8;

} // namespace

TopBar::TopBar(Theme& theme, TimeRange& range, QWidget* parent)
    : QFrame(parent), m_theme(theme), m_range(range), m_dot(new QLabel), m_source(new QLabel), m_live(new QLabel),
      m_pause(new QPushButton), m_themeToggle(new QToolButton)
{
    setObjectName(QStringLiteral("topBar"));
    setFixedHeight(barHeight);
    m_dot->setObjectName(QStringLiteral("topBar.sourceDot"));
    m_dot->setFixedSize(dotSize, dotSize);
    m_source->setObjectName(QStringLiteral("topBar.source"));
    m_live->setObjectName(QStringLiteral("topBar.live"));
    m_pause->setObjectName(QStringLiteral("topBar.pause"));
    m_pause->setCheckable(true);
    m_themeToggle->setObjectName(QStringLiteral("topBar.theme"));
    auto* segments = new QWidget;
    segments->setObjectName(QStringLiteral("topBar.ranges"));
    addRanges(segments);

    const auto& tokens = theme.tokens();
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(tokens.space4, 0, tokens.space4, 0);
    row->setSpacing(tokens.space2);
    row->addWidget(m_dot);
    row->addWidget(m_source);
    row->addStretch(1);
    row->addWidget(m_live);
    row->addWidget(segments);
    row->addWidget(m_pause);
    row->addWidget(m_themeToggle);

    connect(m_pause, &QPushButton::clicked, this, &TopBar::togglePause);
    connect(m_themeToggle, &QToolButton::clicked, this,
            [this] { m_theme.setMode(m_theme.tokens().dark ? ThemeMode::light : ThemeMode::dark); });
    connect(&range, &TimeRange::changed, this, &TopBar::refresh);
    connect(&theme, &Theme::changed, this, &TopBar::dress);
    for (auto* button : std::initializer_list<QWidget*>{m_pause, m_themeToggle})
        button->setFocusPolicy(Qt::TabFocus);
    dress();
}

void TopBar::addRanges(QWidget* segments)
{
    struct Choice {
        QString text, name;
        std::int64_t minutes;
    };
    const std::vector<Choice> choices{{QStringLiteral("1m"), tr("Last minute"), 1},
                                      {QStringLiteral("5m"), tr("Last 5 minutes"), 5},
                                      {QStringLiteral("15m"), tr("Last 15 minutes"), 15},
                                      {QStringLiteral("1h"), tr("Last hour"), 60}};
    auto* row = new QHBoxLayout(segments);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    auto* group = new QButtonGroup(segments);
    for (std::size_t i = 0; i < choices.size(); ++i) {
        const auto& choice = choices[i];
        auto* button = new QPushButton(choice.text);
        button->setObjectName(QStringLiteral("topBar.range.") + choice.text);
        button->setAccessibleName(choice.name);
        button->setToolTip(choice.name);
        button->setCheckable(true);
        button->setFocusPolicy(Qt::TabFocus);
        button->setProperty("segment", i == 0                    ? QStringLiteral("first")
                                       : i + 1 == choices.size() ? QStringLiteral("last")
                                                                 : QStringLiteral("middle"));
        group->addButton(button);
        row->addWidget(button);
        const auto window = choice.minutes * 60'000;
        connect(button, &QPushButton::clicked, this, [this, window] { m_range.setWindowMs(window); });
        m_segments.push_back({window, button});
    }
}

void TopBar::setSource(const QString& name, Health health, const QString& detail)
{
    m_source->setText(name);
    m_dot->setToolTip(detail);
    m_source->setToolTip(detail);
    m_dot->setAccessibleName(detail);
    if (health == m_health)
        return;
    m_health = health;
    dress();
}

void TopBar::togglePause()
{
    m_range.setPaused(!m_range.paused());
}

void TopBar::refresh()
{
    const auto paused = m_range.paused();
    const auto& tokens = m_theme.tokens();
    for (const auto& segment : m_segments)
        segment.button->setChecked(segment.windowMs == m_range.windowMs());
    m_pause->setChecked(paused);
    m_pause->setText(paused ? tr("Resume") : tr("Pause"));
    m_pause->setAccessibleName(m_pause->text());
    m_pause->setToolTip(paused ? tr("Show what happens now (Space)") : tr("Hold the charts still (Space)"));
    m_pause->setIcon(tintedIcon(paused ? QStringLiteral("play") : QStringLiteral("pause"),
                                paused ? tokens.accent : tokens.secondary));
    m_live->setText(paused ? tr("Paused") : tr("Live"));
    m_live->setStyleSheet(QStringLiteral("color: %1;").arg((paused ? tokens.warn : tokens.secondary).name()));
    m_themeToggle->setIcon(tintedIcon(tokens.dark ? QStringLiteral("sun") : QStringLiteral("moon"), tokens.secondary));
    m_themeToggle->setToolTip(tokens.dark ? tr("Light theme") : tr("Dark theme"));
    m_themeToggle->setAccessibleName(m_themeToggle->toolTip());
}

void TopBar::dress()
{
    const auto& tokens = m_theme.tokens();
    m_source->setFont(tokens.body);
    m_live->setFont(tokens.small);
    m_pause->setFont(tokens.body);
    m_pause->setIconSize({16, 16});
    // As wide as its longer word, so that nothing moves when it is pressed.
    m_pause->setFixedSize(QFontMetrics(tokens.body).horizontalAdvance(tr("Resume")) + 56, tokens.controlHeight);
    m_themeToggle->setFixedSize(tokens.controlHeight, tokens.controlHeight);
    m_themeToggle->setIconSize({18, 18});
    for (const auto& segment : m_segments) {
        segment.button->setFont(tokens.body);
        segment.button->setFixedSize(44, tokens.controlHeight);
    }
    const auto dot = m_health == Health::good ? tokens.good : m_health == Health::bad ? tokens.bad : tokens.disabled;
    m_dot->setStyleSheet(QStringLiteral("background: %1; border-radius: %2px;").arg(dot.name()).arg(dotSize / 2));
    setStyleSheet(
        QStringLiteral("tokenscope--ui--TopBar { background: %1; border: none; border-bottom: 1px solid %2; }"
                       "QLabel { background: transparent; color: %4; }"
                       "QPushButton, QToolButton { background: transparent; color: %4; border: 1px solid %2; "
                       "border-radius: %3px; padding: 0; }"
                       "QPushButton:hover, QToolButton:hover { background: %5; }"
                       "QPushButton[segment] { color: %6; border-radius: 0; border-right: none; }"
                       "QPushButton[segment='first'] { border-top-left-radius: %3px; border-bottom-left-radius: %3px; }"
                       "QPushButton[segment='last'] { border-right: 1px solid %2; border-top-right-radius: %3px; "
                       "border-bottom-right-radius: %3px; }"
                       "QPushButton[segment]:checked { background: %7; color: %4; }"
                       "QPushButton:focus, QToolButton:focus, QPushButton[segment]:focus { border: 1px solid %8; }")
            .arg(tokens.surface.name(), tokens.hairline.name())
            .arg(tokens.radius)
            .arg(tokens.text.name(), tokens.raised.name(), tokens.secondary.name(),
                 tokens.selection.name(QColor::HexArgb), tokens.accent.name()));
    refresh();
}

} // namespace tokenscope::ui
