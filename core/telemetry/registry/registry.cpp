// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/registry/registry.h"

#include "telemetry/text.h"

namespace tokenscope::telemetry {

const std::string& LabelPool::intern(std::string_view value)
{
    const std::lock_guard lock(m_mutex);
    if (const auto known = m_values.find(value); known != m_values.end())
        return *known;
    return *m_values.insert(valid_utf8(value)).first;
}

Snapshot Registry::collect() const
{
    Snapshot snapshot;
    snapshot.reserve(m_families.size());
    for (const auto* family : m_families)
        family->collect(snapshot);
    return snapshot;
}

} // namespace tokenscope::telemetry
