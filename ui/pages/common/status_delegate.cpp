// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/status_delegate.h"

#include "theme/color_math.h"
#include "theme/theme.h"

#include <QPainter>

namespace tokenscope::ui {

namespace {

constexpr double readable = 4.5;

/// As much of the colour as can be read on that ground.
QColor readableOn(const QColor& ground, const QColor& color, const QColor& text)
{
    double share = 0;
    QColor candidate = color;
    while (contrastRatio(candidate, ground) < readable && share < 1)
        candidate = mixed(color, text, share += 0.1);
    return candidate;
}

} // namespace

StatusDelegate::StatusDelegate(const Theme& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}

/// The style sheet would write all of a selected row in one colour: so the style is not told that it is selected.
void StatusDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    if (!option->state.testFlag(QStyle::State_Selected))
        return;
    option->state &= ~QStyle::State_Selected;
    const auto& tokens = m_theme.tokens();
    option->palette.setColor(QPalette::Text,
                             readableOn(tokens.selection, option->palette.color(QPalette::Text), tokens.text));
}

void StatusDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    if (option.state.testFlag(QStyle::State_Selected))
        painter->fillRect(option.rect, m_theme.tokens().selection);
    QStyledItemDelegate::paint(painter, option, index);
}

} // namespace tokenscope::ui
