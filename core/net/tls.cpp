// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/tls.h"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <cstdlib>
#include <memory>
#include <mutex>
#include <new>
#include <utility>

namespace tokenscope::net {

namespace asio = boost::asio;

namespace {

std::string environment(const char* name)
{
    const char* value = std::getenv(name);
    return value ? value : "";
}

/// The authorities of the system, one store for all contexts: to read some hundred certificates takes longer than to make a
/// window. Read anew only where the variables name other ones.
void trust_system(SSL_CTX* context)
{
    static std::mutex mutex;
    static std::shared_ptr<X509_STORE> store;
    static std::pair<std::string, std::string> read_from;
    const std::lock_guard lock(mutex);
    std::pair from(environment(X509_get_default_cert_file_env()), environment(X509_get_default_cert_dir_env()));
    if (!store || from != read_from) {
        store.reset(X509_STORE_new(), X509_STORE_free);
        if (!store)
            throw std::bad_alloc();
        // A file that cannot be read trusts nobody; explain_tls() says so when it matters.
        X509_STORE_set_default_paths(store.get());
        ERR_clear_error();
        read_from = std::move(from);
    }
    SSL_CTX_set1_cert_store(context, store.get());
}

} // namespace

asio::ssl::context make_client_tls()
{
    asio::ssl::context context(asio::ssl::context::tls_client);
    trust_system(context.native_handle());
    context.set_verify_mode(asio::ssl::verify_peer);
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    return context;
}

std::string explain_tls(std::string_view server, const IoError& error, long verify_result)
{
    switch (verify_result) {
    case X509_V_OK: break;
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return fmt::format("The certificate of {} has expired. Have it renewed, or check this machine's clock.",
                           server);
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return fmt::format("The certificate of {} is not valid yet. Check this machine's clock.", server);
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return fmt::format("The certificate of {} is made out to another name. Use that name in its URL.", server);
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return fmt::format(
            "The certificate of {} comes from an authority that this machine does not trust. Install that "
            "authority's certificate, or name a file with it in SSL_CERT_FILE.",
            server);
    default:
        return fmt::format("The certificate of {} is not trusted: {}. Check it there.", server,
                           X509_verify_cert_error_string(verify_result));
    }
    const bool from_ssl = error.category() == asio::error::get_ssl_category();
    const auto code = static_cast<unsigned long>(error.value());
    if (from_ssl && ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == SSL_R_WRONG_VERSION_NUMBER)
        return fmt::format("{} does not speak TLS at that port. Should its URL begin with http://?", server);
    if (error == asio::error::eof || error == asio::ssl::error::stream_truncated
        || error == asio::error::connection_reset)
        return fmt::format("{} closed the connection during the TLS handshake. Check that its port speaks TLS.",
                           server);
    return fmt::format("No TLS connection to {} could be made. Check its certificate and TLS version.", server);
}

} // namespace tokenscope::net
