// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/stream.h"

#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace tokenscope::net {

Task<IoError> Stream::start_tls(boost::asio::ssl::context& context, std::string host)
{
    m_tls = std::make_unique<TlsStream>(m_socket, context);
    // SNI wants a name, not an address; OpenSSL refuses the latter harmlessly.
    if (SSL_set_tlsext_host_name(m_tls->native_handle(), host.c_str()) != 1)
        ERR_clear_error();
    m_tls->set_verify_mode(boost::asio::ssl::verify_peer);
    m_tls->set_verify_callback(boost::asio::ssl::host_name_verification(host));
    const auto [error] = co_await m_tls->async_handshake(boost::asio::ssl::stream_base::client, awaiting);
    co_return error;
}

void Stream::close()
{
    IoError ignored;
    m_socket.close(ignored);
}

} // namespace tokenscope::net
