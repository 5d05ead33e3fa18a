// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/playground/model_delegate.h"

#include "theme/theme.h"

#include <QPainter>

#include <algorithm>

namespace tokenscope::ui {

void ModelDelegate::drawDisplay(QPainter* painter, const QStyleOptionViewItem& option, const QRect& rect,
                                const QString& text) const
{
    const auto& tokens = m_theme.tokens();
    auto shown = option;
    auto place = rect;
    if (option.state.testFlag(QStyle::State_Enabled)) {
        if (option.state.testFlag(QStyle::State_Selected))
            painter->fillRect(option.rect, option.palette.brush(QPalette::Active, QPalette::Highlight));
        place.setLeft(rect.left() + tokens.space3);
        place.setRight(std::min(rect.right() + tokens.space3, option.rect.right()));
    } else { // the style sheet gives what cannot be chosen the colour of the rest
        shown.font = tokens.small;
        shown.font.setWeight(QFont::DemiBold);
        shown.fontMetrics = QFontMetrics(shown.font);
        shown.palette.setColor(QPalette::Text, tokens.secondary);
        place.setRight(option.rect.right());
    }
    QItemDelegate::drawDisplay(painter, shown, place, text);
}

} // namespace tokenscope::ui
