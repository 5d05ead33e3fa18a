// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/remote/strict_server.h"

#include <array>

namespace tokenscope::test {

namespace {

using asio::ip::tcp;

/// An end with unread bytes would be a reset, which may overtake the alert.
void read_to_the_end(tcp::socket& socket)
{
    boost::system::error_code error;
    std::array<char, 1024> bytes{};
    while (!error)
        socket.read_some(asio::buffer(bytes), error);
}

} // namespace

StrictServer::StrictServer(const Certificate& own, const std::string& client_ca, int version)
    : m_acceptor(m_io, tcp::endpoint(asio::ip::address_v4::loopback(), 0))
{
    m_tls.use_certificate_chain(asio::buffer(own.pem));
    m_tls.use_private_key(asio::buffer(own.key_pem), asio::ssl::context::pem);
    m_tls.add_certificate_authority(asio::buffer(client_ca));
    m_tls.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
    SSL_CTX_set_min_proto_version(m_tls.native_handle(), version);
    SSL_CTX_set_max_proto_version(m_tls.native_handle(), version);
    m_thread = std::thread([this] { serve(); });
}

StrictServer::~StrictServer()
{
    m_stopping = true;
    boost::system::error_code error;
    tcp::socket(m_io).connect(m_acceptor.local_endpoint(), error); // so that it looks
    m_thread.join();
}

std::string StrictServer::url() const
{
    return "https://127.0.0.1:" + std::to_string(m_acceptor.local_endpoint().port());
}

void StrictServer::serve()
{
    while (true) {
        tcp::socket socket(m_io);
        boost::system::error_code error;
        m_acceptor.accept(socket, error);
        if (error || m_stopping)
            return;
        talk(socket);
    }
}

void StrictServer::talk(tcp::socket& socket)
{
    boost::system::error_code error;
    asio::ssl::stream<tcp::socket&> stream(socket, m_tls);
    stream.handshake(asio::ssl::stream_base::server, error);
    std::string request;
    if (!error)
        asio::read_until(stream, asio::dynamic_buffer(request), "\r\n\r\n", error);
    if (!error) {
        ++m_answered;
        const std::string reply =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
        asio::write(stream, asio::buffer(reply), error);
        stream.shutdown(error);
    }
    socket.shutdown(tcp::socket::shutdown_send, error);
    read_to_the_end(socket);
}

} // namespace tokenscope::test
