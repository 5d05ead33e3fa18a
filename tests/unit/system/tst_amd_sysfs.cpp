// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "system/amd_sysfs_sampler.h"

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace tokenscope::system;

namespace {

/// A tree of sysfs files.
class Tree {
public:
    std::filesystem::path root() const { return m_directory.path().toStdString(); }
    void write(const QString& path, const char* text) const
    {
        const auto file = m_directory.filePath(path);
        QDir().mkpath(QFileInfo(file).path());
        std::ofstream(file.toStdString()) << text;
    }

private:
    QTemporaryDir m_directory;
};

} // namespace

class TestAmdSysfs : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everythingThere();
    void whatFailsIsAbsent();
    void onlyAmdCards();
    void noDirectory();
};

void TestAmdSysfs::everythingThere()
{
    const Tree tree;
    tree.write(QStringLiteral("card1/device/gpu_busy_percent"), "37\n");
    tree.write(QStringLiteral("card1/device/mem_info_vram_used"), "1073741824\n");
    tree.write(QStringLiteral("card1/device/mem_info_vram_total"), "17163091968\n");
    tree.write(QStringLiteral("card1/device/product_name"), "Radeon RX\n");
    tree.write(QStringLiteral("card1/device/hwmon/hwmon4/power1_average"), "45500000\n");
    tree.write(QStringLiteral("card1/device/hwmon/hwmon4/temp1_input"), "51250\n");
    AmdSysfsSampler sampler(tree.root());
    QCOMPARE(sampler.origin(), std::string("amdgpu sysfs"));
    const auto samples = sampler.sample();
    QCOMPARE(samples.size(), std::size_t{1});
    QCOMPARE(samples[0].index, std::string("1"));
    QCOMPARE(samples[0].name, std::string("Radeon RX"));
    QCOMPARE(samples[0].utilization_percent, std::optional(37.0));
    QCOMPARE(samples[0].memory_used_bytes, std::optional(1073741824.0));
    QCOMPARE(samples[0].memory_total_bytes, std::optional(17163091968.0));
    QCOMPARE(samples[0].power_watts, std::optional(45.5));
    QCOMPARE(samples[0].temperature_celsius, std::optional(51.25));

    // The next look reads anew.
    tree.write(QStringLiteral("card1/device/gpu_busy_percent"), "99\n");
    QCOMPARE(sampler.sample().at(0).utilization_percent, std::optional(99.0));
}

void TestAmdSysfs::whatFailsIsAbsent()
{
    const Tree tree;
    tree.write(QStringLiteral("card0/device/gpu_busy_percent"), "255\n");
    tree.write(QStringLiteral("card0/device/mem_info_vram_used"), "N/A\n");
    tree.write(QStringLiteral("card0/device/mem_info_vram_total"), "");
    tree.write(QStringLiteral("card0/device/product_name"), "\n");
    tree.write(QStringLiteral("card0/device/device"), "0x73bf\n");
    tree.write(QStringLiteral("card0/device/hwmon/hwmon0/power1_average"), "-1\n");
    tree.write(QStringLiteral("card0/device/hwmon/hwmon0/temp1_input/a_directory"), "");
    const auto sample = AmdSysfsSampler(tree.root()).sample().at(0);
    QCOMPARE(sample.name, std::string("AMD GPU 0x73bf"));
    QVERIFY(!sample.utilization_percent);
    QVERIFY(!sample.memory_used_bytes);
    QVERIFY(!sample.memory_total_bytes);
    QVERIFY(!sample.power_watts);
    QVERIFY(!sample.temperature_celsius);
}

void TestAmdSysfs::onlyAmdCards()
{
    const Tree tree;
    for (const char* name : {"card10", "card2", "card2-DP-1", "card", "cardx", "renderD128", "version"})
        tree.write(QLatin1String(name) + QStringLiteral("/device/gpu_busy_percent"), "1\n");
    tree.write(QStringLiteral("card3/device/vendor"), "0x8086\n");
    std::vector<std::string> found;
    for (const auto& sample : AmdSysfsSampler(tree.root()).sample())
        found.push_back(sample.index);
    QCOMPARE(found, (std::vector<std::string>{"2", "10"}));
}

void TestAmdSysfs::noDirectory()
{
    QVERIFY(AmdSysfsSampler("/nonexistent/drm").sample().empty());
    const Tree tree;
    QVERIFY(AmdSysfsSampler(tree.root()).sample().empty());
}

QTEST_GUILESS_MAIN(TestAmdSysfs)
#include "tst_amd_sysfs.moc"
