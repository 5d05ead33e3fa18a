// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/top_bar.h"

#include "bridge/source_list.h"
#include "bridge/time_range.h"
#include "pages/common/icon.h"
#include "shell/accessibility.h"
#include "theme/theme.h"

#include <QActionGroup>
#include <QButtonGroup>
#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

namespace tokenscope::ui {

namespace {

constexpr int barHeight = 48;
constexpr int dotSize = 8;
constexpr int menuIcon = 16;
constexpr int widestName = 150;  ///< px
constexpr int widestEntry = 420; ///< px, in the menu
constexpr int widestTip = 900;   ///< px: a tool tip that is plain text has no second line
constexpr int segmentWidth = 38;
constexpr std::int64_t secondsBelow = 600'000; ///< ms

QColor colorOf(sources::Health health, const ThemeTokens& tokens)
{
    return health == sources::Health::good  ? tokens.good
           : health == sources::Health::bad ? tokens.bad
                                            : tokens.disabled;
}

/// "21 Nov 10:00 – 11:30", with a date at the second time only where it is another, and seconds where minutes would not tell
/// the ends apart.
QString spanText(const TimeRange::Span& span)
{
    const auto from = QDateTime::fromMSecsSinceEpoch(span.from);
    const auto to = QDateTime::fromMSecsSinceEpoch(span.to);
    const auto time = span.to - span.from < secondsBelow ? QStringLiteral("HH:mm:ss") : QStringLiteral("HH:mm");
    const QString full = QStringLiteral("d MMM ") + time;
    const auto locale = QLocale::c();
    return locale.toString(from, full) + QStringLiteral(" – ")
           + locale.toString(to, from.date() == to.date() ? time : full);
}

} // namespace

TopBar::TopBar(Theme& theme, TimeRange& range, SourceList& sources, QWidget* parent)
    : QFrame(parent), m_theme(theme), m_range(range), m_sources(sources), m_dot(new QLabel), m_source(new QToolButton),
      m_sourceMenu(new QMenu(this)), m_sourceGroup(new QActionGroup(m_sourceMenu)), m_live(new QLabel),
      m_pause(new QPushButton), m_refresh(new QToolButton), m_themeToggle(new QToolButton)
{
    setObjectName(QStringLiteral("topBar"));
    setFixedHeight(barHeight);
    m_dot->setObjectName(QStringLiteral("topBar.sourceDot"));
    m_dot->setFixedSize(dotSize, dotSize);
    m_source->setObjectName(QStringLiteral("topBar.source"));
    m_source->setProperty("picker", true);
    m_source->setPopupMode(QToolButton::InstantPopup);
    m_source->setMenu(m_sourceMenu);
    m_sourceMenu->setObjectName(QStringLiteral("topBar.sources"));
    m_sourceMenu->setToolTipsVisible(true);
    m_live->setObjectName(QStringLiteral("topBar.live"));
    m_pause->setObjectName(QStringLiteral("topBar.pause"));
    m_pause->setCheckable(true);
    m_refresh->setObjectName(QStringLiteral("topBar.refresh"));
    m_refresh->setAccessibleName(tr("Refresh"));
    m_refresh->setToolTip(tr("Ask everything anew (F5)"));
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
    for (auto* widget : std::initializer_list<QWidget*>{m_live, segments, m_pause, m_refresh, m_themeToggle})
        row->addWidget(widget);

    connect(m_sourceMenu, &QMenu::aboutToShow, this, &TopBar::fillSources);
    connect(&sources, &SourceList::currentChanged, this, &TopBar::showSource);
    connect(&sources, &SourceList::entriesChanged, this, &TopBar::showSource);
    connect(m_pause, &QPushButton::toggled, this, &TopBar::togglePause);
    connect(m_refresh, &QToolButton::clicked, this, &TopBar::refreshRequested);
    connect(m_themeToggle, &QToolButton::clicked, this,
            [this] { Q_EMIT themeRequested(m_theme.tokens().dark ? ThemeMode::light : ThemeMode::dark); });
    connect(&range, &TimeRange::changed, this, &TopBar::refresh);
    connect(&theme, &Theme::changed, this, &TopBar::dress);
    for (auto* button : std::initializer_list<QWidget*>{m_source, m_pause, m_refresh, m_themeToggle})
        button->setFocusPolicy(Qt::TabFocus);
    dress();
}

QPushButton* TopBar::addSegment(QWidget* segments, const QString& text, const QString& name, const char* place)
{
    auto* button = new QPushButton(text);
    button->setAccessibleName(name);
    button->setToolTip(name);
    button->setCheckable(true);
    setOneOfSeveral(*button);
    button->setFocusPolicy(Qt::TabFocus);
    button->setProperty("segment", QLatin1StringView(place));
    segments->layout()->addWidget(button);
    return button;
}

void TopBar::addRanges(QWidget* segments)
{
    struct Choice {
        QString text, name;
        std::int64_t minutes;
    };
    const std::vector<Choice> choices{
        {QStringLiteral("1m"), tr("Last minute"), 1},       {QStringLiteral("5m"), tr("Last 5 minutes"), 5},
        {QStringLiteral("15m"), tr("Last 15 minutes"), 15}, {QStringLiteral("1h"), tr("Last hour"), 60},
        {QStringLiteral("6h"), tr("Last 6 hours"), 360},    {QStringLiteral("24h"), tr("Last 24 hours"), 1440}};
    auto* row = new QHBoxLayout(segments);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    for (const auto& choice : choices) {
        auto* button = addSegment(segments, choice.text, choice.name, m_segments.empty() ? "first" : "middle");
        button->setObjectName(QStringLiteral("topBar.range.") + choice.text);
        const auto window = choice.minutes * 60'000;
        // However it is pressed. To press the one that is chosen must not unchoose it.
        connect(button, &QPushButton::toggled, this, [this, window] {
            m_range.setWindowMs(window);
            refresh();
        });
        m_segments.push_back({window, button});
    }
    auto* custom = addSegment(segments, tr("Range…"), tr("From one time to another"), "last");
    custom->setObjectName(QStringLiteral("topBar.range.custom"));
    connect(custom, &QPushButton::toggled, this, [this] {
        refresh();
        Q_EMIT customRangeRequested();
    });
    m_segments.push_back({0, custom});
}

void TopBar::openSources()
{
    m_source->setFocus(Qt::ShortcutFocusReason);
    m_source->showMenu();
}

QString TopBar::tip(const QString& text) const
{
    return QFontMetrics(m_theme.tokens().body).elidedText(text, Qt::ElideMiddle, widestTip);
}

void TopBar::fillSources()
{
    m_sourceMenu->clear();
    for (const auto& entry : m_sources.entries()) {
        const auto status = entry.source->status();
        const auto name = QString::fromStdString(entry.source->name());
        auto shown = QFontMetrics(m_theme.tokens().body).elidedText(name, Qt::ElideMiddle, widestEntry);
        const bool whole = shown == name;
        auto* action = m_sourceMenu->addAction(dotIcon(colorOf(status.health, m_theme.tokens()), menuIcon),
                                               shown.replace(QLatin1Char('&'), QStringLiteral("&&")));
        action->setObjectName(QStringLiteral("source.") + entry.id);
        const auto message = tip(QString::fromStdString(status.message));
        action->setToolTip(whole ? message : QString(tip(name) + QLatin1Char('\n') + message));
        action->setCheckable(true);
        action->setChecked(entry.id == m_sources.current().id);
        m_sourceGroup->addAction(action);
        connect(action, &QAction::triggered, this, [this, id = entry.id] { m_sources.setCurrent(id); });
        if (action->isChecked()) {
            auto strong = m_theme.tokens().body;
            strong.setWeight(QFont::DemiBold);
            action->setFont(strong);
            m_sourceMenu->setActiveAction(action);
        }
    }
    m_sourceMenu->addSeparator();
    auto* manage = m_sourceMenu->addAction(tr("Manage sources…"));
    manage->setObjectName(QStringLiteral("sources.manage"));
    connect(manage, &QAction::triggered, this, &TopBar::manageSourcesRequested);
}

void TopBar::showSource()
{
    const auto name = QString::fromStdString(m_sources.current().source->name());
    m_source->setText(QFontMetrics(m_theme.tokens().body).elidedText(name, Qt::ElideMiddle, widestName));
    m_source->setAccessibleName(tr("Source: %1").arg(name));
}

void TopBar::setHealth(Health health, const QString& detail)
{
    m_dot->setToolTip(tip(detail));
    m_dot->setAccessibleName(detail);
    m_source->setToolTip(tip(QString::fromStdString(m_sources.current().source->name())) + QLatin1Char('\n')
                         + tip(detail));
    m_source->setAccessibleDescription(detail);
    if (health == m_health)
        return;
    m_health = health;
    dress();
}

void TopBar::togglePause()
{
    if (m_range.fixed())
        m_range.goLive();
    else
        m_range.setPaused(!m_range.paused());
}

void TopBar::refresh()
{
    const auto& fixed = m_range.fixed();
    const auto paused = !m_range.live();
    const auto& tokens = m_theme.tokens();
    for (const auto& segment : m_segments) {
        const QSignalBlocker shownOnly(segment.button);
        segment.button->setChecked(fixed ? segment.windowMs == 0 : segment.windowMs == m_range.windowMs());
    }
    {
        const QSignalBlocker shownOnly(m_pause);
        m_pause->setChecked(paused);
    }
    m_pause->setText(paused ? tr("Resume") : tr("Pause"));
    m_pause->setAccessibleName(m_pause->text());
    m_pause->setToolTip(paused ? tr("Show what happens now (Space)") : tr("Hold the charts still (Space)"));
    m_pause->setIcon(tintedIcon(paused ? QStringLiteral("play") : QStringLiteral("pause"),
                                paused ? tokens.accent : tokens.secondary));
    m_live->setText(fixed ? spanText(*fixed) : paused ? tr("Paused") : tr("Live"));
    m_live->setStyleSheet(QStringLiteral("color: %1;").arg((paused ? tokens.warn : tokens.secondary).name()));
    m_refresh->setIcon(tintedIcon(QStringLiteral("refresh"), tokens.secondary));
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
    for (auto* button : {m_refresh, m_themeToggle}) {
        button->setFixedSize(tokens.controlHeight, tokens.controlHeight);
        button->setIconSize({18, 18});
    }
    m_source->setFixedHeight(tokens.controlHeight);
    showSource();
    for (const auto& segment : m_segments) {
        segment.button->setFont(tokens.body);
        const int words = QFontMetrics(tokens.body).horizontalAdvance(segment.button->text()) + tokens.space4;
        segment.button->setFixedSize(std::max(segmentWidth, words), tokens.controlHeight);
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
                       "QToolButton[picker='true'] { border-color: transparent; padding: 0 22px 0 4px; }"
                       "QToolButton[picker='true']::menu-indicator { image: url(:/theme/chevron-down.svg); "
                       "subcontrol-origin: padding; subcontrol-position: right center; right: 6px; width: 10px; "
                       "height: 10px; }"
                       "QPushButton[segment]:checked { background: %7; color: %4; }"
                       "QPushButton:focus, QToolButton:focus, QPushButton[segment]:focus, "
                       "QToolButton[picker='true']:focus { border: 1px solid %8; }")
            .arg(tokens.surface.name(), tokens.hairline.name())
            .arg(tokens.radius)
            .arg(tokens.text.name(), tokens.raised.name(), tokens.secondary.name(),
                 tokens.selection.name(QColor::HexArgb), tokens.accent.name()));
    refresh();
}

} // namespace tokenscope::ui
