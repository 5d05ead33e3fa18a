// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboards/dashboard_json.h"
#include "dashboards/edits.h"
#include "dashboards/library.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <algorithm>

using namespace tokenscope;
using namespace tokenscope::dashboards;

namespace {

/// Rows of panels, each named by one letter, all different: "ab|c".
Dashboard made(const std::string& rows)
{
    Dashboard dashboard{.id = "d", .title = "D", .rows = {Row()}};
    for (const char c : rows) {
        if (c == '|')
            dashboard.rows.emplace_back();
        else
            dashboard.rows.back().panels.push_back(
                {.id = std::string(1, c),
                 .title = std::string(1, c),
                 .queries = {{.alternatives = {{.metric = std::string("m_") + c}}}}});
    }
    return dashboard;
}

std::string order(const Dashboard& dashboard)
{
    std::string text;
    for (std::size_t row = 0; row < dashboard.rows.size(); ++row) {
        text += row == 0 ? "" : "|";
        for (const auto& panel : dashboard.rows[row].panels)
            text += panel.id;
    }
    return text;
}

} // namespace

class TestDashboardEdits : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void moves_data()
    {
        QTest::addColumn<QString>("panel");
        QTest::addColumn<int>("row");
        QTest::addColumn<int>("at");
        QTest::addColumn<QString>("after");
        const auto add = [](const char* panel, int row, int at, const char* after) {
            QTest::addRow("%s to %d,%d", panel, row, at)
                << QString::fromLatin1(panel) << row << at << QString::fromLatin1(after);
        };
        add("a", 0, 2, "bac|de");
        add("a", 0, 3, "bca|de");
        add("c", 0, 0, "cab|de");
        add("a", 0, 0, "abc|de"); // where it is
        add("a", 0, 1, "abc|de"); // behind itself: the same
        add("a", 1, 1, "bc|dae");
        add("e", 0, 9, "abce|d");
        add("a", 2, 0, "abc|de"); // no such row
        add("x", 0, 0, "abc|de"); // no such panel
    }
    void moves()
    {
        QFETCH(QString, panel);
        QFETCH(int, row);
        QFETCH(int, at);
        QFETCH(QString, after);
        auto dashboard = made("abc|de");
        const bool changed =
            move_panel(dashboard, panel.toStdString(), {static_cast<std::size_t>(row), static_cast<std::size_t>(at)});
        QCOMPARE(QString::fromStdString(order(dashboard)), after);
        QCOMPARE(changed, after != QStringLiteral("abc|de"));
    }

    void stepByStepOverTheRows()
    {
        auto dashboard = made("ab|c");
        for (const auto* after : {"ba|c", "b|ac", "b|ca"}) {
            QVERIFY(shift_panel(dashboard, "a", 1));
            QCOMPARE(order(dashboard), std::string(after));
        }
        QVERIFY(!shift_panel(dashboard, "a", 1)); // the last of all
        for (const auto* after : {"b|ac", "ba|c", "ab|c"}) {
            QVERIFY(shift_panel(dashboard, "a", -1));
            QCOMPARE(order(dashboard), std::string(after));
        }
        QVERIFY(!shift_panel(dashboard, "a", -1));
        QVERIFY(shift_panel_row(dashboard, "b", 1));
        QCOMPARE(order(dashboard), std::string("a|cb"));
        QVERIFY(!shift_panel_row(dashboard, "b", 1));
        QVERIFY(shift_panel_row(dashboard, "b", -1));
        QCOMPARE(order(dashboard), std::string("ab|c"));
        QVERIFY(!shift_panel_row(dashboard, "b", -1));
    }

    void rowsMoveAsAWhole()
    {
        const auto moved = [](std::size_t row, std::size_t to) {
            auto dashboard = made("ab|c|d");
            const bool changed = move_row(dashboard, row, to);
            const auto now = order(dashboard);
            return changed == (now != "ab|c|d") ? now : "changed, or so it says: " + now;
        };
        QCOMPARE(moved(0, 2), std::string("c|ab|d"));
        QCOMPARE(moved(0, 3), std::string("c|d|ab"));
        QCOMPARE(moved(2, 0), std::string("d|ab|c"));
        QCOMPARE(moved(2, 1), std::string("ab|d|c"));
        QCOMPARE(moved(1, 1), std::string("ab|c|d")); // where it is
        QCOMPARE(moved(1, 2), std::string("ab|c|d")); // behind itself: the same
        QCOMPARE(moved(1, 4), std::string("ab|c|d")); // there is no such place
        QCOMPARE(moved(3, 0), std::string("ab|c|d")); // no such row
    }

    void sizesStayWithinTheGrid()
    {
        auto dashboard = made("a");
        const auto& panel = dashboard.rows[0].panels[0];
        QVERIFY(resize_panel(dashboard, "a", 3, 2));
        QCOMPARE(panel.width, std::size_t{7});
        QCOMPARE(panel.height, std::size_t{3});
        QVERIFY(resize_panel(dashboard, "a", 100, 100));
        QCOMPARE(panel.width, grid_columns);
        QCOMPARE(panel.height, max_panel_height);
        QVERIFY(!resize_panel(dashboard, "a", 1, 1));
        QVERIFY(resize_panel(dashboard, "a", -100, -100));
        QCOMPARE(panel.width, std::size_t{1});
        QCOMPARE(panel.height, std::size_t{1});
        QVERIFY(!resize_panel(dashboard, "none", 1, 1));
    }

    void addedCopiedReplacedAndRemoved()
    {
        auto dashboard = made("ab");
        QCOMPARE(duplicate_panel(dashboard, "a"), std::string("a-2"));
        QCOMPARE(order(dashboard), std::string("aa-2b"));
        QCOMPARE(duplicate_panel(dashboard, "a"), std::string("a-3"));
        QCOMPARE(duplicate_panel(dashboard, "none"), std::string());
        QCOMPARE(free_panel_id(dashboard, "A"), std::string("a-4"));
        QCOMPARE(free_panel_id(dashboard, "Time to first token"), std::string("time-to-first-token"));
        auto panel = *find_panel(dashboard, "a-2");
        panel.title = "Other";
        QVERIFY(replace_panel(dashboard, panel));
        QCOMPARE(find_panel(dashboard, "a-2")->title, std::string("Other"));
        panel.id = "none";
        QVERIFY(!replace_panel(dashboard, panel));
        QVERIFY(remove_panel(dashboard, "a-2"));
        QVERIFY(!remove_panel(dashboard, "a-2"));
        panel.id = "new";
        insert_panel(dashboard, panel, {3, 7});
        QCOMPARE(dashboard.rows.size(), std::size_t{4});
        QCOMPARE(*spot_of(dashboard, "new"), (PanelSpot{3, 0}));
        // All of it can be saved.
        const auto checked = Library::check(dashboard);
        QVERIFY2(checked, checked ? "" : checked.error().message.c_str());
    }

    void whatCannotBeSavedSaysWhy()
    {
        auto dashboard = made("a");
        dashboard.needs = {"m_gone"}; // left out when it is saved
        QVERIFY(Library::check(dashboard));
        dashboard.title.clear();
        QCOMPARE(Library::check(dashboard).error().param, std::string("/title"));
        dashboard = made("a");
        dashboard.rows[0].panels[0].minimum = dashboard.rows[0].panels[0].maximum = 1;
        QCOMPARE(Library::check(dashboard).error().param, std::string("/rows/0/panels/0/max"));
    }

    void severalValuesAreOfTheSecondFormat()
    {
        auto dashboard = made("a");
        dashboard.variables = {{.name = "v", .title = "v", .label = "l", .metrics = {"m_a"}}};
        auto json = to_json(dashboard);
        QCOMPARE(json["version"].get<int>(), 1); // older programs can read it
        QVERIFY(!json["variables"][0].contains("multi"));
        dashboard.variables[0].multi = true;
        json = to_json(dashboard);
        QCOMPARE(json["version"].get<int>(), multi_version);
        auto read = parse_dashboard(json.dump(), "d");
        QVERIFY(read && read->variables[0].multi);
        json["version"] = 1;
        read = parse_dashboard(json.dump(), "d");
        QVERIFY(!read);
        QCOMPARE(read.error().param, std::string("/variables/0/multi"));
    }
};

QTEST_APPLESS_MAIN(TestDashboardEdits)
#include "tst_dashboard_edits.moc"
