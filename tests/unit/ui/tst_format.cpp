// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "format/format.h"

#include <QLocale>
#include <QtTest>

#include <cmath>
#include <limits>

using namespace tokenscope::ui;

class TestFormat : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale(QLocale::German)); }
    void writesForPeople_data();
    void writesForPeople();
    void roundValuesHaveNoZeros();
    void absentIsNotZero();
    void writesTimes_data();
    void writesTimes();
};

void TestFormat::writesForPeople_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<Unit>("unit");
    QTest::addColumn<QString>("expected");
    const auto row = [](double value, Unit unit, const char* expected) {
        QTest::addRow("%d %.17g", static_cast<int>(unit), value) << value << unit << QString::fromUtf8(expected);
    };
    constexpr double infinity = std::numeric_limits<double>::infinity();

    row(0, Unit::seconds, "0 ms");
    row(-0.0, Unit::seconds, "0 ms");
    row(5e-10, Unit::seconds, "0.50 ns");
    row(640e-6, Unit::seconds, "640 µs");
    row(999.4e-6, Unit::seconds, "999 µs");
    row(999.6e-6, Unit::seconds, "1.00 ms");
    row(0.182, Unit::seconds, "182 ms");
    row(0.0182, Unit::seconds, "18.2 ms");
    row(0.9994, Unit::seconds, "999 ms");
    row(0.9996, Unit::seconds, "1.00 s");
    row(1.42, Unit::seconds, "1.42 s");
    row(9.996, Unit::seconds, "10.0 s");
    row(59.94, Unit::seconds, "59.9 s");
    row(59.96, Unit::seconds, "1 m 00 s");
    row(125, Unit::seconds, "2 m 05 s");
    row(-125, Unit::seconds, "-2 m 05 s");
    row(3599.6, Unit::seconds, "1 h 00 m");
    row(7500, Unit::seconds, "2 h 05 m");
    row(86399, Unit::seconds, "1 d 00 h");
    row(1e12, Unit::seconds, "11.6M d");
    row(-0.25, Unit::seconds, "-250 ms");
    row(infinity, Unit::seconds, "+Inf s");
    row(-infinity, Unit::percent, "-Inf %");

    row(0, Unit::percent, "0 %");
    row(0.3, Unit::percent, "0.3 %");
    row(0.004, Unit::percent, "<0.01 %");
    row(0.05, Unit::percent, "0.05 %");
    row(9.96, Unit::percent, "10 %");
    row(71, Unit::percent, "71 %");
    row(99.99, Unit::percent, "99.9 %");
    row(99.354, Unit::percent, "99.4 %");
    row(99.667, Unit::percent, "99.7 %");
    row(-99.97, Unit::percent, "-99.9 %");
    row(100, Unit::percent, "100 %");

    row(0, Unit::bytes, "0 B");
    row(0.4, Unit::bytes, "0 B");
    row(-0.4, Unit::bytes, "0 B");
    row(512, Unit::bytes, "512 B");
    row(1023.6, Unit::bytes, "1.00 KiB");
    row(1024, Unit::bytes, "1.00 KiB");
    row(11.3 * 1024 * 1024 * 1024, Unit::bytes, "11.3 GiB");
    row(1023.7 * 1024, Unit::bytes, "1.00 MiB");
    row(1e30, Unit::bytes, "8.7e+11 EiB");

    row(12.4, Unit::requestsPerSecond, "12.4 req/s");
    row(0.25, Unit::requestsPerSecond, "0.25 req/s");
    row(0.012, Unit::requestsPerSecond, "0.012 req/s");
    row(311, Unit::tokensPerSecond, "311 tok/s");
    row(999.6, Unit::tokensPerSecond, "1.0k tok/s");
    row(3240, Unit::tokensPerSecond, "3.2k tok/s");
    row(1e12, Unit::tokensPerSecond, "1.0T tok/s");
    row(1e300, Unit::tokensPerSecond, "1.0e+300 tok/s");

    row(4, Unit::none, "4");
    row(2.5, Unit::none, "2.50");
    row(1234, Unit::none, "1,234");
    row(-1234, Unit::none, "-1,234");
    row(999.7, Unit::none, "1,000");
    row(9999.6, Unit::none, "10.0k");
    row(999'960, Unit::none, "1.0M");
    row(1234, Unit::tokens, "1,234 tok");
    row(1e12, Unit::tokens, "1.0T tok");
}

void TestFormat::writesForPeople()
{
    QFETCH(double, value);
    QFETCH(Unit, unit);
    QFETCH(QString, expected);
    QCOMPARE(formatValue(value, unit).joined(), expected);
}

void TestFormat::roundValuesHaveNoZeros()
{
    const auto compare = [](double value, Unit unit, const char* expected) {
        QCOMPARE(formatRound(value, unit), QString::fromUtf8(expected));
    };
    compare(0, Unit::seconds, "0 ms");
    compare(0.005, Unit::seconds, "5 ms");
    compare(0.01, Unit::seconds, "10 ms");
    compare(0.1, Unit::seconds, "100 ms");
    compare(1, Unit::seconds, "1 s");
    compare(2.5, Unit::seconds, "2.5 s");
    compare(1.25, Unit::seconds, "1.25 s");
    compare(30, Unit::seconds, "30 s");
    compare(90, Unit::seconds, "1 m 30 s");
    compare(120, Unit::seconds, "2 min");
    compare(300, Unit::seconds, "5 min");
    compare(7200, Unit::seconds, "2 h");
    compare(86400, Unit::seconds, "1 d");
    compare(100, Unit::none, "100");
    compare(20000, Unit::tokens, "20k tok");
    compare(2.5 * 1024, Unit::bytes, "2.5 KiB");
    compare(0.5, Unit::dollars, "$0.50");
    QCOMPARE(formatRound(std::nullopt, Unit::seconds), QStringLiteral("–"));
}

void TestFormat::absentIsNotZero()
{
    for (const Unit unit : {Unit::none, Unit::seconds, Unit::percent, Unit::bytes, Unit::tokens}) {
        for (const std::optional<double> value : {std::optional<double>(), std::optional(std::nan(""))}) {
            QCOMPARE(formatValue(value, unit).number, QStringLiteral("–"));
            QVERIFY(formatValue(value, unit).unit.isEmpty());
        }
    }
}

void TestFormat::writesTimes_data()
{
    QTest::addColumn<qint64>("range");
    QTest::addColumn<QString>("expected");
    QTest::newRow("a minute") << qint64(60'000) << QStringLiteral("22:13:20");
    QTest::newRow("half a day") << qint64(12 * 3'600'000) << QStringLiteral("22:13");
    QTest::newRow("a week") << qint64(7 * 86'400'000) << QStringLiteral("14 Nov 22:13");
}

void TestFormat::writesTimes()
{
    QFETCH(qint64, range);
    QFETCH(QString, expected);
    QCOMPARE(formatTime(1'700'000'000'000, range), expected);
}

QTEST_GUILESS_MAIN(TestFormat)
#include "tst_format.moc"
