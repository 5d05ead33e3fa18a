// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <cstdint>

namespace tokenscope::test {

/// A real tokenscope-gateway on a free port, with a configuration of its own and a home of its own.
class GatewayProcess {
public:
    /// `config` is the text of its config.yaml; "listen" is given on the command line. `wrapper`: a program to run it with,
    /// and its arguments, e.g. valgrind.
    explicit GatewayProcess(const QString& config, const QStringList& arguments = {}, const QStringList& wrapper = {});
    ~GatewayProcess();

    bool started() const { return m_port != 0; }
    std::uint16_t port() const { return m_port; }
    QString url() const { return QStringLiteral("http://127.0.0.1:%1").arg(m_port); }
    QString first_line() const { return m_first_line; }
    QByteArray log() const; ///< stderr so far
    QProcess& process() { return m_process; }

private:
    QString listening_line();

    QTemporaryDir m_home;
    QProcess m_process;
    QString m_first_line;
    std::uint16_t m_port = 0;
};

} // namespace tokenscope::test
