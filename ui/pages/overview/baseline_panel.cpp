// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/overview/baseline_panel.h"

#include "bridge/console_context.h"
#include "bridge/time_range.h"
#include "format/format.h"
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
using telemetry::Measure;

constexpr std::chrono::seconds pace{2};
constexpr QLatin1StringView windowKey("overview/baseline");
constexpr QChar minus(0x2212);

WallTime wallTime(std::int64_t ms)
{
    return WallTime(std::chrono::milliseconds(ms));
}

Unit unitOf(Measure measure)
{
    switch (measure) {
    case Measure::speed: return Unit::tokensPerSecond;
    case Measure::errors: return Unit::percent;
    default: return Unit::seconds;
    }
}

/// A share is shown in per cent.
double shown(Measure measure, double value)
{
    return measure == Measure::errors ? value * 100 : value;
}

QString valueText(const Comparison& comparison, std::optional<double> value)
{
    if (value)
        value = shown(comparison.measure, *value);
    return formatValue(value, unitOf(comparison.measure)).joined();
}

/// With its sign: "+58 ms".
QString changeText(const Comparison& comparison, double change)
{
    const auto size = formatValue(std::abs(shown(comparison.measure, change)), unitOf(comparison.measure)).joined();
    return change > 0 ? QLatin1Char('+') + size : change < 0 ? minus + size : size;
}

QString verdictText(Comparison::Verdict verdict, Measure measure)
{
    const bool time = measure != Measure::speed && measure != Measure::errors;
    switch (verdict) {
    case Comparison::Verdict::better:
        return time || measure == Measure::speed ? BaselinePanel::tr("faster") : BaselinePanel::tr("fewer");
    case Comparison::Verdict::worse:
        return time || measure == Measure::speed ? BaselinePanel::tr("slower") : BaselinePanel::tr("more");
    case Comparison::Verdict::unclear: return BaselinePanel::tr("no clear difference");
    case Comparison::Verdict::too_few: return BaselinePanel::tr("too few requests");
    }
    return {};
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
        Cell cell{new QLabel, new QLabel};
        cell.values->setObjectName(QStringLiteral("baseline.values.%1").arg(m_cells.size()));
        cell.verdict->setObjectName(QStringLiteral("baseline.verdict.%1").arg(m_cells.size()));
        cell.values->setProperty("column", columns[i]);
        cell.values->setProperty("row", title);
        for (auto* label : {cell.values, cell.verdict})
            label->setTextFormat(Qt::PlainText);
        // One above the other, and narrower than their words if need be: the page must not become wider than its window.
        auto* both = new QVBoxLayout;
        both->setSpacing(0);
        for (auto* label : {cell.values, cell.verdict}) {
            label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
            both->addWidget(label);
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
    m_kept.clear();
    for (auto& record : m_context.requests.since(0)) {
        const auto ended = telemetry::ended_at(*record);
        if (ended >= wallTime(window.from) && ended < wallTime(window.to))
            m_kept.push_back(std::move(record));
    }
    m_window = window;
    remember();
    fillModels();
    compare();
    showState();
}

void BaselinePanel::unpin()
{
    m_window.reset();
    m_kept.clear();
    remember();
    showState();
}

void BaselinePanel::remember() const
{
    if (!m_window)
        m_context.settings.remove(windowKey);
    else
        m_context.settings.setValue(windowKey, QVariantList{qlonglong(m_window->from), qlonglong(m_window->to)});
}

void BaselinePanel::restore()
{
    const auto saved = m_context.settings.value(windowKey).toList();
    if (saved.size() != 2)
        return;
    const Window window{saved[0].toLongLong(), saved[1].toLongLong()};
    // Its requests come back with the archive; without one they are gone, and so is the baseline.
    for (auto& record : m_context.requests.since(0)) {
        const auto ended = telemetry::ended_at(*record);
        if (ended >= wallTime(window.from) && ended < wallTime(window.to))
            m_kept.push_back(std::move(record));
    }
    if (m_kept.empty())
        return;
    m_window = window;
    fillModels();
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
    const auto span = m_window->to - m_window->from;
    m_note->setText(tr("%1 – %2, %3 requests, against %4 now")
                        .arg(formatTime(m_window->from, span), formatTime(m_window->to, span))
                        .arg(before.requests)
                        .arg(after.requests));
}

void BaselinePanel::showCell(const Cell& cell, const Comparison& comparison)
{
    const auto& tokens = m_context.theme.tokens();
    const auto column = cell.values->property("column").toString();
    cell.values->setText(
        QStringLiteral("%1  %2 → %3")
            .arg(column, valueText(comparison, comparison.before), valueText(comparison, comparison.after)));
    auto verdict = verdictText(comparison.verdict, comparison.measure);
    QString tip;
    if (comparison.difference) {
        const auto& difference = *comparison.difference;
        if (difference.certain())
            verdict = QStringLiteral("%1 %2").arg(changeText(comparison, difference.value), verdict);
        tip = tr("Difference %1; with 95 % confidence between %2 and %3 (bootstrap; errors: Newcombe)")
                  .arg(changeText(comparison, difference.value), changeText(comparison, difference.low),
                       changeText(comparison, difference.high));
    }
    cell.verdict->setText(verdict);
    const auto color = comparison.verdict == Comparison::Verdict::better  ? tokens.good
                       : comparison.verdict == Comparison::Verdict::worse ? tokens.bad
                                                                          : tokens.secondary;
    auto palette = cell.verdict->palette();
    palette.setColor(QPalette::WindowText, color);
    cell.verdict->setPalette(palette);
    for (auto* label : {cell.values, cell.verdict}) {
        label->setToolTip(tip);
        label->setAccessibleName(
            QStringLiteral("%1 %2: %3").arg(cell.values->property("row").toString(), cell.values->text(), verdict));
    }
}

void BaselinePanel::showState()
{
    m_table->setVisible(pinned());
    m_model->setVisible(pinned());
    m_unpin->setVisible(pinned());
    m_pin->setText(pinned() ? tr("Pin anew") : tr("Pin this window"));
    if (!pinned())
        m_note->setText(tr("Pin the present window, change something, and see what it did to the percentiles."));
    updateGeometry();
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
    }
    compare(); // the colours of the verdicts
    update();
}

} // namespace tokenscope::ui
