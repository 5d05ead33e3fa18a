// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/authorization.h"

#include <QNetworkAccessManager>
#include <QObject>
#include <QString>
#include <QTimer>

#include <vector>

class QNetworkReply;

namespace tokenscope::ui {

struct ModelInfo {
    QString id;
    QString ownedBy;
    bool simulated = false; ///< the built-in demo engine's: its words and timings are made up
    bool operator==(const ModelInfo&) const = default;
};

/// The models the gateway offers, asked from GET /v1/models at the start, every 15 s and on demand.
class ModelList : public QObject {
    Q_OBJECT

public:
    /// `apiUrl` ends in "/v1"; empty: there is no gateway and the list stays empty.
    explicit ModelList(QString apiUrl, Authorization authorization = {}, QObject* parent = nullptr);

    void start();
    void refresh();

    /// Sorted by owner, then by name. The last known ones stay while the gateway does not answer.
    const std::vector<ModelInfo>& models() const { return m_models; }
    bool everAnswered() const { return m_everAnswered; }
    /// Why the last attempt failed, as a sentence; empty where it did not.
    const QString& error() const { return m_error; }

Q_SIGNALS:
    void changed();

private:
    void read(QNetworkReply& reply);

    QString m_apiUrl;
    Authorization m_authorization;
    QNetworkAccessManager m_network;
    QNetworkReply* m_reply = nullptr;
    QTimer m_timer;
    std::vector<ModelInfo> m_models;
    QString m_error;
    bool m_everAnswered = false;
};

} // namespace tokenscope::ui
