// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/requests/stream_section.h"

#include "format/format.h"
#include "models/request_facts.h"
#include "theme/theme.h"
#include "widgets/stream_timeline.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace tokenscope::ui {

namespace {

constexpr std::size_t listedStalls = 3;

QString emptyText(const telemetry::RequestRecord& record)
{
    const bool failed = record.status != telemetry::RequestStatus::success;
    if (!record.streamed && failed)
        return StreamSection::tr("It failed before anything of the reply came: %1")
            .arg(record.error.empty() ? endingOf(record) : QString::fromStdString(record.error));
    if (!record.streamed)
        return StreamSection::tr(
            "The reply was not streamed: it came in one piece. Clients ask for a stream with “stream”: true.");
    if (record.chunk_count > 0)
        return StreamSection::tr(
                   "%1 chunks reached the client, but when each of them came is no longer in memory: newer "
                   "requests took the room. observability.requests.memory says how much there is.")
            .arg(record.chunk_count);
    if (!record.error.empty())
        return StreamSection::tr("No part of the stream reached the client: %1")
            .arg(QString::fromStdString(record.error));
    return StreamSection::tr("No part of the stream reached the client.");
}

} // namespace

StreamSection::StreamSection(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_tokens(new QToolButton), m_bytes(new QToolButton),
      m_all(new QPushButton(tr("Show all"))), m_bar(makeBar()), m_timeline(new StreamTimeline(theme)),
      m_reading(new QLabel), m_note(new QLabel), m_empty(new QLabel)
{
    setObjectName(QStringLiteral("inspector.stream"));
    m_timeline->setObjectName(QStringLiteral("inspector.timeline"));
    m_timeline->setAccessibleName(tr("Chunks of the stream over time"));
    m_timeline->setToolTip({});
    m_reading->setObjectName(QStringLiteral("inspector.streamReading"));
    m_note->setObjectName(QStringLiteral("inspector.streamNote"));
    m_empty->setObjectName(QStringLiteral("inspector.streamEmpty"));
    m_empty->setAlignment(Qt::AlignCenter);
    for (auto* label : {m_reading, m_note, m_empty}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
        label->setProperty("role", QStringLiteral("secondary"));
    }
    const auto& tokens = theme.tokens();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(tokens.space4, tokens.space3, tokens.space3, tokens.space3);
    column->setSpacing(tokens.space2);
    column->addWidget(m_bar);
    column->addWidget(m_timeline, 3);
    column->addWidget(m_reading);
    column->addWidget(m_note);
    column->addWidget(m_empty, 1);
    column->addStretch(1);
    connect(m_timeline, &StreamTimeline::rangeChanged, this, [this] { m_all->setEnabled(m_timeline->zoomed()); });
    connect(m_timeline, &StreamTimeline::currentChanged, this, &StreamSection::showReading);
    connect(m_all, &QPushButton::clicked, m_timeline, &StreamTimeline::showAll);
    connect(m_tokens, &QToolButton::clicked, this, [this] { m_timeline->setMeasure(StreamHeight::tokens); });
    connect(m_bytes, &QToolButton::clicked, this, [this] { m_timeline->setMeasure(StreamHeight::bytes); });
    connect(&theme, &Theme::changed, this, &StreamSection::dress);
    dress();
}

QWidget* StreamSection::makeBar()
{
    auto* bar = new QWidget;
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(m_theme.tokens().space1);
    auto* group = new QButtonGroup(this);
    m_tokens->setText(tr("Tokens"));
    m_tokens->setObjectName(QStringLiteral("inspector.streamTokens"));
    m_tokens->setToolTip(tr("As tall as a chunk has tokens"));
    m_bytes->setText(tr("Bytes"));
    m_bytes->setObjectName(QStringLiteral("inspector.streamBytes"));
    m_bytes->setToolTip(tr("As tall as a chunk has bytes"));
    for (auto* button : {m_tokens, m_bytes}) {
        button->setCheckable(true);
        group->addButton(button);
        row->addWidget(button);
    }
    m_tokens->setChecked(true);
    m_all->setObjectName(QStringLiteral("inspector.streamAll"));
    m_all->setProperty("flat", true);
    m_all->setToolTip(tr("Drag, or turn the wheel with Ctrl, to zoom; double-click, or 0, shows all"));
    m_all->setEnabled(false);
    row->addStretch(1);
    row->addWidget(m_all);
    return bar;
}

void StreamSection::setRecord(const telemetry::RequestRecord& record)
{
    const auto marks = record.chunks.marks();
    std::vector<StreamChunk> chunks;
    chunks.reserve(marks->size());
    for (const auto& chunk : *marks)
        chunks.push_back({seconds(chunk.at - record.accepted), chunk.bytes, chunk.tokens});
    const bool any = record.streamed && !chunks.empty();
    m_timeline->setChunks(std::move(chunks));
    const auto stalls = m_timeline->stream().stalls(listedStalls);
    QStringList words;
    for (const auto& stall : stalls)
        words << tr("%1 at %2")
                     .arg(formatValue(stall.length(), Unit::seconds).joined(),
                          formatValue(stall.from, Unit::seconds).joined());
    m_stalls =
        stalls.empty() ? tr("No gap stands out.") : tr("Longest stalls: %1.").arg(words.join(QStringLiteral(", ")));
    QStringList notes;
    if (record.status != telemetry::RequestStatus::success)
        notes << tr("%1, after %2 chunks.").arg(endingOf(record)).arg(record.chunk_count);
    if (record.chunk_count > marks->size())
        notes << tr("The first %1 of %2 chunks were kept.").arg(marks->size()).arg(record.chunk_count);
    m_note->setText(notes.join(QLatin1Char(' ')));
    m_empty->setText(emptyText(record));
    m_note->setVisible(any && !notes.isEmpty());
    for (auto* widget : std::initializer_list<QWidget*>{m_bar, m_timeline, m_reading})
        widget->setVisible(any);
    m_empty->setVisible(!any);
    showReading();
}

void StreamSection::showReading()
{
    const auto chunk = m_timeline->current();
    m_reading->setText(chunk ? m_timeline->words(*chunk)
                             : tr("%1 chunks, %2 tokens. %3")
                                   .arg(m_timeline->stream().chunks().size())
                                   .arg(m_timeline->stream().tokensAt(m_timeline->stream().whole().to))
                                   .arg(m_stalls));
    m_timeline->setAccessibleName(chunk ? m_reading->text() : tr("Chunks of the stream over time"));
}

void StreamSection::dress()
{
    const auto& tokens = m_theme.tokens();
    for (auto* label : {m_reading, m_note})
        label->setFont(tokens.small);
    m_empty->setFont(tokens.body);
    for (auto* button : std::initializer_list<QWidget*>{m_tokens, m_bytes, m_all})
        button->setFont(tokens.small);
    // Two lines whatever is said, so that the timeline does not move under the mouse.
    m_reading->setMinimumHeight(2 * QFontMetrics(tokens.small).lineSpacing());
    m_reading->setAlignment(Qt::AlignTop | Qt::AlignLeft);
}

} // namespace tokenscope::ui
