// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What telemetry costs: the gateway with it switched off, with metrics, and with metrics and traces at 10 % and 100 %, under
// the same load in turns in one run. CPU time of the whole process a request, as a ratio to off; then, where
// valgrind is installed, the instructions that a request takes in user space, which no other load disturbs. "--cpu-only"
// and "--instructions-only" leave one of them out.
#include "bench/load.h"
#include "support/gateway_process.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QMap>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

using namespace tokenscope;

namespace {

constexpr int rounds = 9;
constexpr int instruction_rounds = 3;
constexpr int warm_up = 2'000;

struct Variant {
    const char* name;
    const char* observability;
};
constexpr Variant variants[] = {
    {"off", "{ enabled: false }"},
    {"metrics", "{ tracing: { enabled: false } }"},
    {"traces 10 %", "{ tracing: { sampler: { type: probability, rate: 0.1 } } }"},
    {"traces 100 %", "{ tracing: { sampler: { type: always } } }"},
};

QString config(const bench::Upstream& upstream, const Variant& variant)
{
    return QStringLiteral("providers: [{ name: up, kind: openai, base_url: \"http://127.0.0.1:%1/v1\", max_in_flight: "
                          "1000 }]\nobservability: %2\n")
        .arg(upstream.port())
        .arg(QLatin1String(variant.observability));
}

const QStringList quiet{QStringLiteral("--log-level"), QStringLiteral("error")};

/// Nanoseconds that all threads of the process have run.
double cpu_ns(qint64 pid)
{
    double sum = 0;
    const auto tasks = QStringLiteral("/proc/%1/task").arg(pid);
    for (const auto& task : QDir(tasks).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile file(tasks + QLatin1Char('/') + task + QStringLiteral("/schedstat"));
        if (file.open(QIODevice::ReadOnly))
            sum += file.readAll().split(' ').value(0).toDouble();
    }
    return sum;
}

double cpu_a_request(test::GatewayProcess& gateway, const std::string& body)
{
    const auto before = cpu_ns(gateway.process().processId());
    const auto outcome = bench::Load(gateway.port(), body, {.time = std::chrono::milliseconds(700)}).run();
    return (cpu_ns(gateway.process().processId()) - before) / outcome.done;
}

void measure_cpu(const bench::Upstream& upstream)
{
    std::vector<std::unique_ptr<test::GatewayProcess>> gateways;
    for (const auto& variant : variants) {
        gateways.push_back(std::make_unique<test::GatewayProcess>(config(upstream, variant), quiet));
        if (!gateways.back()->started())
            qFatal("The gateway did not start: %s", gateways.back()->log().constData());
        bench::Load(gateways.back()->port(), bench::plain_request, {.requests = warm_up}).run();
    }
    for (const auto* body : {&bench::plain_request, &bench::stream_request}) {
        std::vector<std::vector<double>> times(std::size(variants));
        std::vector<std::vector<double>> ratios(std::size(variants));
        for (int round = 0; round < rounds; ++round) {
            for (std::size_t i = 0; i < gateways.size(); ++i) {
                times[i].push_back(cpu_a_request(*gateways[i], *body));
                ratios[i].push_back(times[i].back() / times[0].back());
            }
        }
        fmt::print("{}: CPU a request, 64 connections\n",
                   body == &bench::plain_request ? "Whole replies" : "Streams of 64 chunks");
        for (std::size_t i = 0; i < gateways.size(); ++i)
            fmt::print("  {:13} {:7.2f} us   {:+.1f} % of off\n", variants[i].name, bench::median(times[i]) / 1e3,
                       100 * (bench::median(ratios[i]) - 1));
    }
}

struct Count {
    QMap<QString, double> instructions; ///< by thread, in the order in which they were made
    int requests = 0;
};

/// A run of the gateway that serves `requests` and lasts the same time whatever their number, so that what it does once a
/// second is the same, too. Threads apart: what others than the one that serves do in the meantime costs no request anything, and under
/// valgrind there is fifty times as much of it a request. One connection: with several, how many answers are found at once is a
/// matter of chance. On a machine too slow for that there are fewer requests. The allocator gives nothing back by the clock, which under
/// valgrind is fifty times as often a request, too.
Count count(const bench::Upstream& upstream, const Variant& variant, const std::string& body, int requests)
{
    constexpr int seconds = 10;
    Count counted;
    const QTemporaryDir folder;
    const auto output = folder.filePath(QStringLiteral("callgrind.out"));
    QElapsedTimer clock;
    {
        test::GatewayProcess gateway(
            config(upstream, variant), quiet,
            {QStringLiteral("env"), QStringLiteral("MALLOC_CONF=dirty_decay_ms:-1,muzzy_decay_ms:-1"),
             QStringLiteral("valgrind"), QStringLiteral("--tool=callgrind"), QStringLiteral("--separate-threads=yes"),
             QStringLiteral("--quiet"), QStringLiteral("--callgrind-out-file=") + output});
        if (!gateway.started())
            qFatal("The gateway did not start under valgrind: %s", gateway.log().constData());
        clock.start();
        bench::Load load(gateway.port(), body,
                         {.connections = 1, .time = std::chrono::seconds(seconds), .requests = requests});
        counted.requests = load.run().done;
        QTest::qWait(static_cast<int>(std::max<qint64>(0, seconds * 1000 - clock.elapsed())));
    }
    for (const auto& name : QDir(folder.path()).entryList({QStringLiteral("callgrind.out*")}, QDir::Files)) {
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        for (const auto& line : file.readAll().split('\n'))
            if (line.startsWith("totals: ") || line.startsWith("summary: "))
                counted.instructions[name] = line.split(' ').value(1).toDouble();
    }
    if (counted.instructions.isEmpty())
        qFatal("callgrind left no output.");
    return counted;
}

/// Instructions a request of the thread that did most for them.
double of_the_serving_thread(const Count& less, const Count& more)
{
    double most = 0;
    for (auto thread = more.instructions.begin(); thread != more.instructions.end(); ++thread)
        most = std::max(most, thread.value() - less.instructions.value(thread.key()));
    return most / (more.requests - less.requests);
}

void measure_instructions(const bench::Upstream& upstream)
{
    if (QStandardPaths::findExecutable(QStringLiteral("valgrind")).isEmpty()) {
        fmt::print("valgrind is not installed: instructions are not counted.\n");
        return;
    }
    for (const auto* body : {&bench::plain_request, &bench::stream_request}) {
        const bool plain = body == &bench::plain_request;
        // So many that a second's work more or less in one of the runs does not show.
        const int few = plain ? 200 : 50;
        const int many = plain ? 3'200 : 1'050;
        std::vector<std::vector<double>> each(std::size(variants));
        std::vector<std::vector<double>> ratios(std::size(variants));
        for (int round = 0; round < instruction_rounds; ++round) {
            for (std::size_t i = 0; i < std::size(variants); ++i) {
                const auto less = count(upstream, variants[i], *body, few);
                const auto more = count(upstream, variants[i], *body, many);
                each[i].push_back(of_the_serving_thread(less, more));
                ratios[i].push_back(100 * (each[i].back() / each[0].back() - 1));
            }
        }
        fmt::print("{}: instructions a request, median of {} rounds (least to most)\n",
                   plain ? "Whole replies" : "Streams of 64 chunks", instruction_rounds);
        for (std::size_t i = 0; i < std::size(variants); ++i) {
            const auto [least, most] = std::minmax_element(ratios[i].begin(), ratios[i].end());
            fmt::print("  {:13} {:9.0f}   {:+.2f} % of off ({:+.2f} to {:+.2f})\n", variants[i].name,
                       bench::median(each[i]), bench::median(ratios[i]), *least, *most);
        }
        std::fflush(stdout);
    }
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    const bench::Upstream upstream;
    const auto arguments = QCoreApplication::arguments();
    if (!arguments.contains(QStringLiteral("--instructions-only")))
        measure_cpu(upstream);
    if (!arguments.contains(QStringLiteral("--cpu-only")))
        measure_instructions(upstream);
    return 0;
}
