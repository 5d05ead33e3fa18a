// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/targets/compare_view.h"

#include "bridge/console_context.h"
#include "bridge/time_range.h"
#include "charts/time_series_chart.h"
#include "pages/common/outcome_box.h"
#include "theme/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSettings>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <limits>

namespace tokenscope::ui {

namespace {

constexpr std::chrono::milliseconds pace{5'000};
constexpr std::int64_t mostSteps = 600; ///< what half the page's width can show
constexpr QLatin1StringView pairKey("compare/pair");

QString keyOf(const ServerPair& pair)
{
    return QString::fromStdString(pair.provider) + QLatin1Char('\n') + pair.source + QLatin1Char('\n')
           + QString::fromStdString(pair.instance);
}

/// A page that has stopped answering, whose windows would go on showing the requests of before.
bool isBrokenPage(const sources::MetricSource& source, const sources::SourceStatus& status)
{
    return !source.capabilities().promql && status.health == sources::Health::bad;
}

/// Without the values after `end`.
query::Frame endedAt(std::int64_t end, query::Frame frame)
{
    const auto first = std::upper_bound(frame.times.begin(), frame.times.end(), end) - frame.times.begin();
    for (auto& column : frame.columns) {
        for (auto i = static_cast<std::size_t>(first); i < column.values.size(); ++i)
            column.values[i] = std::numeric_limits<double>::quiet_NaN();
    }
    return frame;
}

} // namespace

CompareView::CompareView(const ConsoleContext& context, TimeRange& range, QWidget* parent)
    : QWidget(parent), m_context(context), m_range(range),
      m_finder(new PairFinder(context.sources, context.providers, this)), m_pairs(new QComboBox), m_about(new QLabel),
      m_trouble(new OutcomeBox(context.theme, QStringLiteral("compare.trouble"))), m_empty(new QLabel),
      m_charts(new QWidget)
{
    const auto& tokens = context.theme.tokens();
    setObjectName(QStringLiteral("compare"));
    m_pairs->setObjectName(QStringLiteral("compare.pair"));
    m_pairs->setAccessibleName(tr("Provider and source"));
    m_pairs->setMinimumWidth(260);
    m_pairs->setMaximumWidth(560);
    // Pairs come one by one, long after it is shown first.
    m_pairs->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_about->setObjectName(QStringLiteral("compare.about"));
    m_about->setText(tr(
        "The gap is what the network and everything between the gateway and the server add. That of the mean is "
        "exact where both saw the same requests; where the traffic or the server starts or stops, their windows hold "
        "different ones. That of p50 and p95 is no delay of any request: percentiles do not subtract, and the "
        "server's are only as fine as the buckets of its histogram. A gap that is no wider than the bucket says "
        "nothing."));
    m_about->setProperty("role", QStringLiteral("secondary"));
    m_about->setWordWrap(true);
    auto rest = m_about->sizePolicy();
    rest.setHorizontalPolicy(QSizePolicy::Ignored); // what the pair leaves
    m_about->setSizePolicy(rest);
    m_empty->setObjectName(QStringLiteral("compare.empty"));
    m_empty->setProperty("role", QStringLiteral("secondary"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    auto* top = new QHBoxLayout;
    top->setSpacing(tokens.space3);
    top->addWidget(m_pairs);
    top->addWidget(m_about, 1);
    auto* charts = new QHBoxLayout(m_charts);
    charts->setContentsMargins(0, 0, 0, 0);
    charts->setSpacing(tokens.space3);
    auto* group = new ChartGroup(this);
    for (const auto latency : {sources::Latency::first_token, sources::Latency::total}) {
        const bool first = latency == sources::Latency::first_token;
        auto& half = m_halves[first ? 0 : 1];
        half.latency = latency;
        half.chart = new TimeSeriesChart(context.theme, group);
        half.chart->setObjectName(first ? QStringLiteral("compare.first") : QStringLiteral("compare.total"));
        half.chart->setTitle(first ? tr("Time to first token") : tr("Total latency"));
        half.chart->setSubtitle(tr("client, server, and the gap"));
        half.chart->setUnit(Unit::seconds);
        half.chart->setPercentiles(true);
        charts->addWidget(half.chart, 1);
        connect(half.chart, &TimeSeriesChart::rangeSelected, this, [this](qint64 from, qint64 to) {
            m_range.setFixed({from, to});
        });
        connect(half.chart, &TimeSeriesChart::rangeReset, this, [this] { m_range.goLive(); });
    }
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(tokens.space2);
    column->addLayout(top);
    column->addWidget(m_trouble);
    column->addWidget(m_charts, 1);
    column->addWidget(m_empty, 1);
    connect(m_finder, &PairFinder::changed, this, &CompareView::pairsFound);
    connect(m_pairs, &QComboBox::currentIndexChanged, this, [this] {
        m_context.settings.setValue(pairKey, m_pairs->currentData());
        startOver();
        ask();
    });
    connect(&range, &TimeRange::changed, this, [this] { ask(); });
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (m_range.live() && !waiting())
            ask();
        tellTrouble();
    });
    connect(&context.theme, &Theme::changed, this, &CompareView::dress);
    m_timer.start(pace);
    dress();
    pairsFound();
}

void CompareView::refresh()
{
    if (isVisible())
        m_finder->find();
}

void CompareView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_finder->find();
}

QString CompareView::emptyText() const
{
    if (m_finder->searching())
        return tr("Looking for the servers among the sources…");
    if (!m_finder->anyProvider())
        return tr("No provider of the gateway has an address of its own: add one to the configuration, e.g. a vLLM.");
    return tr("None of the sources reports the latencies of a provider's server. Add the server's /metrics page, or a "
              "Prometheus that scrapes it, under Sources (Ctrl+L).");
}

void CompareView::pairsFound()
{
    auto found = m_finder->pairs();
    // Looked for anew: what is shown stays until it is found again, or is not.
    const auto shown = m_pairs->currentData();
    if (m_finder->searching() && m_pairs->count() > 0
        && std::none_of(found.begin(), found.end(), [&shown](const auto& pair) { return keyOf(pair) == shown; }))
        return;
    m_shown = std::move(found);
    offerPairs(shown);
    if (m_pairs->currentData() != shown)
        startOver();
    const bool any = m_pairs->count() > 0;
    m_pairs->setVisible(any);
    m_about->setVisible(any);
    m_charts->setVisible(any);
    m_empty->setVisible(!any);
    m_empty->setText(emptyText());
    ask();
}

/// What a person chose comes first. Else what is shown stays, whatever else is found: an earlier source may answer later.
void CompareView::offerPairs(const QVariant& shown)
{
    const QSignalBlocker quiet(m_pairs); // nobody chose
    m_pairs->clear();
    for (const auto& pair : m_shown) {
        const auto instance = QString::fromStdString(pair.instance);
        m_pairs->addItem(tr("%1 · by %2").arg(QString::fromStdString(pair.provider), pair.title)
                             + (instance.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(instance)),
                         keyOf(pair));
    }
    for (const auto& key : {m_context.settings.value(pairKey), shown}) {
        if (const auto index = key.isValid() ? m_pairs->findData(key) : -1; index >= 0) {
            m_pairs->setCurrentIndex(index);
            return;
        }
    }
}

/// No numbers of the pair before stand under another's name.
void CompareView::startOver()
{
    m_trouble->clear();
    for (auto& half : m_halves) {
        for (auto* asked : half.questions())
            asked->inquiry.cancel();
        half.chart->setFrame(nullptr);
        half.chart->setLoading();
    }
}

const ServerPair* CompareView::pair() const
{
    const auto index = m_pairs->currentIndex();
    return index >= 0 && index < static_cast<int>(m_shown.size()) ? &m_shown[static_cast<std::size_t>(index)] : nullptr;
}

const SourceList::Entry* CompareView::server() const
{
    const auto* chosen = pair();
    const auto& entries = m_context.sources.entries();
    const auto entry = std::find_if(entries.begin(), entries.end(),
                                    [chosen](const auto& one) { return chosen && one.id == chosen->source; });
    return entry == entries.end() ? nullptr : &*entry;
}

void CompareView::ask()
{
    const auto* chosen = pair();
    if (!chosen || !isVisible())
        return;
    const auto* asked = server();
    // Both sides are asked at the same steps, so the slower one's samples decide.
    const auto least = std::max(closestStep(m_context.sources.entries().front()), asked ? closestStep(*asked) : 0);
    const auto range = m_range.steps(mostSteps, least);
    for (auto& half : m_halves)
        ask(half, *chosen, asked, range);
}

bool CompareView::waiting()
{
    return std::any_of(m_halves.begin(), m_halves.end(), [](Half& half) {
        const auto questions = half.questions();
        return std::any_of(questions.begin(), questions.end(),
                           [](const Asked* asked) { return asked->inquiry.waiting(); });
    });
}

void CompareView::widen(query::Query& ours, query::Query& theirs, const SourceList::Entry& server,
                        const sources::Range& range)
{
    m_scrapes.widen(ours, m_context.sources.entries().front(), range.step, m_range.end());
    m_scrapes.widen(theirs, server, range.step, m_range.end());
    ours.window = theirs.window = std::max(ours.window, theirs.window);
}

void CompareView::ask(Half& half, const ServerPair& pair, const SourceList::Entry* server, const sources::Range& range)
{
    for (auto* asked : half.questions())
        asked->inquiry.cancel(); // of another pair or time
    const auto& metric = half.latency == sources::Latency::first_token ? pair.first_token : pair.total;
    half.chart->setTimeRange(range.from, range.to);
    half.missing = 0;
    half.error.clear();
    if (metric.empty() || !server) {
        half.chart->setFrame(nullptr);
        half.chart->setEmptyText(tr("The server does not report this."));
        return;
    }
    half.chart->setEmptyText(tr("No requests in this time range."));
    half.missing = 4;
    const auto local = m_context.sources.entries().front().source;
    const auto remote = server->source;
    auto ours = sources::client_queries(half.latency, pair.provider);
    auto theirs = sources::server_queries(metric, pair.instance);
    widen(ours.mean, theirs.mean, *server, range);
    widen(ours.percentiles, theirs.percentiles, *server, range);
    ask(half, half.client.mean, *local, std::move(ours.mean), range);
    ask(half, half.client.percentiles, *local, std::move(ours.percentiles), range);
    ask(half, half.server.mean, *remote, std::move(theirs.mean), range);
    ask(half, half.server.percentiles, *remote, std::move(theirs.percentiles), range);
}

void CompareView::ask(Half& half, Asked& asked, sources::MetricSource& source, query::Query query,
                      const sources::Range& range)
{
    auto done = asked.inquiry.begin<query::FramePtr>([this, &half, &asked](const Result<query::FramePtr>& frame) {
        asked.frame = frame.value_or(nullptr);
        if (!frame)
            half.error = QString::fromStdString(frame.error().message);
        settle(half);
    });
    source.range(std::move(query), range, asked.inquiry.token(), std::move(done));
}

void CompareView::settle(Half& half)
{
    if (--half.missing > 0)
        return;
    const auto& ours = half.client;
    const auto& theirs = half.server;
    if (ours.mean.frame && ours.percentiles.frame && theirs.mean.frame && theirs.percentiles.frame) {
        sources::LatencyFrames reported{*theirs.mean.frame, *theirs.percentiles.frame};
        const auto* asked = server();
        const auto status = asked ? asked->source->status() : sources::SourceStatus();
        if (asked && isBrokenPage(*asked->source, status) && status.last_success_ms)
            reported = {endedAt(*status.last_success_ms, std::move(reported.mean)),
                        endedAt(*status.last_success_ms, std::move(reported.percentiles))};
        half.chart->setFrame(std::make_shared<const query::Frame>(
            sources::side_by_side({*ours.mean.frame, *ours.percentiles.frame}, reported)));
    } else {
        half.chart->setError(half.error);
    }
    tellTrouble();
}

QString CompareView::troubleOf(const SourceList::Entry& server) const
{
    const auto status = server.source->status();
    if (isBrokenPage(*server.source, status)) {
        // What is shown may be from before it stopped.
        const bool later = !status.last_success_ms || *status.last_success_ms < m_range.end();
        return later ? QString::fromStdString(status.message) : QString();
    }
    // A Prometheus may fail others and answer here.
    const auto isFailed = [](const Half& half) {
        return !half.error.isEmpty() && !(half.server.mean.frame && half.server.percentiles.frame);
    };
    const auto failed = std::find_if(m_halves.begin(), m_halves.end(), isFailed);
    return failed == m_halves.end() ? QString() : failed->error;
}

void CompareView::tellTrouble()
{
    if (std::any_of(m_halves.begin(), m_halves.end(), [](const Half& half) { return half.missing > 0; }))
        return;
    const auto* asked = server();
    const auto trouble = asked ? troubleOf(*asked) : QString();
    if (trouble.isEmpty()) {
        m_trouble->clear();
        return;
    }
    const auto words = asked->source->status().last_success_ms
                           ? tr("The lines of “%1” end where its last answer was: %2")
                           : tr("“%1” has not answered yet: %2");
    m_trouble->show(OutcomeBox::Outcome::bad, words.arg(QString::fromStdString(asked->source->name()), trouble));
}

void CompareView::dress()
{
    m_about->setFont(m_context.theme.tokens().small);
    m_empty->setFont(m_context.theme.tokens().body);
}

} // namespace tokenscope::ui
