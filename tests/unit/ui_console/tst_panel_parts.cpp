// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/bar_list.h"
#include "charts/heat_cells.h"
#include "charts/heatmap.h"
#include "dashboards/dashboard_json.h"
#include "dashboards/edits.h"
#include "dashboards/library.h"
#include "fake_source.h"
#include "pages/dashboards/panel_layout.h"
#include "pages/common/window_words.h"
#include "pages/overview/overview_queries.h"
#include "theme/color_math.h"
#include "theme/theme.h"
#include "widgets/value_table.h"
#include "widgets/value_table_model.h"

#include <QAbstractItemModelTester>
#include <QDateTime>
#include <QTableView>
#include <QtTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

using namespace tokenscope;
using namespace tokenscope::ui;
using dashboards::PanelKind;

namespace {

const double absent = std::nan("");
constexpr double infinity = std::numeric_limits<double>::infinity();

query::FramePtr buckets(const std::vector<std::pair<std::string, std::vector<double>>>& columns)
{
    auto frame = std::make_shared<query::Frame>();
    for (std::size_t i = 0; i < columns.front().second.size(); ++i)
        frame->times.push_back(static_cast<std::int64_t>(i) * 1000);
    for (const auto& [bound, values] : columns)
        frame->columns.push_back({.name = bound, .labels = {{"le", bound}}, .values = values});
    return frame;
}

dashboards::Panel panel(std::size_t width, PanelKind kind = PanelKind::timeseries, std::size_t height = 1)
{
    dashboards::Panel panel;
    panel.width = width;
    panel.kind = kind;
    panel.height = height;
    return panel;
}

dashboards::Dashboard shippedOverview()
{
    const auto files = dashboards::shipped_files();
    const auto file = std::ranges::find(files, std::string_view("overview"), &dashboards::ShippedFile::id);
    const auto dashboard = dashboards::parse_dashboard(file->json, file->id);
    if (!dashboard)
        qFatal("%s", dashboard.error().message.c_str());
    return *dashboard;
}

} // namespace

/// What a dashboard's panels are made of.
class TestPanelParts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theOverviewPageAndItsDashboardSayTheSame_data()
    {
        QTest::addColumn<QString>("tile");
        QTest::addColumn<QString>("panel");
        QTest::newRow("requests") << "requestRate"
                                  << "requests";
        QTest::newRow("errors") << "errorShare"
                                << "errors";
        QTest::newRow("first token") << "ttft"
                                     << "time-to-first-token-p95";
        QTest::newRow("total") << "totalLatency"
                               << "total-latency-p95";
        QTest::newRow("output") << "outputRate"
                                << "output-tokens";
    }

    void theOverviewPageAndItsDashboardSayTheSame()
    {
        QFETCH(QString, tile);
        QFETCH(QString, panel);
        const auto tiles = overview::tiles();
        const auto spec = std::ranges::find(tiles, tile, &PanelSpec::id);
        QVERIFY(spec != tiles.end());
        const auto dashboard = shippedOverview();
        const auto* shown = dashboards::find_panel(dashboard, panel.toStdString());
        QVERIFY(shown);
        QCOMPARE(QString::fromStdString(shown->title), spec->title);
        const auto window = windowText(spec->queries.front());
        QVERIFY(!window.isEmpty());
        for (const auto& alternative : shown->queries.front().alternatives)
            QCOMPARE(windowText(alternative), window);
        std::vector<double> limits;
        for (const auto& limit : {spec->warnFrom, spec->badFrom}) {
            if (limit)
                limits.push_back(*limit);
        }
        std::vector<double> others;
        for (const auto& threshold : shown->thresholds)
            others.push_back(threshold.from);
        QCOMPARE(limits, others);
    }

    void theirChartsHaveTheSameNames()
    {
        const auto dashboard = shippedOverview();
        const std::map<QString, const char*> panels{
            {QStringLiteral("totalLatency"), "total-latency"}, {QStringLiteral("ttft"), "time-to-first-token"},
            {QStringLiteral("interToken"), "between-tokens"},  {QStringLiteral("tokens"), "output-tokens-by-model"},
            {QStringLiteral("queue"), "queue-and-in-flight"},  {QStringLiteral("status"), "requests-by-outcome"}};
        for (const auto& spec : overview::charts()) {
            const auto panel = panels.find(spec.id);
            if (panel == panels.end())
                continue; // the dashboard has two of it
            const auto* shown = dashboards::find_panel(dashboard, panel->second);
            QVERIFY2(shown, panel->second);
            QCOMPARE(QString::fromStdString(shown->title), spec.title);
        }
    }

    void whatIsAnsweredDoesNotWait()
    {
        const auto frame = [](std::vector<double> values) {
            auto made = std::make_shared<query::Frame>();
            for (std::size_t i = 0; i < values.size(); ++i)
                made->times.push_back(static_cast<std::int64_t>(i) * 1000);
            made->columns.push_back({.name = "all", .labels = {}, .values = std::move(values)});
            return made;
        };
        const auto left = overview::answering(frame({18, 2, absent, 5}), frame({12, 3, 1, absent}));
        const auto& values = left->columns.front().values;
        QCOMPARE(values[0], 6.0);
        QCOMPARE(values[1], 0.0); // two gauges are not read at the same instant
        QVERIFY(std::isnan(values[2]));
        QVERIFY(std::isnan(values[3]));
        QVERIFY(overview::answering(frame({1}), std::make_shared<query::Frame>())->columns.empty());
        QCOMPARE(overview::answering(18.0, 12.0), std::optional(6.0));
        QVERIFY(!overview::answering(18.0, std::nullopt));
    }

    void cumulativeBucketsBecomeCounts()
    {
        // In the order of text, "+Inf" and "10" come before "2".
        const auto cells = heatCells(*buckets({{"+Inf", {10, 4}}, {"0.5", {1, 0}}, {"10", {9, 4}}, {"2", {4, 4}}}));
        QCOMPARE(cells.buckets.size(), std::size_t{4});
        const std::vector<double> bounds{0.5, 2, 10, infinity};
        const std::vector<double> first{1, 3, 5, 1};
        for (std::size_t i = 0; i < 4; ++i) {
            QCOMPARE(cells.buckets[i].to, bounds[i]);
            QCOMPARE(cells.buckets[i].counts[0], first[i]);
        }
        QCOMPARE(cells.buckets[1].counts[1], 4.0);
        QCOMPARE(cells.buckets[2].counts[1], 0.0);
        QCOMPARE(cells.highest, 5.0);
    }

    void cellsOfHostileAnswers_data()
    {
        QTest::addColumn<int>("what");
        int what = 0;
        for (const char* name :
             {"no columns", "falling counts", "gaps", "bounds that are no numbers", "no le", "short column"})
            QTest::newRow(name) << what++;
    }
    void cellsOfHostileAnswers()
    {
        QFETCH(int, what);
        query::Frame frame;
        switch (what) {
        case 0: break;
        case 1: frame = *buckets({{"1", {5}}, {"2", {3}}, {"+Inf", {6}}}); break;
        case 2: frame = *buckets({{"1", {absent, 1}}, {"+Inf", {absent, 2}}}); break;
        case 3: frame = *buckets({{"many", {1}}, {"", {2}}}); break;
        case 4: frame = *test::frameOf({1, -2, 3}); break;
        default: frame = *buckets({{"1", {1, 2}}, {"+Inf", {2, 3}}}); frame.columns[1].values.resize(1);
        }
        const auto cells = heatCells(frame);
        for (const auto& bucket : cells.buckets) {
            QCOMPARE(bucket.counts.size(), frame.times.size());
            if (what != 4) {
                for (const auto count : bucket.counts)
                    QVERIFY(std::isnan(count) || count >= 0);
            }
        }
        if (what == 2)
            QVERIFY(std::isnan(cells.buckets[0].counts[0]));
        const Theme theme(ThemeMode::dark);
        Heatmap heatmap(theme, nullptr);
        heatmap.resize(300, 160);
        heatmap.setFrame(std::make_shared<query::Frame>(frame));
        QVERIFY(!heatmap.grab().isNull());
    }

    /// Those that count and one beside them; more come at once, and go when many are spare.
    void rowsAreOfWhatIsThere()
    {
        const auto counting = [](std::size_t first, std::size_t last) {
            std::vector<std::pair<std::string, std::vector<double>>> columns;
            for (std::size_t i = 0; i < 10; ++i)
                columns.push_back({i == 9 ? "+Inf" : std::to_string(i + 1),
                                   {i < first ? 0.0 : static_cast<double>(std::min(i, last) - first + 1), 0}});
            return buckets(columns);
        };
        const auto seen = [&](std::size_t first, std::size_t last, std::optional<HeatRows> before,
                              std::int64_t from = 0) {
            const auto frame = counting(first, last);
            return rowsWorthSeeing(heatCells(*frame), frame->times, from - 1, 10'000, before);
        };
        QCOMPARE(seen(4, 5, std::nullopt), (HeatRows{3, 6}));
        QCOMPARE(seen(0, 9, std::nullopt), (HeatRows{0, 9}));
        QCOMPARE(seen(2, 7, HeatRows{3, 6}), (HeatRows{1, 8}));
        QCOMPARE(seen(4, 5, HeatRows{1, 8}), (HeatRows{1, 8}));
        QCOMPARE(seen(5, 5, HeatRows{1, 8}), (HeatRows{4, 8}));
        QCOMPARE(seen(4, 5, std::nullopt, 5000), (HeatRows{0, 9})); // all of it was before
        QCOMPARE(seen(4, 5, HeatRows{0, 20}), (HeatRows{3, 6}));
        QCOMPARE(rowsWorthSeeing({}, {}, 0, 1, std::nullopt), HeatRows{});
    }

    void aHeatmapsRowsAreThoseOfItsRange()
    {
        const Theme theme(ThemeMode::light);
        Heatmap heatmap(theme, nullptr);
        heatmap.setUnit(Unit::seconds);
        heatmap.resize(400, 220);
        heatmap.setTimeRange(0, 60'000);
        const auto filled = [](double count) {
            return buckets({{"0.005", {0, 0}},
                            {"0.5", {0, 0}},
                            {"2.5", {0, 0}},
                            {"30", {0, count}},
                            {"120", {0, count}},
                            {"+Inf", {0, count}}});
        };
        heatmap.setFrame(filled(3));
        QCOMPARE(heatmap.rows(), (HeatRows{2, 4}));
        QCOMPARE(heatmap.accessibleDescription(), QStringLiteral("2.5 s to 30 s: 3; "));
        QVERIFY(!heatmap.grab().isNull());
        heatmap.setFrame(filled(0));
        QVERIFY(!heatmap.message().isEmpty());
        QVERIFY(!heatmap.grab().isNull());
    }

    /// A column counts what happened in the step before its time; what is out of the range is not told.
    void aHeatmapsColumnsEndAtTheirTimes()
    {
        const Theme theme(ThemeMode::dark);
        Heatmap heatmap(theme, nullptr);
        heatmap.setUnit(Unit::seconds);
        heatmap.resize(400, 200);
        auto frame = std::make_shared<query::Frame>();
        frame->times = {10'000, 20'000, 30'000, 40'000};
        frame->columns = {{"1", {{"le", "1"}}, {100, 0, 4, 0}}, {"+Inf", {{"le", "+Inf"}}, {100, 0, 4, 0}}};
        heatmap.setTimeRange(10'000, 40'000);
        heatmap.setFrame(frame);
        QVERIFY2(heatmap.accessibleDescription().contains(QStringLiteral(": 4;")),
                 qPrintable(heatmap.accessibleDescription()));
        const auto image = heatmap.grab().toImage();
        // Of the row's pixels, those of the step from 20 to 30 s stand out: the middle third of the plot.
        int first = -1;
        int last = -1;
        const auto cell = mixed(theme.tokens().surface, theme.tokens().accent, 0.15 + 0.85 * std::sqrt(4.0 / 100));
        for (int x = 0; x < image.width(); ++x) {
            for (int y = 0; y < image.height(); ++y) {
                if (image.pixelColor(x, y).rgb() == cell.rgb()) {
                    first = first < 0 ? x : first;
                    last = x;
                }
            }
        }
        QVERIFY(first > 0);
        const int width = last - first + 1;
        // It ends one such width before the plot does, which is the body's right end.
        QVERIFY2(std::abs(last + width - (heatmap.width() - 1)) < width / 2,
                 qPrintable(QStringLiteral("%1 to %2").arg(first).arg(last)));
    }

    void barsAreSortedAndAbsentOnesLeftOut()
    {
        const Theme theme(ThemeMode::dark);
        BarList list(theme);
        list.resize(300, 80);
        list.setUnit(Unit::bytes);
        auto frame = std::make_shared<query::Frame>();
        frame->times = {0, 1000, 2000, 3000, 4000};
        frame->columns = {{"small", {{"n", "small"}}, {1, 1, 1, 1, 1}},
                          {"gone", {{"n", "gone"}}, {9, absent, absent, absent, absent}},
                          {"large", {{"n", "large"}}, {0, 0, 0, absent, 2048}}};
        list.setFrame(frame);
        QCOMPARE(list.bars().size(), std::size_t{2});
        QCOMPARE(list.bars()[0].name, QStringLiteral("large"));
        QVERIFY(list.accessibleDescription().startsWith(QStringLiteral("large 2.00 KiB")));
        QVERIFY(list.message().isEmpty());
        QVERIFY(!list.grab().isNull());
    }

    void aBarKeepsItsColourWhileOthersCome()
    {
        const Theme theme(ThemeMode::dark);
        BarList list(theme);
        std::map<QString, QColor> before;
        auto frame = std::make_shared<query::Frame>();
        frame->times = {0};
        for (int i = 0; i < 10; ++i) {
            frame = std::make_shared<query::Frame>(*frame);
            const auto name = std::to_string(i);
            frame->columns.insert(frame->columns.begin(), {name, {{"n", name}}, {1}});
            list.setFrame(frame);
            QCOMPARE(list.bars().size(), frame->columns.size());
            for (const auto& bar : list.bars())
                QCOMPARE(bar.color, before.try_emplace(bar.name, bar.color).first->second);
        }
    }

    void panelsSayWhatTheyAre()
    {
        const Theme theme(ThemeMode::light);
        BarList list(theme);
        list.setEmptyText(QStringLiteral("Nothing here."));
        QCOMPARE(list.message(), QStringLiteral("Nothing here."));
        list.setLoading();
        QCOMPARE(list.message(), QStringLiteral("Loading…"));
        list.setError(QStringLiteral("It broke."));
        QCOMPARE(list.message(), QStringLiteral("It broke."));
        list.setFrame(test::frameOf({1}));
        QVERIFY(list.message().isEmpty());
        list.setError(QStringLiteral("It broke.")); // over the last data
        QVERIFY(list.message().isEmpty());
        QVERIFY(list.accessibleDescription().startsWith(QStringLiteral("It broke.")));
        list.setFrame(std::make_shared<query::Frame>());
        QCOMPARE(list.message(), QStringLiteral("Nothing here."));
    }

    void aTableKeepsItsPlaceWhileValuesChange()
    {
        ValueTableModel model;
        const QAbstractItemModelTester tester(&model);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        auto frame = [](double a, double b) {
            auto made = std::make_shared<query::Frame>();
            made->times = {0};
            made->columns = {{"x", {{"__name__", "up"}, {"job", "x"}}, {a}}, {"y", {{"job", "y"}, {"pod", "p"}}, {b}}};
            return made;
        };
        model.setFrame(frame(1, 2));
        QCOMPARE(resets.size(), 1);
        QCOMPARE(model.columnCount(), 4);
        QCOMPARE(model.headerData(0, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("metric"));
        QCOMPARE(model.index(1, 0).data().toString(), QString());
        model.setFrame(frame(3, 4));
        QCOMPARE(resets.size(), 1);
        QCOMPARE(model.index(1, 3).data().toString(), QStringLiteral("4"));
        model.setFrame(frame(3, absent)); // a series that is gone is no row
        QCOMPARE(model.rowCount(), 1);
        model.setFrame(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void aTableTellsEveryDigitWhereItIsAskedTo()
    {
        ValueTableModel model;
        auto frame = std::make_shared<query::Frame>();
        frame->times = {0};
        frame->columns = {{"x", {{"job", "x"}}, {2216356014.399061}}};
        model.setUnit(Unit::bytes);
        model.setFrame(frame);
        QVERIFY(model.index(0, 1).data().toString() != QStringLiteral("2216356014.399061"));
        model.setExact(true);
        QCOMPARE(model.index(0, 1).data().toString(), QStringLiteral("2216356014.399061"));
        frame = std::make_shared<query::Frame>(*frame);
        frame->columns[0].values = {std::numeric_limits<double>::infinity()};
        model.setFrame(frame);
        QCOMPARE(model.index(0, 1).data().toString(), QStringLiteral("+Inf"));
    }

    void aTableOfAnInstantShowsAllThatItIs()
    {
        ValueTableModel model;
        model.setExact(true);
        const QAbstractItemModelTester tester(&model);
        auto frame = std::make_shared<query::Frame>();
        frame->times = {0};
        frame->columns = {{"a", {{"job", "a"}}, {3}}, {"b", {{"job", "b"}}, {absent}}};
        model.setFrame(frame);
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(1, 1).data().toString(), QStringLiteral("NaN"));
        QVERIFY(model.index(1, 1).data(ValueTableModel::sortRole).toDouble() < -1e300);

        frame = std::make_shared<query::Frame>();
        frame->times = {0, 1500};
        frame->columns = {{"a", {{"job", "a"}}, {3, 4}}, {"b", {{"job", "b"}}, {absent, 5}}};
        model.setFrame(frame);
        const auto text = [](qint64 at, const char* format) {
            return QDateTime::fromMSecsSinceEpoch(at).time().toString(QLatin1StringView(format));
        };
        QCOMPARE(model.index(0, 1).data().toString(),
                 QStringLiteral("3 @ %1, 4 @ %2").arg(text(0, "HH:mm:ss"), text(1500, "HH:mm:ss.zzz")));
        QCOMPARE(model.index(1, 1).data().toString(), QStringLiteral("5 @ %1").arg(text(1500, "HH:mm:ss.zzz")));

        frame = std::make_shared<query::Frame>();
        frame->times = {0};
        frame->columns = {{"abc", {}, {}}};
        model.setFrame(frame);
        QCOMPARE(model.index(0, 1).data().toString(), QStringLiteral("abc"));
        model.setExact(false); // the last value is missing: an older one is not how things are
        frame = std::make_shared<query::Frame>();
        frame->times = {0, 1000};
        frame->columns = {{"a", {{"job", "a"}}, {3, absent}}};
        model.setFrame(frame);
        QCOMPARE(model.rowCount(), 0);
    }

    /// Labels are cut only where there is no room for them.
    void aTablesColumnsAreAsWideAsTheirTexts()
    {
        const Theme theme(ThemeMode::dark);
        ValueTable table(theme);
        auto frame = std::make_shared<query::Frame>();
        frame->times = {0};
        frame->columns = {{"x", {{"a", std::string(60, 'm')}, {"b", "y"}}, {1}}};
        table.setFrame(frame);
        table.fitColumns(2'000);
        const int natural = table.view().columnWidth(0);
        const QFontMetrics metrics(table.view().font());
        QVERIFY(natural >= metrics.horizontalAdvance(QString(60, QLatin1Char('m'))));
        const int other = table.view().columnWidth(1);
        table.fitColumns(natural / 2);
        QVERIFY(table.view().columnWidth(0) < natural);
        QCOMPARE(table.view().columnWidth(1), other);
    }

    void aTableIsBounded()
    {
        auto frame = std::make_shared<query::Frame>();
        frame->times = {0};
        for (int i = 0; i < 5000; ++i)
            frame->columns.push_back({"c", {{"i", std::to_string(i)}}, {1}});
        const Theme theme(ThemeMode::dark);
        ValueTable table(theme);
        table.setFrame(frame);
        QCOMPARE(table.view().model()->rowCount(), 1000);
        QVERIFY(table.accessibleDescription().contains(QStringLiteral("4000")));
    }

    void panelsFindTheirPlaces()
    {
        const auto wide = placePanels({panel(6), panel(6, PanelKind::table, 2), panel(6), panel(12)}, 1200);
        QCOMPARE(wide[1], (PanelPlace{.line = 0, .column = 6, .span = 6, .height = 2}));
        QCOMPARE(wide[2], (PanelPlace{.line = 1, .column = 0, .span = 6, .height = 1}));
        QCOMPARE(wide[3], (PanelPlace{.line = 2, .column = 0, .span = 12, .height = 1}));
        const auto narrow = placePanels({panel(4), panel(4), panel(4)}, 700);
        QCOMPARE(narrow[1], (PanelPlace{.line = 0, .column = 6, .span = 6, .height = 1}));
        QCOMPARE(narrow[2], (PanelPlace{.line = 1, .column = 0, .span = 12, .height = 1}));
        const auto tiles = placePanels(std::vector<dashboards::Panel>(6, panel(2, PanelKind::stat)), 700);
        QCOMPARE(tiles[3].column, 9);
        QCOMPARE(tiles[4].line, 1);
        for (const auto& place : placePanels({panel(0), panel(99), panel(5, PanelKind::bar, 0)}, 300))
            QVERIFY(place.column >= 0 && place.column + place.span <= gridColumns && place.height >= 1);
    }

    void thosePanelsLeftCloseUp()
    {
        const std::vector panels{panel(4), panel(4), panel(4), panel(4), panel(8)};
        const auto whole = placePanels(panels, 1200);
        const auto some = placePanels(panels, 1200, {false, true, true, false, false});
        QCOMPARE(some[0], whole[0]);
        QCOMPARE(some[1].span, 0);
        QCOMPARE(some[3], (PanelPlace{.line = 0, .column = 4, .span = 8, .height = 1})); // the last of its line
        QCOMPARE(some[4], (PanelPlace{.line = 1, .column = 0, .span = 12, .height = 1}));
        QCOMPARE(linesThatGrow(panels, some), 2);
        const std::vector tiles(3, panel(2, PanelKind::stat));
        const auto numbers = placePanels(tiles, 1200, {true, false, false});
        QCOMPARE(numbers[2], (PanelPlace{.line = 0, .column = 2, .span = 2, .height = 1})); // keep their width
        QCOMPARE(linesThatGrow(tiles, numbers), 0);
        // Nine of ten in three rows of three, where four would fit a row and leave one alone.
        std::vector<bool> out(10, false);
        out[3] = true;
        const auto even = placePanels(std::vector(10, panel(2, PanelKind::stat)), 700, out);
        QCOMPARE(even[0].span, 4);
        QCOMPARE(even[9], (PanelPlace{.line = 2, .column = 8, .span = 4, .height = 1}));
        for (const auto& place : placePanels(panels, 700, std::vector<bool>(5, true)))
            QCOMPARE(place.span, 0);
        // A gap that the dashboard says stays one.
        QCOMPARE(placePanels({panel(4)}, 1200, {false})[0].span, 4);
    }

    void aHigherPanelIsSeveralLinesThatGrow()
    {
        const std::vector panels{panel(2, PanelKind::stat), panel(6, PanelKind::table, 2), panel(4), panel(12)};
        QCOMPARE(linesThatGrow(panels, placePanels(panels, 1200)), 3);
    }

    void linesGrowWithinReason()
    {
        QCOMPARE(grownLine(200, 90, 3), 230);
        QCOMPARE(grownLine(200, 4000, 3), 320);
        QCOMPARE(grownLine(200, -90, 3), 200);
        QCOMPARE(grownLine(200, 90, 0), 200);
    }
};

QTEST_MAIN(TestPanelParts)
#include "tst_panel_parts.moc"
