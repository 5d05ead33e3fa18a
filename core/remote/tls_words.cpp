// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/tls_words.h"

#include <QDateTime>
#include <QLocale>

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace tokenscope::remote {

namespace {

std::string date(const QDateTime& time)
{
    return QLocale::c().toString(time.toUTC(), QStringLiteral("yyyy-MM-dd HH:mm")).toStdString() + " UTC";
}

std::string names_of(const QSslCertificate& certificate)
{
    QStringList names;
    for (const auto& name : certificate.subjectAlternativeNames())
        names << name;
    names.removeDuplicates();
    if (names.isEmpty())
        names = certificate.subjectInfo(QSslCertificate::CommonName);
    names.sort();
    constexpr qsizetype most = 5;
    const bool more = names.size() > most;
    return names.mid(0, most).join(QStringLiteral(", ")).toStdString() + (more ? ", ..." : "");
}

/// The more an error explains, the earlier it comes: a certificate can be wrong in several ways at once.
int rank(QSslError::SslError error)
{
    switch (error) {
    case QSslError::CertificateExpired: return 0;
    case QSslError::CertificateNotYetValid: return 1;
    case QSslError::SelfSignedCertificate: return 2;
    case QSslError::SelfSignedCertificateInChain:
    case QSslError::UnableToGetLocalIssuerCertificate:
    case QSslError::UnableToVerifyFirstCertificate:
    case QSslError::UnableToGetIssuerCertificate:
    case QSslError::CertificateSignatureFailed: return 3; // of a CA with the name of one that is known
    case QSslError::HostNameMismatch: return 4;
    default: return 5;
    }
}

std::string sentence(std::string_view origin, const QSslError& error)
{
    const auto certificate = error.certificate();
    switch (rank(error.error())) {
    case 0:
        return fmt::format("The certificate of {} expired on {}: renew it on the server.", origin,
                           date(certificate.expiryDate()));
    case 1:
        return fmt::format("The certificate of {} is valid only from {} on: check the clocks of both machines.", origin,
                           date(certificate.effectiveDate()));
    case 2:
        return fmt::format("The certificate of {} is signed by itself: give that certificate as CA file if you trust "
                           "it.",
                           origin);
    case 3:
        return fmt::format("The certificate of {} is signed by a CA that this machine does not know: give its "
                           "certificate as CA file.",
                           origin);
    case 4:
        return fmt::format("The certificate of {} is for {}: use one of its names in the URL.", origin,
                           names_of(certificate));
    default: return fmt::format("The certificate of {} cannot be trusted: replace it on the server.", origin);
    }
}

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

/// The alert of a server, of our certificate: its own expired one is among Qt's errors.
bool expired(std::string_view detail)
{
    return contains(detail, "certificate expired");
}

/// Why a server refuses it, as far as it says so itself, whatever the server says: "expired on ..."; empty: it is of now.
std::string fault_of(const QSslCertificate& own)
{
    const auto now = QDateTime::currentDateTimeUtc();
    if (own.expiryDate() < now)
        return "expired on " + date(own.expiryDate());
    if (own.effectiveDate() > now)
        return "is valid only from " + date(own.effectiveDate()) + " on";
    return {};
}

std::string refusal(std::string_view origin, std::string_view detail, const QSslCertificate& own)
{
    if (own.isNull())
        return fmt::format("{} wants a client certificate: give one and its key in the connection.", origin);
    if (const auto fault = fault_of(own); !fault.empty())
        return fmt::format("{} refused the client certificate, which {}: give one that is valid now.", origin, fault);
    if (expired(detail))
        return fmt::format("{} refused the client certificate as expired, which by this machine's clock it is not: "
                           "check the clocks of both machines.",
                           origin);
    return fmt::format("{} refused the client certificate: give one that it accepts.", origin);
}

} // namespace

bool wants_certificate(std::string_view detail)
{
    return contains(detail, "certificate required") || contains(detail, "bad certificate")
           || contains(detail, "unknown ca") || contains(detail, "handshake failure")
           || contains(detail, "certificate unknown") || expired(detail) || contains(detail, "certificate revoked")
           || contains(detail, "unsupported certificate") || contains(detail, "access denied")
           || contains(detail, "decrypt error"); // of a CA with the name of the one that it knows
}

Error closed_after_handshake(std::string_view origin, std::string_view detail, const QSslCertificate& own)
{
    const auto fault = own.isNull() ? std::string() : fault_of(own);
    const auto why = own.isNull()
                         ? std::string("it may want a client certificate; give one and its key in the connection")
                     : fault.empty() ? std::string("it may not accept the client certificate")
                                     : "the client certificate " + fault + "; give one that is valid now";
    return {.code = ErrorCode::upstream_tls,
            .message = fmt::format("{} closed the connection without an answer: {}.", origin, why),
            .detail = std::string(detail)};
}

Error tls_error(std::string_view origin, const QList<QSslError>& errors, std::string_view detail,
                const QSslCertificate& own)
{
    Error error{.code = ErrorCode::upstream_tls, .message = {}, .detail = std::string(detail)};
    if (!errors.isEmpty()) {
        const auto worst = std::min_element(errors.begin(), errors.end(), [](const auto& a, const auto& b) {
            return rank(a.error()) < rank(b.error());
        });
        error.message = sentence(origin, *worst);
        error.detail = worst->errorString().toStdString();
    } else if (wants_certificate(detail)) {
        error.message = refusal(origin, detail, own);
    } else if (contains(detail, "wrong version number") || contains(detail, "packet length too long")
               || contains(detail, "http request")) {
        error.message = fmt::format("{} does not speak TLS: try http:// in place of https://.", origin);
    } else {
        error.message =
            fmt::format("{} and this machine could not agree on TLS: check that the URL and the port are of "
                        "an HTTPS server.",
                        origin);
    }
    return error;
}

} // namespace tokenscope::remote
