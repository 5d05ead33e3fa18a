// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/client_sink.h"

#include "gateway/error_reply.h"

#include <algorithm>

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
    constexpr std::size_t longest_end = 4; // of an event: CR LF CR LF
    m_tail.append(bytes.substr(bytes.size() - std::min(bytes.size(), longest_end)));
    m_tail.erase(0, m_tail.size() - std::min(m_tail.size(), longest_end));
    co_return co_await m_exchange.write(bytes);
}

std::string_view ClientSink::separator(llm::Api api) const
{
    const auto ends = [this](std::string_view end) { return m_tail.empty() || m_tail.ends_with(end); };
    if (error_shape_of(api) == ErrorShape::ollama)
        return ends("\n") ? "" : "\n";
    return ends("\n\n") || ends("\r\n\r\n") || ends("\r\r") ? "" : "\n\n";
}

} // namespace tokenscope::gateway
