// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/headers.h"
#include "net/stream.h"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tokenscope::net {

/// How much is read from a connection at once.
inline constexpr std::size_t read_size = 16 * 1024;

/// Callback for a parser's chunk heads, one a message. The parser lets control characters stand in a quoted extension,
/// where others end the line at a bare LF and see another chunk; and it lets small chunks carry large extensions for ever.
struct ChunkExtensionCheck {
    static constexpr std::size_t max_total = 64 * 1024;

    void operator()(std::uint64_t, std::string_view extensions, IoError& error)
    {
        total += extensions.size();
        if (!is_field_value(extensions) || total > max_total)
            error = boost::beast::http::error::bad_chunk_extension;
    }

    std::size_t total = 0;
};

/// Gives the parser what `buffer` holds. Returns an error only for a message that is not valid.
template <class Parser>
IoError feed(Parser& parser, boost::beast::flat_buffer& buffer)
{
    IoError error;
    while (!error && buffer.size() > 0 && !parser.is_done())
        buffer.consume(parser.put(buffer.data(), error));
    return error == boost::beast::http::error::need_more ? IoError() : error;
}

/// The same up to the end of the header; the body stays in `buffer`.
template <class Parser>
IoError feed_head(Parser& parser, boost::beast::flat_buffer& buffer)
{
    IoError error;
    while (!error && buffer.size() > 0 && !parser.is_header_done())
        buffer.consume(parser.put(buffer.data(), error));
    return error == boost::beast::http::error::need_more ? IoError() : error;
}

/// Reads once from the connection into `buffer`.
inline Task<IoError> fill(Stream& stream, boost::beast::flat_buffer& buffer)
{
    const auto [error, count] = co_await stream.read_some(buffer.prepare(read_size));
    buffer.commit(count);
    co_return error;
}

} // namespace tokenscope::net
