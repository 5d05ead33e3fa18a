// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QSslCertificate;
class QSslKey;

namespace tokenscope::remote {

/// Whether this is the private key of the certificate. Also true where that cannot be told.
bool belong_together(const QSslCertificate& certificate, const QSslKey& key);

} // namespace tokenscope::remote
