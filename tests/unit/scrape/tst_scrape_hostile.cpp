// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "scrape/parser.h"
#include "unit/scrape/page_rows.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <random>

using namespace tokenscope;
using namespace tokenscope::scrape;
using namespace std::string_literals;

namespace {

/// What this thread has run for: other work on the machine is not in it.
qint64 cpu_ns()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * qint64(1'000'000'000) + now.tv_nsec;
}

/// Something that may turn up anywhere in a page and mean trouble.
std::string random_piece(std::mt19937_64& random)
{
    static const std::vector<std::string> pieces{"\n",
                                                 "\r\n",
                                                 "\0"s,
                                                 "\"",
                                                 "\\",
                                                 "\\\"",
                                                 "{",
                                                 "}",
                                                 ",",
                                                 "=",
                                                 "#",
                                                 "# ",
                                                 "# EOF\n",
                                                 "\xFF",
                                                 "\xC3",
                                                 "\t",
                                                 " ",
                                                 "1e999999",
                                                 "1e-999999",
                                                 "NaN",
                                                 "-",
                                                 "0x1p5",
                                                 " # {",
                                                 "# TYPE a counter\n",
                                                 "# HELP a ",
                                                 "# UNIT ",
                                                 "__name__",
                                                 "a=\"b\"",
                                                 "99999999999999999999",
                                                 std::string(3'000, 'a'),
                                                 std::string(500, '{'),
                                                 std::string(800, '\\'),
                                                 std::string(2'000, '9')};
    return pieces[random() % pieces.size()];
}

std::string mutate(std::string page, std::mt19937_64& random)
{
    for (auto count = 1 + random() % 4; count > 0 && !page.empty(); --count) {
        const auto at = random() % page.size();
        const auto length = random() % 40;
        switch (random() % 6) {
        case 0: page[at] = static_cast<char>(random()); break;
        case 1: page.erase(at, length); break;
        case 2: page.insert(at, random_piece(random)); break;
        case 3: page.insert(at, page.substr(random() % page.size(), length)); break;
        case 4: std::swap(page[at], page[random() % page.size()]); break;
        default: page.resize(at); break;
        }
    }
    return page;
}

std::vector<std::string> seeds()
{
    std::vector<std::string> all;
    for (const auto& rows : {test::good_rows(), test::bad_rows()})
        for (const auto& row : rows)
            all.push_back(row.page);
    const QDir folder(QStringLiteral(TOKENSCOPE_PAGES));
    for (const auto& entry : folder.entryInfoList({QStringLiteral("*.txt"), QStringLiteral("*.om")})) {
        QFile file(entry.filePath());
        if (file.open(QIODevice::ReadOnly))
            all.push_back(file.readAll().toStdString());
    }
    return all;
}

/// What must be true of any page whatever.
void check(const std::string& text, Format format, const Limits& limits)
{
    const auto page = parse_page(text, format, limits);
    if (page) {
        QVERIFY(page->samples.size() <= limits.samples);
        const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
        QVERIFY(page->samples.size() + page->families.size() <= lines);
        for (const auto& sample : page->samples) {
            QVERIFY(!sample.name.empty() && sample.labels.size() <= limits.labels);
            for (const auto& [name, value] : sample.labels)
                QVERIFY(!name.empty() && !value.empty() && name != "__name__");
        }
        for (const auto& [index, time] : page->times)
            QVERIFY(index < page->samples.size());
        return;
    }
    const auto& error = page.error();
    QCOMPARE(error.code, ErrorCode::upstream_bad_reply);
    QVERIFY2(error.message.starts_with("line ") && error.message.size() < 400, error.message.c_str());
    QVERIFY2(error.detail.size() < 400, error.detail.c_str());
    for (const auto* said : {&error.message, &error.detail}) {
        const auto shown = QString::fromStdString(*said);
        QVERIFY2(!shown.contains(QChar::ReplacementCharacter) || text.find("\xEF\xBF\xBD") != std::string::npos,
                 said->c_str());
        QVERIFY(std::none_of(said->begin(), said->end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
    }
}

std::string with_labels(std::size_t count)
{
    std::string page = "a{";
    for (std::size_t i = 0; i < count; ++i)
        page += fmt::format("l{}=\"v\",", i);
    return page + "} 1\n";
}

std::string fault(const Result<Page>& page)
{
    return page ? std::string("no fault") : page.error().message;
}

} // namespace

class TestScrapeHostile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void limitsOfALine();
    void limitsOfSamplesAndLabels();
    void takesLinearTime_data();
    void takesLinearTime();
    void anyPageIsReadOrRefused();
    void everyCutIsReadOrRefused();
};

void TestScrapeHostile::limitsOfALine()
{
    const Limits limits{.line_bytes = 100};
    const auto line = [](std::size_t bytes) { return "b 2\na{b=\"" + std::string(bytes - 9, 'x') + "\"} 1"; };
    QVERIFY(parse_page(line(100), Format::text, limits));
    QCOMPARE(fault(parse_page(line(101), Format::text, limits)), "line 2: The line is longer than 100 bytes.");
    QVERIFY(parse_page(line(100) + "\n", Format::text, limits));
    QVERIFY(!parse_page(line(101) + "\n", Format::text, limits));
    QVERIFY(!parse_page("# " + std::string(200, 'x') + "\n", Format::text, limits));
    // A sample may go over several lines, but not on and on.
    QVERIFY(parse_page("a{b=\"" + std::string(80, '\n') + "\"} 1\n", Format::text, limits));
    QCOMPARE(fault(parse_page("c 1\na{b=\"" + std::string(120, '\n') + "\"} 1\n", Format::text, limits)),
             "line 2: The sample is longer than 100 bytes.");
}

void TestScrapeHostile::limitsOfSamplesAndLabels()
{
    QVERIFY(parse_page("a 1\nb 2\n", Format::text, {.samples = 2}));
    QCOMPARE(fault(parse_page("a 1\nb 2\nc 3\n", Format::text, {.samples = 2})),
             "line 3: The page has more than 2 samples.");
    QVERIFY(parse_page(with_labels(64), Format::text));
    QCOMPARE(fault(parse_page(with_labels(65), Format::text)), "line 1: The sample has more than 64 labels.");
    QVERIFY(!parse_page("a 1 # " + with_labels(65).substr(1) + "# EOF\n", Format::open_metrics));
}

void TestScrapeHostile::takesLinearTime_data()
{
    QTest::addColumn<QByteArray>("unit");
    const auto row = [](const char* name, const std::string& unit) {
        QTest::newRow(name) << QByteArray::fromStdString(unit);
    };
    row("empty lines", "\n");
    row("blanks", " ");
    row("comments", "#\n");
    row("open braces", "a{");
    row("open quotes", "a{b=\"");
    row("backslashes", "\\");
    row("labels", "a{b=\"c\",");
    row("one family after the other", "# HELP a x\n# TYPE b gauge\n");
    row("digits", "9");
    row("broken UTF-8", "\xFF");
    row("samples", "a{b=\"c\\n\"} 1\n");
}

void TestScrapeHostile::takesLinearTime()
{
    QFETCH(QByteArray, unit);
    const auto time = [&](qsizetype bytes, const std::string& head) {
        const auto text = head + unit.repeated(bytes / unit.size()).toStdString();
        qint64 best = std::numeric_limits<qint64>::max();
        for (int i = 0; i < 3; ++i) {
            const auto before = cpu_ns();
            static_cast<void>(parse_page(text, Format::text, {.line_bytes = text.size()}));
            best = std::min(best, cpu_ns() - before);
        }
        return static_cast<double>(best);
    };
    for (const std::string head : {"", "a ", "a{b=\"", "# HELP a "}) {
        const auto small = time(50'000, head);
        const auto large = time(1'600'000, head);
        // 32 times as much would take 1024 times as long if it were quadratic.
        QVERIFY2(large < 300 * small + 20e6, qPrintable(QStringLiteral("%1 ns and %2 ns").arg(small).arg(large)));
    }
}

void TestScrapeHostile::anyPageIsReadOrRefused()
{
    std::mt19937_64 random(4'711);
    const auto pages = seeds();
    QVERIFY(pages.size() > 100);
    const Limits limits{.line_bytes = 2'500, .samples = 500, .labels = 20};
    for (int round = 0; round < 40'000; ++round) {
        const auto& seed = pages[random() % pages.size()];
        // Large pages less often, so that all of it stays a matter of seconds.
        if (seed.size() > 1'000 && random() % 8 != 0)
            continue;
        const auto page = mutate(seed, random);
        for (const auto format : {Format::text, Format::open_metrics})
            check(page, format, limits);
        if (QTest::currentTestFailed())
            QFAIL(qPrintable(QStringLiteral("round %1: ").arg(round)
                             + QString::fromUtf8(QByteArray::fromStdString(page).toPercentEncoding())));
    }
}

void TestScrapeHostile::everyCutIsReadOrRefused()
{
    for (const auto& rows : {test::good_rows(), test::bad_rows()}) {
        for (const auto& row : rows) {
            for (std::size_t length = 0; length <= row.page.size(); ++length)
                check(row.page.substr(0, length), row.format, {});
        }
    }
    // An OpenMetrics page that was cut off never passes for a whole one.
    for (const auto& row : test::good_rows()) {
        if (row.format != Format::open_metrics)
            continue;
        const auto end = row.page.rfind("# EOF") + 5;
        for (std::size_t length = 0; length < end; ++length)
            QVERIFY(!parse_page(row.page.substr(0, length), row.format));
    }
}

QTEST_APPLESS_MAIN(TestScrapeHostile)
#include "tst_scrape_hostile.moc"
