// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/unpacker.h"

#include <zlib.h>

#include <utility>

namespace tokenscope::remote {

void Unpacker::End::operator()(z_stream_s* stream) const
{
    inflateEnd(stream);
    delete stream;
}

Unpacker::Unpacker()
{
    auto stream = std::make_unique<z_stream>();
    constexpr int either_format = MAX_WBITS + 32;
    if (inflateInit2(stream.get(), either_format) == Z_OK)
        m_stream.reset(stream.release());
    m_failed = !m_stream;
}

Unpacker::~Unpacker() = default;

void Unpacker::feed(QByteArray bytes)
{
    if (m_failed || bytes.isEmpty())
        return;
    m_input = std::move(bytes);
    m_stream->next_in = reinterpret_cast<Bytef*>(m_input.data());
    m_stream->avail_in = static_cast<uInt>(m_input.size());
    m_pending = true;
    m_complete = false;
}

QByteArray Unpacker::take(qsizetype most)
{
    if (!pending())
        return {};
    QByteArray output(most, Qt::Uninitialized);
    m_stream->next_out = reinterpret_cast<Bytef*>(output.data());
    m_stream->avail_out = static_cast<uInt>(most);
    while (m_stream->avail_out > 0) {
        const auto result = inflate(m_stream.get(), Z_NO_FLUSH);
        if (result == Z_STREAM_END) {
            m_complete = m_stream->avail_in == 0;
            // Another member may follow; what is none fails.
            m_failed = inflateReset(m_stream.get()) != Z_OK;
        } else if (result != Z_OK && result != Z_BUF_ERROR) {
            m_failed = true;
        }
        if (m_failed || m_complete || result == Z_BUF_ERROR || m_stream->avail_in == 0)
            break;
    }
    m_pending = !m_complete && (m_stream->avail_out == 0 || m_stream->avail_in > 0);
    output.truncate(most - static_cast<qsizetype>(m_stream->avail_out));
    return output;
}

} // namespace tokenscope::remote
