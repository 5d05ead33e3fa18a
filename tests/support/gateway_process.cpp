// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/gateway_process.h"

#include <QDeadlineTimer>
#include <QFile>
#include <QProcessEnvironment>
#include <QRegularExpression>
#include <QUrl>

namespace tokenscope::test {

namespace {

const auto listening = QStringLiteral("listening on ");

} // namespace

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
    m_first_line = listening_line();
    m_port = static_cast<std::uint16_t>(QUrl(m_first_line.mid(listening.size())).port(0));
}

QString GatewayProcess::listening_line()
{
    const QDeadlineTimer deadline(15'000);
    while (!deadline.hasExpired() && m_process.state() != QProcess::NotRunning) {
        m_process.waitForReadyRead(20);
        if (m_process.canReadLine())
            return QString::fromUtf8(m_process.readLine()).trimmed();
        // Where spans go to standard output, it has nothing else.
        const auto lines = QString::fromUtf8(log()).split(QLatin1Char('\n'));
        const auto said = lines.indexOf(QRegularExpression(QStringLiteral("^listening on .*")));
        if (said >= 0 && said + 1 < lines.size()) // with its line feed
            return lines[said];
    }
    return {};
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
