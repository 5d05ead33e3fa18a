// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QObject>
#include <QPointer>
#include <QStringList>
#include <QTcpServer>
#include <QTcpSocket>

#include <deque>
#include <map>

namespace tokenscope::test {

/// An HTTP server that says what it was told, byte for byte and piece by piece, and hangs up when it is through.
class ScriptedServer : public QObject {
    Q_OBJECT

public:
    explicit ScriptedServer(QObject* parent = nullptr);
    ~ScriptedServer() override;

    /// The whole reply to a path, with its status line, each piece in a write of its own. `hold`: then say no more, but
    /// keep the connection.
    void script(const QByteArray& path, QList<QByteArray> pieces, bool hold = false);
    QString apiUrl() const;
    const QList<QByteArray>& bodies() const { return m_bodies; }
    int disconnects() const { return m_disconnects; }

    static QByteArray streamHead();
    static QByteArray reply(const QByteArray& status, const QByteArray& type, const QByteArray& body);

private:
    struct Script {
        QList<QByteArray> pieces;
        bool hold = false;
    };
    void accept();
    void read(QTcpSocket* socket);
    void play(const QPointer<QTcpSocket>& socket, const Script& script, qsizetype index);

    QTcpServer m_server;
    std::map<QByteArray, Script> m_scripts;
    std::map<QTcpSocket*, QByteArray> m_received;
    QList<QByteArray> m_bodies;
    int m_disconnects = 0;
};

} // namespace tokenscope::test
