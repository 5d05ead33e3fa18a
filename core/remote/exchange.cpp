// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/exchange.h"

#include "remote/http_words.h"
#include "remote/redirects.h"
#include "remote/tls_words.h"

#include <QNetworkRequest>
#include <QSslKey>

#include <algorithm>
#include <utility>

namespace tokenscope::remote {

namespace {

constexpr qint64 longest_collected = 64 << 10;
constexpr qint64 chunk_bytes = 64 << 10;
constexpr int most_redirects = 5;
/// For the words that come with a refusal.
constexpr std::chrono::milliseconds longest_refusal{3'000};

QByteArray encoded(const std::vector<std::pair<std::string, std::string>>& form)
{
    QByteArray text;
    for (const auto& [name, value] : form) {
        if (!text.isEmpty())
            text += '&';
        text += QByteArray::fromStdString(name).toPercentEncoding();
        text += '=';
        text += QByteArray::fromStdString(value).toPercentEncoding();
    }
    return text;
}

} // namespace

std::string origin_text(const QUrl& url)
{
    return url.toString(QUrl::RemoveUserInfo | QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment)
        .toStdString();
}

Exchange::Exchange(QNetworkAccessManager& network, const Access& access, const sources::Connection& connection,
                   HttpRequest request, const HttpLimits& limits, Events events)
    : m_network(network), m_access(access), m_auth(connection.auth), m_request(std::move(request)), m_limits(limits),
      m_timeout(connection.timeout), m_events(std::move(events)),
      m_head_watch([this] { fail(endless_head_error(origin_text(m_url))); })
{
    for (auto* timer : {&m_total, &m_connecting, &m_idle})
        timer->setSingleShot(true);
    connect(&m_total, &QTimer::timeout, this, &Exchange::time_out);
    connect(&m_connecting, &QTimer::timeout, this,
            [this] { fail(timeout_error(origin_text(m_url), Waiting::connect, m_limits.connect)); });
    connect(&m_idle, &QTimer::timeout, this, [this] {
        if (m_state == State::refusal)
            conclude_collected();
        else
            fail(timeout_error(origin_text(m_url), Waiting::idle, m_limits.idle));
    });
}

Exchange::~Exchange()
{
    abort();
}

void Exchange::start(std::chrono::milliseconds left)
{
    m_late = left < m_timeout / 2;
    m_total.start(left);
    send(first_url());
}

QUrl Exchange::first_url() const
{
    auto url = m_access.url;
    if (m_request.path.empty())
        return url;
    auto path = url.path(QUrl::FullyEncoded);
    while (path.endsWith(QLatin1Char('/')))
        path.chop(1);
    url.setPath(path + QString::fromStdString(m_request.path), QUrl::TolerantMode);
    if (!m_request.post && !m_request.form.empty())
        url.setQuery(QString::fromLatin1(encoded(m_request.form)), QUrl::StrictMode);
    return url;
}

void Exchange::send(const QUrl& url)
{
    m_url = url;
    if (auto problem = m_events.check(url))
        return fail(std::move(*problem));
    QNetworkRequest request(url);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    // Over HTTP/2, Qt reads on while nobody takes what came.
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setSslConfiguration(m_access.tls);
    request.setRawHeader("User-Agent", "Tokenscope/" TOKENSCOPE_VERSION);
    request.setRawHeader("Accept-Encoding", "gzip");
    request.setRawHeader("Accept", QByteArray::fromStdString(m_request.accept));
    for (const auto& [name, value] : m_access.headers)
        request.setRawHeader(name, value);
    m_connecting.start(m_limits.connect);
    if (m_request.post) {
        request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/x-www-form-urlencoded"));
        m_reply = m_network.post(request, encoded(m_request.form));
    } else {
        m_reply = m_network.get(request);
    }
    m_finished = false;
    m_reply->setReadBufferSize(chunk_bytes);
    // Again, right behind the request's start, which is queued: a limit that is set before holds only for what Qt hands over,
    // not for what it reads from the socket.
    QMetaObject::invokeMethod(
        m_reply, [reply = m_reply] { reply->setReadBufferSize(chunk_bytes); }, Qt::QueuedConnection);
    connect(m_reply, &QNetworkReply::requestSent, this, [this] {
        note_sent();
        m_reply->setReadBufferSize(chunk_bytes); // and should that have come too early, here
        m_head_watch.start(m_url.port(m_url.scheme() == QLatin1String("https") ? 443 : 80));
    });
    connect(m_reply, &QNetworkReply::metaDataChanged, this, &Exchange::progress);
    connect(m_reply, &QNetworkReply::readyRead, this, &Exchange::progress);
    connect(m_reply, &QNetworkReply::finished, this, &Exchange::finished);
    connect(m_reply, &QNetworkReply::sslErrors, this, [this](const QList<QSslError>& errors) {
        m_untrusted = true;
        m_events.tls_errors(origin_text(m_url)) = errors;
    });
    connect(m_reply, &QNetworkReply::encrypted, this, [this] { m_events.tls_errors(origin_text(m_url)).clear(); });
}

void Exchange::drop_reply()
{
    if (!m_reply)
        return;
    m_head_watch.stop();
    m_reply->disconnect(this);
    // Later: Qt does not expect it inside the reply's own signals.
    QMetaObject::invokeMethod(m_reply, &QNetworkReply::abort, Qt::QueuedConnection);
    m_reply->deleteLater();
    m_reply = nullptr;
}

void Exchange::progress()
{
    if (m_state == State::over || (m_state == State::head && !read_head()))
        return;
    if (m_state == State::first_bytes)
        look_at_first_bytes();
    if (m_state == State::body)
        pass_body();
    else if (m_state == State::refusal || m_state == State::web_page)
        collect();
}

bool Exchange::read_head()
{
    const auto status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status < 200) // none yet, or an interim one
        return false;
    m_connecting.stop();
    m_head_watch.stop();
    m_head = {.status = status, .content_type = m_reply->rawHeader("Content-Type").toStdString(), .headers = {}};
    for (const auto& [name, value] : m_reply->rawHeaderPairs())
        m_head.headers.emplace_back(name.toStdString(), value.toStdString());
    const auto location = m_reply->rawHeader("Location");
    if (is_redirect(status) && !location.isEmpty())
        return follow(location);
    if (status == 405 && m_request.post) {
        m_request.post = false;
        drop_reply();
        m_events.on_post_refused();
        send(first_url());
        return false;
    }
    if (!m_body.begin(*m_reply)) {
        fail(unpacking_error("Content-Encoding: " + m_reply->rawHeader("Content-Encoding").left(40).toStdString()));
        return false;
    }
    if (status / 100 != 2) {
        m_state = State::refusal;
        m_total.start(std::min(m_total.remainingTimeAsDuration(), longest_refusal));
    } else
        m_state = is_html(m_head.content_type) ? State::web_page : State::first_bytes;
    watch_idle(true);
    return true;
}

bool Exchange::follow(const QByteArray& location)
{
    const auto place = QUrl::fromEncoded(location, QUrl::TolerantMode);
    const auto target = m_url.resolved(place);
    const auto from = origin_text(m_url);
    if (!place.isValid() || !target.isValid())
        fail(bad_redirect_error(from, location.toStdString()));
    else if (!may_follow(m_url, target))
        fail(redirect_error(from, target.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery).toStdString()));
    else if (++m_redirects > most_redirects)
        fail(redirect_loop_error(from, target.toString(QUrl::RemoveUserInfo).toStdString()));
    else {
        // A question stays one: only 303 says that the answer is to be fetched from elsewhere.
        if (m_head.status == 303)
            m_request.post = false;
        drop_reply();
        send(target);
    }
    return false;
}

void Exchange::look_at_first_bytes()
{
    constexpr qint64 enough = 256;
    m_ahead += m_body.read(enough - m_ahead.size());
    const auto bytes = m_ahead.trimmed();
    if (bytes.startsWith('<')) {
        m_state = State::web_page;
        m_collected = std::exchange(m_ahead, {});
    } else if (!bytes.isEmpty() || m_finished || m_ahead.size() >= enough || m_body.failed()) {
        begin_body();
    }
}

void Exchange::begin_body()
{
    m_state = State::body;
    m_body_under_way.emplace();
    m_pipe = std::make_shared<BodyPipe>(m_limits.pipe_bytes, m_events.on_room);
    m_events.on_body(m_head, m_pipe);
}

void Exchange::pump()
{
    if (m_state == State::body)
        pass_body();
}

void Exchange::pass_body()
{
    if (m_pipe->abandoned()) {
        abort();
        m_events.on_ended();
        return;
    }
    std::size_t room = m_pipe->room();
    while (room > 0) {
        auto bytes = m_ahead.isEmpty() ? m_body.read(std::min<qint64>(static_cast<qint64>(room), chunk_bytes))
                                       : std::exchange(m_ahead, {});
        if (bytes.isEmpty())
            break;
        m_received += static_cast<std::size_t>(bytes.size());
        if (m_received > m_request.max_bytes) {
            fail(too_large_error(origin_text(m_url), m_request.max_bytes, m_request.max_is_set));
            return;
        }
        m_pipe->push(std::move(bytes));
        room = m_pipe->room();
    }
    if (m_body.failed()) {
        fail(unpacking_error("The packed bytes are in no known format."));
        return;
    }
    watch_idle(room > 0);
    if (!m_finished || !m_ahead.isEmpty() || m_body.has_more())
        return;
    if (m_reply->error() != QNetworkReply::NoError)
        return fail(reply_error());
    if (!m_body.complete()) {
        fail(network_error(origin_text(m_url), QNetworkReply::RemoteHostClosedError, "The packed bytes end early.",
                           true));
        return;
    }
    m_pipe->finish(std::nullopt);
    m_state = State::over;
    abort();
    m_events.on_ended();
}

void Exchange::collect()
{
    watch_idle(true);
    while (m_collected.size() < longest_collected) {
        const auto bytes = m_body.read(longest_collected - m_collected.size());
        if (bytes.isEmpty())
            break;
        m_collected += bytes;
    }
    if (m_finished || m_collected.size() >= longest_collected)
        conclude_collected();
}

void Exchange::conclude_collected()
{
    const std::string_view body(m_collected.constData(), static_cast<std::size_t>(m_collected.size()));
    const auto origin = origin_text(m_url);
    if (m_state == State::web_page) {
        fail(web_page_error(origin, m_request.wanted, m_head, body));
        return;
    }
    auto error = m_request.explain ? m_request.explain(m_head, body) : std::nullopt;
    auto general = status_error(origin, path(), m_auth, m_head, body);
    if (error)
        error->retry_after = general.retry_after;
    fail(error ? std::move(*error) : std::move(general));
}

std::string Exchange::path() const
{
    const auto path = m_url.path();
    return path.isEmpty() ? "/" : path.toStdString();
}

void Exchange::finished()
{
    if (m_state == State::over)
        return;
    m_finished = true;
    m_connecting.stop();
    progress();
    if (m_state == State::head && m_finished) {
        const auto status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        const bool interim = status >= 100 && status < 200;
        fail(interim ? interim_error(origin_text(m_url), status) : reply_error());
    }
}

Error Exchange::unpacking_error(std::string_view detail) const
{
    return network_error(origin_text(m_url), QNetworkReply::UnknownContentError, detail, false);
}

Error Exchange::reply_error() const
{
    const auto code = m_reply->error();
    const auto detail = m_reply->errorString().toStdString();
    const bool begun = m_state == State::body || m_state == State::first_bytes;
    const bool tls = code == QNetworkReply::SslHandshakeFailedError || m_untrusted;
    const bool https = m_url.scheme() == QLatin1String("https");
    const auto own = m_access.tls.localCertificateChain().value(0);
    if (tls || (!begun && https && wants_certificate(detail)))
        return tls_error(origin_text(m_url), m_events.tls_errors(origin_text(m_url)), detail, own);
    if (!begun && https && code == QNetworkReply::RemoteHostClosedError)
        return closed_after_handshake(origin_text(m_url), detail, own);
    return network_error(origin_text(m_url), code, detail, begun);
}

void Exchange::fail(Error error)
{
    if (m_state == State::over)
        return;
    m_state = State::over;
    const auto pipe = m_pipe;
    if (pipe)
        pipe->finish(std::move(error));
    abort();
    if (pipe)
        m_events.on_ended();
    else
        m_events.on_failed(std::move(error));
}

void Exchange::abort()
{
    m_state = State::over;
    for (auto* timer : {&m_total, &m_connecting, &m_idle})
        timer->stop();
    m_body_under_way.reset();
    if (m_pipe)
        m_pipe->finish(Error{.code = ErrorCode::shutting_down, .message = "The request was given up."});
    drop_reply();
}

void Exchange::time_out()
{
    // The status says more than that its explanation does not come.
    if (m_state == State::refusal) {
        conclude_collected();
        return;
    }
    const bool silent = m_events.silent();
    const auto what = m_late && !silent         ? Waiting::turn
                      : m_connecting.isActive() ? Waiting::connect
                      : m_state == State::head  ? Waiting::head
                                                : Waiting::body;
    fail(timeout_error(origin_text(m_url), what, m_timeout, silent ? general_advice : m_request.advice));
}

void Exchange::watch_idle(bool on)
{
    if (on && m_state != State::over)
        m_idle.start(m_limits.idle);
    else
        m_idle.stop();
}

} // namespace tokenscope::remote
