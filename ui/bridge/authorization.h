// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QNetworkRequest>

#include <functional>

namespace tokenscope::ui {

/// The Authorization value of the console's own requests to its gateway, asked for each of them since a new configuration may
/// change it. Empty, or an empty value: none is sent.
using Authorization = std::function<QByteArray()>;

inline void authorize(QNetworkRequest& request, const Authorization& authorization)
{
    const auto value = authorization ? authorization() : QByteArray();
    if (!value.isEmpty())
        request.setRawHeader("Authorization", value);
}

} // namespace tokenscope::ui
