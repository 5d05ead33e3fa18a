// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/tracing/span_exporter.h"

#include <string>

namespace tokenscope::telemetry {

/// Writes each span as a line of JSON (see span_json.h) to standard output or another descriptor. Lines come whole: where
/// a reader that does not read makes one end in the middle, the next batch begins with its rest.
class StdoutExporter final : public SpanExporter {
public:
    /// `descriptor` must outlive it, and is not closed.
    explicit StdoutExporter(Resource resource, int descriptor = 1);

    /// Accepted, with those as rejected that nobody read in time; refused where there is no reader.
    ExportOutcome send(std::span<const SpanData> spans, std::chrono::milliseconds timeout, CancelToken cancel) override;

private:
    using Deadline = std::chrono::steady_clock::time_point;
    enum class Written { all, not_in_time, never };
    /// Leaves in m_rest what could not be written.
    Written write_rest(Deadline deadline, const CancelToken& cancel);

    const Resource m_resource;
    const int m_descriptor;
    std::string m_rest;
};

} // namespace tokenscope::telemetry
