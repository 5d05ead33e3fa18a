// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remote/redirects.h"

#include <QTest>

using namespace tokenscope::remote;

class TstRedirects : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whereARequestMayGo_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<bool>("may");
        const auto row = [](const char* from, const char* to, bool may) {
            QTest::addRow("%s to %s", from, to) << QString::fromLatin1(from) << QString::fromLatin1(to) << may;
        };
        row("http://a/x", "http://a/y", true);
        row("http://a/x", "http://A:80/y", true);
        row("http://a/x", "https://a/x", true);
        row("http://a:9090/x", "https://a:9443/x", true);
        row("https://a/x", "https://a:443/y", true);
        row("https://a/x", "http://a/x", false); // what it carries would be readable on the way
        row("https://a/x", "http://a:443/x", false);
        row("http://a/x", "http://a:8080/x", false);
        row("http://a/x", "http://b/x", false);
        row("http://a/x", "http://a.b/x", false);
        row("http://a/x", "ftp://a/x", false);
        row("https://a/x", "file:///etc/passwd", false);
    }
    void whereARequestMayGo()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(bool, may);
        QCOMPARE(may_follow(QUrl(from), QUrl(to)), may);
    }

    void redirects()
    {
        for (const int status : {301, 302, 303, 307, 308})
            QVERIFY(is_redirect(status));
        for (const int status : {200, 300, 304, 305, 306, 400})
            QVERIFY(!is_redirect(status));
    }
};

QTEST_APPLESS_MAIN(TstRedirects)
#include "tst_redirects.moc"
