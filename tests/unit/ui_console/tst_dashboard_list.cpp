// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboards/library.h"
#include "pages/dashboards/dashboard_list.h"
#include "theme/theme.h"

#include <QDialog>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::ui;

class TestDashboardList : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatCannotBeReadIsListed()
    {
        Theme theme{ThemeMode::dark};
        DashboardList list(theme);
        list.show();
        QVERIFY(QTest::qWaitForWindowActive(&list));
        auto* problems = list.findChild<QPushButton*>(QStringLiteral("dashboards.problems"));
        QVERIFY(problems && !problems->isVisible());
        list.setProblems({QStringLiteral("a.json: It is not JSON."), QStringLiteral("b.json: /rows is missing.")});
        QVERIFY(problems->isVisible());
        QCOMPARE(problems->accessibleName(), QStringLiteral("2 dashboards cannot be read"));
        QVERIFY(problems->focusPolicy() & Qt::TabFocus);
        problems->setFocus();
        QTest::keyClick(problems, Qt::Key_Space);
        auto* dialog = list.findChild<QDialog*>(QStringLiteral("dashboards.wrong"));
        QVERIFY(dialog && dialog->isVisible());
        QCOMPARE(dialog->windowTitle(), QStringLiteral("2 dashboards cannot be read"));
        const auto text = dialog->findChild<QPlainTextEdit*>()->toPlainText();
        QVERIFY(text.contains(QStringLiteral("a.json: It is not JSON.")));
        QVERIFY(text.contains(QStringLiteral("b.json: /rows is missing.")));
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!list.findChild<QDialog*>(QStringLiteral("dashboards.wrong")));
        list.setProblems({});
        QVERIFY(!problems->isVisible());
    }

    void onesOwnAreToldApart()
    {
        const QTemporaryDir directory;
        dashboards::Library library(directory.path().toStdString());
        library.load();
        const auto* shipped = library.find("node");
        QVERIFY(shipped);
        const auto title = QString::fromStdString(shipped->title);
        const auto json = library.export_json("node").value();
        for (const char* name : {"copied", "node"})
            QVERIFY(library.import(json, name));
        auto own = *library.find("copied");
        own.title = "My board";
        own.id = library.free_id("my-board");
        QVERIFY(library.save(own));
        Theme theme{ThemeMode::dark};
        DashboardList list(theme);
        const auto rows = [&list] {
            QStringList texts;
            auto* all = list.findChild<QListWidget*>(QStringLiteral("dashboards.list"));
            for (int row = 0; row < all->count(); ++row)
                texts << all->item(row)->text();
            return texts;
        };
        list.setDashboards(library.all());
        QVERIFY(rows().contains(title));
        QVERIFY2(rows().contains(title + QStringLiteral(" · yours, copied.json")), qPrintable(rows().join(u'\n')));
        QVERIFY(rows().contains(title + QStringLiteral(" · yours, node-2.json")));
        QVERIFY(rows().contains(QStringLiteral("My board · yours")));
        QVERIFY(library.save(dashboards::Dashboard(*library.find("node"))));
        list.setDashboards(library.all());
        QVERIFY(rows().contains(title + QStringLiteral(" · edited")));
        QVERIFY(!rows().contains(title));
    }

    /// With what each source has, the dashboard that is shown before anything has been chosen.
    void theFirstOneSuitsTheSource()
    {
        QTemporaryDir directory;
        dashboards::Library library(directory.path().toStdString());
        library.load();
        Theme theme{ThemeMode::dark};
        DashboardList list(theme);
        list.setDashboards(library.all());
        list.setMetrics({"vllm:request_success_total", "vllm:num_requests_running"});
        QCOMPARE(list.best(), QStringLiteral("overview"));
        list.setMetrics({"aigateway_first_token_latency_seconds_bucket"});
        QVERIFY(list.best() != QStringLiteral("client-server")); // there is no server
        list.setMetrics({"aigateway_first_token_latency_seconds_bucket", "sglang:e2e_request_latency_seconds_bucket"});
        QCOMPARE(list.best(), QStringLiteral("client-server"));
        list.setMetrics({"node_load1"});
        QCOMPARE(list.best(), QStringLiteral("node"));
    }
};

QTEST_MAIN(TestDashboardList)
#include "tst_dashboard_list.moc"
