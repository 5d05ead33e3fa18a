// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "config/environment.h"
#include "remote/source_thread.h"
#include "sources/connection.h"
#include "sources/metric_source.h"
#include "unit/net/test_ca.h"

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QPointer>
#include <QSslConfiguration>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tokenscope::test {

/// An HTTP(S) server on a free loopback port that answers as a test says, byte for byte. Lives on the test's event loop.
class ScriptedSource : public QTcpServer {
    Q_OBJECT

public:
    struct Request {
        QByteArray method, target, body;
        QHash<QByteArray, QByteArray> headers; ///< names in lower case
    };
    struct Answer {
        QList<QByteArray> pieces; ///< each in a write of its own
        bool hold = false;        ///< then say no more, but keep the connection
        bool reset = false;       ///< then reset the connection
    };
    using Handler = std::function<Answer(const Request&)>;

    explicit ScriptedSource(Handler handler, std::optional<QSslConfiguration> tls = std::nullopt);
    ~ScriptedSource() override;

    std::string url(const char* host = "127.0.0.1") const;
    const QList<Request>& requests() const { return m_requests; }
    int open() const { return m_open; }          ///< connections
    qint64 written() const { return m_written; } ///< bytes that the other side has taken

    static Answer reply(int status, const QByteArray& type, const QByteArray& body,
                        const QByteArray& more_headers = {});
    static Answer json(const QByteArray& body) { return reply(200, "application/json", body); }
    /// TLS with this certificate; with a CA, clients must have a certificate of it.
    static QSslConfiguration tls(const Certificate& certificate, const std::string& client_ca = {});

protected:
    void incomingConnection(qintptr handle) override;

private:
    void read(QTcpSocket* socket);
    void play(const QPointer<QTcpSocket>& socket, const Answer& answer, qsizetype index);

    Handler m_handler;
    std::optional<QSslConfiguration> m_tls;
    std::map<QTcpSocket*, QByteArray> m_received;
    QList<Request> m_requests;
    int m_open = 0;
    qint64 m_written = 0;
};

/// An answer that is waited for while the event loop runs.
template <typename T>
class Awaited {
public:
    Awaited() : m_promise(std::make_shared<std::promise<Result<T>>>()), m_future(m_promise->get_future()) {}

    sources::Answer<T> callback() const
    {
        return [promise = m_promise](Result<T> result) { promise->set_value(std::move(result)); };
    }
    bool ready() const { return m_future.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }
    Result<T> get()
    {
        if (!QTest::qWaitFor([this] { return ready(); }, 20'000))
            return failure(ErrorCode::internal, "There was no answer.");
        return m_future.get();
    }

private:
    std::shared_ptr<std::promise<Result<T>>> m_promise; // a second answer throws
    std::future<Result<T>> m_future;
};

/// An environment with these variables only.
inline config::Lookup variables(std::map<std::string, std::string> values = {})
{
    return config::Env([values = std::move(values)](const std::string& name) -> std::optional<std::string> {
        const auto found = values.find(name);
        return found == values.end() ? std::nullopt : std::optional(found->second);
    });
}

} // namespace tokenscope::test
