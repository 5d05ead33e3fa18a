// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sample_snapshots.h"
#include "support/page_judges.h"
#include "telemetry/exposition.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <limits>
#include <map>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using namespace tokenscope::test;
using Json = nlohmann::json;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
const std::string trace_id = "0af7651916cd43dd8448eb211c80319c";

QByteArray page(const Snapshot& snapshot)
{
    return QByteArray::fromStdString(write_openmetrics(snapshot));
}

HistogramValue one_bucket(double bound, std::optional<Exemplar> exemplar = {})
{
    return {.buckets = {{bound, 3, std::move(exemplar)}, {infinity, 4, {}}}, .sum = 2.5};
}

Json read(const QByteArray& page, PageFormat format)
{
    const auto judged = python_client(page, format);
    if (judged.code != 0)
        qWarning("%s", judged.output.constData());
    return judged.code == 0 ? Json::parse(judged.output.toStdString()) : Json();
}

/// Every sample by its name and labels.
std::map<std::string, std::string> values_of(const Json& families)
{
    std::map<std::string, std::string> values;
    for (const auto& family : families)
        for (const auto& sample : family["samples"])
            values[sample["name"].get<std::string>() + sample["labels"].dump()] = sample["value"].get<std::string>();
    return values;
}

} // namespace

/// OpenMetrics 1.0: to the byte, and as Prometheus' client for Python reads it.
class TstOpenmetrics : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothing_is_only_an_end()
    {
        QCOMPARE(page({}), QByteArray("# EOF\n"));
        QCOMPARE(page({{.name = "empty", .help = "No series.", .kind = MetricKind::counter, .series = {}}}),
                 QByteArray("# EOF\n"));
    }

    void counters_lose_their_suffix_in_the_family()
    {
        auto family = counter("process_cpu_seconds_total", 1.5, {{"a", "b"}});
        family.help = "CPU.";
        QCOMPARE(page({family}), QByteArray("# TYPE process_cpu_seconds counter\n"
                                            "# UNIT process_cpu_seconds seconds\n"
                                            "# HELP process_cpu_seconds CPU.\n"
                                            "process_cpu_seconds_total{a=\"b\"} 1.5\n"
                                            "# EOF\n"));
    }

    void a_counter_without_the_suffix_keeps_its_name()
    {
        QCOMPARE(page({counter("odd", 2)}), QByteArray("# TYPE odd unknown\nodd 2\n# EOF\n"));
        QCOMPARE(page({counter("_total", 2)}), QByteArray("# TYPE _total unknown\n_total 2\n# EOF\n"));
    }

    void units_are_only_those_that_stand_in_the_name()
    {
        QVERIFY(page({gauge("resident_memory_bytes", 1)}).contains("# UNIT resident_memory_bytes bytes\n"));
        for (const auto* name : {"seconds", "milliseconds", "bytes_received", "_seconds_"})
            QVERIFY2(!page({gauge(name, 1)}).contains("UNIT"), name);
    }

    void help_and_labels_are_escaped_alike()
    {
        auto family = gauge("g", 1, {{"l", "a\\b\n\"c\""}});
        family.help = "a\\b\n\"c\"";
        QCOMPARE(page({family}), QByteArray("# TYPE g gauge\n"
                                            "# HELP g a\\\\b\\n\\\"c\\\"\n"
                                            "g{l=\"a\\\\b\\n\\\"c\\\"\"} 1\n"
                                            "# EOF\n"));
    }

    void bounds_are_canonical_data()
    {
        QTest::addColumn<double>("bound");
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char* text, double bound) { QTest::newRow(text) << bound << QByteArray(text); };
        row("0.0", 0);
        row("1.0", 1);
        row("10.0", 10);
        row("2.5", 2.5);
        row("0.005", .005);
        row("0.0001", .0001);
        row("5e-05", .00005);
        row("1e-10", 1e-10);
        row("300.0", 300);
        row("100000.0", 1e5);
        row("1e+06", 1e6);
        row("1.048576e+06", 1'048'576);
        row("262144.0", 262'144);
        row("1e+10", 1e10);
        row("1e+100", 1e100);
        row("-1.0", -1);
        row("0.30000000000000004", 0.1 + 0.2);
    }

    void bounds_are_canonical()
    {
        QFETCH(double, bound);
        QFETCH(QByteArray, text);
        QCOMPARE(page({histogram("h", one_bucket(bound))}), "# TYPE h histogram\n"
                                                            "h_bucket{le=\""
                                                                + text
                                                                + "\"} 3\n"
                                                                  "h_bucket{le=\"+Inf\"} 4\n"
                                                                  "h_sum 2.5\n"
                                                                  "h_count 4\n"
                                                                  "# EOF\n");
    }

    void exemplars_stand_at_their_bucket()
    {
        const Exemplar exemplar{
            .trace_id = trace_id, .value = 0.067, .at = WallTime(std::chrono::milliseconds(1'520'879'607'009))};
        auto value = one_bucket(.1, exemplar);
        value.buckets.back().exemplar = Exemplar{.trace_id = "feed", .value = 7, .at = {}};
        const auto text = page({histogram("h", value, {{"m", "x"}})});
        QVERIFY2(text.contains("h_bucket{m=\"x\",le=\"0.1\"} 3 # {trace_id=\"0af7651916cd43dd8448eb211c80319c\"} 0.067 "
                               "1520879607.009\n"),
                 text);
        // Without a time there is none.
        QVERIFY2(text.contains("h_bucket{m=\"x\",le=\"+Inf\"} 4 # {trace_id=\"feed\"} 7\nh_sum"), text);
    }

    void hostile_exemplars_do_no_harm()
    {
        const auto with_id = [](std::string id) {
            return page({histogram("h", one_bucket(.1, Exemplar{.trace_id = std::move(id), .value = 1, .at = {}}))});
        };
        QVERIFY2(with_id("\"} 1\nh 2").contains("# {trace_id=\"\\\"} 1\\nh 2\"} 1\n"), with_id("\"} 1\nh 2"));
        QVERIFY(with_id(std::string(120, 'a')).contains(" # {"));
        QVERIFY(!with_id(std::string(121, 'a')).contains(" # {")); // 128 characters, the name included
    }

    void forbidden_totals_are_left_out()
    {
        auto family = counter("c_total", not_a_number, {{"a", "1"}});
        family.series.push_back({.labels = {{"a", "2"}}, .value = -1.0});
        family.series.push_back({.labels = {{"a", "3"}}, .value = 3.0});
        auto broken_sum = one_bucket(1);
        broken_sum.sum = not_a_number;
        const auto text = page({family, histogram("h", broken_sum), gauge("g", not_a_number), gauge("i", -infinity)});
        QCOMPARE(text, QByteArray("# TYPE c counter\nc_total{a=\"3\"} 3\n"
                                  "# TYPE g gauge\ng NaN\n"
                                  "# TYPE h histogram\nh_bucket{le=\"1.0\"} 3\nh_bucket{le=\"+Inf\"} 4\n"
                                  "# TYPE i gauge\ni -Inf\n"
                                  "# EOF\n"));
        if (have_python_client())
            QCOMPARE(read(text, PageFormat::openmetrics).size(), std::size_t(4));
    }

    void python_reads_the_whole_catalogue()
    {
        if (!have_python_client())
            QSKIP("prometheus_client (Debian package python3-prometheus-client) is not installed.");
        const auto snapshot = whole_catalogue();
        const auto families = read(page(snapshot), PageFormat::openmetrics);
        QCOMPARE(families.size(), snapshot.size());
        std::size_t exemplars = 0;
        std::size_t hostile = 0;
        std::size_t buckets = 0;
        for (const auto& family : families)
            for (const auto& sample : family["samples"]) {
                const auto& labels = sample["labels"];
                buckets += labels.contains("le") ? 1 : 0;
                hostile += std::any_of(labels.begin(), labels.end(),
                                       [](const Json& value) { return value == std::string(hostile_value); })
                               ? 1
                               : 0;
                if (sample["exemplar"].is_null())
                    continue;
                ++exemplars;
                QCOMPARE(sample["exemplar"]["labels"]["trace_id"].get<std::string>(), std::string(32, 'a'));
                QCOMPARE(sample["exemplar"]["timestamp"].get<double>(), 9 * 3600.0);
            }
        QVERIFY(exemplars > 50);
        QCOMPARE(exemplars, buckets);
        QVERIFY(hostile > 50);
    }

    void python_reads_the_same_in_both_formats()
    {
        if (!have_python_client())
            QSKIP("prometheus_client (Debian package python3-prometheus-client) is not installed.");
        auto snapshot = whole_catalogue();
        // Its reader of the text format does not read a brace inside a value.
        for (auto& family : snapshot)
            for (auto& series : family.series)
                for (auto& label : series.labels)
                    std::replace(label.value.begin(), label.value.end(), '}', ')');
        const auto text = values_of(read(QByteArray::fromStdString(write_text(snapshot)), PageFormat::text));
        const auto openmetrics = values_of(read(page(snapshot), PageFormat::openmetrics));
        QVERIFY(text.size() > 100);
        QCOMPARE(openmetrics, text);
    }

    void python_can_say_no()
    {
        if (!have_python_client())
            QSKIP("prometheus_client (Debian package python3-prometheus-client) is not installed.");
        const auto code = [](const char* text) { return python_client(text, PageFormat::openmetrics).code; };
        QCOMPARE(code("# TYPE c counter\nc_total 1\n# EOF\n"), 0);
        QVERIFY(code("# TYPE c counter\nc_total 1\n") != 0);
        QVERIFY(code("# TYPE c counter\nc 1\n# EOF\n") != 0);
        QVERIFY(code("# TYPE c counter\nc_total -1\n# EOF\n") != 0);
        QVERIFY(code("# TYPE h histogram\nh_bucket{le=\"1\"} 1\n# EOF\n") != 0);
    }
};

QTEST_GUILESS_MAIN(TstOpenmetrics)
#include "tst_openmetrics.moc"
