// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/requests/body_view.h"

#include "theme/theme.h"

#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSplitter>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace tokenscope::ui {

namespace {

constexpr qsizetype longestCell = 200;

QPlainTextEdit* makeText(const QString& name, const QString& accessible)
{
    auto* text = new QPlainTextEdit;
    text->setObjectName(name);
    text->setAccessibleName(accessible);
    text->setReadOnly(true);
    text->setUndoRedoEnabled(false);
    text->setTabChangesFocus(true);
    text->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    return text;
}

} // namespace

BodyView::BodyView(const Theme& theme, const QString& name, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_note(new QLabel), m_text(makeText(name + QStringLiteral(".text"), tr("Body"))),
      m_events(new QTreeWidget), m_event(makeText(name + QStringLiteral(".event"), tr("The chosen event"))),
      m_stream(new QSplitter(Qt::Vertical)), m_empty(new QLabel)
{
    setObjectName(name);
    m_note->setObjectName(name + QStringLiteral(".note"));
    m_empty->setObjectName(name + QStringLiteral(".empty"));
    m_empty->setAlignment(Qt::AlignCenter);
    for (auto* label : {m_note, m_empty}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
        label->setProperty("role", QStringLiteral("secondary"));
    }
    m_events->setObjectName(name + QStringLiteral(".events"));
    m_events->setAccessibleName(tr("Events of the stream"));
    m_events->setRootIsDecorated(false);
    m_events->setUniformRowHeights(true);
    m_events->setAllColumnsShowFocus(true);
    m_events->setHeaderLabels({tr("#"), tr("Event"), tr("Text")});
    m_events->header()->setStretchLastSection(true);
    m_stream->setChildrenCollapsible(false);
    m_stream->setStyleSheet(QStringLiteral("QSplitter::handle { background: transparent; }"));
    m_stream->addWidget(m_events);
    m_stream->addWidget(m_event);
    m_stream->setStretchFactor(0, 3);
    m_stream->setStretchFactor(1, 2);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme.tokens().space1);
    column->addWidget(m_note);
    column->addWidget(m_text, 1);
    column->addWidget(m_stream, 1);
    column->addWidget(m_empty, 1);
    connect(m_events, &QTreeWidget::currentItemChanged, this, &BodyView::showEvent);
    connect(&theme, &Theme::changed, this, &BodyView::dress);
    dress();
    fill();
}

void BodyView::setBody(BodyText body, const QString& missing)
{
    m_body = std::move(body);
    m_missing = missing;
    fill();
}

void BodyView::setRaw(bool raw)
{
    if (raw == m_raw)
        return;
    m_raw = raw;
    fill();
}

void BodyView::fill()
{
    using Kind = BodyText::Kind;
    const bool none = m_body.kind == Kind::notCaptured || m_body.kind == Kind::empty;
    const bool listed = m_body.kind == Kind::events && !m_raw;
    m_empty->setText(m_body.kind == Kind::empty ? tr("The body is empty.") : m_missing);
    m_empty->setVisible(none);
    m_text->setVisible(!none && !listed);
    m_stream->setVisible(!none && listed);
    m_note->setText(m_body.note.trimmed());
    m_note->setVisible(!none && !m_body.note.isEmpty());
    m_text->setPlainText(none || listed ? QString() : m_raw ? m_body.raw : m_body.pretty);
    listEvents();
}

void BodyView::listEvents()
{
    m_events->clear();
    if (m_raw || m_body.kind != BodyText::Kind::events) {
        showEvent();
        return;
    }
    QList<QTreeWidgetItem*> rows;
    rows.reserve(static_cast<qsizetype>(m_body.events.size()));
    bool named = false;
    for (const auto& event : m_body.events) {
        const auto said = event.says.isEmpty() ? event.data : event.says;
        auto* row = new QTreeWidgetItem({QString::number(rows.size() + 1), event.name,
                                         said.left(longestCell).replace(QLatin1Char('\n'), QChar(0x21B5))});
        // Words of the reply stand out from what goes around them.
        row->setForeground(2, event.says.isEmpty() ? m_theme.tokens().secondary : m_theme.tokens().text);
        named = named || !event.name.isEmpty();
        rows.append(row);
    }
    m_events->addTopLevelItems(rows);
    m_events->setColumnHidden(1, !named);
    const auto room = m_theme.tokens().space2; // or the titles are cut where they are wider than what is below
    for (const int column : {0, 1}) {
        m_events->resizeColumnToContents(column);
        m_events->setColumnWidth(column, m_events->columnWidth(column) + room);
    }
    if (!rows.isEmpty())
        m_events->setCurrentItem(rows.front());
    showEvent();
}

void BodyView::showEvent()
{
    const auto row = m_events->indexOfTopLevelItem(m_events->currentItem());
    if (row < 0 || static_cast<std::size_t>(row) >= m_body.events.size()) {
        m_event->clear();
        return;
    }
    const auto& data = m_body.events[static_cast<std::size_t>(row)].data;
    const auto start = data.trimmed();
    const bool json = start.startsWith(QLatin1Char('{')) || start.startsWith(QLatin1Char('['));
    m_event->setPlainText(json ? prettyJson(data.toStdString()) : data);
}

void BodyView::dress()
{
    const auto& tokens = m_theme.tokens();
    m_note->setFont(tokens.small);
    m_empty->setFont(tokens.body);
    m_text->setFont(tokens.mono);
    m_event->setFont(tokens.mono);
    m_events->setFont(tokens.small);
    m_events->header()->setFont(tokens.small);
    m_events->setStyleSheet(
        QStringLiteral("QHeaderView::section { padding: 5px 3px 5px 11px; }")); // in line with cells
    for (int row = 0; row < m_events->topLevelItemCount(); ++row) {
        const auto& event = m_body.events.at(static_cast<std::size_t>(row));
        m_events->topLevelItem(row)->setForeground(2, event.says.isEmpty() ? tokens.secondary : tokens.text);
    }
}

} // namespace tokenscope::ui
