// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboards/dashboard_json.h"
#include "base/json_text.h"
#include "dashboards/names.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <fstream>
#include <sstream>

using namespace tokenscope;
using namespace tokenscope::dashboards;
using nlohmann::json;

namespace {

/// A file with every key of the format.
const std::string& complete()
{
    static const auto text = [] {
        std::ostringstream content;
        content << std::ifstream(TOKENSCOPE_DASHBOARD_CORPUS "/complete.json", std::ios::binary).rdbuf();
        return content.str();
    }();
    return text;
}

const char* const small = R"({"version": 1, "title": "t", "rows": [{"panels": [
  {"id": "p", "title": "P", "queries": [{"query": {"metric": "m"}}]}]}]})";

/// `small` with one place replaced.
std::string with(const char* pointer, const char* value)
{
    auto document = json::parse(small);
    document[json::json_pointer(pointer)] = json::parse(value);
    return document.dump();
}

std::string without(const char* parent, const char* key)
{
    auto document = json::parse(small);
    document[json::json_pointer(parent)].erase(key);
    return document.dump();
}

} // namespace

class TestDashboardJson : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsEverything();
    void defaults();
    void writingLosesNothing();
    void everyNameIsReadBack();
    void errors_data();
    void errors();
    void wholeFileErrors_data();
    void wholeFileErrors();
    void hostileSizes();
    void numbersThatAreTooLarge();
    void ids();
};

void TestDashboardJson::readsEverything()
{
    const auto read = parse_dashboard(complete(), "mine");
    QVERIFY2(read, read ? "" : read.error().message.c_str());
    QCOMPARE(read->id, std::string("mine"));
    QCOMPARE(read->title, std::string("Tést"));
    QCOMPARE(read->description, std::string("two\nlines"));
    QVERIFY(!read->shipped);
    QVERIFY((read->needs == std::vector<std::string>{"m_bucket", "raw"}));
    QCOMPARE(read->variables.size(), std::size_t(2));
    QCOMPARE(read->variables[0].label, std::string("model_name"));
    QCOMPARE(read->variables[0].metrics.size(), std::size_t(2));
    QCOMPARE(read->variables[1].title, std::string("gpu"));
    QCOMPARE(read->rows.size(), std::size_t(2));
    const auto& panel = read->rows[0].panels[0];
    QCOMPARE(panel.kind, PanelKind::stat);
    QCOMPARE(panel.unit, Unit::seconds);
    QCOMPARE(panel.width, std::size_t(3));
    QCOMPARE(panel.height, std::size_t(2));
    QVERIFY(panel.stacked && !panel.legend);
    QCOMPARE(panel.minimum.value(), -0.5);
    QCOMPARE(panel.maximum.value(), 1000.0);
    QCOMPARE(panel.thresholds.size(), std::size_t(3));
    QCOMPARE(panel.thresholds[1].from, 0.5);
    QCOMPARE(panel.thresholds[1].level, ThresholdLevel::warn);
    QCOMPARE(panel.queries.size(), std::size_t(3));
    QCOMPARE(panel.queries[0].alternatives[0].quantiles.at(0), 0.95);
    QCOMPARE(panel.queries[1].alternatives.size(), std::size_t(2));
    QCOMPARE(panel.queries[1].name, std::string("x"));
    QVERIFY(panel.queries[2].alternatives.empty());
    QVERIFY(panel.queries[2].expression.starts_with("sum(raw"));
}

void TestDashboardJson::defaults()
{
    const auto read = parse_dashboard(small, "s");
    QVERIFY(read);
    const auto& panel = read->rows[0].panels[0];
    QCOMPARE(panel.kind, PanelKind::timeseries);
    QCOMPARE(panel.unit, Unit::none);
    QCOMPARE(panel.width, std::size_t(4));
    QCOMPARE(panel.height, std::size_t(1));
    QVERIFY(panel.legend && !panel.stacked && !panel.minimum && !panel.maximum);
    QVERIFY(read->needs.empty() && read->variables.empty());
}

void TestDashboardJson::writingLosesNothing()
{
    for (const auto& text : {complete(), std::string(small)}) {
        const auto first = parse_dashboard(text, "d");
        QVERIFY(first);
        const auto written = to_json(*first);
        const auto second = parse_dashboard(written.dump(2), "d");
        QVERIFY2(second, second ? "" : second.error().message.c_str());
        QCOMPARE(to_json(*second).dump(), written.dump());
    }
    const auto newest = parse_dashboard(R"({"version": 3, "title": "t", "needs": ["m"], "also_needs": ["m"],
        "variables": [{"name": "a", "label": "a", "metrics": ["m"], "first": "!demo"}],
        "rows": [{"panels": [{"id": "p", "title": "P", "queries": [{"query": {"metric": "m"}}]}]}]})",
                                        "d");
    QVERIFY2(newest, newest ? "" : newest.error().message.c_str());
    QCOMPARE(to_json(*newest)["version"].get<int>(), first_version);
    QCOMPARE(to_json(*newest)["also_needs"].dump(), std::string("[\"m\"]"));
    QCOMPARE(to_json(*newest)["variables"][0]["first"].get<std::string>(), std::string("!demo"));
    // What is written is what was read, apart from what has its default.
    const auto written = json::parse(to_json(*parse_dashboard(complete(), "d")).dump());
    const auto original = json::parse(complete());
    QVERIFY(written["rows"][0]["panels"][0]["thresholds"] == original["rows"][0]["panels"][0]["thresholds"]);
    QCOMPARE(written["variables"][0].dump(), original["variables"][0].dump());
    QCOMPARE(written["rows"][0]["panels"][0]["queries"][2].dump(),
             original["rows"][0]["panels"][0]["queries"][2].dump());
}

void TestDashboardJson::everyNameIsReadBack()
{
    for (const auto& [unit, name] : units()) {
        const auto read = parse_dashboard(with("/rows/0/panels/0/unit", ('"' + std::string(name) + '"').c_str()), "d");
        QVERIFY2(read, std::string(name).c_str());
        QCOMPARE(read->rows[0].panels[0].unit, unit);
        QCOMPARE(to_string(unit), name);
    }
    for (const auto& [kind, name] : panel_kinds()) {
        auto document = json::parse(with("/rows/0/panels/0/kind", ('"' + std::string(name) + '"').c_str()));
        if (kind == PanelKind::heatmap)
            document["rows"][0]["panels"][0]["queries"][0]["query"]["fn"] = "heatmap";
        const auto read = parse_dashboard(document.dump(), "d");
        QVERIFY2(read, std::string(name).c_str());
        QCOMPARE(read->rows[0].panels[0].kind, kind);
        QCOMPARE(to_string(kind), name);
    }
    QCOMPARE(threshold_levels().size(), std::size_t(3));
}

void TestDashboardJson::errors_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("place");
    QTest::addColumn<QString>("word");
    const auto add = [](const char* name, const std::string& file, const char* place, const char* word) {
        QTest::newRow(name) << QString::fromStdString(file) << QString::fromUtf8(place) << QString::fromUtf8(word);
    };
    const auto query = [](const char* value) { return with("/rows/0/panels/0/queries/0/query", value); };
    const auto queries = [](const char* value) { return with("/rows/0/panels/0/queries", value); };
    add("list", "[]", "", "object");
    add("quantile above 1", query(R"({"metric": "m", "fn": "quantile", "q": 1.5})"),
        "/rows/0/panels/0/queries/0/query/q", "from 0 to 1");
    add("quantile below 0", query(R"({"metric": "m", "fn": "quantile", "q": [0.5, -0.1]})"),
        "/rows/0/panels/0/queries/0/query/q/1", "from 0 to 1");
    add("no version", without("", "version"), "", "'version' is missing");
    add("no title", without("", "title"), "", "'title' is missing");
    add("no rows", without("", "rows"), "", "'rows' is missing");
    add("newer", with("/version", "4"), "/version", "newer version of Tokenscope");
    add("version 0", with("/version", "0"), "/version", "whole number");
    add("version text", with("/version", "\"1\""), "/version", "whole number");
    add("title number", with("/title", "5"), "/title", "text, not number");
    add("title blank", with("/title", "\"  \""), "/title", "empty");
    add("title NUL", with("/title", "\"a\\u0000b\""), "/title", "control characters");
    add("title line", with("/title", "\"a\\nb\""), "/title", "control characters");
    add("description escape", with("/description", "\"\\u001b[31m\""), "/description", "control characters");
    add("unknown key", with("/colour", "1"), "/colour", "known here: also_needs, description");
    add("unknown panel key", with("/rows/0/panels/0/heigth", "1"), "/rows/0/panels/0/heigth", "Unknown key");
    add("odd key", with("/a~1b~0", "1"), "/a~1b~0", "Unknown key");
    add("rows object", with("/rows", "{}"), "/rows", "list, not object");
    add("row list", with("/rows/0", "[]"), "/rows/0", "object");
    add("panel text", with("/rows/0/panels/0", "\"p\""), "/rows/0/panels/0", "object, not string");
    add("no panel id", without("/rows/0/panels/0", "id"), "/rows/0/panels/0", "'id' is missing");
    add("no panel title", without("/rows/0/panels/0", "title"), "/rows/0/panels/0", "'title' is missing");
    add("panel id", with("/rows/0/panels/0/id", "\"Ü\""), "/rows/0/panels/0/id", "no id");
    add("two ids", with("/rows/0/panels/1", R"({"id": "p", "title": "x", "queries": [{"query": {"metric": "m"}}]})"),
        "/rows/0/panels/1/id", "two panels 'p'");
    add("two ids in two rows",
        with("/rows/1", R"({"panels": [{"id": "p", "title": "x", "queries": [{"query": {"metric": "m"}}]}]})"),
        "/rows/1/panels/0/id", "two panels 'p'");
    add("kind", with("/rows/0/panels/0/kind", "\"pie\""), "/rows/0/panels/0/kind", "none of: timeseries, stat");
    add("unit", with("/rows/0/panels/0/unit", "\"parsecs\""), "/rows/0/panels/0/unit", "none of: none, seconds");
    add("unit empty", with("/rows/0/panels/0/unit", "\"\""), "/rows/0/panels/0/unit", "none of");
    add("width 13", with("/rows/0/panels/0/width", "13"), "/rows/0/panels/0/width", "1 to 12");
    add("width 0", with("/rows/0/panels/0/width", "0"), "/rows/0/panels/0/width", "1 to 12");
    add("width -1", with("/rows/0/panels/0/width", "-1"), "/rows/0/panels/0/width", "1 to 12");
    add("width 1.5", with("/rows/0/panels/0/width", "1.5"), "/rows/0/panels/0/width", "1 to 12");
    add("width huge", with("/rows/0/panels/0/width", "18446744073709551615"), "/rows/0/panels/0/width", "1 to 12");
    add("height", with("/rows/0/panels/0/height", "5"), "/rows/0/panels/0/height", "1 to 4");
    add("stacked", with("/rows/0/panels/0/stacked", "\"yes\""), "/rows/0/panels/0/stacked", "true or false");
    add("min", with("/rows/0/panels/0/min", "null"), "/rows/0/panels/0/min", "number, not null");
    add("min and max", with("/rows/0/panels/0", R"({"id": "p", "title": "P", "min": 2, "max": 2, "queries": []})"),
        "/rows/0/panels/0/max", "greater than 'min'");
    add("thresholds fall",
        with("/rows/0/panels/0/thresholds", R"([{"from": 1, "level": "warn"}, {"from": 1, "level": "bad"}])"),
        "/rows/0/panels/0/thresholds/1/from", "greater than that");
    add("threshold level", with("/rows/0/panels/0/thresholds", R"([{"from": 1, "level": "red"}])"),
        "/rows/0/panels/0/thresholds/0/level", "good, warn, bad");
    add("threshold without level", with("/rows/0/panels/0/thresholds", R"([{"from": 1}])"),
        "/rows/0/panels/0/thresholds/0", "'level' is missing");
    add("no queries", without("/rows/0/panels/0", "queries"), "/rows/0/panels/0", "'queries' is missing");
    add("empty queries", queries("[]"), "/rows/0/panels/0/queries", "at least one");
    add("empty panel query", queries("[{}]"), "/rows/0/panels/0/queries/0", "exactly one of");
    add("two kinds of query", queries(R"([{"query": {"metric": "m"}, "expr": "m"}])"), "/rows/0/panels/0/queries/0",
        "exactly one of");
    add("empty first_of", queries(R"([{"first_of": []}])"), "/rows/0/panels/0/queries/0/first_of", "at least one");
    add("empty expression", queries(R"([{"expr": " "}])"), "/rows/0/panels/0/queries/0/expr", "empty");
    add("query not object", query("[]"), "/rows/0/panels/0/queries/0/query", "object");
    add("query key", query(R"({"metric": "m", "wher": {}})"), "/rows/0/panels/0/queries/0/query/wher", "wher");
    add("metric name", query(R"({"metric": "a b"})"), "/rows/0/panels/0/queries/0/query/metric", "metric name");
    add("deep in first_of", queries(R"([{"first_of": [{"metric": "m"}, {"metric": "m", "fn": "rat"}]}])"),
        "/rows/0/panels/0/queries/0/first_of/1/fn", "one of");
    add("quantile without histogram", query(R"({"metric": "m_bucket", "fn": "quantile", "q": 0.5})"),
        "/rows/0/panels/0/queries/0/query/metric", "without '_bucket': 'm'");
    add("mean of a sum", query(R"({"metric": "m_sum", "fn": "mean"})"), "/rows/0/panels/0/queries/0/query/metric",
        "without '_sum'");
    add("undeclared variable", query(R"({"metric": "m", "where": {"a": "$model"}})"),
        "/rows/0/panels/0/queries/0/query/where/a", "no variable 'model'");
    add("undeclared variable in a share",
        query(R"({"fn": "share", "of": {"metric": "m"}, "in": {"metric": "n", "where": {"a": "~x$y"}}})"),
        "/rows/0/panels/0/queries/0/query/in/where/a", "no variable 'y'");
    add("undeclared variable in an expression", queries(R"([{"expr": "m{a=~\"$b\"}"}])"),
        "/rows/0/panels/0/queries/0/expr", "no variable 'b'");
    add("pattern", query(R"({"metric": "m", "where": {"a": "~("}})"), "/rows/0/panels/0/queries/0/query/where/a",
        "not a regular expression");
    add("heatmap panel of a rate", with("/rows/0/panels/0/kind", "\"heatmap\""), "/rows/0/panels/0/queries/0/query/fn",
        "belong together");
    add("heatmap query on a line chart", query(R"({"metric": "m", "fn": "heatmap"})"),
        "/rows/0/panels/0/queries/0/query/fn", "belong together");
    add("need", with("/needs", R"(["m", "n"])"), "/needs/1", "No query reads 'n'");
    add("need that is a part of a name", with("/needs", R"(["mm"])"), "/needs/0", "No query reads");
    add("need twice", with("/needs", R"(["m", "m"])"), "/needs/1", "twice");
    add("need number", with("/needs", R"([1])"), "/needs/0", "text");
    add("variable without metrics", with("/variables", R"([{"name": "a", "label": "a", "metrics": []}])"),
        "/variables/0/metrics", "1 to 200");
    const auto newest = [](const char* pointer, const char* value) {
        auto document = json::parse(with(pointer, value));
        document["version"] = format_version;
        return document.dump();
    };
    add("need as well, before there was one", with("/also_needs", R"(["m"])"), "/also_needs", "format 3");
    add("need as well", newest("/also_needs", R"(["m", "n"])"), "/also_needs/1", "No query reads 'n'");
    add("first, before there was one",
        with("/variables", R"([{"name": "a", "label": "a", "metrics": ["m"], "first": "x"}])"), "/variables/0/first",
        "format 3");
    add("first of several",
        newest("/variables", R"([{"name": "a", "label": "a", "metrics": ["m"], "multi": true, "first": "x"}])"),
        "/variables/0/first", "one value");
    add("first pattern", newest("/variables", R"([{"name": "a", "label": "a", "metrics": ["m"], "first": "~("}])"),
        "/variables/0/first", "not a regular expression");
    add("variable name", with("/variables", R"([{"name": "a-b", "label": "a", "metrics": ["m"]}])"),
        "/variables/0/name", "no name");
    add("variable label", with("/variables", R"([{"name": "a", "label": "a.b", "metrics": ["m"]}])"),
        "/variables/0/label", "label name");
    add("variable twice",
        with("/variables",
             R"([{"name": "a", "label": "a", "metrics": ["m"]}, {"name": "a", "label": "b", "metrics": ["m"]}])"),
        "/variables/1/name", "two variables");
}

void TestDashboardJson::errors()
{
    QFETCH(QString, file);
    QFETCH(QString, place);
    QFETCH(QString, word);
    const auto read = parse_dashboard(file.toStdString(), "d");
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::invalid_request);
    const auto message = QString::fromStdString(read.error().message);
    QCOMPARE(QString::fromStdString(read.error().param), place);
    QVERIFY2(message.startsWith(place), qPrintable(message));
    QVERIFY2(message.contains(word), qPrintable(message));
}

void TestDashboardJson::wholeFileErrors_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QByteArray>("word");
    QTest::newRow("empty") << QByteArray() << QByteArray("empty");
    QTest::newRow("blank") << QByteArray(" \n\t") << QByteArray("empty");
    QTest::newRow("text") << QByteArray("hello") << QByteArray("line 1, column 1");
    QTest::newRow("place") << QByteArray("{\n  \"version\": 1,\n  \"title\" 5}") << QByteArray("line 3, column 11");
    QTest::newRow("truncated") << QByteArray::fromStdString(complete()).left(400) << QByteArray("not JSON");
    QTest::newRow("two values") << QByteArray(small).append(small) << QByteArray("not JSON");
    QTest::newRow("NUL") << QByteArray("{\"a\0b\": 1}", 10) << QByteArray("not JSON");
    QTest::newRow("broken UTF-8") << QByteArray("{\"title\": \"\xc3\x28\"}") << QByteArray("not JSON");
    QTest::newRow("key twice") << QByteArray("{\"title\": \"a\", \"title\": \"b\"}") << QByteArray("key 'title' twice");
    QTest::newRow("HTML") << QByteArray("<!DOCTYPE html><html>") << QByteArray("not JSON");
}

void TestDashboardJson::wholeFileErrors()
{
    QFETCH(QByteArray, file);
    QFETCH(QByteArray, word);
    const auto read = parse_dashboard(file.toStdString(), "d");
    QVERIFY(!read);
    QVERIFY2(QByteArray::fromStdString(read.error().message).contains(word), read.error().message.c_str());
}

void TestDashboardJson::hostileSizes()
{
    const auto deep = std::string(2'000'000, '[');
    auto read = parse_dashboard(deep, "d");
    QVERIFY(!read && read.error().message.find("deeper than") != std::string::npos);
    auto nested = std::string(100, '[');
    read = parse_dashboard("{\"a\": " + nested + std::string(100, ']') + "}", "d");
    QVERIFY(!read && read.error().message.find("deeper than") != std::string::npos);

    const auto large = std::string(max_file_bytes + 1, ' ');
    read = parse_dashboard(large, "d");
    QVERIFY(!read && read.error().message.find("larger than 4 MiB") != std::string::npos);

    auto document = json::parse(small);
    const json panel = document["rows"][0]["panels"][0];
    for (int i = 1; i < 20'000; ++i)
        document["rows"][0]["panels"].push_back(panel);
    read = parse_dashboard(document.dump(), "d");
    QVERIFY(!read);
    QCOMPARE(read.error().param, std::string("/rows/0/panels"));

    read = parse_dashboard(with("/title", ('"' + std::string(201, 'a') + '"').c_str()), "d");
    QVERIFY(!read && read.error().message.find("longer than 200") != std::string::npos);
}

void TestDashboardJson::numbersThatAreTooLarge()
{
    auto text = with("/rows/0/panels/0/min", "123456");
    text.replace(text.find("123456"), 6, "1e999");
    const auto read = parse_dashboard(text, "d");
    QVERIFY(!read);
    QVERIFY2(read.error().message.find("not JSON") != std::string::npos, read.error().message.c_str());
}

void TestDashboardJson::ids()
{
    for (const auto* const good : {"a", "0", "vllm", "my-board_2"})
        QVERIFY(is_id(good));
    for (const auto* const bad : {"", "-a", "_a", "A", "a.b", "a/b", "..", "a b", "ä"})
        QVERIFY2(!is_id(bad), bad);
    QVERIFY(!is_id(std::string(65, 'a')) && is_id(std::string(64, 'a')));
    QCOMPARE(id_from_name("My vLLM (2)"), std::string("my-vllm-2"));
    QCOMPARE(id_from_name("../../etc/passwd"), std::string("etc-passwd"));
    QCOMPARE(id_from_name("Моя панель"), std::string("dashboard"));
    QCOMPARE(id_from_name(""), std::string("dashboard"));
    QVERIFY(is_id(id_from_name(std::string(63, 'a') + "  b")));
    QVERIFY(is_id(id_from_name("__x")));
}

QTEST_APPLESS_MAIN(TestDashboardJson)
#include "tst_dashboard_json.moc"
