// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

#include <cstdint>
#include <functional>
#include <memory>
#include <variant>

namespace tokenscope::test {

/// A scripted HTTP server on a thread of its own and a free loopback port, for tests that need an upstream to do exactly
/// this: send these bytes, wait, fall silent, close, reset.
class FakeUpstream {
public:
    struct Send {
        QByteArray bytes;
    };
    struct Wait {
        int ms;
    };
    /// Sends nothing more until release() is called or the connection ends.
    struct Hold {};
    struct Close {};
    struct Reset {}; ///< RST instead of FIN
    using Step = std::variant<Send, Wait, Hold, Close, Reset>;
    using Script = QList<Step>;

    struct Request {
        QByteArray method, target, head, body;
        QByteArray header(const QByteArray& name) const; ///< lower-case name; trimmed value
    };

    /// `answer` runs on the server's thread for every complete request and returns what to do.
    explicit FakeUpstream(std::function<Script(const Request&)> answer);
    ~FakeUpstream();

    std::uint16_t port() const;
    QString url() const; ///< "http://127.0.0.1:PORT"
    QList<Request> requests() const;
    int connections() const; ///< accepted so far
    int disconnects() const; ///< closed by the other side so far
    void release();          ///< ends every Hold, now and later

    // Building blocks of scripts.
    static Step reply(int status, const QByteArray& type, const QByteArray& body);
    static Step chunked_head(int status, const QByteArray& type);
    static Step chunk(const QByteArray& bytes);
    static Step last_chunk();

private:
    struct Server;
    std::unique_ptr<Server> m_server;
};

} // namespace tokenscope::test
