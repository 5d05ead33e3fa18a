// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>
#include <QString>

#include <nlohmann/json.hpp>

#include <string>

namespace tokenscope::test {

/// The script npm/otlp_collector.mjs as a process: each batch of spans that it takes is a line of JSON.
class Collector {
public:
    /// Why there can be none here, or empty.
    static QString missing()
    {
        if (node().isEmpty())
            return QStringLiteral("node is not installed, so its collector cannot be run.");
        if (!QFileInfo::exists(folder() + QStringLiteral("/node_modules/@grpc")))
            return QStringLiteral(
                "The npm packages of tests/e2e/npm are not installed (npm ci did not run or failed).");
        return {};
    }

    Collector() : Collector(0, 0) {}
    /// On these ports, or on free ones where they are 0.
    Collector(int grpc_port, int http_port)
    {
        m_process.setWorkingDirectory(folder());
        m_process.start(node(),
                        {QStringLiteral("otlp_collector.mjs"), QString::number(grpc_port), QString::number(http_port)});
        m_ports = next();
    }
    ~Collector()
    {
        m_process.closeWriteChannel();
        if (!m_process.waitForFinished(10'000))
            m_process.kill();
    }

    bool started() const { return m_ports.is_object(); }
    /// `protocol` is "grpc" or "http".
    int port(const char* protocol) const { return m_ports[protocol].get<int>(); }
    std::string url(const char* protocol) const { return "http://127.0.0.1:" + std::to_string(port(protocol)); }

    /// The next line; null if none comes.
    nlohmann::json next()
    {
        while (!m_process.canReadLine() && m_process.waitForReadyRead(30'000)) {}
        if (!m_process.canReadLine())
            qWarning("%s", m_process.readAllStandardError().constData());
        return nlohmann::json::parse(m_process.readLine().toStdString(), nullptr, false);
    }
    bool silent() { return !m_process.waitForReadyRead(0) && !m_process.canReadLine(); }

private:
    static QString node() { return QStandardPaths::findExecutable(QStringLiteral("node")); }
    static QString folder() { return qEnvironmentVariable("TOKENSCOPE_E2E") + QStringLiteral("/npm"); }

    QProcess m_process;
    nlohmann::json m_ports;
};

} // namespace tokenscope::test
