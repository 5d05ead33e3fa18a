// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "usage_lines.h"

#include "composition.h"
#include "format/format.h"
#include "query/heap_bytes.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <cstddef>
#include <fstream>
#include <string>
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

QString bytesOf(std::size_t used, std::size_t budget)
{
    return tr("%1 of %2").arg(bytes(static_cast<double>(used)), bytes(static_cast<double>(budget)));
}

std::size_t textBytes(const std::string& text)
{
    static const auto within = std::string().capacity();
    return text.capacity() > within ? query::heap_bytes(text.capacity() + 1) : 0;
}

/// What a record takes of the heap. Of a long stream that is the marks of its chunks.
std::size_t recordBytes(const telemetry::RequestRecord& record)
{
    constexpr std::size_t counters = 16; // of the shared pointer, in front of the record
    auto sum = query::heap_bytes(sizeof record + counters)
               + query::heap_bytes(record.chunks.capacity() * sizeof(telemetry::ChunkMark));
    for (const auto* text : {&record.request_id, &record.route, &record.client, &record.target.backend,
                             &record.target.model, &record.requested_model, &record.genai_provider,
                             &record.response_model, &record.finish_reason, &record.error})
        sum += textBytes(*text);
    return sum;
}

} // namespace

std::size_t requestBytes(const telemetry::RequestLog& log)
{
    std::size_t sum = 0;
    for (const auto& record : log.since(0))
        sum += recordBytes(*record);
    return sum;
}

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
    const auto& requests = composition.requests();
    lines.emplace_back(tr("Requests in memory"),
                       tr("%1 in %2")
                           .arg(QLocale().toString(static_cast<qulonglong>(requests.since(0).size())),
                                bytes(static_cast<double>(requestBytes(requests)))));
    const auto traces = composition.traces().use();
    lines.emplace_back(tr("Traces"), bytesOf(traces.bytes, traces.budget));
    if (const auto* captures = composition.captures())
        lines.emplace_back(tr("Headers and bodies"), bytesOf(captures->bytes(), captures->settings().bytes));
    return lines;
}

} // namespace tokenscope::app
