// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console_fixture.h"
#include "find_widget.h"
#include "pages/dashboards/dashboard_view.h"
#include "pages/dashboards/dashboards_page.h"
#include "pages/dashboards/panel_handle.h"
#include "shell/main_window.h"

#include <QTest>

#include <memory>

namespace tokenscope::test {

/// A console on the Dashboards page that shows a dashboard of the user's own.
struct DashboardBench : ConsoleFixture {
    explicit DashboardBench(const std::string& json)
    {
        local.metricNames = {"broken", "h_bucket", "m", "newer", "older"};
        local.labelNames = {"model", "status"};
        local.labelValues = {"gpt-4o.mini", "phi4", "tiny"};
        local.script = [](const FakeSource::Call& call) -> Result<query::FramePtr> {
            if (call.query.metric == "broken" || call.expression.find("broken") != std::string::npos)
                return failure(ErrorCode::invalid_request, "That cannot be asked.", "1:5: parse error: unexpected end");
            return frameFor(call.range, "model", {{"phi4", 1}, {"tiny", 3}});
        };
        const auto imported = library.import(json, "bench");
        if (!imported)
            qFatal("%s", imported.error().message.c_str());
        id = *imported;
        settings.setValue(QStringLiteral("dashboards/current"), QString::fromStdString(id));
        settings.setValue(QStringLiteral("window/page"), QStringLiteral("dashboards"));
    }
    void open(QSize size = {1440, 900})
    {
        window = std::make_unique<ui::MainWindow>(context());
        window->resize(size);
        window->show();
        QVERIFY(QTest::qWaitForWindowActive(window.get()));
    }
    ui::DashboardsPage& page() const { return *find<ui::DashboardsPage>(*window, "page.dashboards"); }
    ui::DashboardView& view() const { return *page().view(); }
    ui::PanelHandle* handle(const char* panel) const
    {
        return find<ui::PanelHandle>(*window, QStringLiteral("panel.%1.handle").arg(QLatin1StringView(panel)));
    }
    const dashboards::Dashboard& saved() const { return *library.find(id); }

    std::string id;
    std::unique_ptr<ui::MainWindow> window;
};

/// The panels' ids, a bar between the rows: "ab|c".
inline QString order(const dashboards::Dashboard& dashboard)
{
    QStringList rows;
    for (const auto& row : dashboard.rows) {
        QStringList ids;
        for (const auto& panel : row.panels)
            ids << QString::fromStdString(panel.id);
        rows << ids.join(QLatin1Char(' '));
    }
    return rows.join(QLatin1Char('|'));
}

} // namespace tokenscope::test
