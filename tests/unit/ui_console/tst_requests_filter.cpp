// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "requests_bench.h"

using namespace tokenscope;
using namespace tokenscope::ui;
using Bench = test::RequestsBench;

namespace {

constexpr int pastThePause = 600; ///< ms

} // namespace

/// The filter of the Requests page while it is being typed.
class TestRequestsFilter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aHalfTypedFieldLooksForNothing()
    {
        Bench bench(48);
        bench.open();
        bench.filter().setFocus();
        for (const char letter : std::string("model:")) {
            bench.type(std::string(1, letter).c_str());
            QCOMPARE(bench.rows(), 48);
            QVERIFY(!bench.hint().isVisible());
        }
        QTest::qWait(pastThePause);
        QCOMPARE(bench.rows(), 48);
        QVERIFY(bench.hint().isVisible()); // no mistake yet, but it cannot stay so
        QCOMPARE(bench.hint().property("role").toString(), QStringLiteral("secondary"));
        bench.type("tiny");
        QCOMPARE(bench.rows(), 9);
        QVERIFY(!bench.hint().isVisible());
        bench.type(",");
        QCOMPARE(bench.rows(), 9);
        bench.type("phi4");
        QCOMPARE(bench.rows(), 18);
        // Another term after it.
        bench.type(" sta");
        QTest::qWait(pastThePause);
        QCOMPARE(bench.rows(), 18);
        bench.type("tus:error");
        QTRY_VERIFY(bench.rows() < 18);
    }

    void wordsAreLookedForAfterAPause()
    {
        Bench bench(48);
        bench.open();
        bench.filter().setFocus();
        bench.type("zz");
        QCOMPARE(bench.rows(), 48); // not with every letter
        QTRY_COMPARE(bench.rows(), 0);
        bench.filter().clear();
        QCOMPARE(bench.rows(), 48);
        // One that may become a field is looked for once it is meant.
        bench.type("err");
        QTest::qWait(pastThePause);
        QCOMPARE(bench.rows(), 48);
        QVERIFY(bench.hint().isVisible());
        bench.key(bench.filter(), Qt::Key_Return);
        QCOMPARE(bench.rows(), 0);
        QVERIFY(!bench.hint().isVisible());
        bench.filter().clear();
        bench.filter().setFocus();
        bench.type("cl ");
        QVERIFY(bench.rows() < 48); // claude
    }

    void saysBeforeOfAWholeFilterOnly()
    {
        Bench bench(48);
        bench.open();
        bench.filter().setFocus();
        bench.type("status:error");
        QCOMPARE(bench.rows(), 5);
        bench.type(" status:teapot");
        QVERIFY(!bench.hint().isVisible()); // it may yet become one
        QTRY_VERIFY(bench.hint().isVisible());
        QCOMPARE(bench.hint().property("role").toString(), QStringLiteral("error"));
        QCOMPARE(bench.text("requests.count"), QStringLiteral("5 of 48 requests, by the filter before"));
    }

    void aFieldWithoutAValueIsAMistakeOnceItIsMeant()
    {
        Bench bench(48);
        bench.open();
        bench.filter().setFocus();
        bench.type("ttft:>");
        bench.key(bench.filter(), Qt::Key_Return);
        QVERIFY(bench.filter().hasFocus());
        QVERIFY(bench.filter().error());
        QVERIFY2(bench.hint().text().contains(QStringLiteral("needs a value")), qPrintable(bench.hint().text()));
        // What is added from elsewhere takes its place.
        bench.filter().setText(QStringLiteral("model:"));
        bench.page->show({.filter = QStringLiteral("status:error"), .slowest = RequestsWanted::Slowest::none});
        QCOMPARE(bench.rows(), 5);
    }
};

QTEST_MAIN(TestRequestsFilter)
#include "tst_requests_filter.moc"
