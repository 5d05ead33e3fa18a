// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/gateway_process.h"

#include <QFile>
#include <QProcessEnvironment>
#include <QUrl>

namespace tokenscope::test {

GatewayProcess::GatewayProcess(const QString& config, const QStringList& arguments, const QStringList& wrapper)
{
    const auto path = m_home.filePath(QStringLiteral("config.yaml"));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(config.toUtf8()) < 0)
        return;
    file.close();
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("HOME"), m_home.path());
    environment.insert(QStringLiteral("XDG_CONFIG_HOME"), m_home.path());
    environment.insert(QStringLiteral("XDG_DATA_HOME"), m_home.path());
    // A test must not talk to whatever runs on the developer's machine.
    environment.insert(QStringLiteral("OLLAMA_HOST"), QStringLiteral("127.0.0.1:9"));
    for (const auto* name : {"OPENAI_API_KEY", "ANTHROPIC_API_KEY", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY",
                             "http_proxy", "https_proxy", "all_proxy"})
        environment.remove(QString::fromLatin1(name));
    m_process.setProcessEnvironment(environment);
    m_process.setStandardErrorFile(m_home.filePath(QStringLiteral("log")));
    auto command = wrapper;
    command << QString::fromLocal8Bit(qgetenv("TOKENSCOPE_GATEWAY")) << QStringLiteral("--config") << path
            << QStringLiteral("--listen") << QStringLiteral("127.0.0.1:0") << arguments;
    m_process.start(command.takeFirst(), command);
    while (!m_process.canReadLine() && m_process.waitForReadyRead(15'000)) {}
    m_first_line = QString::fromUtf8(m_process.readLine()).trimmed();
    const auto prefix = QStringLiteral("listening on ");
    if (m_first_line.startsWith(prefix))
        m_port = static_cast<std::uint16_t>(QUrl(m_first_line.mid(prefix.size())).port(0));
}

GatewayProcess::~GatewayProcess()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(15'000))
        m_process.kill();
    m_process.waitForFinished(5'000);
}

QByteArray GatewayProcess::log() const
{
    QFile file(m_home.filePath(QStringLiteral("log")));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace tokenscope::test
