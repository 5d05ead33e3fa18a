// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/archive/request_archive.h"
#include "telemetry/request_log.h"

#include <memory>
#include <mutex>
#include <shared_mutex>

namespace tokenscope::telemetry {

/// Hands every record on to the log in memory and, where there is one, to an archive. Thread-safe.
class ArchivedLog final : public RecordSink {
public:
    /// `log` must outlive it.
    explicit ArchivedLog(RequestLog& log) : m_log(log) {}

    void publish(RequestRecord record) override;

    /// From now on records go to this archive; null: to none. The one before gets every record until then. It is not
    /// destroyed by publish(), but here or by whom else it belongs to.
    void set_archive(std::shared_ptr<RequestArchive> archive);
    std::shared_ptr<RequestArchive> archive() const;

private:
    RequestLog& m_log;
    mutable std::shared_mutex m_mutex;
    std::shared_ptr<RequestArchive> m_archive;
};

} // namespace tokenscope::telemetry
