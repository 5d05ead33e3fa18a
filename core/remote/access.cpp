// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/access.h"

#include "base/file_access.h"
#include "config/auth_values.h"
#include "net/headers.h"
#include "remote/key_match.h"
#include "sources/connection_file.h"

#include <QSslCertificate>
#include <QSslKey>

#include <fmt/format.h>

namespace tokenscope::remote {

namespace {

using sources::AuthKind;
using sources::Connection;

tl::unexpected<Error> bad(std::string param, std::string message, std::string detail = {})
{
    return failure(Error{.code = ErrorCode::config,
                         .message = std::move(message),
                         .detail = std::move(detail),
                         .param = std::move(param)});
}

Result<std::string> secret(const std::string& text, std::string_view what, std::string param,
                           const config::Lookup& lookup)
{
    auto expanded = config::expand(text, lookup);
    if (!expanded.error.empty())
        return bad(std::move(param), fmt::format("The {} cannot be looked up: {}.", what, expanded.error));
    return std::move(expanded.text);
}

/// Adds the Authorization header, if there is to be one.
Result<void> add_authorization(Access& access, const Connection& connection, const config::Lookup& lookup)
{
    if (connection.auth == AuthKind::none)
        return {};
    const bool basic = connection.auth == AuthKind::basic;
    const auto what = basic ? "password" : "bearer token";
    auto text = secret(connection.secret, what, "secret", lookup);
    if (!text)
        return failure(std::move(text.error()));
    if (basic) {
        const auto pair = connection.user + ':' + *text;
        access.headers.emplaceBack("Authorization", QByteArray("Basic ") + QByteArray::fromStdString(pair).toBase64());
        return {};
    }
    if (text->empty())
        return bad("secret", "The bearer token is empty: give one, or choose no authentication.");
    auto token = config::parse_secret(*text);
    if (!token)
        return bad("secret", fmt::format("The bearer token {}.", token.error().message));
    access.headers.emplaceBack("Authorization", QByteArray("Bearer ") + QByteArray::fromStdString(*token));
    return {};
}

Result<QByteArray> content(const std::string& path, const char* what, const char* param)
{
    constexpr std::size_t longest = 4U << 20U;
    const auto text = read_whole(path, longest);
    if (!text)
        return bad(param, fmt::format("The {} '{}' cannot be read: check its path and permissions.", what, path),
                   text.error().detail.empty() ? text.error().message : text.error().detail);
    return QByteArray::fromStdString(*text);
}

Result<QList<QSslCertificate>> certificates(const std::string& path, const char* what, const char* param)
{
    const auto bytes = content(path, what, param);
    if (!bytes)
        return failure(bytes.error());
    auto found = QSslCertificate::fromData(*bytes, QSsl::Pem);
    if (found.isEmpty())
        return bad(param, fmt::format("The {} '{}' has no certificate: give a file in PEM format.", what, path));
    return found;
}

Result<QSslKey> private_key(const std::string& path)
{
    const auto bytes = content(path, "key file", "key_file");
    if (!bytes)
        return failure(bytes.error());
    if (bytes->contains("ENCRYPTED"))
        return bad("key_file",
                   fmt::format("The key in '{}' is encrypted with a password: give one that is not.", path));
    for (const auto algorithm : {QSsl::Rsa, QSsl::Ec, QSsl::Dsa}) {
        QSslKey key(*bytes, algorithm, QSsl::Pem, QSsl::PrivateKey);
        if (!key.isNull())
            return key;
    }
    return bad("key_file", fmt::format("The key file '{}' has no private key: give a file in PEM format.", path));
}

Result<void> set_tls(Access& access, const Connection& connection)
{
    access.tls = QSslConfiguration::defaultConfiguration();
    if (!connection.ca_file.empty()) {
        const auto authorities = certificates(connection.ca_file, "CA file", "ca_file");
        if (!authorities)
            return failure(authorities.error());
        access.tls.setCaCertificates(*authorities);
    }
    if (connection.certificate_file.empty())
        return {};
    const auto chain = certificates(connection.certificate_file, "client certificate", "certificate_file");
    if (!chain)
        return failure(chain.error());
    const auto& key_file = connection.key_file.empty() ? connection.certificate_file : connection.key_file;
    const auto key = private_key(key_file);
    if (!key)
        return failure(key.error());
    // Qt would find out while it connects, and say nothing of it.
    if (!belong_together(chain->front(), *key))
        return bad("key_file", fmt::format("The key in '{}' does not belong to the certificate in '{}': give that "
                                           "certificate's own key{}.",
                                           key_file, connection.certificate_file,
                                           chain->size() > 1 ? ", and put that certificate before the others" : ""));
    access.tls.setLocalCertificateChain(*chain);
    access.tls.setPrivateKey(*key);
    return {};
}

} // namespace

Result<Access> resolve_access(const Connection& connection, const config::Lookup& lookup)
{
    if (auto error = sources::validate(connection))
        return failure(std::move(*error));
    Access access;
    access.url = QUrl(QString::fromStdString(connection.url), QUrl::StrictMode);
    if (auto added = add_authorization(access, connection, lookup); !added)
        return failure(std::move(added.error()));
    for (const auto& [name, text] : connection.headers) {
        const auto value = secret(text, fmt::format("value of header {}", name), "headers", lookup);
        if (!value)
            return failure(value.error());
        if (!net::is_field_value(*value))
            return bad("headers",
                       fmt::format("The value of header {} has a line break or another character that HTTP does not "
                                   "allow: correct it where it is kept.",
                                   name));
        access.headers.emplaceBack(QByteArray::fromStdString(name), QByteArray::fromStdString(*value));
    }
    if (auto set = set_tls(access, connection); !set)
        return failure(std::move(set.error()));
    return access;
}

} // namespace tokenscope::remote
