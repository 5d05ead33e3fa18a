// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/targets/targets_page.h"

#include "bridge/alert_engine.h"
#include "bridge/console_context.h"
#include "bridge/source_list.h"
#include "bridge/time_range.h"
#include "pages/common/outcome_box.h"
#include "pages/targets/compare_view.h"
#include "pages/targets/monitor_view.h"
#include "pages/targets/watch_view.h"
#include "theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QSettings>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr std::chrono::seconds pace{10};
constexpr QLatin1StringView tabKey("targets/tab");

} // namespace

TargetsPage::TargetsPage(const ConsoleContext& context, MetricFeed& feed, const MetricCatalogue& catalogue,
                         QWidget* parent)
    : Page(parent), m_context(context), m_feed(feed), m_tabs(new QTabBar), m_state(new QLabel),
      m_outcome(new OutcomeBox(context.theme, QStringLiteral("targets.error"))), m_stack(new QStackedWidget),
      m_targetView(new MonitorView(context.theme, QStringLiteral("targets"), tr("Targets"),
                                   {{tr("Up"), Tone::good}, {tr("Down"), Tone::bad}, {tr("Unknown"), Tone::unknown}})),
      m_ruleView(new MonitorView(
          context.theme, QStringLiteral("rules"), tr("Rules"),
          {{tr("Good"), Tone::good}, {tr("Pending"), Tone::warn}, {tr("Firing or failed"), Tone::bad}})),
      m_alertView(new MonitorView(context.theme, QStringLiteral("alerts"), tr("Alerts"),
                                  {{tr("Firing"), Tone::bad}, {tr("Pending"), Tone::warn}})),
      m_compare(new CompareView(context, feed.range()))
{
    if (context.alerts)
        m_watch = new WatchView(context.theme, *context.alerts, context.sources, catalogue);
    const auto& tokens = context.theme.tokens();
    setObjectName(QStringLiteral("page.targets"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(tokens.space4, tokens.space3, tokens.space4, tokens.space3);
    column->setSpacing(tokens.space2);
    column->addWidget(makeHeader());
    column->addWidget(m_outcome);
    column->addWidget(m_stack, 1);
    for (auto* view : std::initializer_list<QWidget*>{m_targetView, m_ruleView, m_alertView, m_compare})
        m_stack->addWidget(view);
    if (m_watch) {
        m_stack->addWidget(m_watch);
        connect(context.alerts, &AlertEngine::changed, this, &TargetsPage::countMyRules);
        countMyRules();
    }
    for (auto* view : {m_ruleView, m_alertView})
        connect(view, &MonitorView::exploreRequested, this, &TargetsPage::exploreRequested);
    connect(&feed, &MetricFeed::sourceChanged, this, &TargetsPage::sourceChanged);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        const auto patience = m_feed.source().patience.count();
        const bool waiting = m_targetInquiry.waiting() || m_ruleInquiry.waiting();
        if (!waiting || m_asked.hasExpired(patience))
            ask();
        showState();
    });
    connect(&context.theme, &Theme::changed, this, &TargetsPage::dress);
    m_timer.start(pace);
    dress();
    sourceChanged();
    m_tabs->setCurrentIndex(
        std::clamp(context.settings.value(tabKey, m_watch ? watchTab : targetsTab).toInt(), 0, m_tabs->count() - 1));
    showTab(m_tabs->currentIndex());
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        m_context.settings.setValue(tabKey, tab);
        showTab(tab);
    });
}

QWidget* TargetsPage::makeHeader()
{
    auto* header = new QWidget;
    m_tabs->setObjectName(QStringLiteral("targets.tabs"));
    m_tabs->setAccessibleName(tr("Targets, rules, alerts, client against server, or my rules"));
    for (int tab = targetsTab; tab <= (m_watch ? watchTab : compareTab); ++tab)
        m_tabs->addTab({});
    m_tabs->setTabText(compareTab, tr("Client against server"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_state->setObjectName(QStringLiteral("targets.state"));
    m_state->setProperty("role", QStringLiteral("secondary"));
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_tabs);
    row->addStretch(1);
    row->addWidget(m_state);
    return header;
}

void TargetsPage::showMyRules()
{
    if (m_watch)
        m_tabs->setCurrentIndex(watchTab);
}

void TargetsPage::showTab(int tab)
{
    m_stack->setCurrentIndex(tab);
    showState();
}

void TargetsPage::sourceChanged()
{
    m_targetInquiry.cancel();
    m_ruleInquiry.cancel();
    m_targets.clear();
    m_rules.clear();
    m_targetOutcome = {};
    m_ruleOutcome = {};
    showLists();
    ask();
}

void TargetsPage::ask()
{
    if (!isVisible() || window()->isMinimized())
        return;
    m_asked.start();
    const auto source = m_feed.source().source;
    const auto can = source->capabilities();
    if (can.targets) {
        auto answer = m_targetInquiry.begin<std::vector<sources::Target>>(
            [this](const auto& targets) { take(targets, m_targets, m_targetOutcome); });
        source->targets(m_targetInquiry.token(), std::move(answer));
    }
    if (can.rules) {
        auto answer = m_ruleInquiry.begin<std::vector<sources::RuleGroup>>(
            [this](const auto& rules) { take(rules, m_rules, m_ruleOutcome); });
        source->rules(m_ruleInquiry.token(), std::move(answer));
    }
}

template <typename T>
void TargetsPage::take(const Result<T>& answer, T& into, Outcome& outcome)
{
    outcome.error = answer ? std::nullopt : std::optional(answer.error());
    if (answer) {
        into = *answer;
        outcome.answeredMs = m_feed.range().now();
    }
    showLists();
}

void TargetsPage::titleTab(Tab tab, const QString& title, std::size_t count)
{
    m_tabs->setTabText(tab, count == 0 ? title : QStringLiteral("%1 %2").arg(title).arg(count));
}

void TargetsPage::countMyRules()
{
    titleTab(watchTab, tr("My rules"), m_context.alerts->size());
}

void TargetsPage::showLists()
{
    const auto now = m_feed.range().now();
    const auto& entry = m_feed.source();
    const auto can = entry.source->capabilities();
    auto alerts = alertList(m_rules, now);
    auto rules = ruleList(m_rules, now);
    auto targets = targetList(m_targets, now);
    titleTab(targetsTab, tr("Targets"), targets.count());
    titleTab(rulesTab, tr("Rules"), rules.count());
    titleTab(alertsTab, tr("Alerts"), alerts.count());
    m_targetView->setList(std::move(targets));
    m_ruleView->setList(std::move(rules));
    m_alertView->setList(std::move(alerts));
    const auto add = tr("Add a Prometheus under Sources (Ctrl+L, “Manage sources”) and choose it there.");
    const auto whenEmpty = [](const Outcome& outcome, const QString& text) {
        if (outcome.answeredMs || !outcome.error)
            return outcome.answeredMs ? text : tr("Loading…");
        return outcome.error->code == ErrorCode::unsupported_api ? tr("This server does not offer it.")
                                                                 : tr("Not known yet: asking for it failed.");
    };
    m_targetView->setEmptyText(
        !can.targets ? tr("This process is its own only target: it scrapes nobody.") + QLatin1Char('\n') + add
                     : whenEmpty(m_targetOutcome, tr("It scrapes nothing: add a job to its configuration.")));
    const auto none =
        entry.local() ? tr("This process has no rules and no alerts.") : tr("A page has no rules and no alerts.");
    const QString own = m_watch ? tr("Rules of your own, on any source, are under “My rules”.\n") : QString();
    const QString noneAtAll = none + QLatin1Char('\n') + own + add;
    m_ruleView->setEmptyText(can.rules ? whenEmpty(m_ruleOutcome, tr("It has no rules.")) : noneAtAll);
    m_alertView->setEmptyText(can.rules ? whenEmpty(m_ruleOutcome, tr("Nothing is pending, nothing fires."))
                                        : noneAtAll);
    for (auto* view : {m_ruleView, m_alertView})
        view->setExpressionsUsable(can.promql);
    showState();
}

void TargetsPage::showState()
{
    const int tab = m_stack->currentIndex();
    const auto& [answeredMs, error] = tab == targetsTab ? m_targetOutcome : m_ruleOutcome;
    const bool listed = tab < compareTab;
    if (listed && error)
        m_outcome->show(OutcomeBox::Outcome::bad, QString::fromStdString(error->message),
                        QString::fromStdString(error->detail));
    else
        m_outcome->clear();
    const auto age = ageText(answeredMs, m_feed.range().now());
    m_state->setText(!listed || !answeredMs ? QString()
                     : error                ? tr("Not of now: from %1").arg(age)
                                            : tr("Asked %1").arg(age));
    for (auto* view : {m_targetView, m_ruleView, m_alertView})
        view->setStale(error.has_value());
}

void TargetsPage::refresh()
{
    ask();
    m_compare->refresh();
}

void TargetsPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    ask();
}

void TargetsPage::dress()
{
    m_state->setFont(m_context.theme.tokens().small);
}

} // namespace tokenscope::ui
