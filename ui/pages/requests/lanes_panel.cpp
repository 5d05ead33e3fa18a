// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/requests/lanes_panel.h"

#include "bridge/console_context.h"
#include "format/format.h"
#include "theme/panel.h"
#include "theme/theme.h"
#include "widgets/lane_key.h"
#include "widgets/lane_view.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QStackedLayout>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenscope::ui {

namespace {

using namespace std::chrono_literals;

constexpr auto fastPace = 34ms; ///< at most 30 times a second
constexpr auto slowPace = 500ms;
/// The rows that there are on a low page, and how much higher one is for each row more. Not many: while few are in flight the
/// others are empty, and the list below needs the room.
constexpr int leastRows = 3;
constexpr int mostRows = 10;
constexpr int lowPage = 560; ///< px
constexpr int pageOfRow = 80;

/// Not how many there are: the status bar counts them at other instants, and there would be two truths.
QString summaryText(double tokensPerSecond)
{
    return LanesPanel::tr("%1 now").arg(formatValue(tokensPerSecond, Unit::tokensPerSecond).joined());
}

} // namespace

LanesPanel::LanesPanel(const ConsoleContext& context, QWidget* parent)
    : QWidget(parent), m_context(context), m_tracker(context.requests), m_title(new QLabel(tr("In flight"))),
      m_summary(new QLabel), m_empty(new QLabel), m_view(new LaneView(context.theme))
{
    const auto& tokens = context.theme.tokens();
    setObjectName(QStringLiteral("requests.lanes"));
    m_title->setObjectName(QStringLiteral("requests.lanes.title"));
    m_summary->setObjectName(QStringLiteral("requests.lanes.summary"));
    m_summary->setProperty("role", QStringLiteral("secondary"));
    m_summary->setToolTip(tr("Tokens a second of all replies that stream, over the last second."));
    m_summary->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_empty->setObjectName(QStringLiteral("requests.lanes.empty"));
    m_empty->setProperty("role", QStringLiteral("secondary"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_view->setObjectName(QStringLiteral("requests.lanes.view"));
    m_view->setAccessibleName(tr("Requests in flight"));

    auto* header = new QHBoxLayout;
    auto* key = new LaneKey(context.theme);
    key->setObjectName(QStringLiteral("requests.lanes.key"));
    header->setSpacing(tokens.space4);
    header->addWidget(m_title);
    header->addWidget(key);
    header->addStretch(1);
    header->addWidget(m_summary);
    auto* stage = new QWidget;
    m_stack = new QStackedLayout(stage);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_view);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(tokens.space3, tokens.space2, tokens.space3, tokens.space2);
    column->setSpacing(tokens.space1);
    column->addLayout(header);
    column->addWidget(stage, 1);

    m_empty->setText(emptyText());
    m_view->setDetails([this](std::uint64_t id) { return m_tracker.details(id); });
    connect(m_view, &LaneView::chosen, this, &LanesPanel::requestChosen);
    connect(&m_timer, &QTimer::timeout, this, &LanesPanel::look);
    connect(&context.theme, &Theme::changed, this, &LanesPanel::dress);
    dress();
}

QString LanesPanel::emptyText() const
{
    if (!m_context.gateway.running() && !m_context.gateway.error.isEmpty())
        return m_context.gateway.error;
    if (!m_context.live)
        return tr("Requests in flight are seen only where the gateway runs in this process");
    return tr("Nothing in flight or queued: requests appear here from their arrival to their end");
}

void LanesPanel::dress()
{
    const auto& tokens = m_context.theme.tokens();
    auto strong = tokens.body; // as the charts' titles
    strong.setWeight(QFont::DemiBold);
    m_title->setFont(strong);
    m_summary->setFont(tokens.small);
    // So that the key beside it does not come and go with a digit.
    m_summary->setMinimumWidth(QFontMetrics(tokens.small).horizontalAdvance(summaryText(100)));
    m_empty->setFont(tokens.body);
    fit();
}

void LanesPanel::paintEvent(QPaintEvent*)
{
    paintPanel(*this, m_context.theme.tokens());
}

void LanesPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (parentWidget())
        parentWidget()->installEventFilter(this);
    fit();
    if (!m_context.live)
        return;
    m_timer.start(slowPace);
    look();
}

void LanesPanel::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_timer.stop();
}

bool LanesPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize)
        fit();
    return QWidget::eventFilter(watched, event);
}

int LanesPanel::frameHeight() const
{
    const auto margins = layout()->contentsMargins();
    return margins.top() + margins.bottom() + layout()->spacing()
           + std::max(m_title->sizeHint().height(), m_summary->sizeHint().height());
}

int LanesPanel::rows() const
{
    const auto* const page = parentWidget();
    return page ? std::clamp(leastRows + (page->height() - lowPage) / pageOfRow, leastRows, mostRows)
                : m_view->rowsIn(height() - frameHeight());
}

void LanesPanel::fit()
{
    if (parentWidget())
        setFixedHeight(frameHeight() + m_view->heightFor(rows()));
}

void LanesPanel::look()
{
    if (window()->isMinimized()) {
        m_timer.setInterval(slowPace);
        return;
    }
    // Who points at one does not want it to run away.
    const auto holes = m_view->viewport()->underMouse() ? LaneTracker::Holes::kept : LaneTracker::Holes::closed;
    m_tracker.look(m_context.clock.now(), m_context.live->now(), static_cast<std::size_t>(rows()), holes);
    const bool any = !m_tracker.lanes().empty();
    const auto pace = any ? fastPace : slowPace;
    if (m_timer.intervalAsDuration() != pace)
        m_timer.setInterval(pace);
    if (!any && m_stack->currentIndex() == 0)
        return;
    m_view->setLanes(m_tracker.lanes());
    m_stack->setCurrentIndex(any ? 1 : 0);
    showSummary();
}

void LanesPanel::showSummary()
{
    const double speed = m_tracker.tokensPerSecond();
    m_summary->setText(speed > 0 ? summaryText(speed) : QString());
}

} // namespace tokenscope::ui
