// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/model_list.h"

#include <QNetworkProxy>
#include <QNetworkReply>
#include <QNetworkRequest>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <tuple>

namespace tokenscope::ui {

namespace {

constexpr auto interval = std::chrono::seconds(15);
constexpr int timeoutMs = 10'000;
constexpr qint64 mostBytes = 4 << 20;

std::optional<std::vector<ModelInfo>> parsed(const QByteArray& body)
{
    const auto json = nlohmann::json::parse(body.begin(), body.end(), nullptr, false);
    if (!json.is_object() || !json.contains("data") || !json["data"].is_array())
        return std::nullopt;
    std::vector<ModelInfo> models;
    QStringList owners;
    for (const auto& entry : json["data"]) {
        if (!entry.is_object() || !entry.contains("id") || !entry["id"].is_string())
            continue;
        ModelInfo model;
        model.id = QString::fromStdString(entry["id"].get<std::string>());
        if (entry.contains("owned_by") && entry["owned_by"].is_string())
            model.ownedBy = QString::fromStdString(entry["owned_by"].get<std::string>());
        model.simulated = model.ownedBy == QLatin1StringView("demo");
        if (!owners.contains(model.ownedBy))
            owners << model.ownedBy;
        if (std::find(models.begin(), models.end(), model) == models.end())
            models.push_back(std::move(model));
    }
    // Grouped, but in the gateway's order: what it asks first stands first, and real models before simulated ones.
    std::stable_sort(models.begin(), models.end(), [&owners](const ModelInfo& a, const ModelInfo& b) {
        return owners.indexOf(a.ownedBy) < owners.indexOf(b.ownedBy);
    });
    return models;
}

} // namespace

ModelList::ModelList(QString apiUrl, Authorization authorization, QObject* parent)
    : QObject(parent), m_apiUrl(std::move(apiUrl)), m_authorization(std::move(authorization))
{
    m_network.setProxy(QNetworkProxy::NoProxy);
    m_timer.setInterval(interval);
    connect(&m_timer, &QTimer::timeout, this, &ModelList::refresh);
}

void ModelList::start()
{
    if (m_apiUrl.isEmpty())
        return;
    m_timer.start();
    refresh();
}

void ModelList::refresh()
{
    if (m_apiUrl.isEmpty() || m_reply)
        return;
    QNetworkRequest request(QUrl(m_apiUrl + QStringLiteral("/models")));
    request.setTransferTimeout(timeoutMs);
    authorize(request, m_authorization);
    m_reply = m_network.get(request);
    connect(m_reply, &QNetworkReply::finished, this, [this] {
        auto* reply = std::exchange(m_reply, nullptr);
        reply->deleteLater();
        read(*reply);
    });
}

void ModelList::read(QNetworkReply& reply)
{
    const auto before = std::tuple(m_models, m_error, m_everAnswered);
    const auto models = reply.error() == QNetworkReply::NoError ? parsed(reply.read(mostBytes)) : std::nullopt;
    if (models) {
        m_models = *models;
        m_error.clear();
        m_everAnswered = true;
    } else if (reply.error() != QNetworkReply::NoError) {
        m_error = tr("The gateway did not list its models (%1). It is asked again every 15 seconds.")
                      .arg(reply.errorString());
    } else {
        m_error =
            tr("The gateway's list of models could not be read. Is %1 really a Tokenscope gateway?").arg(m_apiUrl);
    }
    if (before != std::tuple(m_models, m_error, m_everAnswered))
        Q_EMIT changed();
}

} // namespace tokenscope::ui
