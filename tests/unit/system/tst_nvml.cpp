// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "system/nvml_sampler.h"

#include <QTest>

using namespace tokenscope::system;

/// The real sampler with a driver library of our own making.
class TestNvml : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup();
    void everythingThere();
    void oneFailureCostsOneValue_data();
    void oneFailureCostsOneValue();
    void everyReadFails();
    void oneIsLost();
    void divided();
    void older();
    void noSampler_data();
    void noSampler();
    void shutsDown();
};

void TestNvml::cleanup()
{
    for (const char* name :
         {"FAKE_NVML_FAIL", "FAKE_NVML_NONE", "FAKE_NVML_SHUTDOWN", "FAKE_NVML_LOST", "FAKE_NVML_MIG"})
        qunsetenv(name);
}

void TestNvml::everythingThere()
{
    const auto sampler = make_nvml_sampler(FAKE_NVML);
    QVERIFY(sampler);
    QCOMPARE(sampler->origin(), std::string("NVML 550.54.15"));
    const auto samples = sampler->sample();
    QCOMPARE(samples.size(), std::size_t{2});
    const auto& gpu = samples[0];
    QCOMPARE(gpu.index, std::string("0"));
    QCOMPARE(gpu.name, std::string("Fake H1"));
    QCOMPARE(gpu.utilization_percent, std::optional(42.0));
    QCOMPARE(gpu.memory_used_bytes, std::optional(600.0));
    QCOMPARE(gpu.memory_total_bytes, std::optional(1000.0));
    QCOMPARE(gpu.power_watts, std::optional(123.456));
    QCOMPARE(gpu.temperature_celsius, std::optional(55.0));
    // A name that fills the buffer without an end.
    QCOMPARE(samples[1].index, std::string("1"));
    QCOMPARE(samples[1].name, std::string(127, 'x'));
}

void TestNvml::oneFailureCostsOneValue_data()
{
    QTest::addColumn<QByteArray>("function");
    QTest::addColumn<QByteArray>("missing");
    QTest::newRow("utilisation") << QByteArray("nvmlDeviceGetUtilizationRates") << QByteArray("u");
    QTest::newRow("power") << QByteArray("nvmlDeviceGetPowerUsage") << QByteArray("p");
    QTest::newRow("temperature") << QByteArray("nvmlDeviceGetTemperature") << QByteArray("t");
    QTest::newRow("memory") << QByteArray("nvmlDeviceGetMemoryInfo_v2 nvmlDeviceGetMemoryInfo") << QByteArray("m");
    QTest::newRow("name") << QByteArray("nvmlDeviceGetName") << QByteArray("n");
}

void TestNvml::oneFailureCostsOneValue()
{
    QFETCH(QByteArray, function);
    QFETCH(QByteArray, missing);
    const auto sampler = make_nvml_sampler(FAKE_NVML);
    qputenv("FAKE_NVML_FAIL", function);
    const auto gpu = sampler->sample().at(0);
    QByteArray absent;
    absent += gpu.utilization_percent ? "" : "u";
    absent += gpu.power_watts ? "" : "p";
    absent += gpu.temperature_celsius ? "" : "t";
    absent += gpu.memory_used_bytes && gpu.memory_total_bytes ? "" : "m";
    absent += gpu.name.empty() ? "n" : "";
    QCOMPARE(absent, missing);
    qunsetenv("FAKE_NVML_FAIL");
    QVERIFY(sampler->sample().at(0).power_watts); // and it comes back
}

void TestNvml::everyReadFails()
{
    const auto sampler = make_nvml_sampler(FAKE_NVML);
    qputenv("FAKE_NVML_FAIL", "nvmlDeviceGetHandleByIndex_v2");
    QVERIFY(sampler->sample().empty());
    qputenv("FAKE_NVML_FAIL", "nvmlDeviceGetCount_v2");
    QVERIFY(sampler->sample().empty());
}

void TestNvml::oneIsLost()
{
    const auto sampler = make_nvml_sampler(FAKE_NVML);
    qputenv("FAKE_NVML_LOST", "1");
    const auto samples = sampler->sample();
    QCOMPARE(samples.size(), std::size_t{1});
    QCOMPARE(samples[0].index, std::string("1")); // keeps its number
    qunsetenv("FAKE_NVML_LOST");
    QCOMPARE(sampler->sample().size(), std::size_t{2});
}

void TestNvml::divided()
{
    qputenv("FAKE_NVML_MIG", "1");
    const auto sampler = make_nvml_sampler(FAKE_NVML);
    const auto samples = sampler->sample();
    QCOMPARE(samples.size(), std::size_t{3});
    QCOMPARE(samples[0].index, std::string("0"));
    QVERIFY(samples[0].utilization_percent);
    QCOMPARE(samples[1].index, std::string("1:0"));
    QCOMPARE(samples[2].index, std::string("1:2"));
    QCOMPARE(samples[2].name, std::string("Fake H1 MIG 1g.10gb"));
    QCOMPARE(samples[2].memory_used_bytes, std::optional(600.0));
    QVERIFY(!samples[2].utilization_percent);
    // A container may not be allowed to see them: then the card is shown, with what it tells.
    qputenv("FAKE_NVML_FAIL", "nvmlDeviceGetMigDeviceHandleByIndex");
    const auto card = sampler->sample().at(1);
    QCOMPARE(card.index, std::string("1"));
    QVERIFY(!card.utilization_percent && !card.memory_used_bytes);
    QVERIFY(card.temperature_celsius);
}

void TestNvml::older()
{
    qputenv("FAKE_NVML_FAIL", "nvmlDeviceGetMemoryInfo_v2 nvmlSystemGetDriverVersion");
    const auto sampler = make_nvml_sampler(FAKE_NVML);
    QCOMPARE(sampler->origin(), std::string("NVML"));
    QCOMPARE(sampler->sample().at(0).memory_used_bytes, std::optional(700.0));
}

void TestNvml::noSampler_data()
{
    QTest::addColumn<QByteArray>("library");
    QTest::addColumn<QByteArray>("fail");
    QTest::addColumn<bool>("none");
    QTest::newRow("no library") << QByteArray("libnvidia-ml-that-is-not-there.so.1") << QByteArray() << false;
    QTest::newRow("not NVML") << QByteArray("libc.so.6") << QByteArray() << false;
    QTest::newRow("no driver") << QByteArray(FAKE_NVML) << QByteArray("nvmlInit_v2") << false;
    QTest::newRow("no count") << QByteArray(FAKE_NVML) << QByteArray("nvmlDeviceGetCount_v2") << false;
    QTest::newRow("no GPU") << QByteArray(FAKE_NVML) << QByteArray() << true;
}

void TestNvml::noSampler()
{
    QFETCH(QByteArray, library);
    QFETCH(QByteArray, fail);
    QFETCH(bool, none);
    qputenv("FAKE_NVML_FAIL", fail);
    if (none)
        qputenv("FAKE_NVML_NONE", "1");
    QVERIFY(!make_nvml_sampler(library.constData()));
}

void TestNvml::shutsDown()
{
    make_nvml_sampler(FAKE_NVML);
    QVERIFY(qEnvironmentVariableIsSet("FAKE_NVML_SHUTDOWN"));
    qunsetenv("FAKE_NVML_SHUTDOWN");
    qputenv("FAKE_NVML_FAIL", "nvmlInit_v2");
    make_nvml_sampler(FAKE_NVML);
    QVERIFY(!qEnvironmentVariableIsSet("FAKE_NVML_SHUTDOWN")); // what was never started is not ended
}

QTEST_GUILESS_MAIN(TestNvml)
#include "tst_nvml.moc"
