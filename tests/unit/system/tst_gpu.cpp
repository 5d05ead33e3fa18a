// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "system/samplers.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTest>

using namespace tokenscope::system;

/// What the sampler of this machine says, beside what the vendor's own tool says.
class TestGpu : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void saysWhereFrom();
    void agreesWithNvidiaSmi();
};

void TestGpu::saysWhereFrom()
{
    const auto sampler = make_gpu_sampler();
    const auto samples = sampler->sample();
    qInfo("%s: %zu GPUs", sampler->origin().c_str(), samples.size());
    QCOMPARE(samples.empty(), sampler->origin() == "no GPU found on this machine");
}

void TestGpu::agreesWithNvidiaSmi()
{
    const auto tool = QStandardPaths::findExecutable(QStringLiteral("nvidia-smi"));
    if (tool.isEmpty())
        QSKIP("nvidia-smi is not installed, so there is nothing to compare with");
    QProcess process;
    process.start(
        tool,
        {QStringLiteral("--query-gpu=index,name,memory.total,memory.used,power.draw,temperature.gpu,utilization.gpu"),
         QStringLiteral("--format=csv,noheader,nounits")});
    QVERIFY(process.waitForFinished());
    if (process.exitCode() != 0)
        QSKIP("nvidia-smi finds no GPU");
    const auto sampler = make_gpu_sampler();
    const auto samples = sampler->sample();
    const auto lines = process.readAllStandardOutput().trimmed().split('\n');
    QCOMPARE(samples.size(), static_cast<std::size_t>(lines.size()));
    QVERIFY(sampler->origin().starts_with("NVML "));
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const auto& gpu = samples[static_cast<std::size_t>(i)];
        const auto show = [](const std::optional<double>& value) {
            return value ? QByteArray::number(*value, 'f', 1) : QByteArray("absent");
        };
        qInfo("tool: %s", lines[i].constData());
        qInfo("ours: %s, %s, %s B, %s B, %s W, %s C, %s %%", gpu.index.c_str(), gpu.name.c_str(),
              show(gpu.memory_total_bytes).constData(), show(gpu.memory_used_bytes).constData(),
              show(gpu.power_watts).constData(), show(gpu.temperature_celsius).constData(),
              show(gpu.utilization_percent).constData());
        const auto fields = lines[i].split(',');
        QCOMPARE(fields.size(), 7);
        QCOMPARE(QByteArray::fromStdString(gpu.index), fields[0].trimmed());
        QCOMPARE(QByteArray::fromStdString(gpu.name), fields[1].trimmed());
        // A value that the tool cannot tell ("[N/A]") must be absent here; else they may differ by what changed in between.
        const auto agrees = [&](int field, const std::optional<double>& ours, double unit, double tolerance) {
            bool number = false;
            const auto theirs = fields[field].trimmed().toDouble(&number);
            return number == ours.has_value() && (!number || std::abs(*ours / unit - theirs) <= tolerance);
        };
        constexpr double mebibyte = 1'048'576;
        QVERIFY(agrees(2, gpu.memory_total_bytes, mebibyte, 1));
        QVERIFY(agrees(3, gpu.memory_used_bytes, mebibyte, 512));
        QVERIFY(agrees(4, gpu.power_watts, 1, 150));
        QVERIFY(agrees(5, gpu.temperature_celsius, 1, 5));
        QVERIFY(agrees(6, gpu.utilization_percent, 1, 100));
    }
}

QTEST_GUILESS_MAIN(TestGpu)
#include "tst_gpu.moc"
