// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/requests/request_inspector.h"

#include "bridge/console_context.h"
#include "format/format.h"
#include "models/exchange_text.h"
#include "models/record_json.h"
#include "models/request_facts.h"
#include "pages/requests/copy_button.h"
#include "pages/requests/stream_section.h"
#include "pages/requests/summary_section.h"
#include "pages/requests/timings_section.h"
#include "pages/requests/trace_section.h"
#include "pages/requests/wire_section.h"
#include "theme/theme.h"
#include "widgets/elided_label.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <chrono>

namespace tokenscope::ui {

namespace {

constexpr auto lookAgain = std::chrono::milliseconds(300);
constexpr int mostLooks = 4;
constexpr int frame = 1; ///< px

} // namespace

RequestInspector::RequestInspector(const ConsoleContext& context, QWidget* parent)
    : RequestDetails(parent), m_context(context), m_title(new ElidedLabel), m_ending(new QLabel), m_note(new QLabel),
      m_close(new IconButton(context.theme, QStringLiteral("close"), tr("Close (Esc)"))),
      m_replay(new QPushButton(tr("Replay in Playground"))), m_curl(new QPushButton(tr("Copy as curl"))),
      m_json(new QPushButton(tr("Copy JSON"))), m_head(makeHead()), m_tabs(new QTabWidget),
      m_summary(new SummarySection(context.theme)), m_timings(new TimingsSection(context.theme)),
      m_stream(new StreamSection(context.theme)), m_trace(new TraceSection(context)), m_wire(new WireSection(context)),
      m_empty(new QLabel(tr("Choose a request to see everything about it.")))
{
    setObjectName(QStringLiteral("inspector"));
    setAccessibleName(tr("Request"));
    setAttribute(Qt::WA_StyledBackground);
    m_empty->setObjectName(QStringLiteral("inspector.empty"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setProperty("role", QStringLiteral("secondary"));
    makeTabs();
    auto* column = new QVBoxLayout(this);
    const int corner = context.theme.tokens().radius / 2; // so that nothing lies over the round corners below
    column->setContentsMargins(frame, frame, frame, corner);
    column->setSpacing(0);
    column->addWidget(m_head);
    column->addWidget(m_tabs, 1);
    column->addWidget(m_empty, 1);
    auto* escape = new QShortcut(QKeySequence(Qt::Key_Escape), this);
    escape->setContext(Qt::WidgetWithChildrenShortcut);
    connect(escape, &QShortcut::activated, this, &RequestInspector::closed);
    connect(m_close, &QToolButton::clicked, this, &RequestInspector::closed);
    connect(m_replay, &QPushButton::clicked, this, &RequestInspector::replay);
    connect(m_curl, &QPushButton::clicked, this, [this] { copyText(*m_curl, curl()); });
    connect(m_json, &QPushButton::clicked, this, [this] { copyText(*m_json, recordJson(*m_record)); });
    connect(m_summary, &SummarySection::filterRequested, this, &RequestInspector::filterRequested);
    connect(m_trace, &TraceSection::filterRequested, this, &RequestInspector::filterRequested);
    connect(m_trace, &TraceSection::requestChosen, this, &RequestInspector::requestChosen);
    m_again.setSingleShot(true);
    m_again.setInterval(lookAgain);
    connect(&m_again, &QTimer::timeout, this, &RequestInspector::lookForMore);
    connect(&context.theme, &Theme::changed, this, &RequestInspector::dress);
    dress();
    clear();
}

QWidget* RequestInspector::makeHead()
{
    const auto& tokens = m_context.theme.tokens();
    m_title->setObjectName(QStringLiteral("inspector.title"));
    m_title->setProperty("role", QStringLiteral("heading"));
    m_ending->setObjectName(QStringLiteral("inspector.ending"));
    m_ending->setTextFormat(Qt::PlainText);
    m_ending->setWordWrap(true);
    m_note->setObjectName(QStringLiteral("inspector.note"));
    m_note->setProperty("role", QStringLiteral("secondary"));
    m_note->setWordWrap(true);
    m_note->hide();
    m_close->setObjectName(QStringLiteral("inspector.close"));
    m_replay->setObjectName(QStringLiteral("inspector.replay"));
    m_curl->setObjectName(QStringLiteral("inspector.curl"));
    m_json->setObjectName(QStringLiteral("inspector.json"));
    m_json->setAccessibleName(tr("Copy the record as JSON"));
    m_json->setToolTip(tr("Copy everything known of the request as JSON"));
    auto* head = new QWidget;
    auto* first = new QHBoxLayout;
    first->setSpacing(tokens.space2);
    first->addWidget(m_title, 1);
    first->addWidget(m_close);
    auto* actions = new QHBoxLayout;
    actions->setSpacing(tokens.space1);
    for (auto* button : {m_replay, m_curl, m_json}) {
        button->setAutoDefault(false);
        actions->addWidget(button);
    }
    for (auto* button : {m_curl, m_json})
        button->setProperty("flat", true);
    actions->addStretch(1);
    auto* column = new QVBoxLayout(head);
    column->setContentsMargins(tokens.space4 - frame, tokens.space3 - frame, tokens.space3 - frame, tokens.space2);
    column->setSpacing(tokens.space1);
    column->addLayout(first);
    column->addWidget(m_ending);
    column->addWidget(m_note);
    column->addSpacing(tokens.space1);
    column->addLayout(actions);
    return head;
}

void RequestInspector::makeTabs()
{
    m_tabs->setObjectName(QStringLiteral("inspector.tabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->tabBar()->setExpanding(false);
    m_tabs->tabBar()->setDrawBase(false);
    m_tabs->tabBar()->setUsesScrollButtons(true);
    m_tabs->tabBar()->setAccessibleName(tr("Parts of the request"));
    m_tabs->addTab(m_summary, tr("Summary"));
    m_tabs->addTab(m_timings, tr("Timings"));
    m_tabs->addTab(m_stream, tr("Stream"));
    m_tabs->addTab(m_trace, tr("Trace"));
    m_tabs->addTab(m_wire, tr("Wire"));
    m_filled.assign(static_cast<std::size_t>(m_tabs->count()), false);
    connect(m_tabs, &QTabWidget::currentChanged, this, &RequestInspector::fillTab);
}

void RequestInspector::show(std::shared_ptr<const telemetry::RequestRecord> record)
{
    if (!record) {
        clear();
        return;
    }
    m_record = std::move(record);
    m_exchange = m_context.captures ? m_context.captures->find(m_record->request_id) : nullptr;
    m_title->setText(modelOf(*m_record));
    m_ending->setText(tr("%1 · %2 · %3")
                          .arg(endingOf(*m_record), formatValue(seconds(m_record->total()), Unit::seconds).joined(),
                               startOf(*m_record)));
    m_filled.assign(m_filled.size(), false);
    m_looks = 0;
    // What the hidden parts hold on to goes with the request before.
    if (m_tabs->currentWidget() != m_trace)
        m_trace->setRecord(nullptr);
    if (m_tabs->currentWidget() != m_wire)
        m_wire->setExchange(nullptr);
    for (auto* part : std::initializer_list<QWidget*>{m_head, m_tabs})
        part->setVisible(true);
    m_empty->hide();
    dress();
    showActions();
    fillTab();
    m_again.start();
}

void RequestInspector::clear()
{
    m_again.stop();
    m_record.reset();
    m_exchange.reset();
    // What the hidden parts hold on to goes, too.
    m_trace->setRecord(nullptr);
    m_wire->setExchange(nullptr);
    m_head->hide();
    m_tabs->hide();
    m_empty->show();
}

void RequestInspector::setNote(const QString& words)
{
    m_note->setText(words);
    m_note->setVisible(!words.isEmpty());
}

void RequestInspector::fillTab()
{
    const auto tab = static_cast<std::size_t>(std::max(0, m_tabs->currentIndex()));
    if (!m_record || m_filled[tab])
        return;
    m_filled[tab] = true;
    const auto* shown = m_tabs->currentWidget();
    if (shown == m_summary)
        m_summary->setRecord(*m_record);
    else if (shown == m_timings)
        m_timings->setRecord(*m_record);
    else if (shown == m_stream)
        m_stream->setRecord(*m_record);
    else if (shown == m_trace)
        m_trace->setRecord(m_record);
    else
        m_wire->setExchange(m_exchange);
}

void RequestInspector::lookForMore()
{
    if (!m_record)
        return;
    bool complete = true;
    if (!m_exchange && m_context.captures) {
        m_exchange = m_context.captures->find(m_record->request_id);
        complete = m_exchange != nullptr;
        if (m_exchange) {
            showActions();
            if (m_filled[static_cast<std::size_t>(m_tabs->indexOf(m_wire))])
                m_wire->setExchange(m_exchange);
        }
    }
    if (m_tabs->currentWidget() == m_trace && !m_trace->hasSpans())
        complete = m_trace->look() && complete;
    if (!complete && ++m_looks < mostLooks)
        m_again.start();
}

void RequestInspector::showActions()
{
    const auto obstacle = m_context.captures ? replayObstacle(m_exchange.get(), m_context.captures->bodies())
                                             : tr("Requests are not captured in this process.");
    m_replay->setEnabled(obstacle.isEmpty());
    m_replay->setToolTip(obstacle.isEmpty() ? tr("Put this request into the Playground") : obstacle);
    m_replay->setAccessibleDescription(obstacle);
    m_curl->setEnabled(m_exchange != nullptr);
    m_curl->setToolTip(m_exchange ? tr("Copy the request as a command for a terminal; keys become ${TOKENSCOPE_KEY}")
                                  : tr("Nothing is kept of this exchange (any more)."));
}

void RequestInspector::replay()
{
    if (!m_record || !m_exchange)
        return;
    const auto& bytes = m_exchange->request_body.bytes;
    Q_EMIT replayRequested(
        {QString::fromStdString(m_record->requested_model.empty() ? m_record->target.model : m_record->requested_model),
         QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size()))});
}

QString RequestInspector::curl() const
{
    const auto base = m_context.gateway.running() ? m_context.gateway.baseUrl : QStringLiteral("http://127.0.0.1:8080");
    return curlOf(*m_exchange, base);
}

void RequestInspector::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    fillTab();
}

void RequestInspector::dress()
{
    const auto& tokens = m_context.theme.tokens();
    m_title->setFont(tokens.heading);
    m_ending->setFont(tokens.small);
    m_note->setFont(tokens.small);
    m_ending->setStyleSheet(
        QStringLiteral("color: %1;")
            .arg((m_record && m_record->status != telemetry::RequestStatus::success ? tokens.bad : tokens.secondary)
                     .name()));
    m_empty->setFont(tokens.body);
    for (auto* button : {m_replay, m_curl, m_json})
        button->setFont(tokens.small);
    m_tabs->tabBar()->setFont(tokens.small);
    setStyleSheet(
        QStringLiteral("tokenscope--ui--RequestInspector { background: %1; border: 1px solid %2; border-radius: %3px; }"
                       "QTabBar::tab:first { margin-left: 4px; }") // its words in line with those above and below
            .arg(tokens.surface.name(), tokens.hairline.name())
            .arg(tokens.radius));
}

} // namespace tokenscope::ui
