// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "remote/unpacker.h"

#include <QByteArray>

#include <optional>

class QNetworkReply;

namespace tokenscope::remote {

/// The bytes of a reply, unpacked where they come packed.
class ReplyBody {
public:
    /// Once its headers are there; it must outlive the use of this. False where it is packed in a way that nobody asked for.
    bool begin(QNetworkReply& reply);
    /// At most so many; none where there are none yet.
    QByteArray read(qint64 most);
    /// Something may be read at once.
    bool has_more() const;
    /// The packed bytes are none.
    bool failed() const { return m_unpacker && m_unpacker->failed(); }
    /// What has been read ends where it may.
    bool complete() const { return !m_unpacker || m_unpacker->complete(); }

private:
    QNetworkReply* m_reply = nullptr;
    std::optional<Unpacker> m_unpacker;
};

} // namespace tokenscope::remote
