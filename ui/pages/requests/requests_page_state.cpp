// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How RequestsPage was arranged, kept in the settings.
#include "bridge/console_context.h"
#include "pages/requests/filter_row.h"
#include "pages/requests/request_list.h"
#include "pages/requests/requests_page.h"

#include <QGuiApplication>
#include <QSettings>
#include <QSplitter>
#include <QToolButton>

#include <chrono>

namespace tokenscope::ui {

namespace {

constexpr std::chrono::milliseconds savePause{400}; ///< in the moving
const auto splitterKey = QStringLiteral("requests/splitter");
const auto lanesKey = QStringLiteral("requests/lanes");

} // namespace

void RequestsPage::restore()
{
    const auto& settings = m_context.settings;
    m_splitter->restoreState(settings.value(splitterKey).toByteArray());
    m_filter->restore();
    const bool lanes = settings.value(lanesKey, true).toBool();
    m_lanesToggle->setChecked(lanes);
    if (m_lanes)
        m_lanes->setVisible(lanes);
    m_follow->setChecked(m_list->following());
}

void RequestsPage::keepArrangement()
{
    m_saveSoon.setSingleShot(true);
    m_saveSoon.setInterval(savePause);
    connect(&m_saveSoon, &QTimer::timeout, this, &RequestsPage::saveSoon);
    connect(m_splitter, &QSplitter::splitterMoved, &m_saveSoon, qOverload<>(&QTimer::start));
    connect(m_lanesToggle, &QToolButton::toggled, &m_saveSoon, qOverload<>(&QTimer::start));
    connect(m_list, &RequestList::arrangementChanged, &m_saveSoon, qOverload<>(&QTimer::start));
}

void RequestsPage::saveSoon()
{
    if (QGuiApplication::mouseButtons() == Qt::NoButton)
        save();
    else
        m_saveSoon.start(); // it is still being moved
}

void RequestsPage::save()
{
    m_saveSoon.stop();
    auto& settings = m_context.settings;
    m_list->save();
    settings.setValue(splitterKey, m_splitter->saveState());
    settings.setValue(lanesKey, m_lanesToggle->isChecked());
}

} // namespace tokenscope::ui
