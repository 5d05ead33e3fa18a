// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "system/process_sampler.h"

#include <QDateTime>
#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

#include <fstream>

using namespace tokenscope::system;

class TestProcess : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void thisProcess();
    void recorded();
    void nothingReadable();
};

void TestProcess::thisProcess()
{
    const auto before = sample_process();
    QVERIFY(before.cpu_seconds && *before.cpu_seconds >= 0 && *before.cpu_seconds < 60);
    QVERIFY(before.resident_bytes && *before.resident_bytes > 1e6 && *before.resident_bytes < 1e10);
    QVERIFY(before.open_fds && *before.open_fds >= 3 && before.max_fds && *before.open_fds <= *before.max_fds);
    const auto now = static_cast<double>(QDateTime::currentSecsSinceEpoch());
    QVERIFY(before.start_time_seconds && std::abs(*before.start_time_seconds - now) < 120);

    int pipe_ends[2];
    QCOMPARE(pipe(pipe_ends), 0);
    QCOMPARE(sample_process().open_fds, std::optional(*before.open_fds + 2));
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    QCOMPARE(sample_process().open_fds, before.open_fds);
}

void TestProcess::recorded()
{
    const QTemporaryDir directory;
    QVERIFY(QDir(directory.path()).mkpath(QStringLiteral("self/fd")));
    const auto root = directory.path().toStdString();
    // A name that imitates the fields behind it.
    std::ofstream(root + "/self/stat")
        << "42 (a ) R 1 (b) S 1 42 42 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 9 0 3000 1000000 77 1844\n";
    std::ofstream(root + "/stat") << "cpu  1 2 3 4\nintr " << std::string(200'000, '7')
                                  << "\nctxt 5\nbtime 1700000000\nprocesses 9\n";
    for (const char* fd : {"0", "1", "2", "3"})
        std::ofstream(root + "/self/fd/" + fd) << "";
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    const auto sample = sample_process(root);
    QCOMPARE(sample.cpu_seconds, std::optional(300 / ticks));
    QCOMPARE(sample.start_time_seconds, std::optional(1'700'000'000 + 3'000 / ticks));
    QCOMPARE(sample.resident_bytes, std::optional(77.0 * static_cast<double>(sysconf(_SC_PAGESIZE))));
    QCOMPARE(sample.open_fds, std::optional(3.0));
}

void TestProcess::nothingReadable()
{
    const QTemporaryDir directory;
    const auto root = directory.path().toStdString();
    const auto absent = [&] {
        const auto sample = sample_process(root);
        return !sample.cpu_seconds && !sample.resident_bytes && !sample.start_time_seconds;
    };
    QVERIFY(absent());
    QVERIFY(!sample_process(root).open_fds);
    QVERIFY(QDir(directory.path()).mkdir(QStringLiteral("self")));
    for (const char* text : {"", "42", "42 (name", "42 (name)", "42 (name) S 1 2 3\n"}) {
        std::ofstream(root + "/self/stat") << text;
        QVERIFY2(absent(), text);
    }
}

QTEST_GUILESS_MAIN(TestProcess)
#include "tst_process.moc"
