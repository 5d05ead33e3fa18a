// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QUrl>

namespace tokenscope::remote {

bool is_redirect(int status);

/// Whether what a request carries may go there, too: to the same server; or to the same host with TLS where it was without,
/// never the other way.
bool may_follow(const QUrl& from, const QUrl& to);

} // namespace tokenscope::remote
