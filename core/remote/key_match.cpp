// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/key_match.h"

#include <QByteArray>
#include <QSslCertificate>
#include <QSslKey>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

namespace tokenscope::remote {

bool belong_together(const QSslCertificate& certificate, const QSslKey& key)
{
    const auto der = certificate.toDer();
    const auto pem = key.toPem();
    const auto* bytes = reinterpret_cast<const unsigned char*>(der.constData());
    const std::unique_ptr<X509, decltype(&X509_free)> read(d2i_X509(nullptr, &bytes, static_cast<long>(der.size())),
                                                           &X509_free);
    const std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new_mem_buf(pem.constData(), static_cast<int>(pem.size())),
                                                         &BIO_free);
    // Without a function for the password OpenSSL would ask for it on the terminal.
    const auto no_password = [](char*, int, int, void*) { return 0; };
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> own(
        PEM_read_bio_PrivateKey(text.get(), nullptr, no_password, nullptr), &EVP_PKEY_free);
    const bool together = !read || !own || X509_check_private_key(read.get(), own.get()) == 1;
    ERR_clear_error(); // what is left there, Qt would take for its own
    return together;
}

} // namespace tokenscope::remote
