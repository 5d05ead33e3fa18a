// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <limits>

namespace tokenscope::net {

namespace {

constexpr int gzip_window = 15 + 16; ///< the largest window; 16 more ask for gzip's frame in place of zlib's
constexpr int default_memory = 8;
constexpr std::size_t most_at_once = std::numeric_limits<uInt>::max();

} // namespace

std::optional<std::string> gzip(std::string_view bytes)
{
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, gzip_window, default_memory, Z_DEFAULT_STRATEGY) != Z_OK)
        return std::nullopt;
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    std::size_t written = 0;
    int status = Z_OK;
    while (status == Z_OK) {
        // zlib counts in 32 bits, and does not write through next_in, which only old C makes it not const.
        const auto in = std::min(bytes.size(), most_at_once);
        const auto room = std::min(out.size() - written, most_at_once);
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
        stream.avail_in = static_cast<uInt>(in);
        stream.next_out = reinterpret_cast<Bytef*>(out.data() + written);
        stream.avail_out = static_cast<uInt>(room);
        status = deflate(&stream, in == bytes.size() ? Z_FINISH : Z_NO_FLUSH);
        bytes.remove_prefix(in - stream.avail_in);
        written += room - stream.avail_out;
    }
    deflateEnd(&stream);
    if (status != Z_STREAM_END)
        return std::nullopt;
    out.resize(written);
    return out;
}

} // namespace tokenscope::net
