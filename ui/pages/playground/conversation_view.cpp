// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/playground/conversation_view.h"

#include "pages/playground/turn_widget.h"
#include "theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace tokenscope::ui {

ConversationView::ConversationView(const Theme& theme, QWidget* parent)
    : QScrollArea(parent), m_theme(theme), m_hint(new QLabel)
{
    setObjectName(QStringLiteral("playground.conversation"));
    setAccessibleName(tr("Conversation"));
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_hint->setObjectName(QStringLiteral("playground.hint"));
    m_hint->setAlignment(Qt::AlignCenter);
    m_hint->setWordWrap(true);

    auto* content = new QWidget;
    auto* row = new QHBoxLayout(content);
    row->setContentsMargins(theme.tokens().space4, 0, theme.tokens().space4, 0);
    auto* middle = new QWidget;
    middle->setMaximumWidth(readableWidth);
    m_column = new QVBoxLayout(middle);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(theme.tokens().space4);
    m_column->addWidget(m_hint, 1);
    m_column->addStretch();
    row->addStretch(1);
    row->addWidget(middle, 1000);
    row->addStretch(1);
    setWidget(content);

    connect(verticalScrollBar(), &QScrollBar::valueChanged, this,
            [this](int value) { m_following = value >= verticalScrollBar()->maximum() - 8; });
    connect(verticalScrollBar(), &QScrollBar::rangeChanged, this, [this] {
        if (m_following)
            scrollToEnd();
    });
    connect(&theme, &Theme::changed, this, &ConversationView::dress);
    dress();
    refresh();
}

ConversationView::~ConversationView() = default;

void ConversationView::add(TurnWidget* turn)
{
    if (!m_turns.empty())
        m_turns.back()->setNewest(false);
    m_turns.push_back(turn);
    turn->setNewest(true);
    m_column->insertWidget(m_column->count() - 1, turn);
    m_following = true;
    refresh();
}

void ConversationView::removeNewest()
{
    if (m_turns.empty())
        return;
    // Later: its own button may have asked for it.
    m_turns.back()->hide();
    m_turns.back()->deleteLater();
    m_turns.pop_back();
    if (!m_turns.empty())
        m_turns.back()->setNewest(true);
    refresh();
}

void ConversationView::clear()
{
    dropAside();
    while (!m_turns.empty())
        removeNewest();
}

void ConversationView::setAside(std::size_t first)
{
    dropAside();
    m_asideFrom = first;
    for (std::size_t i = first; i < m_turns.size(); ++i) {
        m_turns[i]->setNewest(false);
        m_turns[i]->setParent(nullptr);
        m_aside.emplace_back(m_turns[i]);
    }
    m_turns.resize(std::min(first, m_turns.size()));
    if (!m_turns.empty())
        m_turns.back()->setNewest(true);
    refresh();
}

void ConversationView::bringBack()
{
    while (m_turns.size() > m_asideFrom)
        removeNewest();
    for (auto& turn : std::exchange(m_aside, {})) {
        add(turn.get());
        turn.release()->show(); // which it is not by itself once it had no parent
    }
}

bool ConversationView::dropAside()
{
    return !std::exchange(m_aside, {}).empty();
}

void ConversationView::setHint(const QString& hint)
{
    m_hint->setText(hint);
}

void ConversationView::scrollToEnd()
{
    verticalScrollBar()->setValue(verticalScrollBar()->maximum());
}

void ConversationView::refresh()
{
    m_hint->setVisible(m_turns.empty());
}

void ConversationView::dress()
{
    m_hint->setFont(m_theme.tokens().body);
    m_hint->setStyleSheet(QStringLiteral("color: %1; background: transparent;").arg(m_theme.tokens().secondary.name()));
}

} // namespace tokenscope::ui
