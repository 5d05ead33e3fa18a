// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/environment_proxies.h"

#include <utility>

namespace tokenscope::remote {

namespace {

Result<Url> origin_of(const QUrl& url)
{
    return parse_url(url.toString(QUrl::RemoveUserInfo | QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment
                                  | QUrl::FullyEncoded)
                         .toStdString());
}

} // namespace

EnvironmentProxies::EnvironmentProxies(net::ProxyRules rules) : m_rules(std::move(rules))
{
    // What has no proxy by the rules is left to the application's, see below: none, whatever the desktop or ALL_PROXY say.
    QNetworkProxyFactory::setUseSystemConfiguration(false);
}

QList<QNetworkProxy> EnvironmentProxies::queryProxy(const QNetworkProxyQuery& query)
{
    const auto origin = origin_of(query.url());
    const auto proxy = origin ? m_rules.proxy_for(*origin) : failure(origin.error());
    if (!proxy || !*proxy) {
        // Not NoProxy: then Qt takes the socket unbuffered and reads a head byte by byte from the kernel, and while it comes
        // faster than that, its thread hears no abort() and no end of the manager.
        QNetworkProxy none(QNetworkProxy::DefaultProxy);
        none.setCapabilities(QNetworkProxy::TunnelingCapability);
        return {none};
    }
    const auto& url = (*proxy)->url;
    QNetworkProxy result(QNetworkProxy::HttpProxy, QString::fromStdString(url.host), url.port);
    const auto credentials =
        QByteArray::fromBase64(QByteArray::fromStdString((*proxy)->authorization).mid(qstrlen("Basic ")));
    if (const auto colon = credentials.indexOf(':'); colon >= 0) {
        result.setUser(QString::fromUtf8(credentials.left(colon)));
        result.setPassword(QString::fromUtf8(credentials.mid(colon + 1)));
    }
    return {result};
}

std::optional<Error> EnvironmentProxies::problem(const QUrl& url) const
{
    const auto origin = origin_of(url);
    if (!origin)
        return origin.error();
    auto proxy = m_rules.proxy_for(*origin);
    return proxy ? std::nullopt : std::optional(std::move(proxy.error()));
}

} // namespace tokenscope::remote
