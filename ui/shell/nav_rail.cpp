// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/nav_rail.h"

#include "pages/common/icon.h"
#include "shell/accessibility.h"
#include "theme/theme.h"

#include <QPainter>
#include <QPixmap>
#include <QShortcut>
#include <QToolButton>
#include <QVBoxLayout>

namespace tokenscope::ui {

namespace {

constexpr int railWidth = 88;
constexpr int iconSize = 20;

QIcon withDot(const QIcon& icon, const QColor& color, const ThemeTokens& tokens)
{
    constexpr int scale = 3; // sharp on every screen
    QPixmap picture = icon.pixmap(QSize(iconSize, iconSize), scale);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(tokens.surface, 2));
    painter.setBrush(color);
    painter.drawEllipse(QRectF(iconSize - 9, 0, 9, 9));
    painter.end();
    return QIcon(picture);
}

} // namespace

NavRail::NavRail(const Theme& theme, QWidget* parent) : QFrame(parent), m_theme(theme), m_column(new QVBoxLayout(this))
{
    setObjectName(QStringLiteral("nav"));
    setAccessibleName(tr("Pages"));
    setFixedWidth(railWidth);
    const auto gap = theme.tokens().space1;
    m_column->setContentsMargins(gap, theme.tokens().space2, gap, gap);
    m_column->setSpacing(gap);
    m_column->addStretch(1);
    connect(&theme, &Theme::changed, this, &NavRail::dress);
    dress();
}

void NavRail::add(const QString& id, const QString& title, const QString& icon)
{
    auto* button = new QToolButton;
    button->setObjectName(QStringLiteral("nav.") + id);
    button->setText(title);
    button->setCheckable(true);
    setOneOfSeveral(*button);
    button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    button->setFocusPolicy(Qt::TabFocus);
    const auto number = static_cast<int>(m_entries.size()) + 1;
    QString native;
    if (number <= 9) {
        const QKeySequence keys(QStringLiteral("Ctrl+%1").arg(number));
        native = keys.toString(QKeySequence::NativeText);
        auto* shortcut = new QShortcut(keys, this);
        shortcut->setContext(Qt::WindowShortcut);
        connect(shortcut, &QShortcut::activated, this, [this, id] { Q_EMIT chosen(id); });
    }
    connect(button, &QToolButton::clicked, this, [this, id] { Q_EMIT chosen(id); });
    m_column->insertWidget(m_column->count() - 1, button);
    m_entries.push_back({id, icon, button, title, native});
    name(m_entries.back());
    dress();
}

void NavRail::setCurrent(const QString& id)
{
    for (const auto& entry : m_entries)
        entry.button->setChecked(entry.id == id);
    dress();
}

void NavRail::setBadge(const QString& id, int count)
{
    for (auto& entry : m_entries) {
        if (entry.id != id || entry.badge == count)
            continue;
        entry.badge = count;
        name(entry);
        dress();
    }
}

void NavRail::setMark(const QString& id, const QString& what)
{
    for (auto& entry : m_entries) {
        if (entry.id != id || entry.mark == what)
            continue;
        entry.mark = what;
        name(entry);
        dress();
    }
}

void NavRail::name(const Entry& entry)
{
    auto words = entry.title;
    if (entry.badge > 0)
        words = entry.badge == 1 ? tr("%1, 1 alert firing").arg(words)
                                 : tr("%1, %2 alerts firing").arg(words).arg(entry.badge);
    if (!entry.mark.isEmpty())
        words = tr("%1, %2").arg(words, entry.mark);
    entry.button->setAccessibleName(words);
    entry.button->setToolTip(entry.keys.isEmpty() ? words : tr("%1 (%2)").arg(words, entry.keys));
}

void NavRail::dress()
{
    const auto& tokens = m_theme.tokens();
    for (const auto& entry : m_entries) {
        const auto icon = tintedIcon(entry.icon, entry.button->isChecked() ? tokens.accent : tokens.secondary);
        entry.button->setIcon(entry.badge > 0         ? withDot(icon, tokens.bad, tokens)
                              : !entry.mark.isEmpty() ? withDot(icon, tokens.accent, tokens)
                                                      : icon);
        entry.button->setIconSize({iconSize, iconSize});
        entry.button->setFont(tokens.small);
        entry.button->setFixedHeight(56);
    }
    setStyleSheet(QStringLiteral("tokenscope--ui--NavRail { background: %1; border: none; border-right: 1px solid %2; }"
                                 "QToolButton { background: transparent; border: 1px solid transparent; border-radius: "
                                 "%3px; color: %4; padding: 6px 0; }"
                                 "QToolButton:hover { background: %5; }"
                                 "QToolButton:checked { background: %6; color: %7; }"
                                 "QToolButton:focus { border-color: %8; }")
                      .arg(tokens.surface.name(), tokens.hairline.name())
                      .arg(tokens.radius)
                      .arg(tokens.secondary.name(), tokens.raised.name(), tokens.selection.name(QColor::HexArgb),
                           tokens.text.name(), tokens.accent.name()));
}

} // namespace tokenscope::ui
