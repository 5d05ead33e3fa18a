// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/request_queue.h"

#include "remote/http_words.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace tokenscope::remote {

namespace {

using std::chrono::steady_clock;

/// What is asked so soon after a time-out of a server that says nothing is not kept waiting for another one: who asks only so
/// much at a time, as the panels of a page do, would go through them one after the other.
constexpr std::chrono::milliseconds same_silence{1'000};

} // namespace

RequestQueue::RequestQueue(sources::Connection connection, config::Lookup lookup, const HttpLimits& limits)
    : m_connection(std::move(connection)), m_lookup(std::move(lookup)), m_limits(limits)
{
    m_readers.setMaxThreadCount(static_cast<int>(limits.at_once));
    m_expiry.setSingleShot(true);
    connect(&m_expiry, &QTimer::timeout, this, &RequestQueue::expire);
}

void RequestQueue::submit(HttpRequest request, CancelToken cancel, HttpClient::Handler handler)
{
    // In a shared_ptr: Qt copies what it calls.
    auto job = std::make_shared<Job>();
    job->request = std::move(request);
    job->cancel = std::move(cancel);
    job->handler = std::move(handler);
    QMetaObject::invokeMethod(
        this, [this, job] { enqueue(std::move(*job)); }, Qt::QueuedConnection);
}

void RequestQueue::close()
{
    m_closed = true;
    m_expiry.stop();
    m_waiting.clear();
    for (auto& [id, running] : m_running) {
        running.job.registration = {};
        // Before its end is told to the reader, who must not take that for an answer.
        if (running.pipe)
            running.pipe->abandon();
        running.exchange.reset();
    }
    // To end it may take seconds: Qt reads a head that never ends byte by byte, for as long as bytes come, and hears nothing
    // else meanwhile. That is waited for by who destroys this, not by all other sources.
    if (m_network)
        m_network->moveToThread(nullptr);
    moveToThread(nullptr); // drops what was posted to it
}

void RequestQueue::enqueue(Job job)
{
    if (m_closed || job.cancel.cancelled())
        return;
    if (m_silence && steady_clock::now() < m_silence->until) {
        fail(job, m_silence->error);
        return;
    }
    if (m_waiting.size() >= m_limits.waiting) {
        fail(job, {.code = ErrorCode::queue_full,
                   .message = "Too many questions wait for this source: show fewer panels or refresh less often."});
        return;
    }
    job.id = ++m_last_id;
    job.deadline = steady_clock::now() + m_connection.timeout;
    const auto id = job.id;
    job.registration = job.cancel.on_cancel([this, id] {
        QMetaObject::invokeMethod(
            this, [this, id] { cancel(id); }, Qt::QueuedConnection);
    });
    m_waiting.push_back(std::move(job));
    start_next();
}

void RequestQueue::cancel(Id id)
{
    if (m_closed)
        return;
    if (std::erase_if(m_waiting, [id](const Job& job) { return job.id == id; }) > 0)
        return;
    const auto found = m_running.find(id);
    if (found == m_running.end())
        return;
    if (found->second.pipe)
        found->second.pipe->abandon();
    if (found->second.exchange)
        found->second.exchange->abort();
    exchange_ended(id);
}

void RequestQueue::start_next()
{
    while (!m_closed && !m_waiting.empty() && m_running.size() < m_limits.at_once) {
        auto job = std::move(m_waiting.front());
        m_waiting.pop_front();
        if (!job.cancel.cancelled())
            start(std::move(job));
    }
    if (!m_closed && !m_waiting.empty() && !m_expiry.isActive())
        m_expiry.start(m_connection.timeout);
}

void RequestQueue::expire()
{
    const auto now = steady_clock::now();
    if (!m_waiting.empty() && m_waiting.front().deadline <= now && silent(m_waiting.front())) {
        // Those under way were asked earlier: their time is over, too, and they know what was waited for.
        m_running.begin()->second.exchange->time_out();
        return;
    }
    std::vector<Job> late;
    while (!m_waiting.empty() && m_waiting.front().deadline <= now) {
        late.push_back(std::move(m_waiting.front()));
        m_waiting.pop_front();
    }
    if (!m_waiting.empty())
        m_expiry.start(std::chrono::ceil<std::chrono::milliseconds>(m_waiting.front().deadline - now));
    for (const auto& job : late)
        fail(job, timeout_error(origin(), Waiting::turn, m_connection.timeout));
}

/// Whether nobody has answered anything since it was asked, or for a whole time-out. A server that has answered before and takes
/// the questions may be busy with hard ones: then those that wait get their turn.
bool RequestQueue::silent(const Job& job) const
{
    const auto any = [this](bool (Exchange::*is)() const) {
        return std::ranges::any_of(m_running, [is](const auto& entry) {
            return entry.second.pipe || (entry.second.exchange && (*entry.second.exchange.*is)());
        });
    };
    const auto since = std::max(job.deadline, steady_clock::now()) - m_connection.timeout;
    if ((m_heard_at && *m_heard_at >= since) || any(&Exchange::heard))
        return false;
    return !m_heard_at || !any(&Exchange::sent);
}

void RequestQueue::note_heard()
{
    m_heard_at = steady_clock::now();
    m_silence.reset();
}

void RequestQueue::nobody_answers(const Error& error, bool several)
{
    const auto now = steady_clock::now();
    const bool spares = several && error.code == ErrorCode::upstream_timeout; // a refusal takes no time
    if (spares || !m_silence)
        m_silence = {.error = error, .until = spares ? now + std::min(same_silence, m_connection.timeout) : now};
    for (const auto& job : std::exchange(m_waiting, {}))
        fail(job, error);
}

std::string RequestQueue::origin() const
{
    return origin_text(QUrl(QString::fromStdString(m_connection.url)));
}

void RequestQueue::start(Job job)
{
    if (m_not_before) {
        const auto left = *m_not_before - steady_clock::now();
        if (left > left.zero()) {
            fail(job, patience_error(origin(), std::chrono::ceil<std::chrono::seconds>(left)));
            return;
        }
        m_not_before.reset();
    }
    const auto access = this->access();
    if (!access) {
        fail(job, access.error());
        return;
    }
    if (!m_network) {
        m_network = std::make_unique<QNetworkAccessManager>();
        m_proxies = new EnvironmentProxies(net::ProxyRules::from_environment(m_lookup.env));
        m_network->setProxyFactory(m_proxies);
    }
    const auto id = job.id;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(job.deadline - steady_clock::now());
    auto& running = m_running[id];
    running.job = std::move(job);
    auto request = running.job.request;
    request.post = request.post && !m_post_refused;
    running.exchange =
        std::make_unique<Exchange>(*m_network, **access, m_connection, std::move(request), m_limits, events(id));
    running.exchange->start(std::max(left, left.zero()));
}

Result<const Access*> RequestQueue::access()
{
    if (!m_access) {
        auto resolved = resolve_access(m_connection, m_lookup);
        if (!resolved)
            return failure(std::move(resolved.error()));
        m_access = std::move(*resolved);
    }
    return &*m_access;
}

Exchange::Events RequestQueue::events(Id id)
{
    return {
        .on_body = [this, id](const HttpHead& head,
                              std::shared_ptr<BodyPipe> pipe) { read(id, head, std::move(pipe)); },
        .on_failed = [this, id](Error error) { failed(id, std::move(error)); },
        .on_ended =
            [this, id] {
                note_heard(); // until now
                exchange_ended(id);
            },
        .on_post_refused = [this] { m_post_refused = true; },
        .on_room =
            [this, id] {
                QMetaObject::invokeMethod(
                    this,
                    [this, id] {
                        const auto found = m_running.find(id);
                        if (found != m_running.end() && found->second.exchange)
                            found->second.exchange->pump();
                    },
                    Qt::QueuedConnection);
            },
        .check = [this](const QUrl& url) { return m_proxies->problem(url); },
        .silent = [this, id] { return silent(m_running.at(id).job); },
        .tls_errors = [this](const std::string& origin) -> QList<QSslError>& { return m_tls_errors[origin]; },
    };
}

void RequestQueue::read(Id id, const HttpHead& head, std::shared_ptr<BodyPipe> pipe)
{
    note_heard();
    auto& running = m_running.at(id);
    running.pipe = pipe;
    m_readers.start(
        [this, id, head, pipe = std::move(pipe), read = running.job.handler.read, cancel = running.job.cancel] {
            if (!cancel.cancelled())
                read(head, *pipe);
            pipe->abandon();
            QMetaObject::invokeMethod(
                this, [this, id] { reader_ended(id); }, Qt::QueuedConnection);
        });
}

void RequestQueue::failed(Id id, Error error)
{
    const auto found = m_running.find(id);
    if (error.retry_after)
        m_not_before = steady_clock::now() + *error.retry_after;
    if (error.code == ErrorCode::unauthorized)
        m_access.reset();
    const bool unanswered = error.code == ErrorCode::upstream_timeout || error.code == ErrorCode::upstream_unreachable;
    const bool nobody = unanswered && silent(found->second.job);
    const bool several = this->several();
    if (found->second.exchange->heard())
        note_heard();
    // The slot is free before the answer is given: who answers may ask again.
    auto running = std::move(found->second);
    m_running.erase(found);
    discard(std::move(running.exchange));
    if (nobody)
        nobody_answers(error, several);
    fail(running.job, std::move(error));
    start_next();
}

void RequestQueue::exchange_ended(Id id)
{
    const auto found = m_running.find(id);
    if (found == m_running.end())
        return;
    discard(std::move(found->second.exchange));
    release(id);
}

void RequestQueue::reader_ended(Id id)
{
    const auto found = m_running.find(id);
    if (found == m_running.end())
        return;
    found->second.pipe.reset();
    if (found->second.exchange)
        found->second.exchange->abort(); // it wanted no more
    discard(std::move(found->second.exchange));
    release(id);
}

void RequestQueue::release(Id id)
{
    const auto found = m_running.find(id);
    if (found->second.exchange || found->second.pipe)
        return;
    m_running.erase(found);
    start_next();
}

void RequestQueue::discard(std::unique_ptr<Exchange> exchange)
{
    // It may be the one that is calling.
    if (exchange)
        exchange.release()->deleteLater();
}

void RequestQueue::fail(const Job& job, Error error)
{
    if (!job.cancel.cancelled())
        job.handler.fail(std::move(error));
}

} // namespace tokenscope::remote
