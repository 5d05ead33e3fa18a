// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/matcher.h"

#include <QTest>

using namespace tokenscope;
using namespace tokenscope::query;

class TestMatcher : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void accept_data();
    void accept();
    void allMustAgree();
    void invalidPattern();
};

void TestMatcher::accept_data()
{
    QTest::addColumn<QByteArray>("matcher");
    QTest::addColumn<QByteArray>("value"); // null: the series lacks the label
    QTest::addColumn<bool>("accepted");
    const QByteArray missing;
    QTest::newRow("equal") << QByteArray("a") << QByteArray("a") << true;
    QTest::newRow("equal is no prefix") << QByteArray("a") << QByteArray("ab") << false;
    QTest::newRow("empty means missing") << QByteArray("") << missing << true;
    QTest::newRow("empty is not a value") << QByteArray("") << QByteArray("a") << false;
    QTest::newRow("not equal") << QByteArray("!a") << QByteArray("b") << true;
    QTest::newRow("not equal, same") << QByteArray("!a") << QByteArray("a") << false;
    QTest::newRow("not equal, missing") << QByteArray("!a") << missing << true;
    QTest::newRow("not empty, missing") << QByteArray("!") << missing << false;
    QTest::newRow("not empty, present") << QByteArray("!") << QByteArray("x") << true;
    QTest::newRow("regex") << QByteArray("~5..") << QByteArray("503") << true;
    QTest::newRow("regex is anchored at the end") << QByteArray("~5..") << QByteArray("5033") << false;
    QTest::newRow("regex is anchored at the start") << QByteArray("~5..") << QByteArray("1503") << false;
    QTest::newRow("anchors hold for alternatives") << QByteArray("~a|b") << QByteArray("ab") << false;
    QTest::newRow("alternative") << QByteArray("~a|b") << QByteArray("b") << true;
    QTest::newRow("regex, missing") << QByteArray("~.*") << missing << true;
    QTest::newRow("regex that needs something, missing") << QByteArray("~.+") << missing << false;
    QTest::newRow("not regex") << QByteArray("!~5..") << QByteArray("200") << true;
    QTest::newRow("not regex, matching") << QByteArray("!~5..") << QByteArray("500") << false;
    QTest::newRow("not regex, missing") << QByteArray("!~5..") << missing << true;
    QTest::newRow("dot is not a newline") << QByteArray("~a.b") << QByteArray("a\nb") << false;
    QTest::newRow("literal with quotes") << QByteArray("a\"b\\") << QByteArray("a\"b\\") << true;
    QTest::newRow("letters of two bytes") << QByteArray("~.") << QByteArray("\xc3\xa9") << true;
}

void TestMatcher::accept()
{
    QFETCH(QByteArray, matcher);
    QFETCH(QByteArray, value);
    QFETCH(bool, accepted);
    const auto matchers = Matchers::compile({{"label", matcher.toStdString()}});
    QVERIFY(matchers.has_value());
    Labels labels{{"other", "x"}};
    if (!value.isNull())
        labels.emplace("label", value.toStdString());
    QCOMPARE(matchers->accept(labels), accepted);
}

void TestMatcher::allMustAgree()
{
    const auto matchers = Matchers::compile({{"a", "1"}, {"b", "!2"}});
    QVERIFY(matchers->accept({{"a", "1"}, {"b", "1"}}));
    QVERIFY(!matchers->accept({{"a", "1"}, {"b", "2"}}));
    QVERIFY(!matchers->accept({{"a", "2"}, {"b", "1"}}));
    QVERIFY(Matchers::compile({})->accept({}));
}

void TestMatcher::invalidPattern()
{
    for (const auto* pattern : {"~(", "!~a{2,1}", "~(?=x)", "~\\", "~[z-a]", "~a)|(b"}) {
        const auto matchers = Matchers::compile({{"status", pattern}});
        QVERIFY2(!matchers, pattern);
        QCOMPARE(matchers.error().code, ErrorCode::invalid_request);
        QVERIFY(matchers.error().message.find(split_matcher(pattern).value) != std::string::npos);
        QVERIFY(!matchers.error().detail.empty());
    }
}

QTEST_APPLESS_MAIN(TestMatcher)
#include "tst_matcher.moc"
