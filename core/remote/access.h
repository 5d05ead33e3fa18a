// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "config/environment.h"
#include "sources/connection.h"

#include <QByteArray>
#include <QList>
#include <QSslConfiguration>
#include <QUrl>

#include <utility>

namespace tokenscope::remote {

/// What a connection's requests carry: its secrets looked up, its files read.
struct Access {
    QUrl url;
    QList<std::pair<QByteArray, QByteArray>> headers; ///< secret
    QSslConfiguration tls;
};

/// May wait for the system keychain. Errors have ErrorCode::config, name what is at fault in `param` (a field of Connection)
/// and never repeat a secret.
Result<Access> resolve_access(const sources::Connection& connection, const config::Lookup& lookup);

} // namespace tokenscope::remote
