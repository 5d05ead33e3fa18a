// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "otlp/grpc_channel.h"

#include "net/http_io.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <array>
#include <utility>

namespace tokenscope::otlp {

namespace asio = boost::asio;

GrpcChannel::GrpcChannel(net::ConnectionPtr connection)
    : m_connection(std::move(connection)),
      // Set once: setting it again would wake the others who wait on it.
      m_changed(m_connection->stream.socket().get_executor(), asio::steady_timer::time_point::max()),
      m_input(net::read_size)
{
}

void GrpcChannel::start()
{
    const auto executor = m_connection->stream.socket().get_executor();
    asio::co_spawn(executor, read_all(shared_from_this()), asio::detached);
    asio::co_spawn(executor, write_all(shared_from_this()), asio::detached);
}

void GrpcChannel::close()
{
    m_closed = true;
    m_connection->abort();
    signal();
}

net::Task<void> GrpcChannel::changed()
{
    co_await m_changed.async_wait(net::awaiting);
}

net::Task<GrpcChannel::Answer> GrpcChannel::call(Http2Session::Request request, CancelToken stop)
{
    const auto self = shared_from_this();
    const auto cancellation = stop.on_cancel([self] { self->close(); });
    Answer answer;
    if (!m_closed && m_session.submit(std::move(request))) {
        signal();
        while (!m_session.ended() && !m_closed)
            co_await changed();
    }
    answer.ended = m_session.ended();
    answer.reply = m_session.take();
    answer.heard = answer.reply.status != 0;
    if (!answer.ended)
        answer.broken = m_broken.empty() ? m_session.fault() : m_broken;
    signal(); // what take() left to be sent
    co_return answer;
}

net::Task<void> GrpcChannel::read_all(std::shared_ptr<GrpcChannel> self)
{
    while (!self->m_closed) {
        const auto [error, count] = co_await self->m_connection->stream.read_some(asio::buffer(self->m_input));
        if (error) {
            if (self->m_broken.empty())
                self->m_broken = error == asio::error::eof ? "it closed the connection" : error.message();
            break;
        }
        if (!self->m_session.receive({self->m_input.data(), count}))
            break;
        self->signal();
    }
    self->close();
}

net::Task<void> GrpcChannel::write_all(std::shared_ptr<GrpcChannel> self)
{
    constexpr std::size_t at_once = 64 * 1024;
    while (!self->m_closed) {
        self->m_output = self->m_session.output(at_once);
        if (self->m_output.empty()) {
            if (!self->m_session.alive())
                self->close();
            else
                co_await self->changed();
            continue;
        }
        const std::array<asio::const_buffer, 1> bytes{asio::buffer(self->m_output)};
        const auto written = co_await self->m_connection->stream.write(bytes);
        // A server may answer, say why, and close before it has read everything: the reader hears that.
        if (std::get<0>(written))
            co_return;
    }
}

} // namespace tokenscope::otlp
