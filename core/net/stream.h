// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/task.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <tuple>

namespace tokenscope::net {

/// A TCP connection, with or without TLS. One read and one write may be under way at a time.
class Stream {
public:
    using Socket = boost::asio::ip::tcp::socket;
    using TlsStream = boost::asio::ssl::stream<Socket&>;

    explicit Stream(Socket socket) : m_socket(std::move(socket)) {}

    /// Starts TLS as the client of `host`, whose certificate is verified against the context's authorities.
    Task<IoError> start_tls(boost::asio::ssl::context& context, std::string host);
    /// Why OpenSSL did not trust the certificate: an X509_V_ERR_... value, X509_V_OK where that was not the reason.
    long verify_result() const;

    Task<std::tuple<IoError, std::size_t>> read_some(boost::asio::mutable_buffer buffer)
    {
        if (m_tls)
            return m_tls->async_read_some(buffer, awaiting);
        return m_socket.async_read_some(buffer, awaiting);
    }

    /// Writes all of `buffers`.
    template <class Buffers>
    Task<std::tuple<IoError, std::size_t>> write(Buffers buffers)
    {
        if (m_tls)
            return boost::asio::async_write(*m_tls, std::move(buffers), awaiting);
        return boost::asio::async_write(m_socket, std::move(buffers), awaiting);
    }

    Socket& socket() { return m_socket; }
    /// Ends every operation under way with an error. Safe to call twice.
    void close();

private:
    Socket m_socket;
    std::unique_ptr<TlsStream> m_tls;
};

} // namespace tokenscope::net
