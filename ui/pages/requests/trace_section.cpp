// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/requests/trace_section.h"

#include "bridge/console_context.h"
#include "format/format.h"
#include "pages/common/notice_bar.h"
#include "pages/requests/copy_button.h"
#include "telemetry/tracing/span_store.h"
#include "theme/theme.h"
#include "widgets/waterfall.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSaveFile>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>
#include <chrono>

namespace tokenscope::ui {

namespace {

/// What the gateway calls a request in its span.
QString requestIdOf(const telemetry::SpanData& span)
{
    for (const auto& attribute : span.attributes) {
        const auto* text = std::get_if<std::string>(&attribute.value);
        if (attribute.key == "http.request_id" && text)
            return QString::fromStdString(*text);
    }
    return {};
}

} // namespace

TraceSection::TraceSection(const ConsoleContext& context, QWidget* parent)
    : QWidget(parent), m_context(context), m_title(new QLabel), m_requests(new QPushButton(tr("All requests"))),
      m_copy(new QPushButton(tr("Copy"))), m_save(new QPushButton(tr("Export …"))), m_bar(makeBar()),
      m_notice(new NoticeBar(context.theme, QStringLiteral("inspector.traceNotice"))),
      m_waterfall(new Waterfall(context.theme)), m_detail(new QPlainTextEdit), m_body(makeBody()), m_empty(new QLabel)
{
    setObjectName(QStringLiteral("inspector.trace"));
    m_empty->setObjectName(QStringLiteral("inspector.traceEmpty"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setTextFormat(Qt::PlainText);
    m_empty->setProperty("role", QStringLiteral("secondary"));
    m_empty->setTextInteractionFlags(Qt::TextSelectableByMouse);
    const auto& tokens = context.theme.tokens();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(tokens.space4, tokens.space3, tokens.space3, tokens.space3);
    column->setSpacing(tokens.space2);
    column->addWidget(m_bar);
    column->addWidget(m_notice);
    column->addWidget(m_body, 1);
    column->addWidget(m_empty, 1);
    connect(m_waterfall, &Waterfall::currentRowChanged, this, &TraceSection::showSpan);
    connect(m_waterfall, &Waterfall::rowActivated, this, &TraceSection::openRequest);
    const auto dress = [this] { m_detail->setFont(m_context.theme.tokens().mono); };
    connect(&context.theme, &Theme::changed, this, dress);
    dress();
    look();
}

QWidget* TraceSection::makeBar()
{
    auto* bar = new QWidget;
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    m_title->setObjectName(QStringLiteral("inspector.traceTitle"));
    m_title->setTextFormat(Qt::PlainText);
    m_title->setWordWrap(true);
    m_requests->setObjectName(QStringLiteral("inspector.traceRequests"));
    m_requests->setToolTip(tr("List all requests of this trace"));
    m_copy->setObjectName(QStringLiteral("inspector.traceCopy"));
    m_copy->setAccessibleName(tr("Copy the trace"));
    m_copy->setToolTip(tr("Copy the spans, one line of JSON each"));
    m_save->setObjectName(QStringLiteral("inspector.traceExport"));
    m_save->setToolTip(tr("Save the spans, one line of JSON each"));
    row->addWidget(m_title, 1);
    for (auto* button : {m_requests, m_copy, m_save}) {
        button->setProperty("flat", true);
        button->setAutoDefault(false);
        row->addWidget(button);
    }
    connect(m_requests, &QPushButton::clicked, this, [this] {
        if (m_record)
            Q_EMIT filterRequested(QStringLiteral("trace:=")
                                   + QString::fromLatin1(m_record->trace_id.view().data(),
                                                         static_cast<qsizetype>(m_record->trace_id.view().size())));
    });
    connect(m_copy, &QPushButton::clicked, this,
            [this] { copyText(*m_copy, spanLines(m_waterfall->trace().spans())); });
    connect(m_save, &QPushButton::clicked, this, &TraceSection::save);
    return bar;
}

QWidget* TraceSection::makeBody()
{
    m_waterfall->setObjectName(QStringLiteral("inspector.waterfall"));
    m_waterfall->setAccessibleName(tr("Spans of the trace"));
    m_detail->setObjectName(QStringLiteral("inspector.span"));
    m_detail->setAccessibleName(tr("All about the chosen span"));
    m_detail->setReadOnly(true);
    m_detail->setTabChangesFocus(true);
    m_detail->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    m_detail->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    auto* splitter = new QSplitter(Qt::Vertical);
    splitter->setChildrenCollapsible(false);
    splitter->setStyleSheet(QStringLiteral("QSplitter::handle { background: transparent; }"));
    splitter->addWidget(m_waterfall);
    splitter->addWidget(m_detail);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    return splitter;
}

void TraceSection::setRecord(std::shared_ptr<const telemetry::RequestRecord> record)
{
    m_record = std::move(record);
    look();
}

bool TraceSection::look()
{
    const auto spans = m_record && m_context.traces ? m_context.traces->trace(m_record->trace_id.view()) : nullptr;
    const bool any = spans && !spans->empty();
    m_bar->setVisible(any);
    m_body->setVisible(any);
    m_empty->setVisible(!any);
    m_empty->setText(any ? QString() : emptyText());
    m_notice->hide();
    m_waterfall->setTrace(TraceTree(spans));
    if (!any)
        return !(m_record && m_context.traces && m_record->sampled);
    const auto& tree = m_waterfall->trace();
    const auto requests = tree.requestCount();
    const auto length = std::chrono::duration<double>(tree.end() - tree.begin()).count();
    m_title->setText(requests > 1
                         ? tr("%1 spans of %2 requests, %3")
                               .arg(tree.spanCount())
                               .arg(requests)
                               .arg(formatValue(length, Unit::seconds).joined())
                         : tr("%1 spans, %2").arg(tree.spanCount()).arg(formatValue(length, Unit::seconds).joined()));
    m_requests->setVisible(requests > 1);
    // The request that is inspected, among those of its trace.
    const auto id = QString::fromStdString(m_record->request_id);
    for (std::size_t row = 0; row < tree.rows().size(); ++row) {
        const auto* span = tree.span(row);
        if (span && requestIdOf(*span) == id) {
            m_waterfall->chooseRow(row);
            return true;
        }
    }
    m_waterfall->chooseRow(tree.top().front());
    return true;
}

bool TraceSection::hasSpans() const
{
    return m_waterfall->trace().spanCount() > 0;
}

QString TraceSection::emptyText() const
{
    if (!m_record)
        return {};
    if (!m_context.traces || m_record->trace_id.empty())
        return tr("Traces are not made. Set observability.tracing.enabled to true in the configuration (Settings) to "
                  "have them.");
    if (!m_record->sampled)
        return tr("This trace was not sampled, so it has no spans. observability.tracing.sampler in the configuration "
                  "(Settings) says "
                  "which traces are made: “always” makes all of them. A client that sends a traceparent header decides "
                  "for itself.");
    return tr("The spans of this trace are not kept any more: the newest have taken their place.");
}

void TraceSection::showSpan()
{
    const auto row = m_waterfall->currentRow();
    m_detail->setPlainText(row ? spanText(m_waterfall->trace(), *row) : QString());
}

void TraceSection::openRequest(std::size_t row)
{
    const auto* span = m_waterfall->trace().span(row);
    const auto id = span ? requestIdOf(*span) : QString();
    if (!id.isEmpty() && m_record && id != QString::fromStdString(m_record->request_id))
        Q_EMIT requestChosen(id);
}

void TraceSection::save()
{
    const auto spans = m_waterfall->trace().spans();
    const auto id = m_record->trace_id.view();
    auto* dialog =
        new QFileDialog(this, tr("Export the trace"),
                        QString::fromLatin1(id.data(), static_cast<qsizetype>(id.size())) + QStringLiteral(".jsonl"),
                        tr("Lines of JSON (*.jsonl);;All files (*)"));
    dialog->setObjectName(QStringLiteral("inspector.traceFile"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("jsonl"));
    connect(dialog, &QFileDialog::fileSelected, this, [this, spans](const QString& path) {
        QSaveFile file(path);
        if (file.open(QIODevice::WriteOnly) && file.write(spanLines(spans).toUtf8()) >= 0 && file.commit())
            m_notice->mention(tr("Saved as %1").arg(path));
        else
            m_notice->tellFailure(tr("%1 cannot be written: %2").arg(path, file.errorString()));
    });
    dialog->open();
}

} // namespace tokenscope::ui
