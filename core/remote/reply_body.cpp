// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/reply_body.h"

#include <QNetworkReply>

namespace tokenscope::remote {

bool ReplyBody::begin(QNetworkReply& reply)
{
    m_reply = &reply;
    m_unpacker.reset();
    const auto encoding = reply.rawHeader("Content-Encoding").trimmed().toLower();
    if (encoding == "gzip" || encoding == "x-gzip" || encoding == "deflate")
        m_unpacker.emplace();
    return m_unpacker || encoding.isEmpty() || encoding == "identity";
}

QByteArray ReplyBody::read(qint64 most)
{
    constexpr qint64 packed_bytes = 64 << 10;
    if (!m_unpacker)
        return m_reply->read(most);
    while (true) {
        auto bytes = m_unpacker->take(most);
        if (!bytes.isEmpty() || m_unpacker->failed() || m_reply->bytesAvailable() == 0)
            return bytes;
        if (!m_unpacker->pending())
            m_unpacker->feed(m_reply->read(packed_bytes));
    }
}

bool ReplyBody::has_more() const
{
    return m_reply->bytesAvailable() > 0 || (m_unpacker && m_unpacker->pending());
}

} // namespace tokenscope::remote
