// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "usage_lines.h"

#include "composition.h"
#include "format/format.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <cstddef>
#include <fstream>
#include <unistd.h>

namespace tokenscope::app {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("Usage", text);
}

QString bytes(double count)
{
    return ui::formatValue(count, ui::Unit::bytes).joined();
}

QString time(std::int64_t ms)
{
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(ms), QLocale::ShortFormat);
}

/// Of the whole process; absent where the system does not say.
std::optional<double> resident()
{
    std::ifstream file("/proc/self/statm");
    double size = 0;
    double pages = 0;
    if (!(file >> size >> pages))
        return std::nullopt;
    return pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

/// How much of which budget is used, and of all of them together.
class Budgets {
public:
    QString add(std::size_t used, std::size_t budget)
    {
        m_used += used;
        m_budget += budget;
        return text(used, budget);
    }
    QString all() const { return text(m_used, m_budget); }
    std::size_t used() const { return m_used; }

private:
    static QString text(std::size_t used, std::size_t budget)
    {
        return tr("%1 of %2").arg(bytes(static_cast<double>(used)), bytes(static_cast<double>(budget)));
    }

    std::size_t m_used = 0;
    std::size_t m_budget = 0;
};

} // namespace

std::vector<std::pair<QString, QString>> usageLines(Composition& composition,
                                                    const std::vector<ui::SourceList::Entry>& sources)
{
    std::vector<std::pair<QString, QString>> lines;
    Budgets budgets;
    const auto process = resident();
    lines.emplace_back(tr("This process"), ui::formatValue(process, ui::Unit::bytes).joined());
    const auto use = composition.local_source().use();
    lines.emplace_back(tr("Charts"),
                       tr("%1, in %2 series").arg(budgets.add(use.bytes, use.budget), QLocale().toString(use.series)));
    if (use.raw_from)
        lines.emplace_back(tr("Every sample since"), time(*use.raw_from));
    if (use.history_from)
        lines.emplace_back(tr("History since"),
                           time(*use.history_from)
                               + (use.history_cut ? tr(" (cut: the budget is used up)") : QString()));
    if (use.dropped_samples > 0)
        lines.emplace_back(tr("Samples refused"), QLocale().toString(static_cast<qulonglong>(use.dropped_samples)));
    const auto requests = composition.requests().use();
    lines.emplace_back(tr("Requests in memory"),
                       tr("%1, in %2 records")
                           .arg(budgets.add(requests.bytes, requests.budget),
                                QLocale().toString(static_cast<qulonglong>(requests.records))));
    const auto traces = composition.traces().use();
    lines.emplace_back(tr("Traces"), budgets.add(traces.bytes, traces.budget));
    if (const auto* captures = composition.captures())
        lines.emplace_back(tr("Headers and bodies"), budgets.add(captures->bytes(), captures->settings().bytes));
    for (const auto& source : sources) {
        if (const auto memory = source.source->memory())
            lines.emplace_back(tr("Samples of %1").arg(QString::fromStdString(source.source->name())),
                               budgets.add(memory->bytes, memory->budget));
    }
    lines.emplace_back(tr("All of these"), budgets.all());
    const auto used = static_cast<double>(budgets.used());
    if (process && *process > used)
        lines.emplace_back(tr("The rest"),
                           tr("%1 for windows, fonts and the program itself").arg(bytes(*process - used)));
    return lines;
}

} // namespace tokenscope::app
