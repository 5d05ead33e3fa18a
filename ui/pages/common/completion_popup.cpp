// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/completion_popup.h"

#include "theme/theme.h"
#include "widgets/elided_label.h"

#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace tokenscope::ui {

namespace {

constexpr int detailRole = Qt::UserRole;
constexpr int helpRole = Qt::UserRole + 1;
constexpr int mostRows = 9;
constexpr int narrowest = 260;
constexpr int widest = 560;

/// The choice on the left, what it is on the right.
class ChoiceDelegate : public QStyledItemDelegate {
public:
    ChoiceDelegate(const Theme& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override
    {
        return {0, QFontMetrics(m_theme.tokens().mono).height() + m_theme.tokens().space1};
    }
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const auto& tokens = m_theme.tokens();
        painter->save();
        if (option.state.testFlag(QStyle::State_Selected))
            painter->fillRect(option.rect, tokens.selection);
        const auto area = option.rect.adjusted(tokens.space2, 0, -tokens.space2, 0);
        const auto detail = index.data(detailRole).toString();
        painter->setFont(tokens.small);
        painter->setPen(tokens.secondary);
        painter->drawText(area, Qt::AlignRight | Qt::AlignVCenter, detail);
        const auto used = detail.isEmpty() ? 0 : QFontMetrics(tokens.small).horizontalAdvance(detail) + tokens.space2;
        painter->setFont(tokens.mono);
        painter->setPen(tokens.text);
        painter->drawText(area, Qt::AlignLeft | Qt::AlignVCenter,
                          QFontMetrics(tokens.mono)
                              .elidedText(index.data().toString().simplified(), Qt::ElideMiddle, area.width() - used));
        painter->restore();
    }

private:
    const Theme& m_theme;
};

} // namespace

CompletionPopup::CompletionPopup(const Theme& theme, QWidget* editor)
    : QFrame(editor), m_theme(theme), m_list(new QListWidget), m_help(new ElidedLabel)
{
    setObjectName(QStringLiteral("completion"));
    setAttribute(Qt::WA_StyledBackground);
    setAccessibleName(tr("Completions"));
    m_list->setObjectName(QStringLiteral("completion.list"));
    m_list->setAccessibleName(tr("Completions"));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setUniformItemSizes(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setItemDelegate(new ChoiceDelegate(theme, m_list));
    m_help->setObjectName(QStringLiteral("completion.help"));
    m_help->setProperty("role", QStringLiteral("secondary"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(1, 1, 1, 1);
    column->setSpacing(0);
    column->addWidget(m_list);
    column->addWidget(m_help);
    connect(m_list, &QListWidget::currentRowChanged, this, &CompletionPopup::describe);
    connect(m_list, &QListWidget::itemClicked, this,
            [this](const QListWidgetItem* item) { Q_EMIT chosen(item->text()); });
    connect(&theme, &Theme::changed, this, &CompletionPopup::dress);
    dress();
    hide();
}

void CompletionPopup::open(const std::vector<CompletionItem>& items, const QRect& anchor)
{
    const auto& tokens = m_theme.tokens();
    const auto before = isVisible() ? current() : QString();
    {
        const QSignalBlocker quiet(m_list);
        m_list->clear();
        int chosenRow = 0;
        for (const auto& item : items) {
            auto* row = new QListWidgetItem(item.text, m_list);
            row->setData(detailRole, item.detail);
            row->setData(helpRole, item.help);
            if (item.text == before)
                chosenRow = m_list->count() - 1;
        }
        m_list->setCurrentRow(chosenRow);
    }
    const QFontMetrics mono(tokens.mono);
    const QFontMetrics small(tokens.small);
    int wanted = narrowest;
    bool help = false;
    for (const auto& item : items) {
        const auto used = item.text.size() > 100 ? widest : mono.horizontalAdvance(item.text);
        wanted = std::max(wanted, used + small.horizontalAdvance(item.detail) + 4 * tokens.space3);
        help = help || !item.help.isEmpty();
    }
    auto* place = parentWidget()->window();
    if (parentWidget() != place)
        setParent(place);
    m_help->setVisible(help);
    const auto rowHeight = mono.height() + tokens.space1;
    const auto rows = std::min<int>(mostRows, static_cast<int>(items.size()));
    m_list->setFixedHeight(rows * rowHeight + 2);
    const auto height = m_list->height() + 2 + (help ? m_help->sizeHint().height() : 0);
    const auto width = std::min({wanted, widest, place->width()});
    const auto x = std::clamp(anchor.left(), 0, std::max(0, place->width() - width));
    const auto below = anchor.bottom() + tokens.space1;
    const auto y = below + height <= place->height() ? below : std::max(0, anchor.top() - height - tokens.space1);
    setGeometry(x, y, width, height);
    describe();
    show();
    raise();
}

QString CompletionPopup::current() const
{
    const auto* item = m_list->currentItem();
    return item ? item->text() : QString();
}

int CompletionPopup::count() const
{
    return m_list->count();
}

void CompletionPopup::move(int rows)
{
    if (const auto count = m_list->count(); count > 0)
        m_list->setCurrentRow(((m_list->currentRow() + rows) % count + count) % count);
}

void CompletionPopup::describe()
{
    const auto* item = m_list->currentItem();
    m_help->setText(item ? item->data(helpRole).toString() : QString());
    setAccessibleDescription(item ? item->text() + QStringLiteral(", ") + m_help->text() : QString());
}

void CompletionPopup::dress()
{
    const auto& tokens = m_theme.tokens();
    m_help->setFont(tokens.small);
    m_help->setContentsMargins(tokens.space2, tokens.space1, tokens.space2, tokens.space1);
    setStyleSheet(
        QStringLiteral("tokenscope--ui--CompletionPopup { background: %1; border: 1px solid %2; border-radius: %3px; }"
                       "QListWidget, QListWidget:focus { background: transparent; border: none; }")
            .arg(tokens.raised.name(), tokens.disabled.name())
            .arg(tokens.radius));
}

} // namespace tokenscope::ui
