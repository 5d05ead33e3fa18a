// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "query/series_store.h"

#include <QNetworkAccessManager>
#include <QProcess>
#include <QTemporaryDir>
#include <QUrlQuery>

#include <cstdint>
#include <string>
#include <vector>

namespace tokenscope::tests {

/// A real Prometheus with an empty database on a free loopback port, for the life of this object.
class PrometheusServer {
public:
    ~PrometheusServer();

    /// Empty once it answers, else what went wrong. `config`: of prometheus.yml, PORT standing for the
    /// server's own.
    QString start(const QString& executable, const QByteArray& config = "global: {}\n",
                  const QStringList& more_arguments = {});

    struct NamedSeries {
        std::string metric;
        query::SeriesStore::Series series;
    };
    /// Stores the points as they are, staleness markers included, through the remote-write protocol. Empty on success.
    QString write(const std::vector<NamedSeries>& series);

    /// The body of the answer to /api/v1/query_range.
    QByteArray query_range(const std::string& promql, std::int64_t from, std::int64_t to, std::int64_t step);
    /// The body of the answer to /api/v1/query.
    QByteArray query(const std::string& promql, std::int64_t at);
    /// The body of the answer to any other GET, such as "/api/v1/targets".
    QByteArray get(const QString& path_and_query);
    quint16 port() const { return m_port; }
    /// What it has printed since the last call.
    QByteArray log();

private:
    struct Reply {
        int status = 0;
        QByteArray body;
    };
    Reply wait(QNetworkReply* reply);
    QByteArray ask(const QString& path, QUrlQuery form, const std::string& promql);
    QUrl url(const QString& path) const;

    QTemporaryDir m_directory;
    QProcess m_process;
    QNetworkAccessManager m_network;
    quint16 m_port = 0;
};

} // namespace tokenscope::tests
