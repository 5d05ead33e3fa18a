// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How fast a metrics page of 10 MB is read, beside other readers of such pages.
#include "scrape/parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace tokenscope;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t page_bytes = 10'000'000;

double seconds_since(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// A server of models with many routes: counters, gauges and histograms with the labels of such servers.
std::string make_page()
{
    std::string page;
    for (int family = 0; page.size() < page_bytes; ++family) {
        const auto name = fmt::format("server_stage_{}_duration_seconds", family);
        page += fmt::format("# HELP {} How long stage {} took, by model and route.\n# TYPE {} histogram\n", name,
                            family, name);
        for (int series = 0; series < 40; ++series) {
            const auto labels =
                fmt::format("engine=\"{}\",model_name=\"org/model-{}-instruct\",route=\"/v1/chat/completions\"",
                            series % 4, series / 4);
            int count = 0;
            for (const double bound : {0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 60.0})
                page +=
                    fmt::format("{}_bucket{{{},le=\"{}\"}} {}\n", name, labels, bound, count += series * 7 + family);
            page += fmt::format("{}_bucket{{{},le=\"+Inf\"}} {}\n{}_sum{{{}}} {}\n{}_count{{{}}} {}\n", name, labels,
                                count, name, labels, count * 0.0123456789, name, labels, count);
        }
        page += fmt::format("# HELP server_tokens_{0}_total Tokens.\n# TYPE server_tokens_{0}_total counter\n", family);
        for (int series = 0; series < 100; ++series)
            page += fmt::format("server_tokens_{}_total{{model_name=\"org/model-{}\",kind=\"prompt \\\"{}\\\"\"}} {}\n",
                                family, series, series % 3, 1e6 * series + 0.5);
    }
    return page;
}

struct Run {
    double wall = std::numeric_limits<double>::max(); ///< s, the best
    double memory = 0;                                ///< MB at its peak, the largest
};

/// A program with the page as its standard input; nothing where it cannot run.
std::optional<Run> run(const std::vector<std::string>& command, const std::string& page, int rounds)
{
    Run best;
    for (int round = 0; round < rounds; ++round) {
        const auto start = Clock::now();
        const auto child = fork();
        if (child == 0) {
            std::vector<char*> arguments;
            for (const auto& argument : command)
                arguments.push_back(const_cast<char*>(argument.c_str()));
            arguments.push_back(nullptr);
            const int in = open(page.c_str(), O_RDONLY);
            const int out = open("/dev/null", O_WRONLY);
            if (in < 0 || out < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
                _exit(127);
            execvp(arguments[0], arguments.data());
            _exit(127);
        }
        int status = 0;
        rusage use{};
        if (child < 0 || wait4(child, &status, 0, &use) != child)
            return std::nullopt;
        // promtool says 3 where the page is fine but could be better.
        if (!WIFEXITED(status) || (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != 3))
            return std::nullopt;
        best.wall = std::min(best.wall, seconds_since(start));
        best.memory = std::max(best.memory, static_cast<double>(use.ru_maxrss) / 1024);
    }
    return best;
}

/// What a child process does: reads its standard input once.
int parse_input()
{
    std::string text;
    std::vector<char> block(1 << 20);
    for (ssize_t got = read(0, block.data(), block.size()); got > 0; got = read(0, block.data(), block.size()))
        text.append(block.data(), static_cast<std::size_t>(got));
    return scrape::parse_page(text, scrape::Format::text) ? 0 : 1;
}

void report(const char* name, const std::optional<Run>& run, double ours)
{
    if (run)
        fmt::print("  {:28} {:8.3f} s {:8.0f} MB   {:6.1f} x our time\n", name, run->wall, run->memory,
                   run->wall / ours);
    else
        fmt::print("  {:28} cannot run here\n", name);
}

} // namespace

int main(int argc, char** argv)
{
    if (argc > 1 && std::string(argv[1]) == "--parse-input")
        return parse_input();
    const auto page = make_page();
    char path[] = "/tmp/bench_scrape_XXXXXX";
    const int file = mkstemp(path);
    if (file < 0)
        return 1;
    close(file);
    std::ofstream(path, std::ios::binary) << page;

    double best = std::numeric_limits<double>::max();
    std::size_t samples = 0;
    for (int round = 0; round < 10; ++round) {
        const auto start = Clock::now();
        const auto read = scrape::parse_page(page, scrape::Format::text);
        best = std::min(best, seconds_since(start));
        samples = read ? read->samples.size() : 0;
    }
    const auto mb = static_cast<double>(page.size()) / 1e6;
    fmt::print("A page of {:.1f} MB with {} samples, read in {:.1f} ms: {:.0f} MB/s, {:.0f} ns a sample\n", mb, samples,
               best * 1e3, mb / best, best * 1e9 / static_cast<double>(std::max<std::size_t>(samples, 1)));
    fmt::print("Whole processes, start-up and reading the file included:\n");
    const auto ours = run({"/proc/self/exe", "--parse-input"}, path, 5);
    const auto reference = ours ? ours->wall : 1.0;
    report("this parser", ours, reference);
    report("promtool check metrics", run({"promtool", "check", "metrics"}, path, 3), reference);
    report("Python's prometheus_client",
           run({"/usr/bin/python3", "-c",
                "import sys\nfrom prometheus_client import parser\nlist(parser.text_fd_to_metric_families(sys.stdin))"},
               path, 2),
           reference);
    unlink(path);
    return 0;
}
