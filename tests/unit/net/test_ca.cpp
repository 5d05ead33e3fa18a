// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/net/test_ca.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <QtGlobal>

namespace tokenscope::test {

namespace {

using Key = std::shared_ptr<EVP_PKEY>;
using Cert = std::shared_ptr<X509>;

template <class Write>
std::string to_pem(Write write)
{
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(BIO_new(BIO_s_mem()), &BIO_free_all);
    write(bio.get());
    char* bytes = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

std::string pem_of(const Cert& certificate)
{
    return to_pem([&](BIO* bio) { PEM_write_bio_X509(bio, certificate.get()); });
}

void add_extension(X509* certificate, int kind, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    auto* const extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    if (extension == nullptr)
        qFatal("Bad extension %s.", value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

Key make_key()
{
    return {EVP_EC_gen("P-256"), &EVP_PKEY_free};
}

Cert make_certificate(const std::string& subject, const CertificateText& text, const Key& key, bool authority,
                      X509_NAME* issuer, EVP_PKEY* issuer_key)
{
    const Cert certificate(X509_new(), &X509_free);
    static long serial = 0;
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), text.not_before);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), text.not_after);
    X509_set_pubkey(certificate.get(), key.get());
    auto* const name = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(subject.c_str()), -1,
                               -1, 0);
    X509_set_issuer_name(certificate.get(), issuer != nullptr ? issuer : name);
    add_extension(certificate.get(), NID_basic_constraints, authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (!text.names.empty())
        add_extension(certificate.get(), NID_subject_alt_name, text.names);
    if (X509_sign(certificate.get(), issuer_key, EVP_sha256()) == 0)
        qFatal("Cannot sign.");
    return certificate;
}

std::string pem_of(const Key& key)
{
    return to_pem([&](BIO* bio) { PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

} // namespace

TestCa::TestCa() : m_key(make_key())
{
    m_certificate = make_certificate("Test authority", {}, m_key, true, nullptr, m_key.get());
    m_pem = pem_of(m_certificate);
}

TestCa::~TestCa() = default;

Certificate TestCa::issue(const CertificateText& text) const
{
    const auto key = make_key();
    const auto certificate =
        make_certificate("Test server", text, key, false, X509_get_subject_name(m_certificate.get()), m_key.get());
    return {.pem = pem_of(certificate), .key_pem = pem_of(key)};
}

Certificate TestCa::self_signed(const CertificateText& text)
{
    const auto key = make_key();
    const auto certificate = make_certificate("Test server", text, key, false, nullptr, key.get());
    return {.pem = pem_of(certificate), .key_pem = pem_of(key)};
}

} // namespace tokenscope::test
