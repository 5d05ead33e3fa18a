// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "remote/access.h"
#include "remote/environment_proxies.h"
#include "remote/exchange.h"
#include "remote/http_client.h"

#include <QNetworkAccessManager>
#include <QList>
#include <QObject>
#include <QSslError>
#include <QThreadPool>
#include <QTimer>

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace tokenscope::remote {

/// The part of an HttpClient that lives on the source thread: which requests wait and which are under way.
class RequestQueue : public QObject {
public:
    RequestQueue(sources::Connection connection, config::Lookup lookup, const HttpLimits& limits);

    /// From any thread.
    void submit(HttpRequest request, CancelToken cancel, HttpClient::Handler handler);

    // On the source thread.
    /// Lets go of everything that belongs to that thread. Bodies that are read fail. Waits for nothing.
    void close();
    // On another one, after close().
    /// Waits for the readers.
    void wait() { m_readers.waitForDone(); }

private:
    using Id = std::uint64_t;
    struct Job {
        Id id = 0;
        HttpRequest request;
        CancelToken cancel;
        HttpClient::Handler handler;
        CancelRegistration registration;
        std::chrono::steady_clock::time_point deadline;
    };
    struct Running {
        Job job;
        std::unique_ptr<Exchange> exchange; ///< null when the network is through with it
        std::shared_ptr<BodyPipe> pipe;     ///< while somebody reads
    };

    /// The server answers nobody, by the last question that failed.
    struct Silence {
        Error error;
        std::chrono::steady_clock::time_point until; ///< what is asked before that gets that error, too
    };

    void enqueue(Job job);
    void cancel(Id id);
    void start_next();
    void start(Job job);
    void expire();
    bool silent(const Job& job) const;
    void note_heard();
    bool several() const { return m_running.size() + m_waiting.size() > 1; }
    void nobody_answers(const Error& error, bool several);
    std::string origin() const;
    Result<const Access*> access();
    Exchange::Events events(Id id);
    void read(Id id, const HttpHead& head, std::shared_ptr<BodyPipe> pipe);
    void failed(Id id, Error error);
    void exchange_ended(Id id);
    void reader_ended(Id id);
    void release(Id id);
    void discard(std::unique_ptr<Exchange> exchange);
    static void fail(const Job& job, Error error);

    const sources::Connection m_connection;
    const config::Lookup m_lookup;
    const HttpLimits m_limits;
    std::unique_ptr<QNetworkAccessManager> m_network; ///< made on the source thread, and destroyed with this
    EnvironmentProxies* m_proxies = nullptr;          ///< owned by m_network
    std::optional<Access> m_access;
    std::map<std::string, QList<QSslError>> m_tls_errors; ///< by origin
    std::deque<Job> m_waiting;                            ///< their deadlines rise
    QTimer m_expiry{this};                                ///< of the first of them
    std::map<Id, Running> m_running;
    std::optional<std::chrono::steady_clock::time_point> m_not_before;
    std::optional<std::chrono::steady_clock::time_point> m_heard_at; ///< when the server answered last
    std::optional<Silence> m_silence;                                ///< since then
    Id m_last_id = 0;
    bool m_post_refused = false;
    bool m_closed = false;
    QThreadPool m_readers;
};

} // namespace tokenscope::remote
