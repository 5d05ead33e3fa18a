// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/proxy.h"

#include <QNetworkProxyFactory>
#include <QUrl>

#include <optional>

namespace tokenscope::remote {

/// The proxies that the environment asks for, for Qt; see net::ProxyRules.
class EnvironmentProxies final : public QNetworkProxyFactory {
public:
    explicit EnvironmentProxies(net::ProxyRules rules);

    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery& query) override;

    /// Why the URL must not be asked for: the environment demands a proxy that cannot be used.
    std::optional<Error> problem(const QUrl& url) const;

private:
    net::ProxyRules m_rules;
};

} // namespace tokenscope::remote
