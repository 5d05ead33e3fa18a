// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "usage_lines.h"

#include "composition.h"
#include "format/format.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

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

} // namespace

std::vector<std::pair<QString, QString>> usageLines(Composition& composition)
{
    std::vector<std::pair<QString, QString>> lines;
    lines.emplace_back(tr("This process"), ui::formatValue(resident(), ui::Unit::bytes).joined());
    const auto use = composition.local_source().use();
    lines.emplace_back(tr("Charts"), tr("%1 of %2, in %3 series")
                                         .arg(bytes(static_cast<double>(use.bytes)),
                                              bytes(static_cast<double>(use.budget)), QLocale().toString(use.series)));
    if (use.raw_from)
        lines.emplace_back(tr("Every sample since"), time(*use.raw_from));
    if (use.history_from)
        lines.emplace_back(tr("History since"),
                           time(*use.history_from)
                               + (use.history_cut ? tr(" (cut: the budget is used up)") : QString()));
    if (use.dropped_samples > 0)
        lines.emplace_back(tr("Samples refused"), QLocale().toString(static_cast<qulonglong>(use.dropped_samples)));
    lines.emplace_back(tr("Requests in memory"),
                       QLocale().toString(static_cast<qulonglong>(composition.requests().since(0).size())));
    return lines;
}

} // namespace tokenscope::app
