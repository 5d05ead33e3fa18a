// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How much the gateway costs: requests a second through it, as a ratio to nginx (proxy_pass, one worker) and to no proxy at
// all, measured in turns in one run against the same upstream. Absolute numbers belong to one machine; the ratios hold.
#include "bench/load.h"
#include "support/gateway_process.h"

#include <QCoreApplication>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

using namespace tokenscope;

namespace {

constexpr int rounds = 5;

std::unique_ptr<QProcess> start_nginx(const QTemporaryDir& home, std::uint16_t upstream_port, std::uint16_t& port)
{
    auto nginx = QStandardPaths::findExecutable(QStringLiteral("nginx"));
    if (nginx.isEmpty())
        nginx = QStandardPaths::findExecutable(QStringLiteral("nginx"), {QStringLiteral("/usr/sbin")});
    if (nginx.isEmpty())
        return nullptr;
    QTcpServer probe;
    probe.listen(QHostAddress::LocalHost);
    port = probe.serverPort();
    probe.close();
    QFile config(home.filePath(QStringLiteral("nginx.conf")));
    if (!config.open(QIODevice::WriteOnly))
        return nullptr;
    config.write(fmt::format(R"(daemon off; worker_processes 1; pid {0}/pid; error_log {0}/error.log;
events {{ worker_connections 1024; }}
http {{ access_log off; client_body_temp_path {0}/b; proxy_temp_path {0}/p; fastcgi_temp_path {0}/f; uwsgi_temp_path {0}/u;
  scgi_temp_path {0}/s; keepalive_requests 1000000;
  upstream up {{ server 127.0.0.1:{1}; keepalive 128; keepalive_requests 1000000; }}
  server {{ listen 127.0.0.1:{2}; location / {{ proxy_pass http://up; proxy_http_version 1.1; proxy_buffering off;
    proxy_set_header Connection ""; }} }} }}
)",
                             home.path().toStdString(), upstream_port, port)
                     .c_str());
    config.close();
    auto process = std::make_unique<QProcess>();
    process->start(nginx, {QStringLiteral("-c"), config.fileName(), QStringLiteral("-p"), home.path()});
    if (!process->waitForStarted())
        return nullptr;
    QTest::qWait(300);
    return process;
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    const bench::Upstream upstream;
    const QTemporaryDir home;
    test::GatewayProcess gateway(
        QStringLiteral(
            "providers: [{ name: up, kind: openai, base_url: \"http://127.0.0.1:%1/v1\", max_in_flight: 1000 }]\n")
            .arg(upstream.port()),
        {QStringLiteral("--log-level"), QStringLiteral("error")});
    if (!gateway.started())
        qFatal("The gateway did not start: %s", gateway.log().constData());
    std::uint16_t nginx_port = 0;
    const auto nginx = start_nginx(home, upstream.port(), nginx_port);

    std::map<std::string, std::uint16_t> targets = {{"direct", upstream.port()}, {"gateway", gateway.port()}};
    if (nginx)
        targets["nginx"] = nginx_port;
    else
        fmt::print("nginx is not installed: only the ratio to no proxy is given.\n");
    for (const auto* body : {&bench::plain_request, &bench::stream_request}) {
        std::map<std::string, std::vector<double>> rates;
        for (int round = 0; round < rounds; ++round)
            for (const auto& [name, port] : targets)
                rates[name].push_back(bench::Load(port, *body, {}).run().per_second());
        fmt::print("{}\n", body == &bench::plain_request ? "Whole replies, 64 connections"
                                                         : "Streams of 64 chunks, 64 connections");
        const auto own = bench::median(rates["gateway"]);
        for (const auto& [name, values] : rates)
            fmt::print("  {:8} {:9.0f} /s   gateway is {:.2f} of it\n", name, bench::median(values),
                       own / bench::median(values));
    }
    if (nginx) {
        nginx->terminate();
        nginx->waitForFinished();
    }
    return 0;
}
