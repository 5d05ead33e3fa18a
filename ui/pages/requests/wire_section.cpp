// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/requests/wire_section.h"

#include "bridge/console_context.h"
#include "models/body_text.h"
#include "models/exchange_text.h"
#include "pages/requests/body_view.h"
#include "pages/requests/copy_button.h"
#include "telemetry/capture/masking.h"
#include "theme/theme.h"

#include <QAction>
#include <QButtonGroup>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr int fewestHeaderRows = 2;
constexpr int mostHeaderRows = 8;

QString utf8(const std::string& text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

WireSection::WireSection(const ConsoleContext& context, QWidget* parent)
    : QWidget(parent), m_context(context), m_request(new QToolButton), m_reply(new QToolButton),
      m_pretty(new QToolButton), m_raw(new QToolButton), m_bar(makeBar()), m_line(new QLabel),
      m_copyHeaders(new QPushButton(tr("Copy headers"))), m_copyBody(new QPushButton(tr("Copy body"))),
      m_headers(new QTableWidget), m_body(new BodyView(context.theme, QStringLiteral("inspector.body"))),
      m_content(new QWidget), m_empty(new QLabel)
{
    setObjectName(QStringLiteral("inspector.wire"));
    m_empty->setObjectName(QStringLiteral("inspector.wireEmpty"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setTextFormat(Qt::PlainText);
    m_empty->setProperty("role", QStringLiteral("secondary"));
    m_line->setObjectName(QStringLiteral("inspector.wireLine"));
    m_line->setTextFormat(Qt::PlainText);
    m_line->setWordWrap(true);
    m_copyHeaders->setObjectName(QStringLiteral("inspector.copyHeaders"));
    m_copyBody->setObjectName(QStringLiteral("inspector.copyBody"));
    makeHeaders();
    const auto& tokens = context.theme.tokens();
    auto* copies = new QHBoxLayout;
    copies->setSpacing(0);
    copies->addWidget(m_line, 1);
    for (auto* button : {m_copyHeaders, m_copyBody}) {
        button->setProperty("flat", true);
        button->setAutoDefault(false);
        copies->addWidget(button, 0, Qt::AlignTop);
    }
    auto* inner = new QVBoxLayout(m_content);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->setSpacing(tokens.space2);
    inner->addWidget(m_bar);
    inner->addLayout(copies);
    inner->addWidget(m_headers);
    inner->addWidget(m_body, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(tokens.space4, tokens.space3, tokens.space3, tokens.space3);
    column->addWidget(m_content, 1);
    column->addWidget(m_empty, 1);
    connect(m_copyHeaders, &QPushButton::clicked, this, [this] { copyText(*m_copyHeaders, headerText()); });
    connect(m_copyBody, &QPushButton::clicked, this, [this] {
        const bool binary = m_body->body().kind == BodyText::Kind::binary;
        copyText(*m_copyBody, binary ? m_body->body().raw : utf8(body().bytes));
    });
    connect(&context.theme, &Theme::changed, this, &WireSection::dress);
    dress();
    fill();
}

QWidget* WireSection::makeBar()
{
    auto* bar = new QWidget;
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(m_context.theme.tokens().space1);
    const auto add = [&](QToolButton* button, const QString& text, const char* name, QButtonGroup* group) {
        button->setText(text);
        button->setObjectName(QLatin1StringView(name));
        button->setCheckable(true);
        group->addButton(button);
        row->addWidget(button);
        connect(button, &QToolButton::clicked, this, &WireSection::fill);
    };
    auto* which = new QButtonGroup(this);
    add(m_request, tr("Request"), "inspector.wireRequest", which);
    add(m_reply, tr("Reply"), "inspector.wireReply", which);
    row->addStretch(1);
    auto* how = new QButtonGroup(this);
    add(m_pretty, tr("Pretty"), "inspector.wirePretty", how);
    add(m_raw, tr("Raw"), "inspector.wireRaw", how);
    m_request->setChecked(true);
    m_pretty->setChecked(true);
    return bar;
}

void WireSection::makeHeaders()
{
    m_headers->setObjectName(QStringLiteral("inspector.headers"));
    m_headers->setAccessibleName(tr("Headers"));
    m_headers->setColumnCount(2);
    m_headers->setHorizontalHeaderLabels({tr("Header"), tr("Value")});
    m_headers->horizontalHeader()->setStretchLastSection(true);
    m_headers->horizontalHeader()->setHighlightSections(false);
    m_headers->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_headers->verticalHeader()->hide();
    m_headers->setShowGrid(false);
    m_headers->setWordWrap(false);
    m_headers->setTabKeyNavigation(false);
    m_headers->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_headers->setEditTriggers(QAbstractItemView::NoEditTriggers);
    auto* copy = new QAction(tr("Copy"), m_headers);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    m_headers->addAction(copy);
    m_headers->setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(copy, &QAction::triggered, this, [this] {
        QStringList lines;
        for (const auto& row : m_headers->selectionModel()->selectedRows())
            lines << m_headers->item(row.row(), 0)->text() + QStringLiteral(": ")
                         + m_headers->item(row.row(), 1)->text();
        if (!lines.isEmpty())
            copyText(*m_headers, lines.join(QLatin1Char('\n')));
    });
}

void WireSection::setExchange(std::shared_ptr<const telemetry::CapturedExchange> exchange)
{
    m_exchange = std::move(exchange);
    fill();
}

const telemetry::CapturedHeaders& WireSection::headers() const
{
    return m_reply->isChecked() ? m_exchange->reply_headers : m_exchange->request_headers;
}

const telemetry::CapturedBody& WireSection::body() const
{
    return m_reply->isChecked() ? m_exchange->reply_body : m_exchange->request_body;
}

void WireSection::fill()
{
    m_content->setVisible(m_exchange != nullptr);
    m_empty->setVisible(!m_exchange);
    if (!m_exchange) {
        m_empty->setText(m_context.captures
                             ? tr("Nothing of this exchange is kept any more: newer ones have taken its place.")
                             : tr("Exchanges are not captured in this process: its gateway is not running."));
        m_headers->setRowCount(0);
        m_body->setBody({}, {});
        return;
    }
    const bool reply = m_reply->isChecked();
    m_line->setText(!reply               ? utf8(m_exchange->method + ' ' + m_exchange->target)
                    : m_exchange->status ? tr("Status %1").arg(m_exchange->status)
                                         : tr("No reply was begun."));
    const auto& rows = headers();
    m_headers->setRowCount(static_cast<int>(rows.size()));
    for (int row = 0; row < m_headers->rowCount(); ++row) {
        const auto& [name, value] = rows[static_cast<std::size_t>(row)];
        auto* shown = new QTableWidgetItem(utf8(value));
        shown->setToolTip(telemetry::is_secret_name(name) ? tr("A secret: masked when it was captured, and never kept.")
                                                          : utf8(value).toHtmlEscaped());
        m_headers->setItem(row, 0, new QTableWidgetItem(utf8(name)));
        m_headers->setItem(row, 1, shown);
    }
    m_headers->setVisible(!rows.empty());
    m_copyHeaders->setEnabled(!rows.empty());
    m_body->setRaw(m_raw->isChecked());
    m_body->setBody(bodyTextOf(body(), headerOf(rows, "content-type")), missingText());
    m_copyBody->setEnabled(!body().bytes.empty());
    dress();
}

QString WireSection::missingText() const
{
    if (m_reply->isChecked() && m_exchange->status == 0)
        return tr("There was no reply.");
    if (body().wanted)
        return tr("The body was larger than the room that is kept for bodies.");
    return m_context.captures && m_context.captures->bodies()
               ? tr("Bodies were not captured when this request came; those of newer ones are.")
               : tr("Bodies are not captured. ") + howToCapture();
}

QString WireSection::headerText() const
{
    if (!m_exchange)
        return {};
    QStringList lines;
    for (const auto& [name, value] : headers())
        lines << utf8(name) + QStringLiteral(": ") + utf8(value);
    return lines.join(QLatin1Char('\n'));
}

void WireSection::dress()
{
    const auto& tokens = m_context.theme.tokens();
    m_empty->setFont(tokens.body);
    m_line->setFont(tokens.mono);
    m_headers->setFont(tokens.small);
    m_headers->horizontalHeader()->setFont(tokens.small);
    m_headers->setStyleSheet(
        QStringLiteral("QHeaderView::section { padding: 5px 3px 5px 11px; }")); // in line with cells
    for (auto* button : std::initializer_list<QWidget*>{m_request, m_reply, m_pretty, m_raw, m_copyHeaders, m_copyBody})
        button->setFont(tokens.small);
    const int row = QFontMetrics(tokens.small).height() + tokens.space2;
    m_headers->verticalHeader()->setDefaultSectionSize(row);
    for (int i = 0; i < m_headers->rowCount(); ++i)
        m_headers->setRowHeight(i, row);
    const auto heightOf = [&](int rows) { return (std::min(rows, m_headers->rowCount()) + 1) * row + tokens.space3; };
    m_headers->setMinimumHeight(heightOf(fewestHeaderRows)); // in a low window the body needs its place, too
    m_headers->setMaximumHeight(heightOf(mostHeaderRows));
    m_headers->setColumnWidth(0, std::max(130, std::min(220, m_headers->viewport()->width() * 2 / 5)));
}

} // namespace tokenscope::ui
