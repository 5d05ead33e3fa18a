// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <memory>

struct z_stream_s;

namespace tokenscope::remote {

/// Unpacks a body in gzip (RFC 1952) or zlib's format (RFC 1950, HTTP's "deflate"), piece by piece. Ours rather than Qt's,
/// which takes a stream that ends early for a whole one.
class Unpacker {
public:
    Unpacker();
    ~Unpacker();
    Unpacker(const Unpacker&) = delete;
    Unpacker& operator=(const Unpacker&) = delete;

    /// More of the packed bytes. Only when pending() is false.
    void feed(QByteArray bytes);
    /// At most so many unpacked bytes; none where it needs more to go on.
    QByteArray take(qsizetype most);
    /// There may be something to take without feeding it.
    bool pending() const { return !m_failed && m_pending; }
    /// What came is in neither format.
    bool failed() const { return m_failed; }
    /// What came so far is whole; nothing at all is, too.
    bool complete() const { return m_complete && !m_failed; }

private:
    struct End {
        void operator()(z_stream_s* stream) const;
    };

    std::unique_ptr<z_stream_s, End> m_stream; ///< null where there was no memory for it
    QByteArray m_input;
    bool m_pending = false;
    bool m_failed = false;
    bool m_complete = true;
};

} // namespace tokenscope::remote
