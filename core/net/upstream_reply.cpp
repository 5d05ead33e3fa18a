// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/upstream_reply.h"

#include "net/reply_state.h"

#include <fmt/format.h>

#include <utility>

namespace tokenscope::net {

UpstreamReply::UpstreamReply(std::unique_ptr<State> state) : m_state(std::move(state)) {}
UpstreamReply::UpstreamReply(UpstreamReply&&) noexcept = default;
UpstreamReply& UpstreamReply::operator=(UpstreamReply&&) noexcept = default;
UpstreamReply::~UpstreamReply() = default;

unsigned UpstreamReply::status() const
{
    return m_state->status();
}

const Headers& UpstreamReply::headers() const
{
    return m_state->headers();
}

Task<Result<std::string_view>> UpstreamReply::read_some()
{
    return m_state->read_some();
}

Task<Result<std::string>> UpstreamReply::read_all(std::size_t limit)
{
    std::string whole;
    while (true) {
        const auto part = co_await read_some();
        if (!part)
            co_return failure(part.error());
        if (part->empty())
            co_return whole;
        if (whole.size() + part->size() > limit)
            co_return failure(ErrorCode::upstream_bad_reply,
                              fmt::format("The upstream's reply is longer than {} bytes.", limit));
        whole.append(*part);
    }
}

} // namespace tokenscope::net
