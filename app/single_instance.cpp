// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "single_instance.h"

#include <QCryptographicHash>
#include <QDeadlineTimer>
#include <QLocalSocket>
#include <QStandardPaths>

#include <chrono>
#include <filesystem>
#include <system_error>
#include <utility>

namespace tokenscope::app {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds patience{15}; ///< a start takes so long where the machine is busy
constexpr int retryMs = 100;
const QByteArray shown = "shown\n";

QString socketOf(const QString& name)
{
    const auto place = QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation);
    // Short: a socket's path has about a hundred characters.
    const auto hash = QCryptographicHash::hash(name.toUtf8(), QCryptographicHash::Sha256).toHex().left(16);
    return place.isEmpty() ? QString() : place + QStringLiteral("/tokenscope-") + QString::fromLatin1(hash);
}

/// Without a file yet, or with a pipe in its place, what is there of it.
fs::path wholePath(const fs::path& file)
{
    std::error_code error;
    const auto absolute = fs::absolute(file, error);
    auto canonical = fs::weakly_canonical(absolute, error);
    return canonical.empty() ? absolute : canonical;
}

/// Whether the one that listens there has shown itself.
bool showOther(const QString& path, const QDeadlineTimer& until)
{
    QLocalSocket socket;
    socket.connectToServer(path);
    const auto left = [&until] { return static_cast<int>(until.remainingTime()); };
    return socket.waitForConnected(left()) && socket.waitForReadyRead(left()) && socket.readAll() == shown;
}

} // namespace

QString instance_name(const CliOptions& options, const config::Env& env)
{
    const auto file = options.config_file ? options.config_file : default_config_file(env);
    const auto path = file ? wholePath(*file).string() : std::string();
    return QString::fromStdString(path + '\n' + options.listen.value_or(""));
}

SingleInstance::SingleInstance()
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    QObject::connect(&m_server, &QLocalServer::newConnection, &m_server, [this] { answerWaiting(); });
}

bool SingleInstance::claim(const QString& name)
{
    m_path = socketOf(name);
    if (m_path.isEmpty())
        return true;
    m_lock = std::make_unique<QLockFile>(m_path + QStringLiteral(".lock"));
    m_lock->setStaleLockTime(0); // however long it runs; whether its process is there is asked anyway
    for (const QDeadlineTimer until(patience); !until.hasExpired();) {
        if (m_lock->tryLock(retryMs) || m_lock->error() != QLockFile::LockFailedError)
            return true;
        if (showOther(m_path, until))
            return false;
    }
    return true;
}

void SingleInstance::listen()
{
    if (m_path.isEmpty() || m_server.isListening())
        return;
    QLocalServer::removeServer(m_path);
    m_server.listen(m_path);
}

void SingleInstance::answer(std::function<void()> asked)
{
    m_asked = std::move(asked);
    answerWaiting();
}

void SingleInstance::answerWaiting()
{
    while (auto* socket = m_asked ? m_server.nextPendingConnection() : nullptr) {
        m_asked();
        QObject::connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        socket->write(shown);
        socket->disconnectFromServer(); // once that is written
    }
}

} // namespace tokenscope::app
