// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/explore/result_view.h"

#include "charts/heatmap.h"
#include "charts/time_series_chart.h"
#include "pages/common/notice_bar.h"
#include "pages/explore/export_text.h"
#include "theme/theme.h"
#include "widgets/elided_label.h"
#include "widgets/value_table.h"

#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QPointer>
#include <QSaveFile>
#include <QStackedWidget>
#include <QTabBar>
#include <QTableView>
#include <QThreadPool>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace tokenscope::ui {

namespace {

double meanOf(const query::Column& column)
{
    double sum = 0;
    std::size_t count = 0;
    for (const auto value : column.values) {
        if (std::isfinite(value)) {
            sum += value;
            ++count;
        }
    }
    return count == 0 ? -std::numeric_limits<double>::infinity() : sum / static_cast<double>(count);
}

/// The columns with the highest means, in their order; all have a name that says which they are.
query::FramePtr highest(const query::Frame& frame, std::size_t most)
{
    std::vector<double> means;
    std::transform(frame.columns.begin(), frame.columns.end(), std::back_inserter(means), meanOf);
    std::vector<std::size_t> order(frame.columns.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    if (order.size() > most) {
        std::partial_sort(
            order.begin(), order.begin() + static_cast<std::ptrdiff_t>(most), order.end(),
            [&means](std::size_t a, std::size_t b) { return std::pair(-means[a], a) < std::pair(-means[b], b); });
        order.resize(most);
        std::sort(order.begin(), order.end());
    }
    auto shown = std::make_shared<query::Frame>();
    shown->times = frame.times;
    for (const auto index : order) {
        auto column = frame.columns[index];
        if (column.name.empty())
            column.name = seriesText(column).toStdString();
        shown->columns.push_back(std::move(column));
    }
    return shown;
}

/// What is said of answers that have values and none that can be drawn; empty of others. What has a column matched something, so
/// that one without a number was answered NaN.
QString undrawnText(const query::Frame& frame)
{
    QStringList kinds;
    const auto add = [&kinds](const QString& kind) {
        if (!kinds.contains(kind))
            kinds << kind;
    };
    for (const auto& column : frame.columns) {
        if (std::any_of(column.values.begin(), column.values.end(), [](double value) { return std::isfinite(value); }))
            return {};
        if (!column.values.empty()
            && std::all_of(column.values.begin(), column.values.end(), [](double value) { return std::isnan(value); }))
            add(QStringLiteral("NaN"));
        for (const auto value : column.values) {
            if (std::isinf(value))
                add(value > 0 ? QStringLiteral("+Inf") : QStringLiteral("-Inf"));
        }
    }
    return kinds.isEmpty() ? QString()
                           : ResultView::tr("Only values that cannot be drawn: %1 (see the table)")
                                 .arg(kinds.join(QStringLiteral(", ")));
}

QStringList headerOf(const QAbstractItemModel& model)
{
    QStringList header;
    for (int column = 0; column < model.columnCount(); ++column)
        header << model.headerData(column, Qt::Horizontal).toString();
    return header;
}

/// Why it could not be done; empty: it was.
QString writeFile(const QString& path, const query::Frame& frame, bool overTime)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return file.errorString();
    if (overTime)
        writeCsvOverTime(frame, file);
    else
        writeCsv(frame, file);
    return file.commit() ? QString() : file.errorString();
}

QPushButton* flatButton(const QString& text, const char* name, const QString& tip)
{
    auto* button = new QPushButton(text);
    button->setObjectName(QLatin1StringView(name));
    button->setProperty("flat", true);
    button->setToolTip(tip);
    return button;
}

} // namespace

ResultView::ResultView(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_tabs(new QTabBar), m_summary(new ElidedLabel),
      m_copy(
          flatButton(tr("Copy table"), "explore.copy", tr("Copy the table's chosen rows, or all, with tabs between"))),
      m_export(flatButton(tr("Export…"), "explore.export", tr("Export what is shown as CSV"))), m_warnings(new QLabel),
      m_notice(new NoticeBar(theme, QStringLiteral("explore.result.notice"))), m_stack(new QStackedWidget),
      m_chart(new TimeSeriesChart(theme, nullptr)), m_heatmap(new Heatmap(theme, nullptr)),
      m_table(new ValueTable(theme))
{
    const auto& tokens = theme.tokens();
    m_chart->setObjectName(QStringLiteral("explore.chart"));
    m_heatmap->setObjectName(QStringLiteral("explore.heatmap"));
    m_table->setObjectName(QStringLiteral("explore.table"));
    m_table->setTitle(tr("Values at the end"));
    m_table->setExact(true);
    m_table->view().setObjectName(QStringLiteral("explore.table.view"));
    m_warnings->setObjectName(QStringLiteral("explore.warnings"));
    m_warnings->setWordWrap(true);
    m_warnings->setTextFormat(Qt::PlainText);
    m_warnings->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_warnings->hide();
    for (auto* view : std::initializer_list<QWidget*>{m_chart, m_heatmap, m_table})
        m_stack->addWidget(view);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(tokens.space2);
    column->addWidget(makeHeader());
    column->addWidget(m_notice);
    column->addWidget(m_warnings);
    column->addWidget(m_stack, 1);
    connect(m_chart, &TimeSeriesChart::rangeSelected, this, &ResultView::rangeSelected);
    connect(m_chart, &TimeSeriesChart::rangeReset, this, &ResultView::rangeReset);
    connect(&theme, &Theme::changed, this, &ResultView::dress);
    clear({});
    dress();
}

QWidget* ResultView::makeHeader()
{
    const auto& tokens = m_theme.tokens();
    auto* header = new QWidget;
    m_tabs->setObjectName(QStringLiteral("explore.tabs"));
    m_tabs->setAccessibleName(tr("Chart or table"));
    m_tabs->addTab(tr("Chart"));
    m_tabs->addTab(tr("Table"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_summary->setObjectName(QStringLiteral("explore.summary"));
    m_summary->setProperty("role", QStringLiteral("secondary"));
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(tokens.space2);
    row->addWidget(m_tabs);
    row->addWidget(m_summary, 1);
    row->addWidget(m_copy);
    row->addWidget(m_export);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int index) {
        setTab(index);
        Q_EMIT tabChanged(index);
    });
    connect(m_copy, &QPushButton::clicked, this, &ResultView::copy);
    connect(m_export, &QPushButton::clicked, this, &ResultView::exportFile);
    return header;
}

int ResultView::tab() const
{
    return m_tabs->currentIndex();
}

void ResultView::setTab(int index)
{
    m_tabs->setCurrentIndex(index);
    m_stack->setCurrentWidget(index == 1 ? static_cast<QWidget*>(m_table)
                              : m_heat   ? static_cast<QWidget*>(m_heatmap)
                                         : m_chart);
}

int ResultView::chartWidth() const
{
    return m_stack->width();
}

void ResultView::setQuestion(const QString& title)
{
    m_chart->setTitle(title);
    m_heatmap->setTitle(title);
}

void ResultView::setLoading()
{
    m_chart->setLoading();
    m_heatmap->setLoading();
    m_table->setLoading();
    m_summary->setText(tr("Running…"));
}

void ResultView::drawLines(const query::FramePtr& frame)
{
    m_chart->setPercentiles(
        !frame->columns.empty()
        && std::all_of(frame->columns.begin(), frame->columns.end(),
                       [](const query::Column& column) { return column.labels.contains("quantile"); }));
    m_chart->setFrame(highest(*frame, mostDrawn));
}

void ResultView::summarise(const QueryRun::Answer& answer)
{
    const auto series = static_cast<int>((answer.lines ? m_lines : m_values)->columns.size());
    const auto drawn = series > static_cast<int>(mostDrawn) && !m_heat
                           ? tr("the %1 highest of %n series drawn", nullptr, series).arg(mostDrawn)
                           : tr("%n series", nullptr, series);
    const auto step = formatRound(static_cast<double>(answer.range.step) / 1000.0, Unit::seconds);
    const auto took = formatRound(static_cast<double>(answer.tookMs) / 1000.0, Unit::seconds);
    m_summary->setText(tr("%1 · step %2 · answered in %3").arg(drawn, step, took));
    QStringList warnings;
    std::set<std::string> told;
    for (const auto* frame : {m_lines.get(), m_values.get()}) {
        for (const auto& warning : frame->warnings) {
            if (told.insert(warning).second)
                warnings << QString::fromStdString(warning);
        }
    }
    m_warnings->setText(warnings.join(QLatin1Char('\n')));
    m_warnings->setVisible(!warnings.isEmpty());
}

void ResultView::showAnswer(const QueryRun::Answer& answer, bool heatmap, Unit unit)
{
    m_chart->setUnit(unit);
    m_heatmap->setUnit(unit);
    m_table->setUnit(unit);
    m_heat = heatmap;
    m_lines = answer.lines && *answer.lines ? *answer.lines : std::make_shared<const query::Frame>();
    m_values = answer.values && *answer.values ? *answer.values : std::make_shared<const query::Frame>();
    setPast({});
    m_table->setEmptyText(tr("Nothing has a value at the end of this time range."));
    m_chart->setTimeRange(answer.range.from, answer.range.to);
    m_heatmap->setTimeRange(answer.range.from, answer.range.to);
    if (heatmap)
        m_heatmap->setFrame(m_lines);
    else
        drawLines(m_lines);
    const auto header = headerOf(*m_table->view().model());
    m_table->setFrame(m_values);
    if (header != headerOf(*m_table->view().model()))
        m_table->fitColumns(m_stack->width());
    if (!answer.lines) {
        const auto& refused = answer.lines.error();
        const auto why = QString::fromStdString(refused.detail.empty() ? refused.message : refused.detail);
        const auto text = tr("No lines to draw, see the table: %1").arg(why);
        m_chart->setError(text);
        m_heatmap->setError(text);
    }
    if (!answer.values)
        m_table->setError(QString::fromStdString(answer.values.error().message));
    summarise(answer);
    m_copy->setEnabled(!m_values->columns.empty());
    m_export->setEnabled(!m_lines->columns.empty() || !m_values->columns.empty());
    setTab(tab());
}

void ResultView::setPast(const QString& words)
{
    const auto undrawn = m_lines ? undrawnText(*m_lines) : QString();
    m_chart->setUndrawnText(undrawn);
    const auto text = !words.isEmpty()     ? words
                      : !undrawn.isEmpty() ? undrawn
                                           : tr("Nothing matched in this time range.");
    m_chart->setEmptyText(text);
    m_heatmap->setEmptyText(text);
}

void ResultView::showError(const QString& message)
{
    m_chart->setError(message);
    m_heatmap->setError(message);
    m_table->setError(message);
    const auto drawn = [](const query::FramePtr& frame) { return frame && !frame->columns.empty(); };
    m_summary->setText(drawn(m_lines) || drawn(m_values) ? tr("What is shown is from before") : QString());
    m_warnings->hide();
}

void ResultView::clear(const QString& emptyText)
{
    m_lines.reset();
    m_values.reset();
    m_heat = false;
    setQuestion(tr("Over time"));
    m_chart->setEmptyText(emptyText);
    m_heatmap->setEmptyText(emptyText);
    m_table->setEmptyText(emptyText);
    m_chart->setFrame(nullptr);
    m_heatmap->setFrame(nullptr);
    m_table->setFrame(nullptr);
    m_summary->setText({});
    m_warnings->hide();
    m_copy->setEnabled(false);
    m_export->setEnabled(false);
    setTab(tab());
}

void ResultView::copy()
{
    const auto& view = m_table->view();
    QList<int> rows;
    if (tab() == 1) {
        for (const auto& index : view.selectionModel()->selectedRows())
            rows << index.row();
        std::sort(rows.begin(), rows.end());
    }
    QGuiApplication::clipboard()->setText(tsvOf(*view.model(), rows));
}

void ResultView::exportFile()
{
    const bool overTime = tab() == 0;
    const auto frame = overTime ? m_lines : m_values;
    if (!frame)
        return;
    auto* dialog = new QFileDialog(this, overTime ? tr("Export the series") : tr("Export the table"),
                                   QStringLiteral("query.csv"), tr("Comma separated values (*.csv)"));
    dialog->setObjectName(QStringLiteral("explore.export.dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, frame, overTime](const QString& path) { save(path, frame, overTime); });
    dialog->open();
}

/// Millions of values take seconds. The application ends only once they are written.
void ResultView::save(const QString& path, const query::FramePtr& frame, bool overTime)
{
    m_notice->tell(tr("Saving %1…").arg(path));
    QThreadPool::globalInstance()->start([view = QPointer(this), path, frame, overTime] {
        const auto problem = writeFile(path, *frame, overTime);
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [view, path, problem] {
                if (view)
                    view->tellSaved(path, problem);
            },
            Qt::QueuedConnection);
    });
}

void ResultView::tellSaved(const QString& path, const QString& problem)
{
    if (problem.isEmpty())
        m_notice->mention(tr("Saved as %1").arg(path));
    else
        m_notice->tellFailure(tr("%1 cannot be written: %2").arg(path, problem));
}

void ResultView::dress()
{
    const auto& tokens = m_theme.tokens();
    m_summary->setFont(tokens.small);
    m_warnings->setFont(tokens.small);
    m_warnings->setStyleSheet(QStringLiteral("QLabel { color: %1; }").arg(tokens.warn.name()));
}

} // namespace tokenscope::ui
