// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QObject>
#include <QPointer>
#include <QString>
#include <QTcpServer>
#include <QTcpSocket>
#include <QThread>

#include <atomic>
#include <map>
#include <memory>
#include <vector>

namespace tokenscope::test {

/// A Prometheus and a metrics page at once, on a thread of its own, so that it goes on while the windows do not. Every series
/// that it is asked for has the same value at every step.
class FarServer {
public:
    enum class Manner {
        answers,
        silent,   ///< accepts, reads and says nothing
        trickles, ///< 20 MB for every range, piece by piece
    };

    explicit FarServer(double value, Manner manner = Manner::answers);
    ~FarServer();
    FarServer(const FarServer&) = delete;
    FarServer& operator=(const FarServer&) = delete;

    QString origin() const { return QStringLiteral("http://127.0.0.1:%1").arg(m_port); }
    void stop();  ///< closes the port and whatever is open
    void start(); ///< on the same port
    int asked() const { return m_asked; }

private:
    void accept();
    void read(QTcpSocket* socket);
    QByteArray answer(const QByteArray& path, const QByteArray& form) const;
    QByteArray instant(const QByteArray& form) const;
    QByteArray range(const QByteArray& form) const;
    void send(QTcpSocket* socket, const QByteArray& reply);
    template <typename Work>
    void run(Work work);

    const double m_value;
    const Manner m_manner;
    quint16 m_port = 0;
    std::atomic<int> m_asked = 0;
    std::map<QTcpSocket*, QByteArray> m_received;
    std::unique_ptr<QTcpServer> m_server;
    QObject m_context;
    QThread m_thread;
};

/// A port of this machine that swallows every attempt to connect, as a firewall does.
class BlackHole {
public:
    BlackHole();
    ~BlackHole();
    BlackHole(const BlackHole&) = delete;
    BlackHole& operator=(const BlackHole&) = delete;

    QString origin() const { return QStringLiteral("http://127.0.0.1:%1").arg(m_port); }

private:
    quint16 m_port = 0;
    std::vector<int> m_sockets; ///< the listening one, and those that fill its queue
};

} // namespace tokenscope::test
