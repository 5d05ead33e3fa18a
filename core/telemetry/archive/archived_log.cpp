// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/archive/archived_log.h"

#include <utility>

namespace tokenscope::telemetry {

void ArchivedLog::publish(RequestRecord record)
{
    auto kept = m_log.add(std::move(record));
    const std::shared_lock lock(m_mutex);
    if (m_archive)
        m_archive->keep(std::move(kept));
}

void ArchivedLog::set_archive(std::shared_ptr<RequestArchive> archive)
{
    // Only the swap is under the lock: an archive that ends writes what is left first.
    const std::unique_lock lock(m_mutex);
    m_archive.swap(archive);
}

std::shared_ptr<RequestArchive> ArchivedLog::archive() const
{
    const std::shared_lock lock(m_mutex);
    return m_archive;
}

} // namespace tokenscope::telemetry
