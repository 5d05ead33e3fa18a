// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tokenscope::telemetry {

/// In the order they came; the values of those that carry secrets are masked (first and last few characters at most).
using CapturedHeaders = std::vector<std::pair<std::string, std::string>>;

/// A body, or as much of it as was kept. Streams are kept as their bytes came, events and all.
struct CapturedBody {
    bool wanted = false; ///< whether bodies were being captured when it came
    std::string bytes;
    std::uint64_t whole =
        0; ///< bytes of the whole body; of a request that was refused by its size, what its head announces

    bool cut() const { return bytes.size() < whole; }
};

/// What went over the wire between the client and the gateway for one model request. Of the reply what reached the client;
/// without the headers that frame it (Content-Length, Transfer-Encoding, Connection, Date).
struct CapturedExchange {
    std::string method; ///< "POST"
    std::string target; ///< path and query as the client wrote them, but for secrets among the parameters
    CapturedHeaders request_headers;
    CapturedBody request_body;
    unsigned status = 0; ///< 0: no reply was begun
    CapturedHeaders reply_headers;
    CapturedBody reply_body;
};

/// The exchanges of the last requests, within a budget of bytes; the oldest go first. Headers are always kept (masked), bodies
/// only where the configuration says so. Thread-safe.
class CaptureStore {
public:
    virtual ~CaptureStore() = default;
    /// By RequestRecord::request_id of a request that has ended; null where nothing is kept of it (any more).
    virtual std::shared_ptr<const CapturedExchange> find(std::string_view request_id) const = 0;
    /// Whether bodies are captured at present.
    virtual bool bodies() const = 0;
};

} // namespace tokenscope::telemetry
