// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/common/right_edge.h"

#include <QEvent>
#include <QLayout>
#include <QScrollArea>
#include <QScrollBar>

#include <algorithm>

namespace tokenscope::ui {

namespace {

/// Belongs to the layout, which may go before the scroll bar does.
class RightEdge : public QObject {
public:
    RightEdge(QScrollArea& area, QLayout& content, int margin)
        : QObject(&content), m_bar(*area.verticalScrollBar()), m_content(content), m_margin(margin)
    {
        // A bar is shown and hidden with its container, of which it is told only where it can be seen.
        m_bar.installEventFilter(this);
        m_bar.parentWidget()->installEventFilter(this);
        lay();
    }

    bool eventFilter(QObject*, QEvent* event) override
    {
        if (event->type() == QEvent::ShowToParent || event->type() == QEvent::HideToParent
            || event->type() == QEvent::Show || event->type() == QEvent::Hide)
            lay();
        return false;
    }

private:
    void lay()
    {
        auto margins = m_content.contentsMargins();
        const bool shown = !m_bar.parentWidget()->isHidden() && !m_bar.isHidden();
        margins.setRight(shown ? std::max(0, m_margin - m_bar.sizeHint().width()) : m_margin);
        if (margins != m_content.contentsMargins())
            m_content.setContentsMargins(margins);
    }

    QScrollBar& m_bar;
    QLayout& m_content;
    int m_margin;
};

} // namespace

void keepRightEdge(QScrollArea& area, QLayout& content, int margin)
{
    new RightEdge(area, content, margin);
}

} // namespace tokenscope::ui
