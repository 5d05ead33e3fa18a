// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/client_sink.h"

namespace tokenscope::gateway {

net::Task<Result<void>> ClientSink::begin(const providers::Headers& headers)
{
    net::Headers all = headers;
    if (m_translation)
        net::set_header(all, "Content-Type", m_translation->stream_type());
    // Proxies in between must neither buffer nor rewrite a stream.
    if (net::find_header(all, "cache-control").empty())
        all.emplace_back("Cache-Control", "no-cache, no-transform");
    if (net::find_header(all, "x-accel-buffering").empty())
        all.emplace_back("X-Accel-Buffering", "no");
    co_return co_await m_exchange.begin_stream(200, std::move(all));
}

net::Task<Result<void>> ClientSink::write(providers::StreamChunk chunk)
{
    auto bytes = chunk.bytes;
    if (m_translation) {
        m_translated.clear();
        m_translation->feed(chunk.bytes, m_translated);
        bytes = m_translated;
        if (bytes.empty())
            co_return Result<void>();
    }
    const Delivery::Part part{m_provider, bytes, m_translation, false};
    co_await m_delivery.before(part);
    co_return co_await m_exchange.write(bytes);
}

} // namespace tokenscope::gateway
