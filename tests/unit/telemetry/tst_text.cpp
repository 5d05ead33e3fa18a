// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/text.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace tokenscope;
using namespace tokenscope::telemetry;

class TstText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void utf8_data()
    {
        QTest::addColumn<QByteArray>("raw");
        QTest::addColumn<QByteArray>("clean");
        const QByteArray bad("\xEF\xBF\xBD");
        const auto same = [](const char* name, const char* text) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(text);
        };
        same("empty", "");
        same("ASCII", "phi4:14b");
        same("two bytes", "caf\xC3\xA9");
        same("three bytes", "\xE6\xA8\xA1\xE5\x9E\x8B");
        same("four bytes", "\xF0\x9F\xA6\x99");
        same("first and last of each length",
             "\x01\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF");
        QTest::newRow("lone continuation") << QByteArray("a\x80z") << "a" + bad + "z";
        QTest::newRow("cut short") << QByteArray("a\xE6\xA8") << "a" + bad + bad;
        QTest::newRow("cut short, then text") << QByteArray("\xC3z") << bad + "z";
        QTest::newRow("overlong slash") << QByteArray("\xC0\xAF") << bad + bad;
        QTest::newRow("overlong, three bytes") << QByteArray("\xE0\x80\xAF") << bad + bad + bad;
        QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80") << bad + bad + bad;
        QTest::newRow("above U+10FFFF") << QByteArray("\xF4\x90\x80\x80") << bad + bad + bad + bad;
        QTest::newRow("FF") << QByteArray("\xFF") << bad;
        QTest::newRow("NUL") << QByteArray("a\0b", 3) << "a" + bad + "b";
    }

    void utf8()
    {
        QFETCH(QByteArray, raw);
        QFETCH(QByteArray, clean);
        const auto out = valid_utf8(std::string_view(raw.constData(), static_cast<std::size_t>(raw.size())));
        QCOMPARE(QByteArray::fromStdString(out), clean);
    }

    void numbers_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QByteArray>("text");
        using limits = std::numeric_limits<double>;
        QTest::newRow("0") << 0.0 << QByteArray("0");
        QTest::newRow("1") << 1.0 << QByteArray("1");
        QTest::newRow("-1.5") << -1.5 << QByteArray("-1.5");
        QTest::newRow("0.1") << 0.1 << QByteArray("0.1");
        QTest::newRow("0.1+0.2") << 0.1 + 0.2 << QByteArray("0.30000000000000004");
        QTest::newRow("small bucket") << 0.0005 << QByteArray("0.0005");
        QTest::newRow("smallest plain") << 0.0001 << QByteArray("0.0001");
        QTest::newRow("1e-5") << 1e-5 << QByteArray("1e-05");
        QTest::newRow("300") << 300.0 << QByteArray("300");
        QTest::newRow("a million") << 1e6 << QByteArray("1000000");
        QTest::newRow("a time") << 1767225600.125 << QByteArray("1767225600.125");
        QTest::newRow("2^53+2") << 9007199254740994.0 << QByteArray("9.007199254740994e+15");
        QTest::newRow("largest") << limits::max() << QByteArray("1.7976931348623157e+308");
        QTest::newRow("denormal") << limits::denorm_min() << QByteArray("5e-324");
        QTest::newRow("NaN") << limits::quiet_NaN() << QByteArray("NaN");
        QTest::newRow("-NaN") << -limits::quiet_NaN() << QByteArray("NaN");
        QTest::newRow("inf") << limits::infinity() << QByteArray("+Inf");
        QTest::newRow("-inf") << -limits::infinity() << QByteArray("-Inf");
    }

    void numbers()
    {
        QFETCH(double, value);
        QFETCH(QByteArray, text);
        QCOMPARE(QByteArray::fromStdString(number_text(value)), text);
        if (std::isfinite(value))
            QCOMPARE(text.toDouble(), value);
    }

    void times_data()
    {
        QTest::addColumn<qint64>("ms");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("epoch") << qint64{0} << QByteArray("1970-01-01T00:00:00.000Z");
        QTest::newRow("milliseconds") << qint64{1'700'000'000'007} << QByteArray("2023-11-14T22:13:20.007Z");
        QTest::newRow("leap day") << qint64{1'709'251'199'999} << QByteArray("2024-02-29T23:59:59.999Z");
        QTest::newRow("before 1970") << qint64{-1} << QByteArray("1969-12-31T23:59:59.999Z");
    }

    void times()
    {
        QFETCH(qint64, ms);
        QFETCH(QByteArray, text);
        QCOMPARE(QByteArray::fromStdString(rfc3339(WallTime(std::chrono::milliseconds(ms)))), text);
    }
};

QTEST_APPLESS_MAIN(TstText)
#include "tst_text.moc"
