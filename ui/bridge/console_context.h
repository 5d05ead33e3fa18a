// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "bridge/authorization.h"
#include "telemetry/request_log.h"

#include <QString>

#include <functional>
#include <string>
#include <utility>
#include <vector>

class QSettings;

namespace tokenscope::dashboards {
class Library;
}
namespace tokenscope::telemetry {
class CaptureStore;
class LiveRequests;
class SpanStore;
} // namespace tokenscope::telemetry

namespace tokenscope::ui {

class AlertEngine;
class Notifier;
class SettingsStore;
class SourceList;
class Theme;

/// Where the embedded gateway listens, or why it does not. The console opens either way.
struct GatewayInfo {
    QString baseUrl; ///< "http://127.0.0.1:8080", without "/v1"; empty while there is no gateway
    Authorization authorization;
    QString error; ///< one sentence saying why it is not running and what to do; empty where it runs

    bool running() const { return !baseUrl.isEmpty(); }
    QString apiUrl() const { return running() ? baseUrl + QStringLiteral("/v1") : QString(); }
};

/// Where the gateway sends a provider's requests.
struct ProviderAddress {
    std::string name;
    std::string base_url; ///< "http://host:port/v1"; empty where it has none
};

/// Everything the console is given. The owner keeps all of it alive longer than the window.
struct ConsoleContext {
    Theme& theme;
    SourceList& sources;
    dashboards::Library& library; ///< loaded
    telemetry::RequestLog& requests;
    const Clock& clock;
    QSettings& settings; ///< window state and drafts; tests pass a temporary file
    GatewayInfo gateway;
    std::function<std::vector<ProviderAddress>()> providers = {}; ///< the gateway's; may be empty
    // What of this process is not there, is null.
    const telemetry::SpanStore* traces = nullptr;
    const telemetry::LiveRequests* live = nullptr;
    const telemetry::CaptureStore* captures = nullptr;
    SettingsStore* configuration = nullptr;
    AlertEngine* alerts = nullptr; ///< started
    Notifier* notifier = nullptr;
    /// What is kept, and how much may be: pairs of name and value.
    std::function<std::vector<std::pair<QString, QString>>()> usage = {};
};

} // namespace tokenscope::ui
