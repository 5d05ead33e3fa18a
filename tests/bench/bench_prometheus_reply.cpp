// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a large reply of a Prometheus costs: 400 series of 10,000 steps, some 100 MB of JSON, from a local server through the
// whole client into columns; CPU and wall time as ratios to jq and Python reading the same bytes in the same run, and how far the
// memory of the process grows beyond that of the columns. Absolute numbers belong to one machine; the ratios hold.
#include "remote/prometheus_source.h"

#include <QCoreApplication>
#include <QFile>
#include <QTemporaryDir>

#include <fmt/format.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <malloc.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <vector>

using namespace tokenscope;
using Steady = std::chrono::steady_clock;

namespace {

constexpr int series_count = 400;
constexpr std::int64_t steps = 10'000;
constexpr std::int64_t begin_ms = 1'700'000'000'000;
constexpr std::int64_t step_ms = 15'000;
constexpr int rounds = 5;

struct Cost {
    double cpu = 0, wall = 0; ///< s
};

double cpu_seconds(const rusage& use)
{
    const auto of = [](const timeval& time) { return double(time.tv_sec) + double(time.tv_usec) / 1e6; };
    return of(use.ru_utime) + of(use.ru_stime);
}

double cpu_of(int who)
{
    rusage use{};
    getrusage(who, &use);
    return cpu_seconds(use);
}

void write_reply(const std::string& path)
{
    std::ofstream file(path, std::ios::binary);
    file << R"({"status":"success","data":{"resultType":"matrix","result":[)";
    std::string text;
    unsigned random = 1;
    for (int series = 0; series < series_count; ++series) {
        text = fmt::format(R"({}{{"metric":{{"__name__":"m","instance":"host-{}:9100","job":"node"}},"values":[)",
                           series == 0 ? "" : ",", series);
        for (std::int64_t i = 0; i < steps; ++i) {
            random = random * 1'664'525 + 1'013'904'223;
            text +=
                fmt::format(R"({}[{},"{:.6f}"])", i == 0 ? "" : ",", (begin_ms + i * step_ms) / 1'000, random / 1e6);
        }
        file << text << "]}";
    }
    file << "]}}\n";
}

/// Sends the file to whoever asks, without ever having it in the memory of this process.
class FileServer {
public:
    explicit FileServer(const std::string& path)
        : m_path(path), m_socket(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (bind(m_socket, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(m_socket, 4) != 0)
            qFatal("Cannot listen.");
        getsockname(m_socket, reinterpret_cast<sockaddr*>(&address), &size);
        m_port = ntohs(address.sin_port);
        m_thread = std::thread([this] { serve(); });
    }
    ~FileServer()
    {
        shutdown(m_socket, SHUT_RDWR);
        m_thread.join();
        close(m_socket);
    }

    int port() const { return m_port; }
    double cpu() const { return m_cpu; } ///< of its thread, up to the last reply

private:
    void serve()
    {
        for (int client = accept(m_socket, nullptr, nullptr); client >= 0;
             client = accept(m_socket, nullptr, nullptr)) {
            std::string request(65'536, '\0');
            while (recv(client, request.data(), request.size(), MSG_DONTWAIT | MSG_PEEK) <= 0)
                std::this_thread::yield();
            (void)recv(client, request.data(), request.size(), 0);
            const int file = open(m_path.c_str(), O_RDONLY | O_CLOEXEC);
            struct stat about = {};
            fstat(file, &about);
            const auto head = fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
                                          "Content-Length: {}\r\n\r\n",
                                          about.st_size);
            (void)send(client, head.data(), head.size(), MSG_NOSIGNAL);
            while (sendfile(client, file, nullptr, std::size_t(about.st_size)) > 0) {}
            close(file);
            m_cpu = cpu_of(RUSAGE_THREAD);
            close(client);
        }
    }

    const std::string m_path;
    const int m_socket;
    int m_port = 0;
    std::atomic<double> m_cpu = 0;
    std::thread m_thread;
};

/// kB of the line, e.g. "VmHWM:".
long memory_kb(std::string_view name)
{
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with(name))
            return std::stol(line.substr(name.size()));
    }
    return 0;
}

Cost tool(std::vector<std::string> command)
{
    const auto begin = Steady::now();
    const auto child = fork();
    if (child == 0) {
        const int null = open("/dev/null", O_WRONLY);
        dup2(null, 1);
        std::vector<char*> arguments;
        for (auto& word : command)
            arguments.push_back(word.data());
        arguments.push_back(nullptr);
        execvp(arguments.front(), arguments.data());
        _exit(127);
    }
    int status = 0;
    rusage use{};
    wait4(child, &status, 0, &use);
    const std::chrono::duration<double> wall = Steady::now() - begin;
    return status == 0 ? Cost{cpu_seconds(use), wall.count()} : Cost{};
}

Cost own(remote::PrometheusSource& source, const FileServer& server, query::FramePtr& frame)
{
    const auto begin = Steady::now();
    const auto cpu = cpu_of(RUSAGE_SELF) - server.cpu();
    std::promise<Result<query::FramePtr>> promise;
    source.promql("m", {begin_ms, begin_ms + (steps - 1) * step_ms, step_ms}, {},
                  [&](auto result) { promise.set_value(std::move(result)); });
    auto result = promise.get_future().get();
    if (!result)
        qFatal("%s %s", result.error().message.c_str(), result.error().detail.c_str());
    frame = std::move(*result);
    const std::chrono::duration<double> wall = Steady::now() - begin;
    return {cpu_of(RUSAGE_SELF) - server.cpu() - cpu, wall.count()};
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values.empty() ? 0 : values[values.size() / 2];
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    const QTemporaryDir directory;
    const auto path = directory.filePath(QStringLiteral("reply.json")).toStdString();
    write_reply(path);
    const FileServer server(path);
    remote::PrometheusSource source(std::make_shared<remote::SourceThread>(),
                                    {.name = "bench", .url = fmt::format("http://127.0.0.1:{}", server.port())},
                                    config::process_environment());
    // Twice: what the libraries keep for good is there after the first time.
    query::FramePtr frame;
    own(source, server, frame);
    frame.reset();
    malloc_trim(0);                                // but not the memory of its columns
    std::ofstream("/proc/self/clear_refs") << "5"; // the peak begins anew
    const auto before = memory_kb("VmRSS:");
    own(source, server, frame);
    const auto grown = double(memory_kb("VmHWM:") - before) * 1'024;
    double bytes = 0;
    for (const auto& column : frame->columns)
        bytes += double(column.values.size() * sizeof(double));
    fmt::print("{:.0f} MB of JSON, {} columns of {} values: {:.1f} MB\n",
               double(QFile(QString::fromStdString(path)).size()) / 1e6, frame->columns.size(), frame->times.size(),
               bytes / 1e6);
    fmt::print("peak memory grows by {:.1f} MB, {:.2f} of the columns\n", grown / 1e6, grown / bytes);

    std::vector<double> cpu, wall;
    const std::vector<std::pair<const char*, std::vector<std::string>>> tools = {
        {"jq -c .", {"jq", "-c", ".", path}},
        {"python3 json.load", {"python3", "-c", "import json, sys; json.load(open(sys.argv[1]))", path}}};
    std::vector<std::vector<double>> tool_cpu(tools.size()), tool_wall(tools.size());
    for (int round = 0; round < rounds; ++round) {
        const auto cost = own(source, server, frame);
        cpu.push_back(cost.cpu);
        wall.push_back(cost.wall);
        for (std::size_t i = 0; i < tools.size(); ++i) {
            const auto other = tool(tools[i].second);
            tool_cpu[i].push_back(other.cpu);
            tool_wall[i].push_back(other.wall);
        }
    }
    fmt::print("{:20} {:6.2f} s CPU {:6.2f} s\n", "client", median(cpu), median(wall));
    for (std::size_t i = 0; i < tools.size(); ++i) {
        if (median(tool_cpu[i]) > 0)
            fmt::print("{:20} {:6.2f} s CPU {:6.2f} s   the client is {:.2f} and {:.2f} of it\n", tools[i].first,
                       median(tool_cpu[i]), median(tool_wall[i]), median(cpu) / median(tool_cpu[i]),
                       median(wall) / median(tool_wall[i]));
    }
    return 0;
}
