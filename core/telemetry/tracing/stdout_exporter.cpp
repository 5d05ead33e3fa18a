// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/tracing/stdout_exporter.h"

#include "telemetry/tracing/span_json.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <system_error>
#include <utility>

namespace tokenscope::telemetry {

namespace {

/// How often a wait for the reader looks whether it is still wanted.
constexpr std::chrono::milliseconds glance{20};

} // namespace

StdoutExporter::StdoutExporter(Resource resource, int descriptor)
    : m_resource(std::move(resource)), m_descriptor(descriptor)
{
}

StdoutExporter::Written StdoutExporter::write_rest(Deadline deadline, const CancelToken& cancel)
{
    while (!m_rest.empty()) {
        if (cancel.cancelled() || std::chrono::steady_clock::now() >= deadline)
            return Written::not_in_time;
        pollfd ready{.fd = m_descriptor, .events = POLLOUT, .revents = 0};
        const int polled = ::poll(&ready, 1, static_cast<int>(glance.count()));
        if (polled == 0 || (polled < 0 && errno == EINTR))
            continue;
        // A pipe that is ready takes this much without blocking.
        const auto written = ::write(m_descriptor, m_rest.data(), std::min<std::size_t>(m_rest.size(), PIPE_BUF));
        if (written < 0 && errno != EINTR && errno != EAGAIN)
            return Written::never;
        m_rest.erase(0, written > 0 ? static_cast<std::size_t>(written) : 0);
    }
    return Written::all;
}

ExportOutcome StdoutExporter::send(std::span<const SpanData> spans, std::chrono::milliseconds timeout,
                                   CancelToken cancel)
{
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    std::uint64_t done = 0;
    auto written = write_rest(deadline, cancel);
    while (written == Written::all && done < spans.size()) {
        append_span_json(m_rest, spans[done], m_resource);
        m_rest += '\n';
        ++done; // one that is half written is finished the next time
        written = write_rest(deadline, cancel);
    }
    if (written == Written::never) {
        m_rest.clear();
        return {.kind = ExportOutcome::Kind::refused,
                .message = "Standard output cannot be written to: " + std::generic_category().message(errno) + "."};
    }
    if (written == Written::all)
        return {};
    return {.kind = ExportOutcome::Kind::accepted,
            .message = "Nobody reads standard output.",
            .rejected = spans.size() - done};
}

} // namespace tokenscope::telemetry
