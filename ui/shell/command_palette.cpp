// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/command_palette.h"

#include "shell/word_match.h"
#include "theme/theme.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QSettings>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace tokenscope::ui {

namespace {

constexpr int paletteWidth = 560;
constexpr int rowHeight = 32;
constexpr int mostRows = 10;
constexpr int mostRecent = 8;
constexpr int distanceFromTop = 72;
constexpr QLatin1StringView recentKey("palette/recent");

enum Role { groupRole = Qt::UserRole + 1, shortcutRole, placesRole };

/// The title with the letters that fit in bold, the group and the keys at the right.
class CommandDelegate : public QStyledItemDelegate {
public:
    CommandDelegate(const Theme& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {100, rowHeight}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const auto& tokens = m_theme.tokens();
        painter->save();
        if (option.state & QStyle::State_Selected) {
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setPen(Qt::NoPen);
            painter->setBrush(tokens.selection);
            painter->drawRoundedRect(option.rect.adjusted(4, 1, -4, -1), tokens.radius, tokens.radius);
        }
        QRect line = option.rect.adjusted(tokens.space3, 0, -tokens.space3, 0);
        painter->setFont(tokens.small);
        painter->setPen(tokens.secondary);
        const auto keys = index.data(shortcutRole).toString();
        const auto side = keys.isEmpty() ? index.data(groupRole).toString()
                                         : QStringLiteral("%1   %2").arg(index.data(groupRole).toString(), keys);
        painter->drawText(line, Qt::AlignRight | Qt::AlignVCenter, side);
        line.setRight(line.right() - QFontMetrics(tokens.small).horizontalAdvance(side) - tokens.space3);
        paintTitle(*painter, line, index);
        painter->restore();
    }

private:
    void paintTitle(QPainter& painter, const QRect& line, const QModelIndex& index) const
    {
        const auto& tokens = m_theme.tokens();
        auto bold = tokens.body;
        bold.setWeight(QFont::Bold);
        const auto places = index.data(placesRole).toList();
        const auto title = QFontMetrics(bold).elidedText(index.data().toString(), Qt::ElideRight, line.width());
        int x = line.left();
        painter.setPen(tokens.text);
        for (int i = 0; i < title.size(); ++i) {
            const auto& font = places.contains(i) ? bold : tokens.body;
            painter.setFont(font);
            const auto letter = title.mid(i, 1);
            painter.drawText(QRect(x, line.top(), line.width(), line.height()), Qt::AlignVCenter, letter);
            x += QFontMetrics(font).horizontalAdvance(letter);
        }
    }

    const Theme& m_theme;
};

} // namespace

CommandPalette::CommandPalette(const Theme& theme, QSettings& settings, QWidget* window)
    : QFrame(window), m_theme(theme), m_settings(settings), m_typed(new QLineEdit), m_list(new QListWidget),
      m_recent(settings.value(recentKey).toStringList())
{
    setObjectName(QStringLiteral("palette"));
    setAccessibleName(tr("Command palette"));
    m_typed->setObjectName(QStringLiteral("palette.typed"));
    m_typed->setPlaceholderText(tr("Type what you want to do"));
    m_typed->setAccessibleName(tr("Command"));
    m_list->setObjectName(QStringLiteral("palette.list"));
    m_list->setAccessibleName(tr("Commands that fit"));
    m_list->setItemDelegate(new CommandDelegate(theme, m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setUniformItemSizes(true);
    auto* column = new QVBoxLayout(this);
    const auto gap = theme.tokens().space2;
    column->setContentsMargins(gap, gap, gap, gap);
    column->setSpacing(gap);
    column->addWidget(m_typed);
    column->addWidget(m_list);
    m_typed->installEventFilter(this);
    window->installEventFilter(this);
    connect(m_typed, &QLineEdit::textChanged, this, &CommandPalette::fill);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::choose);
    connect(&theme, &Theme::changed, this, &CommandPalette::dress);
    dress();
    hide();
}

void CommandPalette::open(std::vector<Command> commands)
{
    m_commands = std::move(commands);
    m_before = QApplication::focusWidget();
    m_typed->clear();
    fill();
    show();
    raise();
    m_typed->setFocus();
}

void CommandPalette::fill()
{
    struct Found {
        std::size_t command;
        WordMatch match;
        qsizetype used; ///< how long ago
    };
    std::vector<Found> found;
    for (std::size_t i = 0; i < m_commands.size(); ++i) {
        auto match = matchWords(m_typed->text(), m_commands[i].title);
        if (!match) {
            // The group's word helps to find it, as in "source prod".
            match = matchWords(m_typed->text(), m_commands[i].group + QLatin1Char(' ') + m_commands[i].title);
            if (!match)
                continue;
            match->places.clear();
        }
        const auto used = m_recent.indexOf(m_commands[i].id);
        found.push_back({i, std::move(*match), used < 0 ? m_recent.size() : used});
    }
    std::stable_sort(found.begin(), found.end(), [](const Found& one, const Found& other) {
        return one.match.score != other.match.score ? one.match.score > other.match.score : one.used < other.used;
    });
    m_list->clear();
    m_shown.clear();
    for (const auto& entry : found) {
        const auto& command = m_commands[entry.command];
        auto* item = new QListWidgetItem(command.title);
        QVariantList places;
        for (const int place : entry.match.places)
            places << place;
        item->setData(groupRole, command.group);
        item->setData(shortcutRole, command.shortcut);
        item->setData(placesRole, places);
        item->setData(Qt::AccessibleTextRole, QStringLiteral("%1, %2").arg(command.title, command.group));
        m_list->addItem(item);
        m_shown.push_back(entry.command);
    }
    if (m_shown.empty()) {
        auto* none = new QListWidgetItem(tr("Nothing fits “%1”.").arg(m_typed->text()));
        none->setFlags(Qt::NoItemFlags);
        m_list->addItem(none);
    }
    m_list->setCurrentRow(m_shown.empty() ? -1 : 0);
    place();
}

void CommandPalette::place()
{
    const auto* window = parentWidget();
    const int rows = std::clamp(m_list->count(), 1, mostRows);
    m_list->setFixedHeight(rows * rowHeight);
    const int width = std::min(paletteWidth, window->width() - 2 * m_theme.tokens().space6);
    setGeometry((window->width() - width) / 2, distanceFromTop, width, sizeHint().height());
}

void CommandPalette::move(int by)
{
    const auto rows = static_cast<int>(m_shown.size());
    if (rows == 0)
        return;
    m_list->setCurrentRow(((m_list->currentRow() + by) % rows + rows) % rows);
}

void CommandPalette::choose()
{
    const int row = m_list->currentRow();
    if (row < 0 || row >= static_cast<int>(m_shown.size()))
        return;
    const auto command = m_commands[m_shown[static_cast<std::size_t>(row)]];
    m_recent.removeAll(command.id);
    m_recent.prepend(command.id);
    m_recent = m_recent.mid(0, mostRecent);
    m_settings.setValue(recentKey, m_recent);
    closeUp();
    command.run();
}

void CommandPalette::closeUp()
{
    const auto before = std::exchange(m_before, {});
    hide();
    if (before && before->isVisible())
        before->setFocus();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize && isVisible())
        place();
    if (watched != m_typed)
        return QFrame::eventFilter(watched, event);
    if (event->type() == QEvent::FocusOut && isVisible()
        && static_cast<QFocusEvent*>(event)->reason() != Qt::PopupFocusReason) {
        m_before = nullptr; // the focus went where the user wanted it
        hide();
    }
    if (event->type() == QEvent::ShortcutOverride) {
        event->accept(); // typed here, no page's key
        return true;
    }
    if (event->type() != QEvent::KeyPress)
        return QFrame::eventFilter(watched, event);
    switch (static_cast<QKeyEvent*>(event)->key()) {
    case Qt::Key_Down: move(1); return true;
    case Qt::Key_Up: move(-1); return true;
    case Qt::Key_PageDown:
        m_list->setCurrentRow(std::min(m_list->currentRow() + mostRows, m_list->count() - 1));
        return true;
    case Qt::Key_PageUp: m_list->setCurrentRow(std::max(m_list->currentRow() - mostRows, 0)); return true;
    case Qt::Key_Return:
    case Qt::Key_Enter: choose(); return true;
    case Qt::Key_Escape: closeUp(); return true;
    default: return QFrame::eventFilter(watched, event);
    }
}

void CommandPalette::dress()
{
    const auto& tokens = m_theme.tokens();
    setStyleSheet(
        QStringLiteral("tokenscope--ui--CommandPalette { background: %1; border: 1px solid %2; border-radius: %3px; }"
                       "QListWidget { background: transparent; border: none; outline: none; }")
            .arg(tokens.raised.name(), tokens.secondary.name())
            .arg(tokens.radius));
}

} // namespace tokenscope::ui
