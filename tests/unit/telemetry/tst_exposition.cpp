// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/exposition.h"
#include "telemetry/metrics.h"

#include <QtTest>

#include <QProcess>
#include <QStandardPaths>

#include <algorithm>
#include <clocale>
#include <limits>
#include <locale>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using namespace std::chrono_literals;

namespace {

FamilySnapshot gauge(std::string name, std::string help, double value, Labels labels = {})
{
    return {std::move(name), std::move(help), MetricKind::gauge, {{std::move(labels), value}}};
}

QByteArray page(const Snapshot& families)
{
    return QByteArray::fromStdString(write_text(families));
}

/// Decimal commas and grouping in both the C and the C++ locale, whatever locales this machine has.
struct CommaPunctuation : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
};

void fill(Metrics& metrics)
{
    const Target odd{"ollama", "quote\" back\\slash new\nline \xE6\xA8\xA1 \xFF"};
    metrics.tokens().first_token(odd, 120ms);
    metrics.tokens().inter_token(odd, 20ms, 3);
    metrics.tokens().usage(odd, {.prompt = 3, .completion = 4, .total = 7, .estimated = true});
    metrics.tokens().finished(odd, RequestStatus::success, 2s);
    metrics.http().started();
    metrics.http().finished("POST", "/v1/chat/completions", 200, 2s);
    metrics.declare_provider("ollama");
    metrics.queues().waited("ollama", 1ms);
    metrics.set_cpu(1e-7);
    metrics.set_process(
        {.cpu_seconds = 1, .resident_bytes = 1e9, .open_fds = 3, .max_fds = 1024, .start_time_seconds = 1.7e9});
}

struct Verdict {
    int code = -1;
    QByteArray output;
};

Verdict promtool(const std::string& text)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QStringLiteral("promtool"), {QStringLiteral("check"), QStringLiteral("metrics")});
    process.write(text.data(), static_cast<qint64>(text.size()));
    process.closeWriteChannel();
    if (!process.waitForFinished(20'000))
        return {};
    return {process.exitCode(), process.readAll()};
}

bool havePromtool()
{
    return !QStandardPaths::findExecutable(QStringLiteral("promtool")).isEmpty();
}

} // namespace

class TstExposition : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingIsAnEmptyPage()
    {
        QCOMPARE(page({}), QByteArray());
        QCOMPARE(page({{"empty", "No series yet.", MetricKind::counter, {}}}), QByteArray());
    }

    void escapes()
    {
        QCOMPARE(page({gauge("g", "a \\ b\nc \"d\"", 1, {{"l", "a \\ b\nc \"d\" \xE6\xA8\xA1"}})}),
                 QByteArray("# HELP g a \\\\ b\\nc \"d\"\n"
                            "# TYPE g gauge\n"
                            "g{l=\"a \\\\ b\\nc \\\"d\\\" \xE6\xA8\xA1\"} 1\n"));
    }

    void withoutHelpThereIsNoHelpLine() { QCOMPARE(page({gauge("g", "", 1)}), QByteArray("# TYPE g gauge\ng 1\n")); }

    void specialValues_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("NaN") << std::numeric_limits<double>::quiet_NaN() << QByteArray("NaN");
        QTest::newRow("+Inf") << std::numeric_limits<double>::infinity() << QByteArray("+Inf");
        QTest::newRow("-Inf") << -std::numeric_limits<double>::infinity() << QByteArray("-Inf");
        QTest::newRow("17 digits") << 0.30000000000000004 << QByteArray("0.30000000000000004");
    }

    void specialValues()
    {
        QFETCH(double, value);
        QFETCH(QByteArray, text);
        QCOMPARE(page({gauge("g", "", value)}), "# TYPE g gauge\ng " + text + "\n");
    }

    void countersAndHistograms()
    {
        const HistogramValue value{.buckets = {{0.0005, 1, {}},
                                               {0.1, 2, {}},
                                               {1, 5, {}},
                                               {300, 6, {}},
                                               {std::numeric_limits<double>::infinity(), 7, {}}},
                                   .sum = 8.25};
        const Snapshot families{{"h_seconds", "H.", MetricKind::histogram, {{{{"model", "m"}}, value}}},
                                {"c_total", "", MetricKind::counter, {{{}, 3.0}}}};
        QCOMPARE(page(families), QByteArray("# TYPE c_total counter\nc_total 3\n"
                                            "# HELP h_seconds H.\n"
                                            "# TYPE h_seconds histogram\n"
                                            "h_seconds_bucket{model=\"m\",le=\"0.0005\"} 1\n"
                                            "h_seconds_bucket{model=\"m\",le=\"0.1\"} 2\n"
                                            "h_seconds_bucket{model=\"m\",le=\"1\"} 5\n"
                                            "h_seconds_bucket{model=\"m\",le=\"300\"} 6\n"
                                            "h_seconds_bucket{model=\"m\",le=\"+Inf\"} 7\n"
                                            "h_seconds_sum{model=\"m\"} 8.25\n"
                                            "h_seconds_count{model=\"m\"} 7\n"));

        const auto samples = flatten(families);
        QCOMPARE(samples.size(), std::size_t{8});
        QCOMPARE(samples[5], (FlatSample{"h_seconds_bucket", {{"le", "+Inf"}, {"model", "m"}}, 7, true}));
        QCOMPARE(samples[6], (FlatSample{"h_seconds_sum", {{"model", "m"}}, 8.25, true}));
        QCOMPARE(samples[7], (FlatSample{"h_seconds_count", {{"model", "m"}}, 7, true}));
    }

    void orderDoesNotDependOnTheSnapshots()
    {
        auto first = gauge("b", "", 1, {{"a", "1"}, {"x", "2"}});
        first.series.push_back(gauge("b", "", 2, {{"a", "0"}, {"x", "9"}}).series[0]);
        auto second = gauge("b", "", 2, {{"a", "0"}, {"x", "9"}});
        second.series.push_back(gauge("b", "", 1, {{"a", "1"}, {"x", "2"}}).series[0]);
        const auto other = gauge("a", "", 0);
        QCOMPARE(page({first, other}), page({other, second}));
        QCOMPARE(page({first, other}),
                 QByteArray("# TYPE a gauge\na 0\n# TYPE b gauge\nb{a=\"0\",x=\"9\"} 2\nb{a=\"1\",x=\"2\"} 1\n"));
    }

    void anyLocaleGivesTheSamePage_data()
    {
        QTest::addColumn<QByteArray>("locale");
        QTest::newRow("own C++ locale with commas") << QByteArray();
        QTest::newRow("de_DE") << QByteArray("de_DE.UTF-8");
    }

    void anyLocaleGivesTheSamePage()
    {
        QFETCH(QByteArray, locale);
        const Snapshot families{gauge("g", "", 1234567.25)};
        const auto expected = page(families);
        QCOMPARE(expected, QByteArray("# TYPE g gauge\ng 1234567.25\n"));

        const std::string before = std::setlocale(LC_ALL, nullptr);
        const auto restore_cpp = std::locale();
        if (locale.isEmpty())
            std::locale::global(std::locale(std::locale::classic(), new CommaPunctuation));
        else if (!std::setlocale(LC_ALL, locale.constData()))
            QSKIP("This machine does not have the locale.");
        const auto actual = page(families);
        std::locale::global(restore_cpp);
        std::setlocale(LC_ALL, before.c_str());
        QCOMPARE(actual, expected);
    }

    void flattenTellsWhatThePageTells()
    {
        Metrics metrics({"1", "6.4.2"});
        fill(metrics);
        const auto families = metrics.collect();
        const auto lines = page(families).split('\n');
        const auto count = std::count_if(lines.begin(), lines.end(), [](const QByteArray& line) {
            return !line.isEmpty() && !line.startsWith('#');
        });
        QCOMPARE(flatten(families).size(), static_cast<std::size_t>(count));
    }

    void promtoolAcceptsThePage()
    {
        if (!havePromtool())
            QSKIP("promtool is not installed.");
        Metrics metrics({"1", "6.4.2"});
        fill(metrics);
        const auto verdict = promtool(write_text(metrics.collect()));
        QCOMPARE(verdict.output, QByteArray());
        QCOMPARE(verdict.code, 0);
    }

    void promtoolObjectsOnlyToTheNameOfGpuMemory()
    {
        // The name is a contract; the linter would have it in bytes. Everything else about the page must be fine.
        if (!havePromtool())
            QSKIP("promtool is not installed.");
        Metrics metrics({"1", ""});
        fill(metrics);
        metrics.set_gpus({{"0", "A \"GPU\"", 50.0, 1e9}});
        const auto verdict = promtool(write_text(metrics.collect()));
        QCOMPARE(verdict.output.trimmed(),
                 QByteArray("gpu_memory_mb metric names should not contain abbreviated units"));
        QCOMPARE(verdict.code, 3);
    }

    void promtoolCanSayNo()
    {
        if (!havePromtool())
            QSKIP("promtool is not installed.");
        QVERIFY(promtool("# TYPE g gauge\ng{l=\"a} 1\n").code != 0);
    }
};

QTEST_GUILESS_MAIN(TstExposition)
#include "tst_exposition.moc"
