// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/metric_catalogue.h"
#include "bridge/metric_feed.h"
#include "bridge/time_range.h"
#include "charts/time_series_chart.h"
#include "console_fixture.h"
#include "find_widget.h"
#include "pages/common/notice_bar.h"
#include "pages/dashboards/dashboard_view.h"
#include "pages/dashboards/dashboards_page.h"
#include "pages/overview/overview_page.h"
#include "shell/main_window.h"
#include "widgets/breaking_label.h"
#include "widgets/stat_tile.h"

#include <QPushButton>
#include <QSignalSpy>
#include <QtTest>

#include <algorithm>

using namespace tokenscope;
using namespace tokenscope::ui;
using test::find;

namespace {

const std::vector<std::string> ofVllm{"process_resident_memory_bytes", "vllm:e2e_request_latency_seconds_bucket",
                                      "vllm:num_requests_running", "vllm:request_success_total"};

} // namespace

/// What the Overview makes of a source that is no gateway, and of what a source says beside its numbers.
class TestOverviewSources : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_fixture = std::make_unique<test::ConsoleFixture>();
        m_fixture->local.script = [this](const auto& call) { return answer(call); };
        m_fixture->prepare = [this](test::FakeSource& source) {
            source.metricNames = m_names;
            source.silent = m_silent;
            source.script = [this](const auto& call) { return answer(call); };
        };
        m_context.emplace(m_fixture->context());
        m_range = std::make_unique<TimeRange>(m_fixture->clock);
        m_feed = std::make_unique<MetricFeed>(m_fixture->sources, *m_range);
        m_catalogue = std::make_unique<MetricCatalogue>(m_fixture->sources);
        m_page = std::make_unique<OverviewPage>(*m_context, *m_feed, *m_catalogue);
        m_names.clear();
        m_silent = false;
        m_warnings.clear();
        m_page->resize(1300, 800);
        m_page->show();
        m_feed->start();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    }
    void cleanup()
    {
        m_page.reset();
        m_catalogue.reset();
        m_feed.reset();
        m_range.reset();
        m_context.reset();
        m_fixture.reset();
    }

    void aSourceOfOtherMetricsLeadsToItsDashboards()
    {
        m_names = ofVllm;
        choose("GPU & <b>box</b>");
        QTRY_VERIFY(note()->isVisible());
        QVERIFY(!tile()->isVisible());
        QCOMPARE(find<BreakingLabel>(*m_page, "overview.elsewhere.heading")->words(),
                 QStringLiteral("GPU & <b>box</b> has none of this gateway's metrics."));
        QVERIFY(note()->accessibleName().contains(QStringLiteral("none of this gateway's metrics")));
        QSignalSpy wanted(m_page.get(), &OverviewPage::dashboardWanted);
        QCOMPARE(button(0)->text(), QStringLiteral("Open the Overview dashboard"));
        QCOMPARE(button(0)->accessibleName(), button(0)->text());
        QVERIFY(button(0)->property("primary").toBool());
        m_page->setFocus();
        for (int i = 0; i < 5 && !button(0)->hasFocus(); ++i)
            QTest::keyClick(QApplication::focusWidget() ? QApplication::focusWidget() : m_page.get(), Qt::Key_Tab);
        QVERIFY(button(0)->hasFocus());
        QTest::keyClick(button(0), Qt::Key_Space);
        QCOMPARE(wanted.value(0).value(0).toString(), QStringLiteral("overview"));
        QCOMPARE(button(1)->accessibleName(), QStringLiteral("Open the vLLM dashboard"));
        button(1)->click();
        QCOMPARE(wanted.value(1).value(0).toString(), QStringLiteral("vllm"));
        QVERIFY(!button(2)->isVisible());
        // There is no chart that could stand alone.
        QVERIFY(m_page->commands().empty());
        QTest::keyClick(button(0), Qt::Key_F);
        QVERIFY(note()->isVisible());
        m_fixture->sources.setCurrent(SourceList::localId());
        QVERIFY(!note()->isVisible());
        QTRY_VERIFY(tile()->isVisible());
        QVERIFY(!m_page->commands().empty());
    }

    void theNoteGoesOnceThereIsAnyOfTheMetrics()
    {
        m_names = ofVllm;
        choose("far");
        QTRY_VERIFY(note()->isVisible());
        m_fixture->remote.at("far")->metricNames.push_back("aigateway_total_latency_seconds_bucket");
        m_catalogue->refresh();
        QTRY_VERIFY(!note()->isVisible());
        QVERIFY(tile()->isVisible());
    }

    void aSourceThatIsNotKnownYetKeepsThePage()
    {
        m_silent = true;
        choose("silent");
        m_silent = false;
        QTest::qWait(50);
        QVERIFY(tile()->isVisible());
        choose("just begun"); // no names at all
        QTRY_VERIFY(m_catalogue->known());
        QVERIFY(tile()->isVisible());
        m_names = {"cpu_percent", "node_load1"};
        choose("has one of them");
        QTRY_VERIFY(m_catalogue->known() && !m_catalogue->names().empty());
        QVERIFY(tile()->isVisible());
        // This process never, whatever it has measured so far.
        m_fixture->local.metricNames = {"m"};
        m_fixture->sources.setCurrent(SourceList::localId());
        QTRY_VERIFY(m_catalogue->known() && !m_catalogue->names().empty());
        QVERIFY(tile()->isVisible());
    }

    void whereNoDashboardIsMadeForItThereIsExplore()
    {
        m_names = {"weather_temperature_celsius"};
        choose("weather");
        QTRY_VERIFY(note()->isVisible());
        QSignalSpy wanted(m_page.get(), &OverviewPage::exploreWanted);
        QCOMPARE(button(0)->accessibleName(), QStringLiteral("Open Explore"));
        button(0)->click();
        QCOMPARE(wanted.size(), 1);
        QVERIFY(!button(1)->isVisible());
    }

    void theNoteIsSeenInBothThemes()
    {
        m_names = ofVllm;
        choose("far");
        QTRY_VERIFY(note()->isVisible());
        for (const auto mode : {ThemeMode::light, ThemeMode::dark}) {
            m_fixture->theme.setMode(mode);
            QTRY_COMPARE(find<QWidget>(*m_page, "overview.elsewhere.0")->grab().toImage().pixelColor(6, 14),
                         m_fixture->theme.tokens().accent);
            for (const char* name : {"overview.elsewhere.heading", "overview.elsewhere.text"}) {
                const auto* label = find<BreakingLabel>(*m_page, name);
                QVERIFY(label->height() >= label->heightForWidth(label->width()));
            }
        }
    }

    void theWindowOpensTheDashboard()
    {
        m_names = ofVllm;
        choose("far");
        MainWindow window(m_fixture->context());
        window.show();
        window.showPage(QStringLiteral("overview"));
        auto* vllm = find<QPushButton>(window, "overview.elsewhere.1");
        QTRY_VERIFY(vllm->isVisible());
        vllm->click();
        QCOMPARE(window.currentPage(), QStringLiteral("dashboards"));
        QCOMPARE(find<DashboardsPage>(window, "page.dashboards")->view()->accessibleName(), QStringLiteral("vLLM"));
        // As the user's choice, which a source with other metrics does not replace.
        QCOMPARE(m_fixture->settings.value(QStringLiteral("dashboards/current")).toString(), QStringLiteral("vllm"));
    }

    void whatTheSourceWarnsOfIsSaidOnce()
    {
        QTRY_VERIFY(tile()->value());
        QVERIFY(!bar()->isVisible());
        m_warnings = {"one store of <3> did not answer, %1 %2"};
        m_feed->refresh();
        QTRY_VERIFY(bar()->isVisible());
        QTRY_COMPARE(bar()->text(), QStringLiteral("The source warns: one store of <3> did not answer, %1 %2"));
        QTRY_VERIFY(bar()->y() < tile()->parentWidget()->y());
        m_warnings.emplace_back("too many series");
        m_feed->refresh();
        QTRY_COMPARE(bar()->text(),
                     QStringLiteral("The source warns: one store of <3> did not answer, %1 %2 (and 1 more)"));
        QVERIFY2(bar()->toolTip().contains(QStringLiteral("of &lt;3&gt; did"))
                     && bar()->toolTip().contains(QStringLiteral("too many series")),
                 qPrintable(bar()->toolTip()));
        QVERIFY(bar()->accessibleDescription().contains(QStringLiteral("too many series")));
        // A chart that stands alone is of the same answers.
        auto* chart = find<TimeSeriesChart>(*m_page, "chart.ttft");
        chart->setFocus();
        QTest::keyClick(chart, Qt::Key_F);
        QTRY_VERIFY(!tile()->isVisible() && bar()->isVisible());
        QTRY_VERIFY(chart->y() > bar()->y() && chart->height() > 500);
        QTest::keyClick(chart, Qt::Key_Escape);
        QTRY_VERIFY(tile()->isVisible() && bar()->isVisible());
        m_warnings.clear();
        m_feed->refresh();
        QTRY_VERIFY(!bar()->isVisible());
    }

    void aWarningThatWasDismissedDoesNotComeBack()
    {
        m_warnings = {std::string(5000, 'x')};
        m_feed->refresh();
        QTRY_VERIFY(bar()->isVisible());
        QVERIFY(bar()->text().size() < 300 && bar()->toolTip().size() > 5000);
        QTRY_VERIFY(tile()->value());
        find<QPushButton>(*m_page, "overview.warnings.0")->click();
        QVERIFY(!bar()->isVisible());
        const auto asked = m_fixture->local.calls().size();
        m_feed->refresh();
        QTRY_VERIFY(m_fixture->local.calls().size() > asked);
        QTest::qWait(50);
        QVERIFY(!bar()->isVisible());
        m_warnings = {"another"};
        m_feed->refresh();
        QTRY_VERIFY(bar()->isVisible());
        // The next source says its own.
        m_warnings.clear();
        choose("far");
        QVERIFY(!bar()->isVisible());
    }

private:
    Result<query::FramePtr> answer(const test::FakeSource::Call& call) const
    {
        const auto values = call.query.function == query::Function::heatmap
                                ? test::frameFor(call.range, "le", {{"1", 4}, {"+Inf", 12}})
                                : test::frameFor(call.range, "", {{"", 1}});
        auto frame = std::make_shared<query::Frame>(*values);
        frame->warnings = m_warnings;
        return frame;
    }
    void choose(const char* name) { m_fixture->sources.setCurrent(m_fixture->add(name)); }
    QWidget* note() const { return find<QWidget>(*m_page, "overview.elsewhere"); }
    QPushButton* button(int place) const
    {
        return find<QPushButton>(*m_page, qPrintable(QStringLiteral("overview.elsewhere.%1").arg(place)));
    }
    StatTile* tile() const { return find<StatTile>(*m_page, "tile.requestRate"); }
    NoticeBar* bar() const { return find<NoticeBar>(*m_page, "overview.warnings"); }

    std::vector<std::string> m_names; ///< of the next source
    bool m_silent = false;
    std::vector<std::string> m_warnings; ///< of every answer
    std::unique_ptr<test::ConsoleFixture> m_fixture;
    std::optional<ConsoleContext> m_context;
    std::unique_ptr<TimeRange> m_range;
    std::unique_ptr<MetricFeed> m_feed;
    std::unique_ptr<MetricCatalogue> m_catalogue;
    std::unique_ptr<OverviewPage> m_page;
};

QTEST_MAIN(TestOverviewSources)
#include "tst_overview_sources.moc"
