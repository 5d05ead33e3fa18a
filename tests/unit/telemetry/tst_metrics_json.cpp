// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sample_snapshots.h"
#include "telemetry/exposition.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <limits>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using namespace tokenscope::test;
using Json = nlohmann::json;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

QByteArray page(const Snapshot& snapshot, const StoreFacts& store = {.backend = "memory"})
{
    return QByteArray::fromStdString(
        write_json(snapshot, WallTime(std::chrono::milliseconds(1'700'000'000'007)), store));
}

/// The one sample of the one family.
Json sample_of(const Snapshot& snapshot)
{
    return Json::parse(page(snapshot).toStdString())["metrics"][0]["samples"][0];
}

} // namespace

class TstMetricsJson : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothing_is_an_empty_list()
    {
        QCOMPARE(page({}), QByteArray(R"({"timestamp":"2023-11-14T22:13:20.007Z","database":{"backend":"memory",)"
                                      R"("responses":0,"degraded":false,"ttl_seconds":0},"metrics":[]})"
                                      "\n"));
    }

    void the_store_is_described()
    {
        const auto json = Json::parse(page({}, {.backend = "sqlite",
                                                .responses = 12,
                                                .degraded = true,
                                                .path = "/home/\"me\"/\xFF.db",
                                                .ttl = std::chrono::hours(1)})
                                          .toStdString());
        QCOMPARE(json["database"].dump(), Json({{"backend", "sqlite"},
                                                {"responses", 12},
                                                {"degraded", true},
                                                {"path", "/home/\"me\"/\xEF\xBF\xBD.db"},
                                                {"ttl_seconds", 3600}})
                                              .dump());
    }

    void samples_carry_labels_and_value()
    {
        auto family = counter("c_total", 0.30000000000000004, {{"a", "x"}, {"b", "\"\\\n\xE6\xA8\xA1"}});
        family.help = "Counts \"it\".\n";
        QCOMPARE(Json::parse(page({family}).toStdString())["metrics"].dump(),
                 Json::array({{{"name", "c_total"},
                               {"help", "Counts \"it\".\n"},
                               {"type", "counter"},
                               {"samples", Json::array({{{"labels", {{"a", "x"}, {"b", "\"\\\n\xE6\xA8\xA1"}}},
                                                         {"value", 0.30000000000000004}}})}}})
                     .dump());
    }

    void values_are_numbers_or_words_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("integer") << 3.0 << QByteArray("3");
        QTest::newRow("small") << 1e-7 << QByteArray("1e-07");
        QTest::newRow("large") << 1e300 << QByteArray("1e+300");
        QTest::newRow("negative") << -2.5 << QByteArray("-2.5");
        QTest::newRow("NaN") << std::numeric_limits<double>::quiet_NaN() << QByteArray("\"NaN\"");
        QTest::newRow("+Inf") << infinity << QByteArray("\"+Inf\"");
        QTest::newRow("-Inf") << -infinity << QByteArray("\"-Inf\"");
    }

    void values_are_numbers_or_words()
    {
        QFETCH(double, value);
        QFETCH(QByteArray, json);
        const auto text = page({gauge("g", value)});
        QVERIFY2(text.contains(QByteArray("{\"labels\":{},\"value\":" + json + "}")), text);
        QVERIFY2(Json::accept(text.toStdString()), text);
    }

    void histograms_have_buckets_and_quantiles()
    {
        // 10 up to 1, 80 more up to 2, and 10 above: by linear interpolation the median is 1 + (50 - 10) / 80.
        const auto sample = sample_of(
            {histogram("h", {.buckets = {{1, 10, {}}, {2, 90, {}}, {infinity, 100, {}}}, .sum = 150.5}, {{"m", "x"}})});
        QCOMPARE(sample.dump(), Json({{"labels", {{"m", "x"}}},
                                      {"buckets", Json::array({{{"le", 1}, {"count", 10}},
                                                               {{"le", 2}, {"count", 90}},
                                                               {{"le", "+Inf"}, {"count", 100}}})},
                                      {"sum", 150.5},
                                      {"count", 100},
                                      {"quantiles", {{"0.5", 1.5}, {"0.9", 2}, {"0.95", 2}, {"0.99", 2}}}})
                                    .dump());
    }

    void empty_histograms_have_no_quantiles()
    {
        const auto sample = sample_of({histogram("h", {.buckets = {{1, 0, {}}, {infinity, 0, {}}}, .sum = 0})});
        QCOMPARE(sample["quantiles"].dump(), std::string(R"({"0.5":null,"0.9":null,"0.95":null,"0.99":null})"));
        QCOMPARE(sample["count"].get<int>(), 0);
    }

    void counts_are_exact()
    {
        const std::uint64_t count = (std::uint64_t{1} << 53) + 1;
        const auto sample = sample_of({histogram("h", {.buckets = {{infinity, count, {}}}, .sum = 1})});
        QCOMPARE(sample["count"].get<std::uint64_t>(), count);
        QCOMPARE(sample["buckets"][0]["count"].get<std::uint64_t>(), count);
    }

    void tells_what_the_text_page_tells()
    {
        const auto snapshot = whole_catalogue();
        const auto json = Json::parse(page(snapshot).toStdString());
        std::map<std::string, double> values;
        for (const auto& flat : flatten(snapshot))
            values[flat.name + Json(flat.labels).dump()] = flat.value;
        std::size_t compared = 0;
        for (const auto& family : json["metrics"])
            for (const auto& sample : family["samples"]) {
                const auto name = family["name"].get<std::string>();
                const auto same = [&](const std::string& suffix, const Json& value) {
                    ++compared;
                    return values.at(name + suffix + sample["labels"].dump()) == value.get<double>();
                };
                if (sample.contains("value"))
                    QVERIFY2(same("", sample["value"]), name.c_str());
                else
                    QVERIFY2(same("_sum", sample["sum"]) && same("_count", sample["count"]), name.c_str());
            }
        QCOMPARE(json["metrics"].size(), snapshot.size());
        QVERIFY(compared > 30);
    }
};

QTEST_APPLESS_MAIN(TstMetricsJson)
#include "tst_metrics_json.moc"
