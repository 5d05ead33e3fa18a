// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "otlp/grpc_status.h"
#include "otlp/http_exporter.h"
#include "otlp/server_words.h"

#include <QTest>

using namespace tokenscope;
using namespace tokenscope::otlp;

class TstGrpcStatus : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void codes_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<unsigned>("http");
        QTest::addColumn<unsigned>("code");
        QTest::newRow("ok") << QByteArray("0") << 200U << 0U;
        QTest::newRow("16") << QByteArray("16") << 200U << 16U;
        QTest::newRow("unheard of") << QByteArray("17") << 200U << 2U;
        QTest::newRow("huge") << QByteArray("99999999999999") << 200U << 2U;
        QTest::newRow("negative") << QByteArray("-1") << 200U << 2U;
        QTest::newRow("text") << QByteArray("OK") << 200U << 2U;
        QTest::newRow("trailing") << QByteArray("0 ") << 200U << 2U;
        QTest::newRow("counts more than HTTP's") << QByteArray("5") << 503U << 5U;
        QTest::newRow("none") << QByteArray() << 200U << 2U;
        QTest::newRow("HTTP 401") << QByteArray() << 401U << 16U;
        QTest::newRow("HTTP 403") << QByteArray() << 403U << 7U;
        QTest::newRow("HTTP 404") << QByteArray() << 404U << 12U;
        QTest::newRow("HTTP 429") << QByteArray() << 429U << 14U;
        QTest::newRow("HTTP 503") << QByteArray() << 503U << 14U;
        QTest::newRow("HTTP 500") << QByteArray() << 500U << 2U;
    }

    void codes()
    {
        QFETCH(QByteArray, text);
        QFETCH(unsigned, http);
        QFETCH(unsigned, code);
        net::Headers fields;
        if (!text.isEmpty())
            fields.emplace_back("grpc-status", text.toStdString());
        QCOMPARE(read_grpc_status(http, fields).code, code);
    }

    void the_last_status_counts()
    {
        QCOMPARE(read_grpc_status(200, {{"grpc-status", "0"}, {"grpc-status", "14"}}).code, 14U);
    }

    void retryable()
    {
        QString yes;
        for (unsigned code = 0; code <= 16; ++code)
            if (GrpcStatus{.code = code, .message = {}, .retry_delay = {}}.may_retry())
                yes += QString::number(code) + QLatin1Char(' ');
        QCOMPARE(yes, QStringLiteral("1 4 10 11 14 15 "));
        QVERIFY((GrpcStatus{.code = 8, .message = {}, .retry_delay = std::chrono::milliseconds(0)}.may_retry()));
    }

    void messages_are_decoded()
    {
        QCOMPARE(decode_grpc_message("a%20b%C3%A9"), std::string("a b\xC3\xA9"));
        QCOMPARE(decode_grpc_message("100%"), std::string("100%"));
        QCOMPARE(decode_grpc_message("%2"), std::string("%2"));
        QCOMPARE(decode_grpc_message("%zz%41"), std::string("%zzA"));
        QCOMPARE(decode_grpc_message("%%41"), std::string("%A"));
        QCOMPARE(decode_grpc_message("%4a%4A"), std::string("JJ"));
    }

    void base64()
    {
        QCOMPARE(decode_base64("aGk").value_or("none"), std::string("hi"));
        QCOMPARE(decode_base64("aGk=").value_or("none"), std::string("hi"));
        QCOMPARE(decode_base64("aA==").value_or("none"), std::string("h"));
        QCOMPARE(decode_base64("+/8").value_or("none"), std::string("\xFB\xFF"));
        QCOMPARE(decode_base64("").value_or("none"), std::string());
        QVERIFY(!decode_base64("a"));
        QVERIFY(!decode_base64("aGk-"));
        QVERIFY(!decode_base64("a===b"));
        QByteArray all;
        for (int i = 0; i < 256; ++i)
            all += static_cast<char>(i);
        QCOMPARE(QByteArray::fromStdString(*decode_base64(all.toBase64().toStdString())), all);
    }

    void retry_after_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("ms"); // -1: nothing
        QTest::newRow("seconds") << QByteArray("7") << qint64(7'000);
        QTest::newRow("0") << QByteArray("0") << qint64(0);
        QTest::newRow("a day") << QByteArray("86400") << qint64(3'600'000);
        QTest::newRow("more than fits") << QByteArray("99999999999999999999") << qint64(3'600'000);
        QTest::newRow("negative") << QByteArray("-7") << qint64(-1);
        QTest::newRow("date") << QByteArray("Wed, 21 Oct 2026 07:28:00 GMT") << qint64(-1);
        QTest::newRow("empty") << QByteArray() << qint64(-1);
        QTest::newRow("fraction") << QByteArray("1.5") << qint64(-1);
    }

    void retry_after()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, ms);
        const auto found = read_retry_after(text.toStdString());
        QCOMPARE(found ? qint64(found->count()) : qint64(-1), ms);
    }

    void words_are_bounded_and_keep_no_secret()
    {
        const ServerWords words({{"authorization", "Bearer s3cret-token"}, {"x-key", "abcdef"}, {"x-org", "1"}});
        QCOMPARE(words.clean("Bad 's3cret-token'\r\nof\tBearer s3cret-token, 1"), std::string("Bad '***' of ***, 1"));
        QCOMPARE(words.clean("abcdefabcdef"), std::string("******"));
        QCOMPARE(words.clean(" \x01 "), std::string());
        QCOMPARE(words.clean("\x1B[31mred\xFF"), std::string("[31mred\xEF\xBF\xBD"));
        std::string long_text(198, 'x');
        long_text += "\xC3\xA9\xC3\xA9";
        QCOMPARE(words.clean(long_text), std::string(198, 'x') + "\xC3\xA9...");
        QCOMPARE(words.clean(std::string(199, 'x') + "\xC3\xA9" + "y"), std::string(199, 'x') + "...");
    }
};

QTEST_APPLESS_MAIN(TstGrpcStatus)
#include "tst_grpc_status.moc"
