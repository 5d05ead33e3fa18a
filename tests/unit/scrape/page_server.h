// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QObject>
#include <QTcpServer>
#include <QTcpSocket>

#include <functional>
#include <map>

namespace tokenscope::test {

/// A server of metrics pages on a loopback port that does with every request what it is told, and counts.
class PageServer : public QObject {
public:
    /// Called with the whole head of a GET; it answers on the socket, then or later, or not at all.
    using Handler = std::function<void(QTcpSocket& socket, const QByteArray& head)>;

    explicit PageServer(Handler handler);
    ~PageServer() override;

    void set(Handler handler) { m_handler = std::move(handler); }
    /// Closes the port and every connection.
    void stop();
    /// Opens the same port again.
    void restart();
    QByteArray url(const QByteArray& path = "/metrics") const;
    quint16 port() const { return m_port; }
    const QList<QByteArray>& heads() const { return m_heads; }
    /// The most connections that were open at once with a request on them.
    int most_at_once() const { return m_most; }

    /// Says 200 and the page, and hangs up.
    static Handler page(const QByteArray& body, const QByteArray& type = "text/plain; version=0.0.4",
                        const QByteArray& more = {});
    static void reply(QTcpSocket& socket, const QByteArray& status, const QByteArray& type, const QByteArray& body,
                      const QByteArray& more = {});

private:
    void accept();

    QTcpServer m_server;
    quint16 m_port = 0;
    Handler m_handler;
    QList<QByteArray> m_heads;
    std::map<QTcpSocket*, QByteArray> m_received;
    int m_busy = 0;
    int m_most = 0;
};

} // namespace tokenscope::test
