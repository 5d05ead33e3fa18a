// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/requests/requests_page.h"

#include "bridge/console_context.h"
#include "bridge/source_list.h"
#include "pages/common/notice_bar.h"
#include "pages/requests/empty_note.h"
#include "pages/requests/export_button.h"
#include "pages/requests/filter_box.h"
#include "pages/requests/filter_row.h"
#include "pages/requests/request_details.h"
#include "pages/requests/request_list.h"
#include "pages/requests/text_button.h"
#include "telemetry/request_log.h"
#include "theme/theme.h"
#include "widgets/lane_view.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QStackedLayout>
#include <QVBoxLayout>

namespace tokenscope::ui {

namespace {

constexpr std::size_t keptRequests = 2000; // as RequestLog
constexpr int pollMs = 250;

QString momentText(std::int64_t ms, std::int64_t nowMs)
{
    const auto moment = QDateTime::fromMSecsSinceEpoch(ms);
    const bool today = moment.date() == QDateTime::fromMSecsSinceEpoch(nowMs).date();
    return today ? moment.toString(QStringLiteral("HH:mm:ss"))
                 : QLocale(QLocale::English).toString(moment, QStringLiteral("d MMM HH:mm:ss"));
}

} // namespace

RequestsPage::RequestsPage(const ConsoleContext& context, QWidget* lanes, RequestDetails* details, QWidget* parent)
    : Page(parent), m_context(context),
      m_model(new RequestListModel(context.theme, context.requests, context.clock, keptRequests, this)),
      m_filter(new FilterRow(context.theme, context.settings,
                             [this](const QString& field) { return seenValues(m_model->all(), field); })),
      m_elsewhere(new QLabel), m_count(new QLabel), m_chip(new QPushButton),
      m_follow(textButton(tr("Follow"), "requests.follow", tr("Keep the newest on top"))),
      m_export(new ExportButton(*m_model)), m_notice(new NoticeBar(context.theme, QStringLiteral("requests.notice"))),
      m_list(new RequestList(context.theme, *m_model, context.settings)), m_empty(new EmptyNote(context.theme)),
      m_details(details), m_splitter(new QSplitter(Qt::Horizontal)), m_lanes(lanes),
      m_lanesToggle(textButton(tr("In flight"), "requests.lanes.toggle", tr("Show or hide the requests in flight")))
{
    setObjectName(QStringLiteral("requests"));
    m_list->setObjectName(QStringLiteral("requests.table"));
    m_list->setAccessibleName(tr("Requests"));
    place(lanes);
    connectParts();
    addShortcuts();
    restore();
    keepArrangement();
    dress();
    showState();
}

RequestsPage::~RequestsPage()
{
    save();
}

void RequestsPage::place(QWidget* lanes)
{
    const auto& tokens = m_context.theme.tokens();
    m_elsewhere->setObjectName(QStringLiteral("requests.elsewhere"));
    m_elsewhere->setProperty("role", QStringLiteral("secondary"));
    m_elsewhere->setWordWrap(true);
    m_elsewhere->setText(
        tr("These are the requests of this process's gateway: the source that is shown has none of its own."));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(tokens.space4, tokens.space3, tokens.space4, tokens.space3);
    column->setSpacing(tokens.space2);
    if (lanes)
        column->addWidget(lanes);
    column->addWidget(m_filter);
    column->addWidget(makeBar());
    column->addWidget(m_elsewhere);
    column->addWidget(m_notice);
    m_splitter->setObjectName(QStringLiteral("requests.splitter"));
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setStyleSheet(QStringLiteral("QSplitter::handle { background: transparent; }")); // between two frames
    m_splitter->addWidget(makeStage());
    m_splitter->addWidget(m_details);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_details->hide();
    column->addWidget(m_splitter, 1);
}

QWidget* RequestsPage::makeBar()
{
    m_count->setObjectName(QStringLiteral("requests.count"));
    m_count->setProperty("role", QStringLiteral("secondary"));
    m_chip->setObjectName(QStringLiteral("requests.window"));
    m_chip->setToolTip(tr("Requests that were in flight at that time, also those that began before it; click to "
                          "show all times again"));
    m_chip->setAccessibleName(m_chip->toolTip());
    m_chip->hide();
    for (auto* toggle : {m_lanesToggle, m_follow}) {
        toggle->setCheckable(true);
        toggle->setProperty("framed", true);
    }
    // Not shown where there are lanes: as it has no parent yet, it would be a window that takes the keys.
    if (!m_lanes)
        m_lanesToggle->hide();
    m_follow->setChecked(true);
    auto* columns = textButton(tr("Columns"), "requests.columns", tr("Columns and their order"));
    columns->setPopupMode(QToolButton::InstantPopup);
    columns->setProperty("menu", true);
    auto* columnMenu = new QMenu(columns);
    columns->setMenu(columnMenu);
    connect(columnMenu, &QMenu::aboutToShow, this, [this, columnMenu] {
        columnMenu->clear();
        m_list->fillColumnMenu(*columnMenu);
    });
    auto* bar = new QWidget;
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(m_context.theme.tokens().space2);
    row->addWidget(m_count);
    row->addWidget(m_chip);
    row->addStretch(1);
    row->addWidget(m_lanesToggle);
    row->addWidget(m_follow);
    row->addWidget(columns);
    row->addWidget(m_export);
    return bar;
}

QWidget* RequestsPage::makeStage()
{
    auto* stage = new QWidget;
    m_stack = new QStackedLayout(stage);
    m_stack->addWidget(m_list);
    m_stack->addWidget(m_empty);
    return stage;
}

void RequestsPage::connectParts()
{
    connect(m_filter, &FilterRow::filterChanged, this, [this](const telemetry::RequestFilter& filter) {
        m_list->keepPlace([&] { m_model->setFilter(filter); });
        // Who looks into a request finds it in the list again once the filter lets it in.
        const auto row = m_chosen ? m_model->rowOf(m_chosen->sequence) : -1;
        if (row >= 0 && !m_list->selectionModel()->hasSelection())
            m_list->selectRow(row);
        showState();
    });
    connect(m_filter, &FilterRow::notUnderstood, this, &RequestsPage::showState);
    connect(m_filter, &FilterRow::left, this, &Page::enter);
    connect(m_export, &ExportButton::saved, m_notice, &NoticeBar::mention);
    connect(m_export, &ExportButton::failed, this, [this](const QString& notice) { m_notice->tellFailure(notice); });
    connect(m_empty, &EmptyNote::remedyWanted, this, [this] {
        if (m_model->all().empty())
            Q_EMIT openPlaygroundRequested();
        else
            clearAll();
    });
    connect(m_chip, &QPushButton::clicked, this, [this] { setWindow({}); });
    connect(m_follow, &QToolButton::clicked, this, [this](bool on) {
        if (on)
            follow();
        else
            m_list->setFollowing(false);
    });
    connect(m_list, &RequestList::followingChanged, this, &RequestsPage::showFollow);
    connect(m_list, &RequestList::searched, this, [this] { m_filter->focusBox(); });
    connect(m_list, &RequestList::left, this, &RequestsPage::closeDetails);
    connect(m_list, &RequestList::opened, this, [this] {
        showChosen();
        m_details->setFocus();
    });
    connect(m_list, &RequestList::menuRequested, this, &RequestsPage::openMenu);
    connect(m_list->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (m_list->selectionModel()->hasSelection())
            showChosen();
    });
    connect(m_details, &RequestDetails::closed, this, &RequestsPage::closeDetails);
    connect(m_details, &RequestDetails::replayRequested, this, &RequestsPage::replayRequested);
    connect(m_details, &RequestDetails::filterRequested, m_filter, &FilterRow::add);
    connect(m_details, &RequestDetails::requestChosen, this, &RequestsPage::choose);
    if (m_lanes)
        connect(m_lanesToggle, &QToolButton::toggled, m_lanes, &QWidget::setVisible);
    connect(&m_context.sources, &SourceList::currentChanged, this, &RequestsPage::showState);
    connect(&m_context.theme, &Theme::changed, this, &RequestsPage::dress);
    connect(&m_timer, &QTimer::timeout, this, &RequestsPage::poll);
}

void RequestsPage::addShortcuts()
{
    for (const auto& keys : {QKeySequence(Qt::CTRL | Qt::Key_F), QKeySequence(Qt::Key_Slash)}) {
        auto* shortcut = new QShortcut(keys, this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, m_filter, &FilterRow::focusBox);
    }
}

void RequestsPage::poll()
{
    m_list->keepPlace([this] { m_model->poll(); });
    showState();
}

void RequestsPage::clearAll()
{
    m_filter->setText({});
    setWindow({});
    m_list->setFocus();
}

void RequestsPage::setWindow(RequestListModel::Window window)
{
    m_list->keepPlace([&] { m_model->setWindow(window); });
    const auto now = m_context.clock.wall().time_since_epoch().count();
    const auto from = momentText(window.fromMs.value_or(0), now);
    const auto to = momentText(window.toMs.value_or(0), now);
    const auto span = !window.toMs     ? tr("from %1").arg(from)
                      : !window.fromMs ? tr("until %1").arg(to)
                                       : tr("%1 – %2").arg(from, to);
    // Not "started": who was slow at that time began before it.
    m_chip->setText(tr("in flight %1").arg(span) + QStringLiteral("   ×"));
    m_chip->setAccessibleName(tr("Only those in flight %1; show all times again").arg(span));
    m_chip->setVisible(window.any());
    if (!window.any())
        m_list->endLentSort();
    showFollow();
    showState();
}

/// Nothing new comes into a time that is over.
void RequestsPage::follow()
{
    setWindow({});
    m_list->setFollowing(true);
}

void RequestsPage::showFollow()
{
    m_follow->setChecked(m_list->following() && !m_model->window().any());
}

void RequestsPage::show(const RequestsWanted& wanted)
{
    m_model->poll();
    m_filter->setText(wanted.filter);
    setWindow({.fromMs = wanted.fromMs, .toMs = wanted.toMs});
    switch (wanted.slowest) {
        using enum RequestsWanted::Slowest;
    case none: m_list->setFollowing(true); break;
    case total: m_list->lendSort(RequestListModel::total, Qt::DescendingOrder); break;
    case firstToken: m_list->lendSort(RequestListModel::ttft, Qt::DescendingOrder); break;
    // Few tokens a second are long times between them.
    case betweenTokens: m_list->lendSort(RequestListModel::speed, Qt::AscendingOrder); break;
    }
    m_list->clearSelection();
    m_list->scrollToTop();
    m_list->setFocus();
}

void RequestsPage::showLanes()
{
    m_lanesToggle->setChecked(true);
    if (auto* view = findChild<LaneView*>())
        view->setFocus();
}

void RequestsPage::choose(const QString& requestId)
{
    m_model->poll();
    const auto id = requestId.toStdString();
    const bool kept = std::any_of(m_model->all().begin(), m_model->all().end(),
                                  [&id](const auto& record) { return record->request_id == id; });
    if (!kept) {
        m_notice->tellFailure(tr("The request %1 has not ended yet, or is not kept any more.").arg(requestId));
        return;
    }
    if (m_model->rowOfRequest(id) < 0)
        clearAll();
    m_list->selectRow(m_model->rowOfRequest(id));
    showState();
}

void RequestsPage::showChosen()
{
    const auto rows = m_list->selectionModel()->selectedRows();
    const auto record = rows.isEmpty() ? nullptr : m_model->record(rows.front().row());
    if (!record || (record == m_chosen && !m_details->isHidden()))
        return;
    m_chosen = record;
    m_details->show(record);
    m_details->setNote({});
    m_details->setVisible(true);
    m_list->scrollTo(m_list->currentIndex()); // there is less room now
}

void RequestsPage::closeDetails()
{
    if (m_details->isHidden())
        return;
    m_details->hide();
    m_details->clear();
    m_chosen.reset();
    m_list->clearSelection();
    m_list->setFocus();
}

void RequestsPage::refresh()
{
    poll();
}

void RequestsPage::prepareForScreenshot()
{
    poll();
    if (m_model->rowCount() > 0)
        m_list->selectRow(0);
}

void RequestsPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    poll();
    m_timer.start(pollMs);
}

void RequestsPage::hideEvent(QHideEvent* event)
{
    m_timer.stop();
    save();
    Page::hideEvent(event);
}

void RequestsPage::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && !m_details->isHidden())
        closeDetails();
    else
        Page::keyPressEvent(event);
}

void RequestsPage::dress()
{
    const auto& tokens = m_context.theme.tokens();
    for (auto* label : {m_elsewhere, m_count})
        label->setFont(tokens.small);
    m_chip->setFont(tokens.small);
}

} // namespace tokenscope::ui
