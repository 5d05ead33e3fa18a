// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "net/headers.h"
#include "net/task.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace tokenscope::net {

/// An upstream's reply: its head, and a body to be pulled. Dropping it before the body's end closes the connection, which
/// is how an upstream learns that nobody wants the rest; at the end the connection goes back to the pool.
class UpstreamReply {
public:
    UpstreamReply(UpstreamReply&&) noexcept;
    UpstreamReply& operator=(UpstreamReply&&) noexcept;
    ~UpstreamReply();

    unsigned status() const;
    const Headers& headers() const;

    /// What has arrived since the last call, decoded from its transfer coding, at least one byte; empty at the body's
    /// end. Waits for nothing more than the next bytes. The view holds until the next call.
    Task<Result<std::string_view>> read_some();
    /// The whole body; `upstream_bad_reply` if it is longer than `limit`.
    Task<Result<std::string>> read_all(std::size_t limit);

private:
    friend class HttpClient;
    class State;
    explicit UpstreamReply(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace tokenscope::net
