// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the console costs: from the start of its process to the first useful paint, as a ratio to a window with three labels
// in the same run, and CPU in per cent of one core at rest and with traffic, to be seen and minimised. See docs/benchmarks.md.
#include "bench/load.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QProcessEnvironment>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QThread>
#include <QUrl>

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>
#include <vector>

using namespace tokenscope;

namespace {

constexpr int rounds = 9;
constexpr int requestsPerSecond = 50;

/// The demo engine answers at once, so that requests do not pile up; nothing is asked outside of this machine.
const QByteArray configuration = R"(providers:
  - name: demo
    kind: demo
    max_in_flight: 256
    demo: { workers: 4, batch_size: 64, batch_wait: 0, prefill_base: 5ms, prefill_per_token: 0, per_token: 1ms, tokenize_per_token: 0 }
conversations: { backend: memory }
)";
const std::string request = R"({"model":"demo-small","stream":true,"max_tokens":32,)"
                            R"("messages":[{"role":"user","content":"What is a histogram quantile?"}]})";

QProcessEnvironment environment(const QTemporaryDir& home)
{
    auto environment = QProcessEnvironment::systemEnvironment();
    for (const auto* name : {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"})
        environment.insert(QString::fromLatin1(name), home.path());
    for (const auto* name : {"OPENAI_API_KEY", "ANTHROPIC_API_KEY", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY",
                             "http_proxy", "https_proxy", "all_proxy", "DBUS_SESSION_BUS_ADDRESS"})
        environment.remove(QString::fromLatin1(name));
    environment.insert(QStringLiteral("OLLAMA_HOST"), QStringLiteral("127.0.0.1:9"));
    environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
    return environment;
}

/// CPU seconds so far of the thread that a process began with, and of all its threads.
struct Cpu {
    double first = 0;
    double all = 0;
};

Cpu cpuOf(qint64 pid)
{
    Cpu cpu;
    const auto tasks = QStringLiteral("/proc/%1/task").arg(pid);
    for (const auto& task : QDir(tasks).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile file(QStringLiteral("%1/%2/schedstat").arg(tasks, task));
        if (!file.open(QIODevice::ReadOnly))
            continue; // it has ended
        const double seconds = file.readAll().split(' ').front().toDouble() * 1e-9;
        cpu.all += seconds;
        if (task == QString::number(pid))
            cpu.first = seconds;
    }
    return cpu;
}

/// A real console with a home of its own.
class Console {
public:
    explicit Console(const QStringList& options)
    {
        QFile config(m_home.filePath(QStringLiteral("bench.yaml")));
        if (!config.open(QIODevice::WriteOnly) || config.write(configuration) < 0)
            std::abort(); // no disk
        config.close();
        m_process.setProcessEnvironment(environment(m_home));
        m_process.setStandardErrorFile(log());
        const QStringList fixed{QStringLiteral("--config"), config.fileName(), QStringLiteral("--listen"),
                                QStringLiteral("127.0.0.1:0")};
        m_process.start(QString::fromLocal8Bit(qgetenv("TOKENSCOPE_CONSOLE")), fixed + options);
    }
    ~Console()
    {
        m_process.terminate();
        if (!m_process.waitForFinished(15'000))
            m_process.kill();
    }
    qint64 pid() const { return m_process.processId(); }
    /// What the log says behind `before`, once it does.
    QString said(const QString& before) const
    {
        const QRegularExpression pattern(QRegularExpression::escape(before) + QStringLiteral("\"?([^\",}]+)"));
        QElapsedTimer patience;
        patience.start();
        while (patience.elapsed() < 30'000) {
            QFile file(log());
            if (file.open(QIODevice::ReadOnly)) {
                const auto match = pattern.match(QString::fromUtf8(file.readAll()));
                if (match.hasMatch())
                    return match.captured(1);
            }
            QThread::msleep(20);
        }
        qFatal("The console did not say: %s", qPrintable(before));
    }
    std::uint16_t port() const
    {
        return static_cast<std::uint16_t>(QUrl(said(QStringLiteral("\"gateway started\",\"address\":"))).port());
    }

private:
    QString log() const { return m_home.filePath(QStringLiteral("log")); }

    QTemporaryDir m_home;
    QProcess m_process;
};

double consoleStart(const QStringList& options)
{
    const Console console(QStringList{QStringLiteral("--log-level"), QStringLiteral("debug")} + options);
    return console.said(QStringLiteral("\"first page painted\",\"ms_since_start\":")).toDouble();
}

double minimalStart()
{
    const QTemporaryDir home;
    QProcess process;
    process.setProcessEnvironment(environment(home));
    process.start(QString::fromLocal8Bit(qgetenv("TOKENSCOPE_MINIMAL_WINDOW")), QStringList());
    if (!process.waitForFinished(30'000))
        qFatal("The window with three labels did not come.");
    return process.readAllStandardOutput().toDouble();
}

void starts()
{
    std::vector<double> console, demo, minimal;
    for (int i = 0; i < rounds; ++i) {
        minimal.push_back(minimalStart());
        console.push_back(consoleStart({}));
        demo.push_back(consoleStart({QStringLiteral("--demo")}));
    }
    const double reference = bench::median(minimal);
    fmt::print("From the start of the process to the first useful paint, median of {}\n", rounds);
    const auto tell = [&](const char* what, const std::vector<double>& values) {
        fmt::print("  {:32} {:5.0f} ms  {:.2f} of the window with three labels\n", what, bench::median(values),
                   bench::median(values) / reference);
    };
    tell("a window with three labels", minimal);
    tell("console", console);
    tell("console --demo", demo);
    std::fflush(stdout);
}

void cpu(const char* what, const QStringList& options, bool traffic, int seconds)
{
    const Console console(options);
    const auto port = console.port();
    constexpr int settle = 8;
    std::thread load;
    int done = 0;
    if (traffic)
        load = std::thread([&] {
            done = bench::Load(port, request,
                               {.connections = 128,
                                .time = std::chrono::seconds(settle + seconds + 1),
                                .per_second = requestsPerSecond})
                       .run()
                       .done;
        });
    QThread::sleep(settle);
    const auto before = cpuOf(console.pid());
    QElapsedTimer clock;
    clock.start();
    QThread::sleep(static_cast<unsigned long>(seconds));
    const auto after = cpuOf(console.pid());
    const double share = 1e11 / static_cast<double>(clock.nsecsElapsed());
    fmt::print("  {:28} {:6.2f} %, of which the UI thread {:6.2f} %", what, (after.all - before.all) * share,
               (after.first - before.first) * share);
    if (traffic) {
        load.join();
        fmt::print("; {} requests answered", done);
    }
    fmt::print("\n");
    std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    const int seconds = argc > 1 ? std::atoi(argv[1]) : 20;
    starts();
    fmt::print(
        "CPU in per cent of one core, {} s each; traffic is {} requests a second, streams of 32 tokens from the demo "
        "engine in the same process\n",
        seconds, requestsPerSecond);
    const QStringList minimised{QStringLiteral("--minimised"), QStringLiteral("--log-level"), QStringLiteral("info")};
    const QStringList shown = minimised.mid(1);
    cpu("at rest", shown, false, seconds);
    cpu("at rest, minimised", minimised, false, seconds);
    cpu("with traffic", shown, true, seconds);
    cpu("with traffic, minimised", minimised, true, seconds);
    return 0;
}
