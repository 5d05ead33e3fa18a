// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/overview/baseline_panel.h"

#include "bridge/console_context.h"
#include "bridge/time_range.h"
#include "format/format.h"
#include "pages/overview/baseline_text.h"
#include "telemetry/request_figures.h"
#include "telemetry/request_log.h"
#include "theme/panel.h"
#include "theme/theme.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <chrono>
#include <set>

namespace tokenscope::ui {

namespace {

using telemetry::Comparison;

constexpr std::chrono::seconds pace{2};
constexpr QLatin1StringView windowKey("overview/baseline");

WallTime wallTime(std::int64_t ms)
{
    return WallTime(std::chrono::milliseconds(ms));
}

} // namespace

BaselinePanel::BaselinePanel(const ConsoleContext& context, TimeRange& range, QWidget* parent)
    : QWidget(parent), m_context(context), m_range(range), m_title(new QLabel(tr("Baseline"))), m_note(new QLabel),
      m_model(new QComboBox), m_pin(new QPushButton), m_unpin(new QPushButton(tr("Unpin")))
{
    const auto& tokens = context.theme.tokens();
    setObjectName(QStringLiteral("baseline"));
    setAccessibleName(tr("Baseline: a pinned window against the present"));
    m_note->setObjectName(QStringLiteral("baseline.note"));
    m_note->setProperty("role", QStringLiteral("secondary"));
    m_note->setTextFormat(Qt::PlainText);
    m_note->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_model->setObjectName(QStringLiteral("baseline.model"));
    m_model->setAccessibleName(tr("Compare the requests of"));
    m_model->addItem(tr("All models"), QString());
    m_pin->setObjectName(QStringLiteral("baseline.pin"));
    m_unpin->setObjectName(QStringLiteral("baseline.unpin"));
    auto* header = new QHBoxLayout;
    header->setSpacing(tokens.space2);
    header->addWidget(m_title);
    header->addWidget(m_note, 1);
    for (auto* widget : std::initializer_list<QWidget*>{m_model, m_pin, m_unpin})
        header->addWidget(widget);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(tokens.space3, tokens.space2, tokens.space3, tokens.space2);
    column->setSpacing(tokens.space2);
    m_table = makeTable();
    column->addLayout(header);
    column->addWidget(m_table);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);

    connect(m_pin, &QPushButton::clicked, this, &BaselinePanel::pin);
    connect(m_unpin, &QPushButton::clicked, this, &BaselinePanel::unpin);
    connect(m_model, &QComboBox::currentIndexChanged, this, &BaselinePanel::compare);
    connect(&m_range, &TimeRange::changed, this, &BaselinePanel::poll);
    connect(&context.theme, &Theme::changed, this, &BaselinePanel::dress);
    m_timer.setInterval(pace);
    connect(&m_timer, &QTimer::timeout, this, &BaselinePanel::poll);
    restore();
    dress();
    showState();
    m_timer.start();
}

QWidget* BaselinePanel::makeTable()
{
    auto* table = new QWidget;
    auto* grid = new QGridLayout(table);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(m_context.theme.tokens().space4);
    grid->setVerticalSpacing(m_context.theme.tokens().space1);
    const QStringList quantiles{QStringLiteral("p50"), QStringLiteral("p95"), QStringLiteral("p99")};
    addRow(*grid, 0, tr("Time to first token"), quantiles);
    addRow(*grid, 1, tr("Total"), quantiles);
    addRow(*grid, 2, tr("Per output token"), quantiles);
    addRow(*grid, 3, tr("Speed and errors"), {tr("speed p50"), tr("errors")});
    for (int column = 1; column <= 3; ++column)
        grid->setColumnStretch(column, 1);
    return table;
}

void BaselinePanel::addRow(QGridLayout& grid, int row, const QString& title, const QStringList& columns)
{
    auto* head = new QLabel(title);
    head->setProperty("role", QStringLiteral("secondary"));
    m_heads.push_back(head);
    grid.addWidget(head, row, 0);
    for (int i = 0; i < columns.size(); ++i) {
        Cell cell{new QLabel, new QLabel, new QLabel, new QHBoxLayout};
        cell.values->setObjectName(QStringLiteral("baseline.values.%1").arg(m_cells.size()));
        cell.verdict->setObjectName(QStringLiteral("baseline.verdict.%1").arg(m_cells.size()));
        cell.values->setProperty("column", columns[i]);
        cell.values->setProperty("row", title);
        cell.interval->setObjectName(QStringLiteral("baseline.interval.%1").arg(m_cells.size()));
        cell.interval->setProperty("role", QStringLiteral("secondary"));
        // One above the other, and narrower than their words if need be: the page must not become wider than its window.
        auto* both = new QVBoxLayout;
        both->setSpacing(0);
        both->addWidget(cell.values);
        both->addLayout(cell.line);
        cell.line->setSpacing(m_context.theme.tokens().space2);
        cell.line->addWidget(cell.verdict);
        cell.line->addWidget(cell.interval);
        cell.line->addStretch();
        for (auto* label : {cell.values, cell.verdict, cell.interval}) {
            label->setTextFormat(Qt::PlainText);
            label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        }
        grid.addLayout(both, row, i + 1);
        m_cells.push_back(cell);
    }
}

BaselinePanel::Window BaselinePanel::now() const
{
    if (const auto& fixed = m_range.fixed())
        return {fixed->from, fixed->to};
    const auto end = m_range.steps().to;
    // A live window ends with what has just ended.
    return {end - m_range.windowMs(), m_range.live() ? m_range.now() + 1 : end};
}

void BaselinePanel::pin()
{
    const auto window = now();
    m_kept = requestsOf(window);
    m_pinned = m_kept.size();
    m_lost.reset();
    m_window = window;
    remember();
    fillModels();
    compare();
    showState();
}

void BaselinePanel::unpin()
{
    m_window.reset();
    m_lost.reset();
    m_kept.clear();
    remember();
    showState();
}

void BaselinePanel::remember() const
{
    if (!m_window)
        m_context.settings.remove(windowKey);
    else
        m_context.settings.setValue(
            windowKey, QVariantList{qlonglong(m_window->from), qlonglong(m_window->to), qulonglong(m_pinned)});
}

void BaselinePanel::restore()
{
    const auto saved = m_context.settings.value(windowKey).toList();
    if (saved.size() < 2)
        return;
    const Window window{saved[0].toLongLong(), saved[1].toLongLong()};
    // Its requests come back with the archive; without one they are gone, and so is the baseline: that is said. Where there were
    // none, none are gone.
    m_kept = requestsOf(window);
    const auto pinned =
        saved.size() > 2 ? std::optional(static_cast<std::size_t>(saved[2].toULongLong())) : std::nullopt;
    m_pinned = std::max(m_kept.size(), pinned.value_or(0));
    (m_kept.empty() && pinned != std::size_t{0} ? m_lost : m_window) = window;
    if (m_window)
        fillModels();
}

std::vector<std::shared_ptr<const telemetry::RequestRecord>> BaselinePanel::requestsOf(const Window& window) const
{
    auto all = m_context.requests.since(0);
    std::erase_if(all, [&window](const auto& record) {
        const auto ended = telemetry::ended_at(*record);
        return ended < wallTime(window.from) || ended >= wallTime(window.to);
    });
    return {all.begin(), all.end()};
}

QString BaselinePanel::span(const Window& window) const
{
    // By the whole time since: one of yesterday needs its date.
    const auto since = std::max(window.to, m_range.now()) - window.from;
    return tr("%1 to %2").arg(formatTime(window.from, since), formatTime(window.to, since));
}

void BaselinePanel::fillModels()
{
    std::set<QString> models;
    for (const auto& record : m_kept)
        models.insert(QString::fromStdString(record->target.backend + '/' + record->target.model));
    const QSignalBlocker quiet(m_model);
    const auto before = m_model->currentData();
    m_model->clear();
    m_model->addItem(tr("All models"), QString());
    for (const auto& model : models)
        m_model->addItem(model, model);
    m_model->setCurrentIndex(std::max(0, m_model->findData(before)));
}

telemetry::Sample BaselinePanel::sampleOf(const Window& window) const
{
    return telemetry::sample(m_context.requests.since(0), wallTime(window.from), wallTime(window.to),
                             m_model->currentData().toString().toStdString());
}

void BaselinePanel::poll()
{
    if (!m_window || !isVisible())
        return;
    const auto window = now();
    const auto last = m_context.requests.last_sequence();
    const bool moved = window.from != m_comparedWindow.from || window.to != m_comparedWindow.to;
    if (last != m_compared || moved)
        compare();
}

void BaselinePanel::compare()
{
    if (!m_window)
        return;
    m_compared = m_context.requests.last_sequence();
    m_comparedWindow = now();
    const auto model = m_model->currentData().toString().toStdString();
    const auto before = telemetry::sample(m_kept, wallTime(m_window->from), wallTime(m_window->to), model);
    const auto after = sampleOf(m_comparedWindow);
    const auto all = telemetry::compare(before, after);
    for (std::size_t i = 0; i < std::min(all.size(), m_cells.size()); ++i)
        showCell(m_cells[i], all[i]);
    const auto gone = m_pinned - std::min(m_pinned, m_kept.size());
    QString note = tr("%1, %2 requests, against %3 now").arg(span(*m_window)).arg(before.requests).arg(after.requests);
    if (gone > 0)
        note += tr("; %1 more are gone with an earlier run").arg(gone);
    m_note->setText(note);
    fitIntervals();
}

void BaselinePanel::showCell(const Cell& cell, const Comparison& comparison)
{
    const auto& tokens = m_context.theme.tokens();
    const auto column = cell.values->property("column").toString();
    cell.values->setText(
        QStringLiteral("%1  %2 → %3")
            .arg(column, comparedText(comparison, comparison.before), comparedText(comparison, comparison.after)));
    const auto verdict = verdictText(comparison);
    const auto interval = intervalText(comparison);
    const auto tip = confidenceText(comparison);
    cell.interval->setText(interval);
    cell.verdict->setText(verdict);
    const auto color = comparison.verdict == Comparison::Verdict::better  ? tokens.good
                       : comparison.verdict == Comparison::Verdict::worse ? tokens.bad
                                                                          : tokens.secondary;
    auto palette = cell.verdict->palette();
    palette.setColor(QPalette::WindowText, color);
    cell.verdict->setPalette(palette);
    QString spoken =
        QStringLiteral("%1 %2: %3").arg(cell.values->property("row").toString(), cell.values->text(), verdict);
    if (!interval.isEmpty())
        spoken += tr(", with 95 % confidence %1").arg(interval);
    for (auto* label : {cell.values, cell.verdict, cell.interval}) {
        label->setToolTip(tip);
        label->setAccessibleName(spoken);
    }
}

/// What is cut short misleads: an interval is there as a whole or not at all. The labels' shares of their line are what they need, as
/// labels that could not become narrower would keep the page from it, too.
void BaselinePanel::fitIntervals()
{
    m_table->layout()->activate();
    const auto gap = 2 * m_context.theme.tokens().space2;
    for (const auto& cell : m_cells) {
        const auto width = [](const QLabel* label) {
            return label->fontMetrics().horizontalAdvance(label->text()) + 2;
        };
        const int verdict = width(cell.verdict);
        const int interval = width(cell.interval);
        const int rest = cell.values->width() - verdict - interval - gap;
        const bool fits = rest >= 0 && !cell.interval->text().isEmpty();
        cell.interval->setVisible(fits);
        cell.line->setStretch(0, fits ? verdict : 1);
        cell.line->setStretch(1, fits ? interval : 0);
        cell.line->setStretch(2, fits ? rest : 0);
    }
    m_table->layout()->activate();
}

void BaselinePanel::showState()
{
    m_table->setVisible(pinned());
    m_model->setVisible(pinned());
    m_unpin->setVisible(pinned() || m_lost);
    m_unpin->setText(m_lost ? tr("Dismiss") : tr("Unpin"));
    m_pin->setText(pinned() || m_lost ? tr("Pin anew") : tr("Pin this window"));
    if (m_lost)
        m_note->setText(
            tr("The baseline of %1 is gone with the last run, as its requests were kept in memory only. Pin "
               "one anew.")
                .arg(span(*m_lost)));
    else if (!pinned())
        m_note->setText(tr("Pin the present window, change something, and see what it did to the percentiles."));
    updateGeometry();
}

void BaselinePanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fitIntervals();
}

void BaselinePanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    poll();
}

void BaselinePanel::paintEvent(QPaintEvent*)
{
    paintPanel(*this, m_context.theme.tokens());
}

void BaselinePanel::dress()
{
    const auto& tokens = m_context.theme.tokens();
    auto title = tokens.body;
    title.setWeight(QFont::DemiBold);
    m_title->setFont(title);
    m_note->setFont(tokens.small);
    for (auto* head : m_heads) {
        head->setFont(tokens.small);
    }
    for (const auto& cell : m_cells) {
        cell.values->setFont(tokens.small);
        cell.verdict->setFont(tokens.small);
        cell.interval->setFont(tokens.small);
    }
    compare(); // the colours of the verdicts
    update();
}

} // namespace tokenscope::ui
