// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "system/cpu_sampler.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace tokenscope::system;

class TestCpu : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void parse_data();
    void parse();
    void percent_data();
    void percent();
    void sampler();
    void thisMachine();
};

void TestCpu::parse_data()
{
    QTest::addColumn<QByteArray>("stat");
    QTest::addColumn<qint64>("busy"); // -1: malformed
    QTest::addColumn<qint64>("idle");
    // Guest time (the last two) is part of user and nice already.
    QTest::newRow("today's kernels") << QByteArray("cpu  10 20 30 400 50 6 7 8 9 1\ncpu0 1 2 3 4\nintr 5\n")
                                     << qint64(81) << qint64(450);
    QTest::newRow("oldest kernels") << QByteArray("cpu 1 2 3 4\n") << qint64(6) << qint64(4);
    QTest::newRow("newer kernels' extra fields")
        << QByteArray("cpu  1 1 1 1 1 1 1 1 1 1 99 99\n") << qint64(6) << qint64(2);
    QTest::newRow("large") << QByteArray("cpu  9007199254740993 0 0 1\n") << qint64(9007199254740993) << qint64(1);
    QTest::newRow("no line end") << QByteArray("cpu  1 2 3 4") << qint64(6) << qint64(4);
    QTest::newRow("empty") << QByteArray() << qint64(-1) << qint64(0);
    QTest::newRow("only one core's line") << QByteArray("cpu0 1 2 3 4\n") << qint64(-1) << qint64(0);
    QTest::newRow("too few") << QByteArray("cpu  1 2 3\n9 9 9\n") << qint64(-1) << qint64(0);
    QTest::newRow("letters") << QByteArray("cpu  1 2 x 4\n") << qint64(-1) << qint64(0);
    QTest::newRow("negative") << QByteArray("cpu  1 -2 3 4\n") << qint64(-1) << qint64(0);
    QTest::newRow("fraction") << QByteArray("cpu  1 2.5 3 4\n") << qint64(-1) << qint64(0);
    QTest::newRow("overflow") << QByteArray("cpu  99999999999999999999 2 3 4\n") << qint64(-1) << qint64(0);
}

void TestCpu::parse()
{
    QFETCH(QByteArray, stat);
    QFETCH(qint64, busy);
    QFETCH(qint64, idle);
    const auto times = parse_cpu_times(stat.toStdString());
    QCOMPARE(times.has_value(), busy >= 0);
    if (times) {
        QCOMPARE(times->busy, static_cast<std::uint64_t>(busy));
        QCOMPARE(times->idle, static_cast<std::uint64_t>(idle));
    }
}

void TestCpu::percent_data()
{
    QTest::addColumn<int>("busy");
    QTest::addColumn<int>("idle");
    QTest::addColumn<double>("expected"); // -1: absent
    // From 1,000 busy and 1,000 idle to:
    QTest::newRow("quarter") << 1'025 << 1'075 << 25.0;
    QTest::newRow("all") << 1'100 << 1'000 << 100.0;
    QTest::newRow("idle") << 1'000 << 1'100 << 0.0;
    QTest::newRow("no time passed") << 1'000 << 1'000 << -1.0;
    QTest::newRow("busy went back") << 999 << 1'100 << -1.0;
    QTest::newRow("idle went back") << 1'100 << 999 << -1.0;
}

void TestCpu::percent()
{
    QFETCH(int, busy);
    QFETCH(int, idle);
    QFETCH(double, expected);
    const auto actual =
        busy_percent({1'000, 1'000}, {static_cast<std::uint64_t>(busy), static_cast<std::uint64_t>(idle)});
    QCOMPARE(actual.value_or(-1), expected);
}

void TestCpu::sampler()
{
    const QTemporaryDir directory;
    const auto path = directory.filePath(QStringLiteral("stat")).toStdString();
    const auto write = [&](const char* text) { std::ofstream(path) << text; };
    ProcStatCpuSampler sampler(path);
    QVERIFY(!sampler.percent()); // no file
    write("cpu  0 0 0 0\n");
    QVERIFY(!sampler.percent()); // first
    write("cpu  30 0 0 70\n");
    QCOMPARE(sampler.percent(), std::optional(30.0));
    write("garbage\n");
    QVERIFY(!sampler.percent());
    write("cpu  130 0 0 70\n");
    QVERIFY(!sampler.percent()); // nothing to compare with again
    write("cpu  140 0 0 80\n");
    QCOMPARE(sampler.percent(), std::optional(50.0));
    ProcStatCpuSampler on_directory(directory.path().toStdString());
    QVERIFY(!on_directory.percent());
}

void TestCpu::thisMachine()
{
    const auto sampler = make_cpu_sampler();
    QVERIFY(!sampler->percent());
    std::optional<double> percent;
    const auto measured = [&] {
        if (!percent)
            percent = sampler->percent();
        return percent.has_value();
    };
    QTRY_VERIFY(measured()); // once a clock tick has passed
    QVERIFY(*percent >= 0 && *percent <= 100);
}

QTEST_GUILESS_MAIN(TestCpu)
#include "tst_cpu.moc"
