// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sample_snapshots.h"
#include "support/page_judges.h"
#include "telemetry/exposition.h"

#include <QtTest>

#include <algorithm>
#include <clocale>
#include <limits>
#include <locale>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using namespace tokenscope::test;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

QByteArray page(const Snapshot& snapshot)
{
    return QByteArray::fromStdString(write_text(snapshot));
}

/// Decimal commas and grouping in both the C and the C++ locale, whatever locales this machine has.
struct CommaPunctuation : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
};

HistogramValue five_buckets()
{
    return {.buckets = {{0.0005, 1, {}}, {0.1, 2, {}}, {1, 5, {}}, {300, 6, {}}, {infinity, 7, {}}}, .sum = 8.25};
}

/// Names that are a contract, and not what the linter would have.
bool is_contract(const QByteArray& complaint)
{
    const QByteArrayList names = {"gpu_memory_mb ", "conversation_active_count ", "worker_latency_ms "};
    return std::any_of(names.begin(), names.end(), [&](const auto& name) { return complaint.startsWith(name); });
}

} // namespace

/// The text format 0.0.4, and what is common to all pages.
class TstExposition : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothing_is_an_empty_page()
    {
        QCOMPARE(page({}), QByteArray());
        QCOMPARE(page({{.name = "empty", .help = "No series yet.", .kind = MetricKind::counter, .series = {}}}),
                 QByteArray());
    }

    void escapes()
    {
        auto family = gauge("g", 1, {{"l", "a \\ b\nc \"d\" \xE6\xA8\xA1"}});
        family.help = "a \\ b\nc \"d\"";
        QCOMPARE(page({family}), QByteArray("# HELP g a \\\\ b\\nc \"d\"\n"
                                            "# TYPE g gauge\n"
                                            "g{l=\"a \\\\ b\\nc \\\"d\\\" \xE6\xA8\xA1\"} 1\n"));
    }

    void escapes_at_the_ends()
    {
        QCOMPARE(page({gauge("g", 1, {{"l", "\"\n\\"}})}), QByteArray("# TYPE g gauge\ng{l=\"\\\"\\n\\\\\"} 1\n"));
    }

    void without_help_there_is_no_help_line() { QCOMPARE(page({gauge("g", 1)}), QByteArray("# TYPE g gauge\ng 1\n")); }

    void special_values_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("NaN") << std::numeric_limits<double>::quiet_NaN() << QByteArray("NaN");
        QTest::newRow("+Inf") << infinity << QByteArray("+Inf");
        QTest::newRow("-Inf") << -infinity << QByteArray("-Inf");
        QTest::newRow("17 digits") << 0.30000000000000004 << QByteArray("0.30000000000000004");
        QTest::newRow("large") << 1e20 << QByteArray("1e+20");
        QTest::newRow("longest plain") << 0.00010000000000000001 * 1.2345678901234567
                                       << QByteArray("0.00012345678901234567");
    }

    void special_values()
    {
        QFETCH(double, value);
        QFETCH(QByteArray, text);
        QCOMPARE(page({gauge("g", value)}), "# TYPE g gauge\ng " + text + "\n");
    }

    void counters_and_gauges()
    {
        QCOMPARE(page({gauge("g", -4.5), counter("c_total", 3, {{"a", "b"}})}),
                 QByteArray("# TYPE c_total counter\nc_total{a=\"b\"} 3\n# TYPE g gauge\ng -4.5\n"));
    }

    void histograms()
    {
        auto family = histogram("h_seconds", five_buckets(), {{"model", "m"}});
        family.help = "H.";
        // Exemplars have no place in this format.
        std::get<HistogramValue>(family.series[0].value).buckets[1].exemplar =
            Exemplar{.trace_id = "abc", .value = 0.07, .at = {}};
        QCOMPARE(page({family}), QByteArray("# HELP h_seconds H.\n"
                                            "# TYPE h_seconds histogram\n"
                                            "h_seconds_bucket{model=\"m\",le=\"0.0005\"} 1\n"
                                            "h_seconds_bucket{model=\"m\",le=\"0.1\"} 2\n"
                                            "h_seconds_bucket{model=\"m\",le=\"1\"} 5\n"
                                            "h_seconds_bucket{model=\"m\",le=\"300\"} 6\n"
                                            "h_seconds_bucket{model=\"m\",le=\"+Inf\"} 7\n"
                                            "h_seconds_sum{model=\"m\"} 8.25\n"
                                            "h_seconds_count{model=\"m\"} 7\n"));

        const auto samples = flatten({family});
        QCOMPARE(samples.size(), std::size_t{7});
        QCOMPARE(samples[2], (FlatSample{"h_seconds_bucket", {{"le", "1"}, {"model", "m"}}, 5, true}));
        QCOMPARE(samples[4], (FlatSample{"h_seconds_bucket", {{"le", "+Inf"}, {"model", "m"}}, 7, true}));
        QCOMPARE(samples[5], (FlatSample{"h_seconds_sum", {{"model", "m"}}, 8.25, true}));
        QCOMPARE(samples[6], (FlatSample{"h_seconds_count", {{"model", "m"}}, 7, true}));
    }

    void histograms_of_other_buckets_do_not_mix()
    {
        auto family = histogram("h", {.buckets = {{1, 1, {}}, {2, 1, {}}, {infinity, 1, {}}}, .sum = 1}, {{"a", "1"}});
        family.series.push_back(
            {.labels = {{"a", "2"}}, .value = HistogramValue{.buckets = {{5, 2, {}}, {infinity, 2, {}}}, .sum = 2}});
        QVERIFY2(page({family}).contains("h_bucket{a=\"2\",le=\"5\"} 2\nh_bucket{a=\"2\",le=\"+Inf\"} 2\n"),
                 page({family}));
    }

    void a_histogram_without_labels()
    {
        QCOMPARE(page({histogram("h", {.buckets = {{infinity, 2, {}}}, .sum = 3})}),
                 QByteArray("# TYPE h histogram\nh_bucket{le=\"+Inf\"} 2\nh_sum 3\nh_count 2\n"));
    }

    void order_does_not_depend_on_the_snapshots()
    {
        auto first = gauge("b", 1, {{"a", "1"}, {"x", "2"}});
        auto second = gauge("b", 2, {{"a", "0"}, {"x", "9"}});
        const auto series_of_first = first.series[0];
        first.series.push_back(second.series[0]);
        second.series.push_back(series_of_first);
        const auto other = gauge("a", 0);
        QCOMPARE(page({first, other}), page({other, second}));
        QCOMPARE(page({first, other}),
                 QByteArray("# TYPE a gauge\na 0\n# TYPE b gauge\nb{a=\"0\",x=\"9\"} 2\nb{a=\"1\",x=\"2\"} 1\n"));
    }

    void any_locale_gives_the_same_pages_data()
    {
        QTest::addColumn<QByteArray>("locale");
        QTest::newRow("own C++ locale with commas") << QByteArray();
        QTest::newRow("de_DE") << QByteArray("de_DE.UTF-8");
    }

    void any_locale_gives_the_same_pages()
    {
        QFETCH(QByteArray, locale);
        auto with_exemplar = five_buckets();
        with_exemplar.buckets[1].exemplar =
            Exemplar{.trace_id = "abc", .value = 1234.5, .at = WallTime(std::chrono::milliseconds(1'234'567'891))};
        const Snapshot snapshot{gauge("g", 1234567.25), histogram("h", with_exemplar)};
        const auto all = [&snapshot] {
            return QByteArray::fromStdString(write_text(snapshot) + write_openmetrics(snapshot)
                                             + write_json(snapshot, {}, {.backend = "memory", .responses = 123'456}));
        };
        const auto expected = all();
        QVERIFY2(expected.startsWith("# TYPE g gauge\ng 1234567.25\n"), expected);
        QVERIFY2(expected.contains("1234.5 1234567.891\n"), expected);

        const std::string before = std::setlocale(LC_ALL, nullptr);
        const auto restore_cpp = std::locale();
        if (locale.isEmpty())
            std::locale::global(std::locale(std::locale::classic(), new CommaPunctuation));
        else if (!std::setlocale(LC_ALL, locale.constData()))
            QSKIP("This machine does not have the locale.");
        const auto actual = all();
        std::locale::global(restore_cpp);
        std::setlocale(LC_ALL, before.c_str());
        QCOMPARE(actual, expected);
    }

    void flatten_tells_what_the_page_tells()
    {
        const auto snapshot = whole_catalogue();
        const auto lines = page(snapshot).split('\n');
        const auto count = std::count_if(lines.begin(), lines.end(), [](const QByteArray& line) {
            return !line.isEmpty() && !line.startsWith('#');
        });
        QCOMPARE(flatten(snapshot).size(), static_cast<std::size_t>(count));
    }

    void promtool_accepts_the_whole_catalogue()
    {
        if (!have_promtool())
            QSKIP("promtool is not installed.");
        const auto verdict = promtool(page(whole_catalogue()));
        QVERIFY2(verdict.code == 0 || verdict.code == 3, verdict.output);
        for (const auto& complaint : verdict.output.trimmed().split('\n'))
            QVERIFY2(complaint.isEmpty() || is_contract(complaint), complaint);
    }

    void promtool_can_say_no()
    {
        if (!have_promtool())
            QSKIP("promtool is not installed.");
        QVERIFY(promtool("# TYPE g gauge\ng{l=\"a} 1\n").code != 0);
    }
};

QTEST_GUILESS_MAIN(TstExposition)
#include "tst_exposition.moc"
