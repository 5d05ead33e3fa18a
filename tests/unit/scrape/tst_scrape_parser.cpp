// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "scrape/number.h"
#include "scrape/parser.h"
#include "telemetry/exposition.h"
#include "telemetry/text.h"
#include "unit/scrape/page_rows.h"
#include "unit/telemetry/sample_snapshots.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <fmt/format.h>

#include <bit>
#include <clocale>
#include <limits>
#include <random>

using namespace tokenscope;
using namespace tokenscope::scrape;

namespace {

std::string to_text(const query::Sample& sample)
{
    std::string out = sample.name + "{";
    for (const auto& [name, value] : sample.labels)
        out += name + "=" + value + ";";
    return out + "} " + telemetry::number_text(sample.value);
}

/// What a good page says, one line a sample.
std::string samples_of(std::string_view page, Format format = Format::text)
{
    const auto read = parse_page(page, format);
    if (!read)
        return read.error().message;
    std::string out;
    for (const auto& sample : read->samples)
        out += to_text(sample) + "\n";
    return out;
}

std::string metadata_of(std::string_view page, Format format)
{
    const auto read = parse_page(page, format);
    if (!read)
        return read.error().message;
    std::string out;
    for (const auto& family : read->families)
        out += family.name + "|" + family.type + "|" + family.help + "|" + family.unit + "\n";
    return out;
}

/// As the other format writes it, too: "1.0" is the bound "1".
std::string bound(const std::string& le)
{
    const auto number = parse_number(le);
    return number ? telemetry::number_text(*number) : le;
}

bool same_number(double a, double b)
{
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) || (std::isnan(a) && std::isnan(b));
}

/// Where the two differ; empty where they do not.
std::string difference(const Page& page, const std::vector<telemetry::FlatSample>& flat)
{
    if (page.samples.size() != flat.size())
        return fmt::format("{} samples, not {}", page.samples.size(), flat.size());
    for (std::size_t i = 0; i < flat.size(); ++i) {
        auto read = page.samples[i];
        auto labels = flat[i].labels;
        for (auto* either : {&read.labels, &labels})
            if (const auto le = either->find("le"); le != either->end())
                le->second = bound(le->second);
        if (read.name != flat[i].name || read.labels != labels || !same_number(read.value, flat[i].value))
            return "read " + to_text(read) + ", wrote " + to_text({flat[i].name, labels, flat[i].value});
    }
    return {};
}

/// Numbers of every size; `counts`: such as a total may be in OpenMetrics.
double random_number(std::mt19937_64& random, bool counts)
{
    const double special[] = {0, 1, 0.1, 1e300, 5e-324, 1e15, 1e16, 123456789.125, 1.7976931348623157e308};
    if (counts || random() % 4 != 0)
        return special[random() % std::size(special)] * (counts || random() % 2 == 0 ? 1 : -1);
    return std::bit_cast<double>(random());
}

std::string random_text(std::mt19937_64& random)
{
    static const std::vector<std::string> pieces{"\\",
                                                 "\"",
                                                 "\n",
                                                 "}",
                                                 "{",
                                                 ",",
                                                 "=",
                                                 " ",
                                                 "\t",
                                                 "#",
                                                 "n",
                                                 "x",
                                                 "\r",
                                                 "\xC3\xA4",
                                                 "\xE6\xA8\xA1",
                                                 "\xF0\x9F\x92\xA1",
                                                 "\x7F",
                                                 "\\n",
                                                 " # {"};
    std::string out = "v";
    for (auto count = random() % 8; count > 0; --count)
        out += pieces[random() % pieces.size()];
    return out;
}

telemetry::HistogramValue random_histogram(std::mt19937_64& random)
{
    telemetry::HistogramValue value{.buckets = {}, .sum = random_number(random, true)};
    std::uint64_t count = 0;
    for (const double upper : {0.001, 0.5, 1.0, 1e6, std::numeric_limits<double>::infinity()}) {
        count += random() % 1'000;
        auto& bucket =
            value.buckets.emplace_back(telemetry::Bucket{.upper_bound = upper, .cumulative = count, .exemplar = {}});
        if (random() % 2 == 0)
            bucket.exemplar = telemetry::Exemplar{.trace_id = std::string(32, 'f'),
                                                  .value = 0.25,
                                                  .at = WallTime(std::chrono::milliseconds(1'700'000'000'123))};
    }
    return value;
}

telemetry::Snapshot random_snapshot(std::mt19937_64& random)
{
    telemetry::Snapshot snapshot;
    for (int i = 0; i < 12; ++i) {
        const auto kind = static_cast<telemetry::MetricKind>(random() % 3);
        const bool counts = kind == telemetry::MetricKind::counter;
        auto& family = snapshot.emplace_back(
            telemetry::FamilySnapshot{.name = fmt::format("family_{}{}", i, counts ? "_total" : ""),
                                      .help = random_text(random),
                                      .kind = kind,
                                      .series = {}});
        for (auto series = 1 + random() % 4; series > 0; --series) {
            telemetry::Labels labels{{"a", fmt::format("{}", series)}};
            for (const char* name : {"b", "c", "zz"})
                if (random() % 2 == 0)
                    labels.push_back({name, random_text(random)});
            if (kind == telemetry::MetricKind::histogram)
                family.series.push_back({.labels = std::move(labels), .value = random_histogram(random)});
            else
                family.series.push_back({.labels = std::move(labels), .value = random_number(random, counts)});
        }
    }
    return snapshot;
}

} // namespace

class TestScrapeParser : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void takes_data();
    void takes();
    void refuses_data();
    void refuses();
    void saysWhatThePageSays_data();
    void saysWhatThePageSays();
    void remarksOnUnknownEscapes_data();
    void remarksOnUnknownEscapes();
    void keepsTimes();
    void keepsMetadata();
    void valuesAreTheVeryBits();
    void showsTheLineAtFault();
    void knowsTheFormat_data();
    void knowsTheFormat();
    void readsWhatWeWrite();
    void readsTheCorpus();
};

void TestScrapeParser::initTestCase()
{
    // A comma as the decimal point, where the system has such a locale, must change nothing.
    std::setlocale(LC_ALL, "de_DE.UTF-8");
}

void TestScrapeParser::takes_data()
{
    QTest::addColumn<int>("row");
    const auto rows = test::good_rows();
    for (std::size_t i = 0; i < rows.size(); ++i)
        QTest::newRow(rows[i].name) << static_cast<int>(i);
}

void TestScrapeParser::takes()
{
    QFETCH(int, row);
    const auto wanted = test::good_rows()[static_cast<std::size_t>(row)];
    const auto page = parse_page(wanted.page, wanted.format);
    QVERIFY2(page, page ? "" : page.error().message.c_str());
}

void TestScrapeParser::refuses_data()
{
    QTest::addColumn<int>("row");
    const auto rows = test::bad_rows();
    for (std::size_t i = 0; i < rows.size(); ++i)
        QTest::newRow(rows[i].name) << static_cast<int>(i);
}

void TestScrapeParser::refuses()
{
    QFETCH(int, row);
    const auto wanted = test::bad_rows()[static_cast<std::size_t>(row)];
    const auto page = parse_page(wanted.page, wanted.format);
    QVERIFY(!page);
    QCOMPARE(page.error().code, ErrorCode::upstream_bad_reply);
    const auto& said = page.error().message;
    const auto begin = fmt::format("line {}: ", wanted.fault_line);
    QVERIFY2(said.starts_with(begin) && said.find(wanted.words) != std::string::npos, said.c_str());
    QVERIFY2(said.ends_with('.'), said.c_str());
    for (const char c : said + page.error().detail)
        QVERIFY(static_cast<unsigned char>(c) >= 0x20);
}

void TestScrapeParser::saysWhatThePageSays_data()
{
    QTest::addColumn<QByteArray>("page");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char* name, const char* page, const char* said) {
        QTest::newRow(name) << QByteArray(page) << QByteArray(said);
    };
    row("labels in any order", "a{c=\"1\",b=\"2\",d=\"3\"} 4\n", "a{b=2;c=1;d=3;} 4\n");
    row("escapes", "a{b=\"\\\\n\\n\\\"\"} 1\n", "a{b=\\n\n\";} 1\n");
    row("unknown escapes", "a{b=\"\\t\\x\"} 1\n", "a{b=\\t\\x;} 1\n");
    row("escaped backslash at the end", "a{b=\"\\\\\"} 1\n", "a{b=\\;} 1\n");
    row("line break", "a{b=\"c\nd\"} 1\n", "a{b=c\nd;} 1\n");
    row("empty value", "a{b=\"\",c=\"d\"} 1\n", "a{c=d;} 1\n");
    row("no space", "a{b=\"c\"}1\nd-2\n", "a{b=c;} 1\nd{} -2\n");
    row("twice", "a 1\na 2\n", "a{} 1\na{} 2\n");
    row("numbers", "a -0\nb 1e-400\nc -Inf\nd nan\ne .5\nf +7\n", "a{} -0\nb{} 0\nc{} -Inf\nd{} NaN\ne{} 0.5\nf{} 7\n");
}

void TestScrapeParser::saysWhatThePageSays()
{
    QFETCH(QByteArray, page);
    QFETCH(QByteArray, said);
    QCOMPARE(QByteArray::fromStdString(samples_of(page.toStdString())), said);
}

void TestScrapeParser::remarksOnUnknownEscapes_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("escape"); // empty: there is nothing to say
    QTest::newRow("known") << QByteArray(R"(\\ \" \n \\q)") << QByteArray();
    QTest::newRow("none") << QByteArray("abc") << QByteArray();
    QTest::newRow("letter") << QByteArray(R"(C:\Temp\x)") << QByteArray(R"(\T)");
    QTest::newRow("after a known one") << QByteArray(R"(\\\x)") << QByteArray(R"(\x)");
    QTest::newRow("not ASCII") << QByteArray("\\\u00e4") << QByteArray(R"(\?)");
    QTest::newRow("control character") << QByteArray("\\\t") << QByteArray(R"(\?)");
}

void TestScrapeParser::remarksOnUnknownEscapes()
{
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, escape);
    const std::string text = "a 1\nb{c=\"d\",e=\"" + value.toStdString() + "\"} 2\nb{c=\"\\z\"} 3\n";
    const auto page = parse_page(text, Format::text);
    QVERIFY(page);
    auto first = "line 2: The value of the label \"e\" has the escape " + escape.toStdString() + ",";
    if (escape.isEmpty())
        first = "line 3: The value of the label \"c\" has the escape \\z,";
    QVERIFY(page->remark);
    QVERIFY2(page->remark->starts_with(first), page->remark->c_str());
    const auto clean = parse_page("a{b=\"\\n\"} 1\n", Format::text);
    QVERIFY(clean && !clean->remark);
}

void TestScrapeParser::keepsTimes()
{
    using Times = std::vector<std::pair<std::size_t, std::int64_t>>;
    const auto text = parse_page("a 1\nb 2 1700000000123\nc 3\nd 4 0\n", Format::text);
    QVERIFY(text);
    QCOMPARE(text->times, (Times{{1, 1'700'000'000'123}, {3, 0}}));
    const auto om = parse_page("a 1 1520879607.789\nb 2\nc_total 3 -1.5 # {} 1\n# EOF\n", Format::open_metrics);
    QVERIFY(om);
    QCOMPARE(om->times, (Times{{0, 1'520'879'607'789}, {2, -1'500}}));
}

void TestScrapeParser::keepsMetadata()
{
    QCOMPARE(
        metadata_of("# HELP a x \\n \\\\ \\\" \\y\n# TYPE a counter\na 1\n# TYPE b gauge\n# HELP a  z\n", Format::text),
        "a|counter| z|\nb|gauge||\n");
    QCOMPARE(metadata_of("# HELP a x \\n \\\\ \\\" \\y\n", Format::text), "a||x \n \\ \\\" \\y|\n");
    QCOMPARE(metadata_of("# HELP a x \\n \\\\ \\\" \\y\n# TYPE a_s info\n# UNIT a_s s\n# EOF\n", Format::open_metrics),
             "a||x \n \\ \" \\y|\na_s|info||s\n");
}

void TestScrapeParser::valuesAreTheVeryBits()
{
    std::mt19937_64 random(7);
    std::string page;
    std::vector<double> wanted;
    for (int i = 0; i < 20'000; ++i) {
        const auto value = std::bit_cast<double>(random());
        if (std::isnan(value))
            continue;
        wanted.push_back(value);
        page += "m " + (i % 2 == 0 ? fmt::format("{:.17g}", value) : fmt::format("{}", value)) + "\n";
    }
    const auto read = parse_page(page, Format::text);
    QVERIFY2(read, read ? "" : read.error().message.c_str());
    for (std::size_t i = 0; i < wanted.size(); ++i)
        QVERIFY(same_number(read->samples.at(i).value, wanted[i]));
    // What is not a number must never look like Prometheus' marker of staleness.
    QVERIFY(!query::is_stale(parse_page("a NaN\n", Format::text)->samples.at(0).value));
}

void TestScrapeParser::showsTheLineAtFault()
{
    const auto short_line = parse_page("a 1\nb\t\x1B[31m \xFFx\nc 3\n", Format::text);
    QVERIFY(!short_line);
    QCOMPARE(short_line.error().detail, std::string("b??[31m ?x"));
    const auto long_line =
        parse_page("a{b=\"" + std::string(5'000, 'x') + "\"} oops " + std::string(5'000, 'y'), Format::text);
    QVERIFY(!long_line);
    const auto& shown = long_line.error().detail;
    QVERIFY2(shown.size() < 250 && shown.find("oops") != std::string::npos, shown.c_str());
    QVERIFY(shown.starts_with("...") && shown.ends_with("..."));
}

void TestScrapeParser::knowsTheFormat_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<bool>("openMetrics");
    const auto row = [](const char* type, bool open_metrics) {
        QTest::newRow(type) << QByteArray(type) << open_metrics;
    };
    row("", false);
    row("text/plain", false);
    row("text/plain; version=0.0.4; charset=utf-8", false);
    row("application/openmetrics-text", true);
    row("application/openmetrics-text; version=1.0.0; charset=utf-8", true);
    row("Application/OpenMetrics-Text;version=0.0.1", true);
    row("  application/openmetrics-text\t; q=0.5", true);
    row("application/openmetrics-textual", false);
    row("application/json; x=application/openmetrics-text", false);
    row("application/openmetrics", false);
    row(";", false);
    row("   ", false);
}

void TestScrapeParser::knowsTheFormat()
{
    QFETCH(QByteArray, type);
    QFETCH(bool, openMetrics);
    QCOMPARE(format_of(type.toStdString()) == Format::open_metrics, openMetrics);
}

void TestScrapeParser::readsWhatWeWrite()
{
    std::mt19937_64 random(20'260'101);
    for (int round = 0; round < 200; ++round) {
        const auto snapshot = round == 0 ? test::whole_catalogue() : random_snapshot(random);
        const auto flat = telemetry::flatten(snapshot);
        const auto text = parse_page(telemetry::write_text(snapshot), Format::text);
        QVERIFY2(text, text ? "" : text.error().message.c_str());
        QCOMPARE(difference(*text, flat), std::string());
        const auto om = parse_page(telemetry::write_openmetrics(snapshot), Format::open_metrics);
        QVERIFY2(om, om ? "" : om.error().message.c_str());
        QCOMPARE(difference(*om, flat), std::string());
        QCOMPARE(text->families.size(), snapshot.size());
        QVERIFY(text->times.empty() && om->times.empty());
    }
}

void TestScrapeParser::readsTheCorpus()
{
    const QDir folder(QStringLiteral(TOKENSCOPE_PAGES));
    const auto files = folder.entryInfoList({QStringLiteral("*.txt"), QStringLiteral("*.om")});
    QVERIFY(files.size() >= 4);
    for (const auto& entry : files) {
        QFile file(entry.filePath());
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto format = entry.suffix() == QLatin1StringView("om") ? Format::open_metrics : Format::text;
        const auto page = parse_page(file.readAll().toStdString(), format);
        QVERIFY2(page, qPrintable(entry.fileName() + QLatin1Char(' ')
                                  + QString::fromStdString(page ? "" : page.error().message)));
        QVERIFY(page->samples.size() > 5);
    }
}

QTEST_APPLESS_MAIN(TestScrapeParser)
#include "tst_scrape_parser.moc"
