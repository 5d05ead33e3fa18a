// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "prometheus_server.h"

#include <QFile>
#include <QNetworkReply>
#include <QTcpServer>
#include <QTest>
#include <QUrlQuery>

#include <algorithm>
#include <bit>
#include <memory>
#include <utility>

namespace tokenscope::tests {

namespace {

void put_varint(std::string& out, std::uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        out += static_cast<char>((value & 0x7f) | 0x80);
    out += static_cast<char>(value);
}

/// A length-delimited field of a protobuf message.
void put_bytes(std::string& out, int field, const std::string& bytes)
{
    put_varint(out, static_cast<std::uint64_t>(field) << 3 | 2);
    put_varint(out, bytes.size());
    out += bytes;
}

/// prometheus.TimeSeries: labels = 1 {name = 1, value = 2}, samples = 2 {value = 1 (double), timestamp = 2}.
std::string time_series(const PrometheusServer::NamedSeries& named)
{
    std::string out;
    auto labels = named.series.labels;
    labels.emplace("__name__", named.metric);
    for (const auto& [name, value] : labels) {
        std::string label;
        put_bytes(label, 1, name);
        put_bytes(label, 2, value);
        put_bytes(out, 1, label);
    }
    for (const auto& point : named.series.points) {
        std::string sample = "\x09";
        const auto bits = std::bit_cast<std::uint64_t>(point.value);
        for (int byte = 0; byte < 8; ++byte)
            sample += static_cast<char>(bits >> (8 * byte) & 0xff);
        sample += '\x10';
        put_varint(sample, static_cast<std::uint64_t>(point.time));
        put_bytes(out, 2, sample);
    }
    return out;
}

/// A valid snappy block that compresses nothing: the length, then literals of at most 64 KiB.
QByteArray snappy(const std::string& bytes)
{
    std::string out;
    put_varint(out, bytes.size());
    for (std::size_t at = 0; at < bytes.size();) {
        const auto length = std::min(bytes.size() - at, std::size_t{65'536});
        out += static_cast<char>(61 << 2);
        out += static_cast<char>((length - 1) & 0xff);
        out += static_cast<char>((length - 1) >> 8);
        out += bytes.substr(at, length);
        at += length;
    }
    return QByteArray::fromStdString(out);
}

QString seconds(std::int64_t ms)
{
    return QString::number(ms / 1'000) + QLatin1Char('.')
           + QString::number(ms % 1'000).rightJustified(3, QLatin1Char('0'));
}

} // namespace

PrometheusServer::~PrometheusServer()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(10'000)) {
        m_process.kill();
        m_process.waitForFinished();
    }
}

QString PrometheusServer::start(const QString& executable, const QByteArray& config, const QStringList& more_arguments)
{
    QTcpServer free_port;
    if (!free_port.listen(QHostAddress::LocalHost))
        return free_port.errorString();
    m_port = free_port.serverPort();
    free_port.close();

    QFile file(m_directory.filePath(QStringLiteral("prometheus.yml")));
    if (!file.open(QIODevice::WriteOnly))
        return file.errorString();
    file.write(QByteArray(config).replace("PORT", QByteArray::number(m_port)));
    file.close();
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.start(executable,
                    QStringList{QStringLiteral("--config.file=") + file.fileName(),
                                QStringLiteral("--storage.tsdb.path=") + m_directory.filePath(QStringLiteral("data")),
                                QStringLiteral("--web.listen-address=127.0.0.1:") + QString::number(m_port),
                                QStringLiteral("--web.enable-remote-write-receiver")}
                        + more_arguments);
    const bool ready = QTest::qWaitFor(
        [this] {
            return m_process.state() == QProcess::NotRunning
                   || wait(m_network.get(QNetworkRequest(url(QStringLiteral("/-/ready"))))).status == 200;
        },
        30'000);
    if (!ready || m_process.state() == QProcess::NotRunning)
        return QStringLiteral("Prometheus did not start: ") + QString::fromUtf8(m_process.readAll());
    return {};
}

QString PrometheusServer::write(const std::vector<NamedSeries>& series)
{
    std::string request;
    for (const auto& one : series)
        put_bytes(request, 1, time_series(one));
    QNetworkRequest post(url(QStringLiteral("/api/v1/write")));
    post.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/x-protobuf"));
    post.setRawHeader("Content-Encoding", "snappy");
    post.setRawHeader("X-Prometheus-Remote-Write-Version", "0.1.0");
    const auto reply = wait(m_network.post(post, snappy(request)));
    if (reply.status / 100 == 2)
        return {};
    return QString::number(reply.status) + QLatin1Char(' ') + QString::fromUtf8(reply.body);
}

QByteArray PrometheusServer::query_range(const std::string& promql, std::int64_t from, std::int64_t to,
                                         std::int64_t step)
{
    QUrlQuery form;
    form.addQueryItem(QStringLiteral("start"), seconds(from));
    form.addQueryItem(QStringLiteral("end"), seconds(to));
    form.addQueryItem(QStringLiteral("step"), seconds(step));
    return ask(QStringLiteral("/api/v1/query_range"), std::move(form), promql);
}

QByteArray PrometheusServer::query(const std::string& promql, std::int64_t at)
{
    QUrlQuery form;
    form.addQueryItem(QStringLiteral("time"), seconds(at));
    return ask(QStringLiteral("/api/v1/query"), std::move(form), promql);
}

QByteArray PrometheusServer::ask(const QString& path, QUrlQuery form, const std::string& promql)
{
    form.addQueryItem(QStringLiteral("query"),
                      QString::fromUtf8(QUrl::toPercentEncoding(QString::fromStdString(promql))));
    QNetworkRequest post(url(path));
    post.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/x-www-form-urlencoded"));
    return wait(m_network.post(post, form.query(QUrl::FullyEncoded).toUtf8())).body;
}

QByteArray PrometheusServer::get(const QString& path_and_query)
{
    return wait(m_network.get(QNetworkRequest(url(path_and_query)))).body;
}

QByteArray PrometheusServer::log()
{
    return m_process.readAll();
}

PrometheusServer::Reply PrometheusServer::wait(QNetworkReply* reply)
{
    const std::unique_ptr<QNetworkReply> owned(reply);
    if (!QTest::qWaitFor([reply] { return reply->isFinished(); }, 30'000))
        return {};
    return {reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), reply->readAll()};
}

QUrl PrometheusServer::url(const QString& path) const
{
    return QUrl(QStringLiteral("http://127.0.0.1:") + QString::number(m_port) + path);
}

} // namespace tokenscope::tests
