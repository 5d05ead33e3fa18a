// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>

#include <random>

namespace tokenscope::test {

/// Something that may turn up anywhere in HTTP and mean trouble.
inline QByteArray random_piece(std::mt19937& random)
{
    static const QList<QByteArray> pieces{"\r\n",
                                          "\r",
                                          "\n",
                                          "\r\n\r\n",
                                          QByteArray("\0", 1),
                                          ":",
                                          " ",
                                          "\t",
                                          "\xFF",
                                          ";",
                                          ",",
                                          "0",
                                          "-1",
                                          "ffffffffffffffff",
                                          "Content-Length: 3\r\n",
                                          "Transfer-Encoding: chunked\r\n",
                                          "HTTP/1.1",
                                          "HTTP/1.1 100 Continue\r\n\r\n",
                                          "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
                                          QByteArray(3'000, 'a')};
    return pieces[qsizetype(random() % size_t(pieces.size()))];
}

/// The bytes with one to three small accidents; the same seed makes the same ones.
inline QByteArray mutate(QByteArray bytes, std::mt19937& random)
{
    for (auto count = 1 + random() % 3; count > 0 && !bytes.isEmpty(); --count) {
        const auto at = qsizetype(random() % size_t(bytes.size()));
        const auto length = qsizetype(random() % 12);
        switch (random() % 5) {
        case 0: bytes[at] = char(random()); break;
        case 1: bytes.remove(at, length); break;
        case 2: bytes.insert(at, random_piece(random)); break;
        case 3: bytes.insert(at, bytes.mid(at, length)); break;
        default: bytes.truncate(at); break;
        }
    }
    return bytes;
}

} // namespace tokenscope::test
