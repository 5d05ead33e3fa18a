// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/console_context.h"
#include "fake_source.h"
#include "scripted_server.h"
#include "theme/theme.h"

#include <QApplication>
#include <QSettings>
#include <QTemporaryDir>

namespace tokenscope::test {

/// Everything a console needs, with a scripted gateway that offers one simulated and one other model.
struct ConsoleFixture {
    explicit ConsoleFixture(bool running = true)
    {
        theme.applyTo(*qApp);
        server.script(
            "/v1/models",
            {ScriptedServer::reply("200 OK", "application/json",
                                   R"({"data":[{"id":"tiny","owned_by":"demo"},{"id":"phi4","owned_by":"ollama"}]})")});
        if (running)
            gateway.baseUrl = server.apiUrl().chopped(3);
        else
            gateway.error = QStringLiteral("Port 8080 is in use: choose another one with --port.");
    }

    ui::ConsoleContext context() { return {theme, source, log, clock, settings, gateway}; }

    QTemporaryDir directory;
    QSettings settings{directory.filePath(QStringLiteral("console.ini")), QSettings::IniFormat};
    ui::Theme theme{ui::ThemeMode::dark};
    FakeSource source{true};
    telemetry::RequestLog log;
    SystemClock clock;
    ScriptedServer server;
    ui::GatewayInfo gateway;
};

} // namespace tokenscope::test
