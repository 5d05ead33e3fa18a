// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bridge/time_range.h"
#include "charts/time_series_chart.h"
#include "console_fixture.h"
#include "pages/common/outcome_box.h"
#include "pages/targets/compare_view.h"

#include <QComboBox>
#include <QLabel>
#include <QtTest>

#include <algorithm>
#include <cmath>

using namespace tokenscope;
using namespace tokenscope::ui;
using namespace std::chrono_literals;
using test::FakeSource;

namespace {

Result<query::FramePtr> latency(const FakeSource::Call& call)
{
    if (call.query.function == query::Function::mean)
        return test::frameFor(call.range, "of", {{"all", 1}});
    return test::frameFor(call.range, "quantile", {{"0.5", 1}, {"0.95", 1}});
}

/// One provider, whose server a Prometheus scrapes that answers when it is told to.
struct Bench : test::ConsoleFixture {
    explicit Bench(bool promql)
    {
        local.script = latency;
        remoteAtOnce = false;
        prepare = [promql](FakeSource& source) {
            source.canPromql = promql;
            source.metricNames = {"vllm:e2e_request_latency_seconds_bucket", "vllm:time_to_first_token_seconds_bucket"};
            source.labelValues = {"127.0.0.1:8000"};
        };
        add("prom");
        view.resize(1000, 500);
        view.show();
    }
    FakeSource& far() { return *remote["prom"]; }
    OutcomeBox* trouble() const { return view.findChild<OutcomeBox*>(QStringLiteral("compare.trouble")); }
    const query::Frame* shown() const
    {
        const auto* chart = view.findChild<TimeSeriesChart*>(QStringLiteral("compare.first"));
        return chart ? chart->frame().get() : nullptr;
    }

    ConsoleContext withProvider()
    {
        auto made = context();
        made.providers = [] { return std::vector<ProviderAddress>{{"vllm", "http://localhost:8000/v1"}}; };
        return made;
    }

    ConsoleContext console = withProvider();
    TimeRange range{clock};
    CompareView view{console, range};
};

/// A Prometheus that says nothing for now, and after it in the list the server's own page.
struct TwoBench : test::ConsoleFixture {
    TwoBench()
    {
        local.script = latency;
        remoteAtOnce = false;
        prepare = [](FakeSource& source) {
            const bool page = source.name() == "page";
            source.silent = !page;
            source.canPromql = !page;
            source.metricNames = {"vllm:e2e_request_latency_seconds_bucket", "vllm:time_to_first_token_seconds_bucket"};
            source.labelValues = {"127.0.0.1:8000"};
            if (page)
                source.script = latency;
        };
        add("far");
        auto connection = test::SourceFixture::connection("page");
        connection.kind = sources::ConnectionKind::page;
        connection.url = "http://127.0.0.1:8000/metrics";
        page = sources.save(connection).value_or(QString());
        view.resize(1000, 500);
        view.show();
    }
    OutcomeBox* trouble() const { return view.findChild<OutcomeBox*>(QStringLiteral("compare.trouble")); }
    /// When that side's mean has its last value.
    std::int64_t lastOf(const char* side) const
    {
        const auto frame = view.findChild<TimeSeriesChart*>(QStringLiteral("compare.first"))->frame();
        for (const auto& column : frame->columns) {
            if (column.labels != query::Labels{{"of", side}})
                continue;
            const auto found = std::find_if(column.values.rbegin(), column.values.rend(),
                                            [](double value) { return std::isfinite(value); });
            const auto index = column.values.rend() - found - 1;
            return index < 0 ? 0 : frame->times[static_cast<std::size_t>(index)];
        }
        return -1;
    }
    QComboBox* box() const { return view.findChild<QComboBox*>(QStringLiteral("compare.pair")); }
    bool drawn(const char* chart) const
    {
        return view.findChild<TimeSeriesChart*>(QLatin1StringView(chart))->frame() != nullptr;
    }

    ConsoleContext withProvider()
    {
        auto made = context();
        made.providers = [] { return std::vector<ProviderAddress>{{"up", "http://localhost:8000/v1"}}; };
        return made;
    }

    QString page;
    ConsoleContext console = withProvider();
    TimeRange range{clock};
    CompareView view{console, range};
};

} // namespace

class TestCompareView : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// It would never show anything of a server that takes longer than it waits between two rounds.
    void aSlowServerIsWaitedFor()
    {
        Bench bench(false);
        QTRY_COMPARE(bench.far().calls().size(), std::size_t{4});
        QTest::qWait(6'000); // of rounds every 5 s
        const auto calls = bench.far().takeCalls();
        QCOMPARE(calls.size(), std::size_t{4});
        for (const auto& call : calls) {
            QVERIFY(!call.cancel.cancelled());
            call.done(latency(call));
        }
        QTRY_VERIFY(bench.shown());
        QTRY_COMPARE_WITH_TIMEOUT(bench.far().calls().size(), std::size_t{4}, 10'000); // and asked again after that
    }

    /// What is asked anew is not answered by what was asked before.
    void anotherTimeIsAskedAtOnce()
    {
        Bench bench(false);
        QTRY_COMPARE(bench.far().calls().size(), std::size_t{4});
        const auto before = bench.far().takeCalls();
        bench.range.setWindowMs(3'600'000);
        QCOMPARE(bench.far().calls().size(), std::size_t{4});
        for (const auto& call : before)
            QVERIFY(call.cancel.cancelled());
    }

    /// Of both sides, since the gap is between the same requests.
    void windowsHoldTwoScrapesOfTheServer()
    {
        Bench bench(true);
        QTRY_VERIFY(!bench.far().calls().empty());
        for (const auto& call : bench.far().takeCalls()) {
            if (!call.expression.empty())
                call.done(test::frameOf({90})); // seconds between samples
        }
        QTRY_COMPARE(bench.far().calls().size(), std::size_t{4});
        const auto window = [](const std::vector<FakeSource::Call>& calls) { return calls.back().query.window; };
        QCOMPARE(window(bench.far().calls()), std::chrono::milliseconds(180s));
        QCOMPARE(window(bench.local.calls()), std::chrono::milliseconds(180s));
    }

    /// Who looks at a server's numbers goes on looking at them; no numbers stand under another's name.
    void aPairThatIsFoundLaterDoesNotTakeThePlace()
    {
        TwoBench bench;
        QTRY_COMPARE(bench.box()->currentText(), QStringLiteral("up · by page"));
        QTRY_VERIFY(bench.drawn("compare.first") && bench.drawn("compare.total"));
        bench.remote["far"]->silent = false;
        bench.view.refresh();
        QTRY_COMPARE(bench.box()->count(), 2);
        QCOMPARE(bench.box()->currentText(), QStringLiteral("up · by page"));
        QVERIFY(bench.drawn("compare.first") && bench.drawn("compare.total"));
        // It is gone: what is asked of the other one has no answer yet.
        QVERIFY(bench.sources.remove(bench.page));
        QTRY_VERIFY(bench.box()->currentText().startsWith(QStringLiteral("up · by far")));
        QVERIFY(!bench.drawn("compare.first") && !bench.drawn("compare.total"));
    }

    /// A gap between a bucket's guess and an exact percentile is no finding.
    void theNoteSaysWhatBucketsCannotTell()
    {
        const TwoBench bench;
        const auto note = bench.view.findChild<QLabel*>(QStringLiteral("compare.about"))->text();
        QVERIFY2(note.contains(QStringLiteral("only as fine as the buckets")), qPrintable(note));
        QVERIFY2(note.contains(QStringLiteral("starts or stops")), qPrintable(note));
    }

    /// The window of a mean would carry its lines on for two minutes more.
    void aPageThatStopsIsSaidAndNotDrawnOn()
    {
        TwoBench bench;
        QTRY_VERIFY(bench.drawn("compare.first") && bench.drawn("compare.total"));
        QVERIFY(!bench.trouble()->isVisible());
        auto& page = *bench.remote["page"];
        const auto last = bench.range.end() - 30'000;
        page.health = {sources::Health::bad, "http://127.0.0.1:8000 refused the connection.", last, {}};
        bench.view.refresh();
        QTRY_VERIFY(bench.trouble()->isVisible());
        QCOMPARE(bench.trouble()->message(),
                 QStringLiteral("The lines of “page” end where its last answer was: http://127.0.0.1:8000 refused the "
                                "connection."));
        QTRY_VERIFY(bench.lastOf("server") <= last);
        QVERIFY(bench.lastOf("server") > last - 10'000);
        QVERIFY(bench.lastOf("gap") <= last);
        QVERIFY(bench.lastOf("client") > last + 10'000);

        page.health = {sources::Health::good, "9 samples.", bench.range.end(), {}};
        bench.view.refresh();
        QTRY_VERIFY(!bench.trouble()->isVisible());
        QTRY_VERIFY(bench.lastOf("server") > last + 10'000);
    }

    /// What is shown is from before it stopped.
    void aPageThatStoppedLaterIsNoTrouble()
    {
        TwoBench bench;
        QTRY_VERIFY(bench.drawn("compare.first") && bench.drawn("compare.total"));
        const auto end = bench.range.end() - 3'600'000;
        bench.remote["page"]->health = {sources::Health::bad, "It refused the connection.", end + 60'000, {}};
        bench.range.setFixed({end - 60'000, end});
        QTRY_VERIFY(bench.lastOf("server") > end - 10'000 && bench.lastOf("server") <= end);
        QVERIFY(!bench.trouble()->isVisible());
    }

    void aServerThatFailsIsNamed()
    {
        Bench bench(false);
        QTRY_COMPARE(bench.far().calls().size(), std::size_t{4});
        for (const auto& call : bench.far().takeCalls())
            call.done(failure(Error{.code = ErrorCode::upstream_unreachable, .message = "Nobody listens there."}));
        QTRY_VERIFY(bench.trouble()->isVisible());
        QCOMPARE(bench.trouble()->message(), QStringLiteral("“prom” has not answered yet: Nobody listens there."));
    }
};

QTEST_MAIN(TestCompareView)
#include "tst_compare_view.moc"
