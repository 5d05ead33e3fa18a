// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/wrapping_row.h"

#include <algorithm>

namespace tokenscope::ui {

WrappingRow::WrappingRow(int spacing)
{
    setSpacing(spacing);
}

WrappingRow::~WrappingRow() = default;

void WrappingRow::addItem(QLayoutItem* item)
{
    m_items.emplace_back(item);
    invalidate();
}

int WrappingRow::count() const
{
    return static_cast<int>(m_items.size());
}

QLayoutItem* WrappingRow::itemAt(int index) const
{
    return index >= 0 && index < count() ? m_items[static_cast<std::size_t>(index)].get() : nullptr;
}

QLayoutItem* WrappingRow::takeAt(int index)
{
    if (!itemAt(index))
        return nullptr;
    auto* item = m_items[static_cast<std::size_t>(index)].release();
    m_items.erase(m_items.begin() + index);
    invalidate();
    return item;
}

std::vector<QLayoutItem*> WrappingRow::shown() const
{
    std::vector<QLayoutItem*> shown;
    for (const auto& item : m_items) {
        if (!item->isEmpty())
            shown.push_back(item.get());
    }
    return shown;
}

/// The first may give way down to its minimum before the second does.
bool WrappingRow::wraps(const std::vector<QLayoutItem*>& shown, int width) const
{
    return shown.size() > 1
           && shown.front()->minimumSize().width() + spacing() + shown.back()->sizeHint().width() > width;
}

QSize WrappingRow::sizeHint() const
{
    QSize hint(0, 0);
    for (const auto* item : shown())
        hint = {hint.width() + (hint.width() > 0 ? spacing() : 0) + item->sizeHint().width(),
                std::max(hint.height(), item->sizeHint().height())};
    return hint;
}

QSize WrappingRow::minimumSize() const
{
    QSize least(0, 0);
    for (const auto* item : shown())
        least = least.expandedTo(item->minimumSize());
    return least;
}

int WrappingRow::heightForWidth(int width) const
{
    const auto items = shown();
    const bool below = wraps(items, width);
    int height = 0;
    for (const auto* item : items) {
        const int own = item->sizeHint().height();
        height = below ? height + (height > 0 ? spacing() : 0) + own : std::max(height, own);
    }
    return height;
}

void WrappingRow::setGeometry(const QRect& rect)
{
    QLayout::setGeometry(rect);
    const auto items = shown();
    if (items.empty())
        return;
    if (items.size() == 1) {
        items.front()->setGeometry(rect);
        return;
    }
    const bool below = wraps(items, rect.width());
    const int height = below ? items.front()->sizeHint().height() : rect.height();
    const int endWidth = std::min(items.back()->sizeHint().width(), rect.width());
    const int endTop = below ? rect.top() + height + spacing() : rect.top();
    const int endHeight = below ? items.back()->sizeHint().height() : height;
    const int firstWidth = below ? rect.width() : rect.width() - endWidth - spacing();
    items.front()->setGeometry({rect.left(), rect.top(), firstWidth, height});
    items.back()->setGeometry({rect.right() + 1 - endWidth, endTop, endWidth, endHeight});
}

} // namespace tokenscope::ui
