// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QList>
#include <QSslCertificate>
#include <QSslError>

#include <string_view>

namespace tokenscope::remote {

/// Why a TLS connection was not made, for a person: `errors` as Qt found them, or none where the handshake itself failed with
/// `detail`. `own`: the client certificate that we had to show; null where we had none.
Error tls_error(std::string_view origin, const QList<QSslError>& errors, std::string_view detail,
                const QSslCertificate& own);

/// With TLS 1.3 a server refuses a client certificate, or its absence, when the handshake is over for us, and many do so by
/// closing the connection.
Error closed_after_handshake(std::string_view origin, std::string_view detail, const QSslCertificate& own);

/// Whether `detail`, an error of the TLS library, says that the server wants a client certificate, or another one.
bool wants_certificate(std::string_view detail);

} // namespace tokenscope::remote
