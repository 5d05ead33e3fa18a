// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/otlp/grpc_server.h"

#include <nghttp2/nghttp2.h>
#include <openssl/ssl.h>

#include <QtGlobal>

#include <array>
#include <cstring>
#include <map>

namespace tokenscope::test {

namespace asio = boost::asio;

namespace {

std::vector<nghttp2_nv> to_nv(const net::Headers& fields)
{
    std::vector<nghttp2_nv> out;
    for (const auto& [name, value] : fields) {
        auto* const n = const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(name.data()));
        auto* const v = const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(value.data()));
        out.push_back({n, v, name.size(), value.size(), NGHTTP2_NV_FLAG_NONE});
    }
    return out;
}

int select_h2(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* in, unsigned int in_size,
              void*)
{
    static constexpr unsigned char h2[] = {2, 'h', '2'};
    const bool found = SSL_select_next_proto(const_cast<unsigned char**>(out), size, h2, sizeof h2, in, in_size)
                       == OPENSSL_NPN_NEGOTIATED;
    return found ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

} // namespace

/// One connection.
struct GrpcServer::Session {
    explicit Session(GrpcServer& owner) : server(owner)
    {
        nghttp2_session_callbacks* callbacks = nullptr;
        nghttp2_session_callbacks_new(&callbacks);
        nghttp2_session_callbacks_set_on_header_callback(
            callbacks, [](nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t ns,
                          const std::uint8_t* value, std::size_t vs, std::uint8_t, void* data) {
                static_cast<Session*>(data)->streams[frame->hd.stream_id].request.fields.emplace_back(
                    std::string(name, name + ns), std::string(value, value + vs));
                return 0;
            });
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
            callbacks, [](nghttp2_session*, std::uint8_t, std::int32_t stream, const std::uint8_t* bytes,
                          std::size_t size, void* data) {
                auto* const self = static_cast<Session*>(data);
                self->streams[stream].request.body.append(reinterpret_cast<const char*>(bytes), size);
                self->server.m_received += size;
                return 0;
            });
        nghttp2_session_callbacks_set_on_frame_recv_callback(
            callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* data) {
                static_cast<Session*>(data)->on_frame(*frame);
                return 0;
            });
        nghttp2_option* options = nullptr;
        nghttp2_option_new(&options);
        nghttp2_option_set_no_auto_window_update(options, server.m_settings.no_updates);
        nghttp2_session_server_new2(&session, callbacks, this, options);
        nghttp2_option_del(options);
        nghttp2_session_callbacks_del(callbacks);
        std::vector<nghttp2_settings_entry> settings;
        if (server.m_settings.window)
            settings.push_back({NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, *server.m_settings.window});
        nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
    }
    ~Session() { nghttp2_session_del(session); }

    void on_frame(const nghttp2_frame& frame)
    {
        if (frame.hd.type == NGHTTP2_PING && (frame.hd.flags & NGHTTP2_FLAG_ACK) != 0)
            ++server.m_pongs;
        const bool is_part = frame.hd.type == NGHTTP2_HEADERS || frame.hd.type == NGHTTP2_DATA;
        if (!is_part)
            return;
        auto& stream = streams[frame.hd.stream_id];
        const bool end = (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
        if (!stream.plan) {
            stream.plan = server.m_answer(stream.request);
            if (stream.plan->early)
                answer(frame.hd.stream_id, stream);
        }
        if (end) {
            {
                const std::scoped_lock lock(server.m_mutex);
                server.m_requests.push_back(stream.request);
            }
            if (!stream.plan->early)
                answer(frame.hd.stream_id, stream);
        }
    }

    struct Stream {
        Request request;
        std::optional<Plan> plan;
        std::size_t sent = 0;
    };

    void answer(std::int32_t id, Stream& stream)
    {
        const auto& plan = *stream.plan;
        if (plan.silent)
            return;
        for (int i = 0; i < plan.pings; ++i)
            nghttp2_submit_ping(session, NGHTTP2_FLAG_NONE, nullptr);
        if (plan.goaway_at) {
            nghttp2_submit_goaway(session, NGHTTP2_FLAG_NONE, *plan.goaway_at, NGHTTP2_NO_ERROR, nullptr, 0);
            return;
        }
        raw += plan.raw;
        close = close || plan.close;
        close_after = close_after || plan.close_after;
        if (plan.close || !plan.raw.empty())
            return;
        if (plan.reset && plan.status.empty()) {
            nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, id, *plan.reset);
            return;
        }
        if (plan.interim) {
            const net::Headers hint{{":status", "103"}, {"grpc-status", "13"}};
            const auto nv = to_nv(hint);
            nghttp2_submit_headers(session, NGHTTP2_FLAG_NONE, id, nullptr, nv.data(), nv.size(), nullptr);
        }
        net::Headers head{{":status", plan.status}};
        head.insert(head.end(), plan.headers.begin(), plan.headers.end());
        if (plan.trailers_only && plan.trailers)
            head.insert(head.end(), plan.trailers->begin(), plan.trailers->end());
        const auto nv = to_nv(head);
        nghttp2_data_provider body{};
        body.read_callback = &read_body;
        nghttp2_submit_response(session, id, nv.data(), nv.size(), plan.trailers_only ? nullptr : &body);
        if (plan.goaway)
            nghttp2_submit_goaway(session, NGHTTP2_FLAG_NONE, id, NGHTTP2_NO_ERROR, nullptr, 0);
    }

    static ssize_t read_body(nghttp2_session* session, std::int32_t id, std::uint8_t* out, std::size_t size,
                             std::uint32_t* flags, nghttp2_data_source*, void* data)
    {
        auto& stream = static_cast<Session*>(data)->streams[id];
        const auto& plan = *stream.plan;
        if (plan.trickle) {
            *out = 0;
            return 1;
        }
        const auto count = std::min(size, plan.body.size() - stream.sent);
        std::memcpy(out, plan.body.data() + stream.sent, count);
        stream.sent += count;
        if (stream.sent < plan.body.size())
            return static_cast<ssize_t>(count);
        *flags |= NGHTTP2_DATA_FLAG_EOF;
        if (plan.trailers || plan.reset) {
            *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
            if (plan.reset)
                nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, id, *plan.reset);
            else {
                const auto nv = to_nv(*plan.trailers);
                nghttp2_submit_trailer(session, id, nv.data(), nv.size());
            }
        }
        return static_cast<ssize_t>(count);
    }

    bool trickling() const
    {
        return std::any_of(streams.begin(), streams.end(),
                           [](const auto& one) { return one.second.plan && one.second.plan->trickle; });
    }

    GrpcServer& server;
    nghttp2_session* session = nullptr;
    std::map<std::int32_t, Stream> streams;
    std::string raw;
    bool close = false, close_after = false;
};

GrpcServer::GrpcServer(Answer answer, Settings settings, const Certificate* certificate)
    : m_answer(std::move(answer)), m_settings(settings)
{
    if (certificate != nullptr) {
        m_tls.emplace(asio::ssl::context::tls_server);
        m_tls->use_certificate_chain(asio::buffer(certificate->pem));
        m_tls->use_private_key(asio::buffer(certificate->key_pem), asio::ssl::context::pem);
        SSL_CTX_set_alpn_select_cb(m_tls->native_handle(), &select_h2, nullptr);
    }
    start([this](Tcp::socket socket) { return serve(std::move(socket)); });
}

GrpcServer::~GrpcServer()
{
    stop();
}

std::vector<GrpcServer::Request> GrpcServer::requests() const
{
    const std::scoped_lock lock(m_mutex);
    return m_requests;
}

net::Task<void> GrpcServer::serve(Tcp::socket socket)
{
    if (m_tls) {
        asio::ssl::stream<Tcp::socket> stream(std::move(socket), *m_tls);
        const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::server, net::awaiting);
        if (!error)
            co_await talk(stream);
    } else {
        co_await talk(socket);
    }
    ++m_closed;
}

template <class Stream>
net::Task<void> GrpcServer::talk(Stream& stream)
{
    Session session(*this);
    std::string input(16'384, '\0');
    while (!session.close) {
        std::string output;
        const std::uint8_t* bytes = nullptr;
        const std::size_t at_once = session.trickling() ? 1 : 1 << 20;
        while (output.size() < at_once) {
            const auto count = nghttp2_session_mem_send(session.session, &bytes);
            if (count <= 0)
                break;
            output.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(count));
        }
        output += std::exchange(session.raw, {});
        if (!output.empty()) {
            const auto written = co_await asio::async_write(stream, asio::buffer(output), net::awaiting);
            if (std::get<0>(written))
                co_return;
        }
        if (session.close_after)
            co_return;
        if (session.trickling()) {
            asio::steady_timer pause(stream.get_executor(), std::chrono::milliseconds(5));
            co_await pause.async_wait(net::awaiting);
            continue;
        }
        const auto [error, count] = co_await stream.async_read_some(asio::buffer(input), net::awaiting);
        if (error
            || nghttp2_session_mem_recv(session.session, reinterpret_cast<const std::uint8_t*>(input.data()), count)
                   < 0)
            co_return;
    }
}

ByteServer::ByteServer(std::string bytes, Then then) : m_bytes(std::move(bytes)), m_then(then)
{
    start([this](Tcp::socket socket) { return serve(std::move(socket)); });
}

net::Task<void> ByteServer::serve(Tcp::socket socket)
{
    std::string input(65'536, '\0');
    co_await socket.async_read_some(asio::buffer(input), net::awaiting);
    co_await asio::async_write(socket, asio::buffer(m_bytes), net::awaiting);
    if (m_then == Then::reset) {
        net::IoError ignored;
        socket.set_option(asio::socket_base::linger(true, 0), ignored);
        co_return;
    }
    if (m_then == Then::close) {
        // What has not been read would turn the end into a reset.
        net::IoError ignored;
        socket.shutdown(Tcp::socket::shutdown_send, ignored);
    }
    while (true) {
        const auto read = co_await socket.async_read_some(asio::buffer(input), net::awaiting);
        if (std::get<0>(read))
            co_return;
    }
}

} // namespace tokenscope::test
