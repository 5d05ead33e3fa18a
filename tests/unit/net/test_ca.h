// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

struct evp_pkey_st;
struct x509_st;

namespace tokenscope::test {

/// What a certificate says; times are seconds from now.
struct CertificateText {
    std::string names; ///< subject alternative names as OpenSSL writes them, e.g. "DNS:a.example,IP:127.0.0.1"
    long not_before = -3600;
    long not_after = 3600;
};

struct Certificate {
    std::string pem, key_pem;
};

/// A certificate authority that exists as long as the test does.
class TestCa {
public:
    TestCa();
    ~TestCa();

    Certificate issue(const CertificateText& text) const;
    const std::string& pem() const { return m_pem; }

    static Certificate self_signed(const CertificateText& text);

private:
    std::shared_ptr<evp_pkey_st> m_key;
    std::shared_ptr<x509_st> m_certificate;
    std::string m_pem;
};

} // namespace tokenscope::test
