// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/explore/history_panel.h"

#include "pages/common/notice_bar.h"
#include "pages/common/query_history.h"
#include "theme/theme.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr int textRole = Qt::UserRole;
constexpr int mostShown = 300; ///< characters of an entry
constexpr int longestTip = 2000;

QPushButton* flatButton(const QString& text, const char* name)
{
    auto* button = new QPushButton(text);
    button->setObjectName(QLatin1StringView(name));
    button->setProperty("flat", true);
    return button;
}

} // namespace

HistoryPanel::HistoryPanel(const Theme& theme, QueryHistory& history, std::function<QString(const QString&)> describe,
                           QWidget* parent)
    : QWidget(parent), m_theme(theme), m_history(history), m_describe(std::move(describe)), m_search(new QLineEdit),
      m_list(new QListWidget), m_empty(new QLabel), m_remove(flatButton(tr("Remove"), "explore.history.remove")),
      m_clear(flatButton(tr("Remove all"), "explore.history.clear")),
      m_notice(new NoticeBar(theme, QStringLiteral("explore.history.notice")))
{
    const auto& tokens = theme.tokens();
    m_search->setObjectName(QStringLiteral("explore.history.search"));
    m_search->setPlaceholderText(tr("Search the history"));
    m_search->setAccessibleName(tr("Search the history"));
    m_search->installEventFilter(this);
    m_list->setObjectName(QStringLiteral("explore.history.list"));
    m_list->setAccessibleName(tr("History"));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setTextElideMode(Qt::ElideRight);
    m_list->setUniformItemSizes(true);
    m_list->installEventFilter(this);
    m_empty->setProperty("role", QStringLiteral("secondary"));
    m_empty->setWordWrap(true);
    m_empty->setAlignment(Qt::AlignTop);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(tokens.space1);
    buttons->addWidget(m_remove);
    buttons->addWidget(m_clear);
    buttons->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(tokens.space2, 0, 0, 0);
    column->setSpacing(tokens.space2);
    column->addWidget(m_search);
    column->addWidget(m_list, 1);
    column->addWidget(m_empty, 1);
    column->addWidget(m_notice);
    column->addLayout(buttons);
    connect(m_search, &QLineEdit::textChanged, this, &HistoryPanel::fill);
    connect(&history, &QueryHistory::changed, this, &HistoryPanel::fill);
    connect(m_list, &QListWidget::itemClicked, this,
            [this](const QListWidgetItem* item) { Q_EMIT chosen(item->data(textRole).toString()); });
    connect(m_remove, &QPushButton::clicked, this, &HistoryPanel::removeCurrent);
    connect(m_clear, &QPushButton::clicked, this, &HistoryPanel::removeAll);
    connect(&theme, &Theme::changed, this, &HistoryPanel::dress);
    dress();
    fill();
}

void HistoryPanel::fill()
{
    const auto row = m_list->currentRow();
    m_list->clear();
    for (const auto& text : m_history.found(m_search->text())) {
        const auto words = m_describe(text);
        auto* item = new QListWidgetItem(words.left(mostShown).simplified(), m_list);
        item->setData(textRole, text);
        item->setToolTip(words.left(longestTip));
    }
    m_list->setCurrentRow(std::min(std::max(0, row), m_list->count() - 1));
    const bool any = m_list->count() > 0;
    m_list->setVisible(any);
    m_empty->setVisible(!any);
    m_empty->setText(m_history.entries().isEmpty() ? tr("What you run is listed here, for this source.")
                                                   : tr("No query has that in it."));
    m_remove->setEnabled(any);
    m_clear->setEnabled(!m_history.entries().isEmpty());
}

void HistoryPanel::focusSearch()
{
    m_search->setFocus();
    m_search->selectAll();
}

void HistoryPanel::removeCurrent()
{
    if (const auto* item = m_list->currentItem()) {
        const auto before = m_history.entries();
        m_history.remove(item->data(textRole).toString());
        m_notice->tell(tr("Removed."), {{tr("Undo"), [this, before] { m_history.setEntries(before); }}});
    }
}

void HistoryPanel::removeAll()
{
    const auto before = m_history.entries();
    m_history.setEntries({});
    m_notice->tell(before.size() == 1 ? tr("1 query removed.") : tr("%1 queries removed.").arg(before.size()),
                   {{tr("Undo"), [this, before] { m_history.setEntries(before); }}});
}

bool HistoryPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const auto key = static_cast<QKeyEvent*>(event)->key();
    const auto rows = m_list->count();
    if (watched == m_search && rows > 0 && (key == Qt::Key_Down || key == Qt::Key_Up)) {
        m_list->setCurrentRow(std::clamp(m_list->currentRow() + (key == Qt::Key_Down ? 1 : -1), 0, rows - 1));
        return true;
    }
    if ((key == Qt::Key_Return || key == Qt::Key_Enter) && m_list->currentItem()) {
        Q_EMIT chosen(m_list->currentItem()->data(textRole).toString());
        return true;
    }
    if (watched == m_list && key == Qt::Key_Delete) {
        removeCurrent();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void HistoryPanel::dress()
{
    const auto& tokens = m_theme.tokens();
    m_list->setFont(tokens.mono);
    m_empty->setFont(tokens.small);
    m_list->setStyleSheet(QStringLiteral("QListView, QListView:focus { background: transparent; border: none; }"));
}

} // namespace tokenscope::ui
