// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bridge/console_context.h"
#include "dashboards/library.h"
#include "fake_source.h"
#include "scripted_server.h"
#include "source_fixture.h"
#include "theme/theme.h"

#include <QApplication>
#include <QSettings>
#include <QTemporaryDir>

namespace tokenscope::test {

/// Everything a console needs, with a scripted gateway that offers one simulated and one other model.
struct ConsoleFixture : SourceFixture {
    explicit ConsoleFixture(bool running = true)
    {
        theme.applyTo(*qApp);
        library.load();
        server.script(
            "/v1/models",
            {ScriptedServer::reply("200 OK", "application/json",
                                   R"({"data":[{"id":"tiny","owned_by":"demo"},{"id":"phi4","owned_by":"ollama"}]})")});
        if (running)
            gateway.baseUrl = server.apiUrl().chopped(3);
        else
            gateway.error = QStringLiteral("Port 8080 is in use: choose another one with --port.");
    }

    ui::ConsoleContext context() { return {theme, sources, library, log, clock, settings, gateway}; }

    QSettings settings{directory.filePath(QStringLiteral("console.ini")), QSettings::IniFormat};
    ui::Theme theme{ui::ThemeMode::dark};
    dashboards::Library library{std::filesystem::path(directory.filePath(QStringLiteral("dashboards")).toStdString())};
    telemetry::RequestLog log;
    SystemClock clock;
    ScriptedServer server;
    ui::GatewayInfo gateway;
};

} // namespace tokenscope::test
