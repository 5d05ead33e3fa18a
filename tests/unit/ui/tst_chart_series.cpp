// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_series.h"
#include "charts/series_colors.h"
#include "charts/series_visibility.h"
#include "theme/color_math.h"
#include "theme/theme.h"

#include <QtTest>

#include <algorithm>
#include <initializer_list>
#include <map>
#include <set>

using namespace tokenscope;
using namespace tokenscope::ui;

namespace {

/// As a chart has them that shows nothing yet.
std::vector<ChartSeries> freshSeries(const query::Frame& frame, const Theme& theme, bool percentiles)
{
    SeriesColors colors;
    return makeSeries(frame, theme, percentiles, colors);
}

query::Frame frameOf(const std::vector<std::pair<std::string, std::string>>& labels)
{
    query::Frame frame;
    for (const auto& [name, value] : labels)
        frame.columns.push_back({value, {{name, value}}, {}});
    return frame;
}

/// By the names, of a chart that has shown what `colors` knows of.
std::map<QString, QRgb> colorsOf(const query::Frame& frame, const Theme& theme, SeriesColors& colors)
{
    std::map<QString, QRgb> result;
    for (const ChartSeries& series : makeSeries(frame, theme, false, colors))
        result[series.name] = series.color.rgb();
    return result;
}

} // namespace

class TestChartSeries : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void noTwoColoursAlike();
    void moreSeriesThanColours();
    void aPanelsNameHasOneColour();
    void itsColourGoesWithAName();
    void aSeriesHasOneColourInAllCharts();
    void namesThatMetStayApart();
    void newcomersTakeWhatIsFree();
    void outcomesKeepTheirShades();
    void hueOfPercentilesStays();
    void aStatusHasItsColour();
    void percentilesShareAHue();
    void percentilesGrowLighter();
    void percentilesOfSeveralThings();
    void isolateAndBack();
    void toggleOutOfIsolation();
    void hidingTheLastShowsAll();
};

void TestChartSeries::noTwoColoursAlike()
{
    const Theme theme(ThemeMode::dark);
    query::Frame frame;
    for (int i = 0; i < 10; ++i)
        frame.columns.push_back({std::to_string(i), {{"instance", std::to_string(i)}}, {}});
    std::set<QRgb> seen;
    for (const ChartSeries& series : freshSeries(frame, theme, false))
        seen.insert(series.color.rgb());
    QCOMPARE(seen.size(), std::size_t(10));
}

/// "client" is the same beside a chart of other labels.
void TestChartSeries::aPanelsNameHasOneColour()
{
    const Theme theme(ThemeMode::dark);
    query::Frame percentiles, means;
    for (const char* side : {"client", "server"}) {
        percentiles.columns.push_back({side, {{"quantile", "0.95"}, {"series", side}}, {}});
        means.columns.push_back({side, {{"series", side}}, {}});
    }
    const auto one = freshSeries(percentiles, theme, false);
    const auto other = freshSeries(means, theme, false);
    QCOMPARE(one[0].color, other[0].color);
    QCOMPARE(one[1].color, other[1].color);
    QVERIFY(one[0].color != one[1].color);
    // A name for several columns tells none apart.
    means.columns.push_back({"client b", {{"series", "client"}, {"model", "b"}}, {}});
    const auto three = freshSeries(means, theme, false);
    QVERIFY(three[0].color != three[2].color);
}

/// Whatever stands before it: Overview has "queued" beside "in flight", dashboards have it alone or beside others.
void TestChartSeries::itsColourGoesWithAName()
{
    const Theme theme(ThemeMode::dark);
    const auto colours = [&theme](std::initializer_list<const char*> names) {
        query::Frame frame;
        for (const char* name : names)
            frame.columns.push_back({name, {{"series", name}}, {}});
        std::map<QString, QColor> result;
        for (const ChartSeries& series : freshSeries(frame, theme, false))
            result[series.name] = series.color;
        return result;
    };
    const auto queued = QStringLiteral("queued");
    const auto alone = colours({"queued"}).at(queued);
    for (const auto names : {std::initializer_list<const char*>{"in flight", "queued"},
                             {"open", "queued"},
                             {"running", "queued"},
                             {"in the batch", "queued"}})
        QCOMPARE(colours(names).at(queued), alone);
    const auto flight = QStringLiteral("in flight");
    QCOMPARE(colours({"queued", "in flight"}).at(flight), colours({"in flight"}).at(flight));
    QCOMPARE(colours({"GPU", "CPU"}), colours({"CPU", "GPU"}));
}

/// Two models that want one place: whichever a chart has, and whichever it has first.
void TestChartSeries::aSeriesHasOneColourInAllCharts()
{
    const std::pair<std::string, std::string> large{"model", "demo-large"}, small{"model", "demo-small"};
    const Theme theme(ThemeMode::dark);
    QCOMPARE(theme.seriesSlot(QStringLiteral("model=demo-large,")),
             theme.seriesSlot(QStringLiteral("model=demo-small,")));
    SeriesColors one, other, both, turned;
    auto apart = colorsOf(frameOf({small}), theme, one);
    apart.merge(colorsOf(frameOf({large}), theme, other));
    const auto together = colorsOf(frameOf({large, small}), theme, both);
    QCOMPARE(together, apart);
    QVERIFY(together.at(QStringLiteral("demo-large")) != together.at(QStringLiteral("demo-small")));
    QCOMPARE(colorsOf(frameOf({small, large}), theme, turned), together);
    QCOMPARE(colorsOf(frameOf({large, small}), theme, one), together);

    // And whatever comes first in the first answer of another day.
    const Theme day(ThemeMode::dark), nextDay(ThemeMode::dark);
    SeriesColors first, again;
    QCOMPARE(colorsOf(frameOf({small, large}), day, first), colorsOf(frameOf({large, small}), nextDay, again));

    // Models do not keep their place from what is of another kind.
    SeriesColors nodes;
    QCOMPARE(colorsOf(frameOf({{"node", "d"}}), theme, nodes).at(QStringLiteral("d")),
             theme.seriesColor(QStringLiteral("model=demo-large,")).rgb());
}

/// A name keeps the place of its hash, but once two have met in a chart, they look the same wherever they are.
void TestChartSeries::namesThatMetStayApart()
{
    const Theme theme(ThemeMode::dark);
    const auto colours = [&theme](const QStringList& names) {
        query::Frame frame;
        for (const auto& name : names)
            frame.columns.push_back({name.toStdString(), {{"series", name.toStdString()}}, {}});
        SeriesColors colors;
        return colorsOf(frame, theme, colors);
    };
    const auto first = QStringLiteral("name 0");
    QString alike;
    for (int i = 1; alike.isEmpty() || theme.seriesSlot(alike) != theme.seriesSlot(first); ++i)
        alike = QStringLiteral("name %1").arg(i);
    const auto both = colours({alike, first});
    QVERIFY(both.at(alike) != both.at(first));
    QCOMPARE(colours({first}).at(first), both.at(first));
    QCOMPARE(colours({alike}).at(alike), both.at(alike));
    QCOMPARE(colours({first, alike}), both);
}

/// Whoever comes, and wherever in the frame: what is shown keeps its colour, in another theme its place in the palette.
void TestChartSeries::newcomersTakeWhatIsFree()
{
    Theme theme(ThemeMode::dark);
    std::vector<std::pair<std::string, std::string>> labels;
    SeriesColors colors;
    std::map<QString, QRgb> before;
    for (int i = 0; i < 10; ++i) {
        labels.insert(labels.begin(), {"model", std::to_string(i)});
        const auto frame = frameOf(labels);
        const auto now = colorsOf(frame, theme, colors);
        for (const auto& [name, color] : before)
            QCOMPARE(now.at(name), color);
        std::set<QRgb> different;
        for (const auto& [name, color] : now)
            different.insert(color);
        QCOMPARE(different.size(), now.size());
        SeriesColors fresh;
        QCOMPARE(colorsOf(frame, theme, fresh), now);
        before = now;
    }
    // One goes: its colour is free for one that comes, and the others stay.
    const QRgb freed = before.at(QStringLiteral("4"));
    std::erase(labels, std::pair<std::string, std::string>("model", "4"));
    labels.insert(labels.begin(), {"model", "new"});
    const auto now = colorsOf(frameOf(labels), theme, colors);
    QCOMPARE(now.at(QStringLiteral("new")), freed);
    for (const auto& [name, color] : now)
        QVERIFY(name == QStringLiteral("new") || before.at(name) == color);

    const auto dark = theme.tokens().series;
    theme.setMode(ThemeMode::light);
    const auto light = colorsOf(frameOf(labels), theme, colors);
    for (const auto& [name, color] : light) {
        const auto place = std::ranges::find(dark, QColor(now.at(name))) - dark.begin();
        QCOMPARE(color, theme.tokens().series[static_cast<std::size_t>(place)].rgb());
    }
}

void TestChartSeries::outcomesKeepTheirShades()
{
    const Theme theme(ThemeMode::dark);
    SeriesColors colors;
    const auto first = colorsOf(frameOf({{"status", "503"}, {"status", "cancelled"}}), theme, colors);
    const auto more = colorsOf(
        frameOf({{"status", "200"}, {"status", "400"}, {"status", "500"}, {"status", "503"}, {"status", "cancelled"}}),
        theme, colors);
    for (const auto& [name, color] : first)
        QCOMPARE(more.at(name), color);
    QCOMPARE(more.at(QStringLiteral("503")), theme.tokens().bad.rgb());
    QVERIFY(more.at(QStringLiteral("500")) != more.at(QStringLiteral("503")));
}

void TestChartSeries::hueOfPercentilesStays()
{
    const Theme theme(ThemeMode::dark);
    SeriesColors colors;
    query::Frame frame;
    std::map<QString, QRgb> before;
    for (int model = 9; model >= 0; --model) {
        for (const char* quantile : {"0.5", "0.99"})
            frame.columns.push_back({quantile, {{"model", std::to_string(model)}, {"quantile", quantile}}, {}});
        std::map<QString, QRgb> now;
        for (const ChartSeries& series : makeSeries(frame, theme, true, colors))
            now[series.identity] = series.color.rgb();
        for (const auto& [identity, color] : before)
            QCOMPARE(now.at(identity), color);
        before = now;
    }
    QCOMPARE(before.size(), std::size_t(20));
}

/// What failed is as red as it is anywhere else, what succeeded as green; the others look like neither.
void TestChartSeries::aStatusHasItsColour()
{
    for (const ThemeMode mode : {ThemeMode::dark, ThemeMode::light}) {
        const Theme theme(mode);
        const auto& tokens = theme.tokens();
        const auto colorOf = [&theme](const char* label, const char* value) {
            query::Frame frame;
            frame.columns.push_back({"x", {{"backend", "a"}, {label, value}}, {}});
            return freshSeries(frame, theme, false).front().color;
        };
        for (const char* value : {"error", "failed", "Error", "500", "503", "5xx"})
            QCOMPARE(colorOf("status", value), tokens.bad);
        for (const char* value : {"success", "ok", "OK", "200", "2xx"})
            QCOMPARE(colorOf("status", value), tokens.good);
        QCOMPARE(colorOf("series", "errors"), tokens.bad);
        QVERIFY(colorOf("status", "404") != tokens.bad);
        QVERIFY(colorOf("model", "ok") != tokens.good);

        query::Frame frame;
        for (const char* value : {"success", "429", "500", "401", "502", "400", "403", "cancelled"})
            frame.columns.push_back({value, {{"status", value}}, {}});
        const auto series = freshSeries(frame, theme, false);
        std::set<QRgb> seen;
        for (const auto& one : series) {
            seen.insert(one.color.rgb());
            if (one.name != QStringLiteral("success"))
                QVERIFY(contrastRatio(one.color, tokens.good) > 1.02 || qAbs(one.color.hue() - tokens.good.hue()) > 20);
        }
        QCOMPARE(seen.size(), series.size());
        // Beside what failed nothing else is red or as good as green.
        for (const auto& one : freshSeries({{}, {frame.columns.begin() + 1, frame.columns.end()}, {}}, theme, false))
            QVERIFY(one.name.startsWith(QLatin1Char('5'))
                    || (one.color != tokens.series[5] && one.color != tokens.series[6]));
        QCOMPARE(series[0].color, tokens.good);
        QCOMPARE(series[2].color, tokens.bad);
    }
}

void TestChartSeries::moreSeriesThanColours()
{
    const Theme theme(ThemeMode::dark);
    query::Frame frame;
    for (int i = 0; i < 100; ++i)
        frame.columns.push_back({std::to_string(i), {{"instance", std::to_string(i)}}, {}});
    QCOMPARE(freshSeries(frame, theme, false).size(), std::size_t(100));
    QVERIFY(freshSeries({}, theme, false).empty());
    QVERIFY(freshSeries({}, theme, true).empty());
}

void TestChartSeries::percentilesShareAHue()
{
    for (const ThemeMode mode : {ThemeMode::dark, ThemeMode::light}) {
        const Theme theme(mode);
        query::Frame frame;
        for (const char* quantile : {"0.99", "0.5", "0.95"})
            frame.columns.push_back({std::string("q") + quantile, {{"quantile", quantile}}, {}});
        const auto series = freshSeries(frame, theme, true);
        QCOMPARE(series[0].name, QStringLiteral("q0.5"));
        QCOMPARE(series[2].name, QStringLiteral("q0.99"));
        QCOMPARE(series[2].bandFrom, std::size_t(0));
        QCOMPARE(series[1].bandFrom, std::size_t(1));
        QVERIFY(series[0].width >= series[1].width && series[1].width >= series[2].width);
    }
}

/// p50, p95 and p99 of whatever has that hue: each lighter than the one before, told apart, seen, and of one hue still.
void TestChartSeries::percentilesGrowLighter()
{
    for (const ThemeMode mode : {ThemeMode::dark, ThemeMode::light}) {
        const Theme theme(mode);
        query::Frame frame;
        for (int model = 0; model < 10; ++model) {
            for (const char* quantile : {"0.5", "0.95", "0.99"})
                frame.columns.push_back({quantile, {{"model", std::to_string(model)}, {"quantile", quantile}}, {}});
        }
        const auto series = freshSeries(frame, theme, true);
        std::set<QRgb> colors;
        for (std::size_t i = 0; i < series.size(); ++i) {
            const QColor& color = series[i].color;
            const QString said = color.name() + QLatin1Char(' ') + QString::number(static_cast<int>(mode));
            colors.insert(color.rgb());
            QVERIFY2(contrastRatio(color, theme.tokens().surface) >= 3, qPrintable(said));
            if (i % 3 == 0)
                continue;
            QVERIFY2(color.lightness() > series[i - 1].color.lightness(), qPrintable(said));
            QVERIFY2(contrastRatio(color, series[i - 1].color) >= (mode == ThemeMode::light ? 1.55 : 1.4),
                     qPrintable(said));
            const int turn = qAbs(color.hslHue() - series[i - 1].color.hslHue());
            QVERIFY2(std::min(turn, 360 - turn) <= 6, qPrintable(said));
        }
        QCOMPARE(colors.size(), series.size());
    }
}

void TestChartSeries::percentilesOfSeveralThings()
{
    const Theme theme(ThemeMode::dark);
    query::Frame frame;
    for (const char* model : {"a", "b"}) {
        for (const char* quantile : {"0.5", "0.99"})
            frame.columns.push_back({quantile, {{"model", model}, {"quantile", quantile}}, {}});
    }
    const auto series = freshSeries(frame, theme, true);
    QCOMPARE(series.size(), std::size_t(4));
    QCOMPARE(series[1].bandFrom, std::size_t(0));
    QCOMPARE(series[3].bandFrom, std::size_t(2));
    QVERIFY(series[0].color != series[2].color);
    QVERIFY(series[0].identity != series[2].identity);
}

void TestChartSeries::isolateAndBack()
{
    const QString a = QStringLiteral("a");
    const QString b = QStringLiteral("b");
    SeriesVisibility visibility;
    visibility.isolate(a);
    QVERIFY(visibility.isVisible(a) && !visibility.isVisible(b));
    visibility.isolate(b);
    QVERIFY(!visibility.isVisible(a) && visibility.isVisible(b));
    visibility.isolate(b);
    QVERIFY(visibility.isVisible(a) && visibility.isVisible(b));
}

void TestChartSeries::toggleOutOfIsolation()
{
    const QStringList all{QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")};
    SeriesVisibility visibility;
    visibility.isolate(all[0]);
    visibility.toggle(all[1], all);
    QVERIFY(visibility.isVisible(all[0]) && visibility.isVisible(all[1]) && !visibility.isVisible(all[2]));
}

void TestChartSeries::hidingTheLastShowsAll()
{
    const QStringList all{QStringLiteral("a"), QStringLiteral("b")};
    SeriesVisibility visibility;
    visibility.toggle(all[0], all);
    QVERIFY(!visibility.isVisible(all[0]));
    visibility.toggle(all[1], all);
    QVERIFY(visibility.isVisible(all[0]) && visibility.isVisible(all[1]));
}

QTEST_MAIN(TestChartSeries)
#include "tst_chart_series.moc"
