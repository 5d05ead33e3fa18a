// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What RequestsPage says of its state, and how it was arranged, kept in the settings.
#include "bridge/console_context.h"
#include "bridge/source_list.h"
#include "pages/requests/empty_note.h"
#include "pages/requests/export_button.h"
#include "pages/requests/filter_box.h"
#include "pages/requests/filter_row.h"
#include "pages/requests/request_details.h"
#include "pages/requests/request_list.h"
#include "pages/requests/requests_page.h"

#include <QGuiApplication>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QStackedLayout>
#include <QToolButton>

#include <chrono>

namespace tokenscope::ui {

namespace {

constexpr std::chrono::milliseconds savePause{400}; ///< in the moving
const auto splitterKey = QStringLiteral("requests/splitter");
const auto lanesKey = QStringLiteral("requests/lanes");

QString counted(std::size_t count)
{
    return QLocale(QLocale::English).toString(static_cast<qulonglong>(count));
}

} // namespace

void RequestsPage::showState()
{
    const auto shown = m_model->shown().size();
    const auto all = m_model->all().size();
    m_elsewhere->setVisible(!m_context.sources.current().local());
    const bool last = all > 0 && m_model->all().back()->sequence > 1; // there were others, no longer kept
    const auto ofAll = last ? tr("the last %1 requests").arg(counted(all)) : tr("%1 requests").arg(counted(all));
    const auto count = shown == all ? ofAll : tr("%1 of %2").arg(counted(shown), ofAll);
    m_count->setText(m_filter->understood() ? count : tr("%1, by the filter before").arg(count));
    m_count->setVisible(all > 0);
    m_export->setEnabled(shown > 0);
    auto* const control = m_empty->control();
    const bool focused = m_list->hasFocus() || (control && control->hasFocus());
    m_stack->setCurrentIndex(shown > 0 ? 0 : 1);
    if (shown == 0)
        showEmpty(all);
    setEntry(shown > 0 ? static_cast<QWidget*>(m_list) : m_empty->control() ? m_empty->control() : &m_filter->box());
    if (focused)
        enter();
    m_details->setNote(placeOfChosen());
}

/// Why the one that is looked into is not in the list; nothing where it is.
QString RequestsPage::placeOfChosen() const
{
    if (!m_chosen || m_model->rowOf(m_chosen->sequence) >= 0)
        return {};
    const auto& all = m_model->all();
    return all.empty() || all.back()->sequence > m_chosen->sequence
               ? tr("Not in the list: it is no longer kept")
               : tr("Not in the list: the filter, or the time, leaves it out");
}

void RequestsPage::showEmpty(std::size_t all)
{
    const auto& gateway = m_context.gateway;
    const bool windowAlone = m_model->window().any() && m_filter->text().trimmed().isEmpty();
    if (all == 0 && gateway.running())
        m_empty->tell(
            tr("No requests yet: send one from the Playground, or point a client at %1").arg(gateway.apiUrl()),
            tr("Open the Playground"));
    else if (all == 0)
        m_empty->tell(gateway.error, {});
    else
        m_empty->tell(windowAlone ? tr("None of the %1 kept requests was in flight at that time.").arg(counted(all))
                      : m_filter->understood()
                          ? tr("None of the %1 kept requests matches.").arg(counted(all))
                          : tr("None of the %1 kept requests matches the filter before this one.").arg(counted(all)),
                      tr("Clear the filter"));
}

void RequestsPage::restore()
{
    const auto& settings = m_context.settings;
    m_splitter->restoreState(settings.value(splitterKey).toByteArray());
    m_filter->restore();
    const bool lanes = settings.value(lanesKey, true).toBool();
    m_lanesToggle->setChecked(lanes);
    if (m_lanes)
        m_lanes->setVisible(lanes);
    showFollow();
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
