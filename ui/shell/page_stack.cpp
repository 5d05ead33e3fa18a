// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/page_stack.h"

#include "pages/common/page.h"

#include <algorithm>
#include <utility>

namespace tokenscope::ui {

PageStack::PageStack(QWidget* parent) : QStackedWidget(parent)
{
    connect(&m_idle, &QTimer::timeout, this, &PageStack::makeNext);
}

void PageStack::add(const PageInfo& info, Make make)
{
    m_infos.push_back(info);
    m_places.push_back({std::move(make), nullptr});
}

Page* PageStack::page(const QString& id)
{
    const auto found =
        std::find_if(m_infos.begin(), m_infos.end(), [&id](const PageInfo& info) { return info.id == id; });
    if (found == m_infos.end())
        return nullptr;
    auto& place = m_places[static_cast<std::size_t>(found - m_infos.begin())];
    if (!place.page) {
        place.page = std::exchange(place.make, nullptr)();
        place.page->setAccessibleName(found->title);
        addWidget(place.page);
    }
    return place.page;
}

bool PageStack::show(const QString& id)
{
    auto* wanted = page(id);
    if (!wanted)
        return false;
    setCurrentWidget(wanted);
    wanted->enter();
    return true;
}

QString PageStack::currentId() const
{
    for (std::size_t i = 0; i < m_places.size(); ++i) {
        if (m_places[i].page && m_places[i].page == currentWidget())
            return m_infos[i].id;
    }
    return {};
}

Page* PageStack::currentPage() const
{
    return qobject_cast<Page*>(currentWidget());
}

void PageStack::makeOthersInIdle()
{
    m_idle.start(0);
}

void PageStack::makeNext()
{
    const auto next = std::find_if(m_places.begin(), m_places.end(), [](const Place& place) { return !place.page; });
    if (next == m_places.end())
        m_idle.stop();
    else
        page(m_infos[static_cast<std::size_t>(next - m_places.begin())].id);
}

} // namespace tokenscope::ui
