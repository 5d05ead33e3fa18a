// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/stream.h"

#include <boost/asio/ip/address.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace tokenscope::net {

namespace {

/// Whom the certificate must name. OpenSSL's own check, unlike a callback, leaves its verdict in the verify result.
bool expect_host(SSL* ssl, const std::string& host)
{
    auto* const param = SSL_get0_param(ssl);
    IoError no_address;
    boost::asio::ip::make_address(host, no_address);
    if (!no_address)
        return X509_VERIFY_PARAM_set1_ip_asc(param, host.c_str()) == 1;
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    // SNI wants names only.
    return SSL_set_tlsext_host_name(ssl, host.c_str()) == 1
           && X509_VERIFY_PARAM_set1_host(param, host.data(), host.size()) == 1;
}

} // namespace

Task<IoError> Stream::start_tls(boost::asio::ssl::context& context, std::string host)
{
    m_tls = std::make_unique<TlsStream>(m_socket, context);
    // Neither the certificate's names nor SNI have the dot that ends an absolute name.
    if (host.ends_with('.'))
        host.pop_back();
    m_tls->set_verify_mode(boost::asio::ssl::verify_peer);
    if (!expect_host(m_tls->native_handle(), host)) {
        ERR_clear_error();
        co_return boost::system::errc::make_error_code(boost::system::errc::invalid_argument);
    }
    const auto [error] = co_await m_tls->async_handshake(boost::asio::ssl::stream_base::client, awaiting);
    co_return error;
}

long Stream::verify_result() const
{
    return m_tls ? SSL_get_verify_result(m_tls->native_handle()) : X509_V_OK;
}

void Stream::close()
{
    IoError ignored;
    m_socket.close(ignored);
}

} // namespace tokenscope::net
