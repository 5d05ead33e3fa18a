// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/proxy.h"

#include <QTest>

#include <map>

using namespace tokenscope;
using net::NoProxy;
using net::ProxyRules;
using Variables = std::map<std::string, std::string>;

Q_DECLARE_METATYPE(Variables)

namespace {

config::Env environment(Variables variables)
{
    return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional<std::string>(found->second);
    };
}

/// The proxy for `url`, "direct", or "error: ...".
QString chosen(const ProxyRules& rules, const char* url)
{
    const auto proxy = rules.proxy_for(parse_url(url).value());
    if (!proxy)
        return QStringLiteral("error: ") + QString::fromStdString(proxy.error().message);
    return *proxy ? QString::fromStdString((*proxy)->url.to_string()) : QStringLiteral("direct");
}

} // namespace

class TstProxy : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void parses_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<QByteArray>("authorization");
        const auto row = [](QByteArray text, QByteArray url, QByteArray authorization = {}) {
            QTest::newRow(text.constData()) << text << url << authorization;
        };
        row("http://proxy:3128", "http://proxy:3128");
        row("HTTP://Proxy.Example:3128/", "http://proxy.example:3128");
        row("proxy:3128", "http://proxy:3128");
        row("proxy", "http://proxy");
        row("http://proxy:3128/path?x#y", "http://proxy:3128");
        row("http://[::1]:3128", "http://[::1]:3128");
        row("http://user:secret@proxy:3128", "http://proxy:3128", "Basic dXNlcjpzZWNyZXQ=");
        row("user:secret@proxy:3128", "http://proxy:3128", "Basic dXNlcjpzZWNyZXQ=");
        row("http://user@proxy", "http://proxy", "Basic dXNlcjo=");
        row("http://user:@proxy", "http://proxy", "Basic dXNlcjo=");
        row("http://u:a%40b%3a%2F@proxy", "http://proxy", "Basic dTphQGI6Lw==");
        row("http://u:a@b@proxy", "http://proxy", "Basic dTphQGI=");
        row("http://u:a:b@proxy", "http://proxy", "Basic dTphOmI=");
    }

    void parses()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, url);
        QFETCH(QByteArray, authorization);
        const auto proxy = net::parse_proxy(text.toStdString());
        QVERIFY2(proxy.has_value(), proxy ? "" : proxy.error().message.c_str());
        QCOMPARE(QByteArray::fromStdString(proxy->url.to_string()), url);
        QCOMPARE(QByteArray::fromStdString(proxy->authorization), authorization);
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text :
             {"", "http://", "https://user:secret@proxy", "socks5://user:secret@proxy", "socks5h://proxy:1080",
              "http://user:secret@", "http://user:secret@proxy:0", "http://user:secret@proxy:99999",
              "http://user:secret%@proxy", "http://user:secret%0@proxy", "http://user:secret%zz@proxy",
              "http://user:secret%0d%0aX@proxy", "http://us%3aer:secret@proxy", "http://user:secret@pro xy",
              "http://user:secret@pro\r\nxy", "http://user:secret@[::1", "http://user:secret@::1"})
            QTest::newRow(text) << QByteArray(text);
    }

    void refuses()
    {
        QFETCH(QByteArray, text);
        const auto proxy = net::parse_proxy(text.toStdString());
        QVERIFY(!proxy);
        QCOMPARE(int(proxy.error().code), int(ErrorCode::config));
        QVERIFY(proxy.error().message.find("secret") == std::string::npos);
        const auto rules = ProxyRules::from_environment(environment({{"HTTPS_PROXY", text.toStdString()}}));
        if (text.isEmpty())
            return;
        const auto answer = chosen(rules, "https://api.example");
        QVERIFY2(answer.startsWith(QStringLiteral("error: ")) && answer.contains(QStringLiteral("HTTPS_PROXY")),
                 qPrintable(answer));
        QVERIFY(!answer.contains(QStringLiteral("secret")));
        QCOMPARE(chosen(rules, "https://localhost"), QStringLiteral("direct"));
        QCOMPARE(rules.problems().size(), std::size_t(1));
        QVERIFY(rules.problems().front().find("secret") == std::string::npos);
    }

    void chooses_data()
    {
        QTest::addColumn<Variables>("variables");
        QTest::addColumn<QString>("http");
        QTest::addColumn<QString>("https");
        const auto row = [](const char* name, Variables variables, const char* http, const char* https) {
            QTest::newRow(name) << std::move(variables) << QString::fromLatin1(http) << QString::fromLatin1(https);
        };
        row("none", {}, "direct", "direct");
        row("each its own", {{"http_proxy", "http://a:1"}, {"https_proxy", "http://b:2"}}, "http://a:1", "http://b:2");
        row("upper case", {{"HTTP_PROXY", "http://a:1"}, {"HTTPS_PROXY", "http://b:2"}}, "http://a:1", "http://b:2");
        row("lower case goes first", {{"HTTPS_PROXY", "http://a:1"}, {"https_proxy", "http://b:2"}}, "direct",
            "http://b:2");
        row("all", {{"ALL_PROXY", "http://a:1"}}, "http://a:1", "http://a:1");
        row("all for the rest", {{"all_proxy", "http://a:1"}, {"HTTPS_PROXY", "http://b:2"}}, "http://a:1",
            "http://b:2");
        row("empty is not set", {{"https_proxy", ""}, {"HTTPS_PROXY", ""}, {"all_proxy", "http://a:1"}}, "http://a:1",
            "http://a:1");
        row("HTTP_PROXY of a CGI", {{"HTTP_PROXY", "http://a:1"}, {"REQUEST_METHOD", "GET"}}, "direct", "direct");
        row("http_proxy of a CGI", {{"http_proxy", "http://a:1"}, {"REQUEST_METHOD", "GET"}}, "http://a:1", "direct");
        row("excepted", {{"all_proxy", "http://a:1"}, {"NO_PROXY", "other,api.example"}}, "direct", "direct");
        row("lower-case exceptions go first", {{"all_proxy", "http://a:1"}, {"NO_PROXY", "*"}, {"no_proxy", "other"}},
            "http://a:1", "http://a:1");
        row("SOCKS for all", {{"ALL_PROXY", "socks5://a:1"}, {"http_proxy", "b:2"}}, "http://b:2",
            "error: The proxy in the environment variable ALL_PROXY cannot be used: only proxies whose URL starts with "
            "http:// "
            "are supported.");
    }

    void chooses()
    {
        QFETCH(Variables, variables);
        QFETCH(QString, http);
        QFETCH(QString, https);
        const auto rules = ProxyRules::from_environment(environment(variables));
        QCOMPARE(chosen(rules, "http://api.example/v1"), http);
        QCOMPARE(chosen(rules, "https://api.example/v1"), https);
    }

    void this_machine_is_never_proxied()
    {
        const auto rules = ProxyRules::from_environment(environment({{"ALL_PROXY", "http://proxy:1"}}));
        for (const char* url :
             {"http://localhost:11434", "http://LOCALHOST", "http://localhost.", "http://ollama.localhost",
              "http://127.0.0.1", "http://127.8.9.10:1", "http://[::1]:1", "http://[::ffff:127.0.0.1]"})
            QCOMPARE(chosen(rules, url), QStringLiteral("direct"));
        for (const char* url : {"http://localhost.example", "http://notlocalhost", "http://128.0.0.1", "http://[::2]"})
            QCOMPARE(chosen(rules, url), QStringLiteral("http://proxy:1"));
    }

    void exceptions_data()
    {
        QTest::addColumn<QByteArray>("list");
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<bool>("matches");
        const auto row = [](QByteArray list, QByteArray url, bool matches) {
            QTest::newRow(QByteArray(list + " / " + url).constData()) << list << url << matches;
        };
        row("", "http://a.b", false);
        row(" , ,,", "http://a.b", false);
        row("*", "http://a.b", true);
        row("x, *", "http://10.0.0.1", true);
        row("a.b", "http://a.b", true);
        row("A.B", "http://a.b", true);
        row("a.b", "http://c.a.b", true);
        row("a.b", "http://ca.b", false);
        row("a.b", "http://a.b.c", false);
        row("a.b", "http://b", false);
        row(".a.b", "http://c.a.b", true);
        row(".a.b", "http://a.b", true);
        row("*.a.b", "http://c.a.b", true);
        row("a.b.", "http://a.b", true);
        row("a.b", "http://a.b.", true);
        row("a*b", "http://a.b", false);
        row("x,a.b,y", "http://a.b", true);
        row("x a.b y", "http://a.b", true);
        row("a.b:8080", "http://a.b:8080", true);
        row("a.b:8080", "http://c.a.b:8080", true);
        row("a.b:8080", "http://a.b", false);
        row("a.b:443", "https://a.b", true);
        row("a.b:0", "http://a.b", false);
        row("a.b:x", "http://a.b", false);
        row("10.0.0.1", "http://10.0.0.1:99", true);
        row("10.0.0.1", "http://10.0.0.11", false);
        row("0.0.1", "http://10.0.0.1", false);
        row("10.0.0.1:80", "http://10.0.0.1", true);
        row("10.0.0.1:81", "http://10.0.0.1", false);
        row("10.0.0.0/8", "http://10.200.3.4", true);
        row("10.0.0.0/8", "http://11.0.0.1", false);
        row("10.1.2.3/8", "http://10.9.9.9", true);
        row("192.168.4.0/22", "http://192.168.7.255", true);
        row("192.168.4.0/22", "http://192.168.8.0", false);
        row("0.0.0.0/0", "http://8.8.8.8", true);
        row("0.0.0.0/0", "http://[2001:db8::1]", false);
        row("0.0.0.0/0", "http://a.b", false);
        row("10.0.0.0/33", "http://10.0.0.0", false);
        row("10.0.0.0/", "http://10.0.0.0", false);
        row("10.0.0.0/-1", "http://10.0.0.0", false);
        row("/", "http://10.0.0.0", false);
        row("10.0.0.0/8", "http://[::ffff:10.1.1.1]", true);
        row("2001:db8::1", "http://[2001:db8::1]", true);
        row("2001:DB8:0::1", "http://[2001:db8::1]", true);
        row("[2001:db8::1]", "http://[2001:db8::1]:99", true);
        row("[2001:db8::1]:99", "http://[2001:db8::1]:99", true);
        row("[2001:db8::1]:99", "http://[2001:db8::1]", false);
        row("fd00::/8", "http://[fdab::1]", true);
        row("fd00::/8", "http://[fe80::1]", false);
        row("2001:db8::/33", "http://[2001:db8:7fff::1]", true);
        row("2001:db8::/33", "http://[2001:db8:8000::1]", false);
        row("::/0", "http://[2001:db8::1]", true);
        row(":", "http://a.b", false);
        row(":80", "http://a.b", false);
        row(".", "http://a.b", false);
        row("[", "http://a.b", false);
        row("[]", "http://a.b", false);
    }

    void exceptions()
    {
        QFETCH(QByteArray, list);
        QFETCH(QByteArray, url);
        QFETCH(bool, matches);
        QCOMPARE(NoProxy(list.toStdString()).matches(parse_url(url.toStdString()).value()), matches);
    }
};

QTEST_APPLESS_MAIN(TstProxy)
#include "tst_proxy.moc"
