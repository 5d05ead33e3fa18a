// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/prices/price_table.h"

#include <QtTest>

using namespace tokenscope;
using namespace tokenscope::telemetry;

namespace {

QByteArray with_entry(const QByteArray& entry)
{
    return "{\n  \"version\": 1,\n  \"prices\": [\n    " + entry + "\n  ]\n}\n";
}

const QByteArray good_entry = R"({"model": "m", "input": 1, "output": 2, "currency": "USD"})";

// Ordinary strings: moc stumbles over backslashes in raw ones.
constexpr std::string_view every_key =
    "{\"version\": 1, \"note\": \"mine\", \"prices\": [\n"
    "{\"provider\": \"api.*\", \"model\": \"gpt-*\", \"input\": 2.5, \"cached_input\": 1.25, \"cache_write\": 3, "
    "\"output\": 10, \"currency\": \"EUR\", \"as_of\": \"2024-02-29\", \"source\": \"s\", "
    "\"note\": \"caf\\u00e9 \\\"x\\\"\"}]}";

Price price(std::string model, std::string provider, double input)
{
    return {.provider = std::move(provider), .model = std::move(model), .input = input, .currency = "USD"};
}

} // namespace

class TstPriceTable : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyKeyIsRead()
    {
        const auto table = parse_prices(every_key, "f.json");
        QVERIFY2(table.has_value(), table ? "" : table.error().message.c_str());
        const Price expected{.provider = "api.*",
                             .model = "gpt-*",
                             .input = 2.5,
                             .output = 10,
                             .cached_input = 1.25,
                             .cache_write = 3,
                             .currency = "EUR",
                             .as_of = "2024-02-29",
                             .source = "s",
                             .note = "caf\xC3\xA9 \"x\""};
        QVERIFY(table->prices() == std::vector{expected});
        const auto least = parse_prices(with_entry(good_entry).toStdString(), "f.json");
        QVERIFY(!least->prices()[0].cached_input);
        QVERIFY(least->prices()[0].provider.empty());
        QVERIFY(parse_prices(R"({"version":1,"prices":[]})", "f.json")->prices().empty());
    }

    void whatIsWrongIsNamedWithItsPlace_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("expected"); // the whole message
        const auto row = [](const char* name, const QByteArray& text, const char* expected) {
            QTest::newRow(name) << text << QString::fromUtf8(expected);
        };
        row("unknown key", with_entry(R"({"model": "m", "inputs": 1, "input": 1, "output": 2, "currency": "USD"})"),
            "p.json:4:20: unknown key \"inputs\"");
        row("unknown key of the table", "{\"version\": 1,\n \"price\": 3, \"prices\": []}",
            "p.json:2:2: unknown key \"price\"");
        row("negative", with_entry(R"({"model": "m", "input": -0.5, "output": 2, "currency": "USD"})"),
            "p.json:4:29: \"input\" must not be negative");
        row("text for a number", with_entry(R"({"model": "m", "input": "1", "output": 2, "currency": "USD"})"),
            "p.json:4:29: \"input\" must be a number");
        row("null", with_entry(R"({"model": "m", "input": 1, "output": null, "currency": "USD"})"),
            "p.json:4:42: \"output\" must be a number");
        row("number out of range", with_entry(R"({"model": "m", "input": 1e999, "output": 2, "currency": "USD"})"),
            "p.json:4:29: \"input\" must be a number");
        row("currency", with_entry(R"({"model": "m", "input": 1, "output": 2, "currency": "usd"})"),
            "p.json:4:57: \"currency\" must be a currency's three capital letters, e.g. \"USD\"");
        row("currency sign", with_entry(R"({"model": "m", "input": 1, "output": 2, "currency": "€"})"),
            "p.json:4:57: \"currency\" must be a currency's three capital letters, e.g. \"USD\"");
        row("day", with_entry(R"({"model": "m", "input": 1, "output": 2, "currency": "USD", "as_of": "2023-02-29"})"),
            "p.json:4:73: \"as_of\" must be a day, e.g. \"2026-01-31\"");
        row("star inside", with_entry(R"({"model": "a*b", "input": 1, "output": 2, "currency": "USD"})"),
            "p.json:4:15: \"model\" may have a \"*\" only as its last character");
        row("empty model", with_entry(R"({"model": "", "input": 1, "output": 2, "currency": "USD"})"),
            "p.json:4:15: \"model\" must not be empty");
        row("keys that are lacking", with_entry(R"({"model": "m"})"),
            "p.json:4:5: the entry lacks \"input\"\np.json:4:5: the entry lacks \"output\"\np.json:4:5: the entry "
            "lacks "
            "\"currency\"");
        row("the same model twice", with_entry(good_entry + ",\n    " + good_entry),
            "p.json:5:6: there is another entry for the model \"m\" and no provider");
        row("key twice", with_entry(R"({"model": "m", "input": 1, "input": 1, "output": 2, "currency": "USD"})"),
            "p.json:4:32: the key \"input\" is here twice");
        row("no object", "[]", "p.json:1:1: a price table is one JSON object in braces");
        row("entry that is none", with_entry("3"), "p.json:4:5: an entry must be an object in braces");
        row("prices is no list", R"({"version": 1, "prices": {}})",
            "p.json:1:26: \"prices\" must be a list in brackets");
        row("lacking", "{}", "p.json:1:1: the table lacks \"version\"\np.json:1:1: the table lacks \"prices\"");
        row("newer", R"({"version": 2, "prices": []})",
            "p.json:1:13: the table is of version 2; this Tokenscope knows version 1");
        row("version is text", R"({"version": "1", "prices": []})", "p.json:1:13: \"version\" must be 1");
        row("two problems, in their order",
            with_entry(R"({"model": "m", "input": -1, "output": 2, "currency": "USD", "x": [1, {"y": 2}]})"),
            "p.json:4:29: \"input\" must not be negative\np.json:4:65: unknown key \"x\"");
    }

    void whatIsWrongIsNamedWithItsPlace()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QString, expected);
        const auto table = parse_prices(text.toStdString(), "p.json");
        QVERIFY(!table);
        QCOMPARE(QString::fromStdString(table.error().message), expected);
        QCOMPARE(table.error().code, ErrorCode::config);
    }

    void brokenSyntaxIsRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("place");
        const auto row = [](const char* name, const QByteArray& text, const char* place) {
            QTest::newRow(name) << text << QString::fromLatin1(place);
        };
        row("nothing", "", "p.json: ");
        row("space", " \n ", "p.json: ");
        row("cut", with_entry(good_entry).left(60), "p.json:");
        row("cut in a text", "{\"version\": 1, \"prices\": [{\"model\": \"gp", "p.json:");
        row("comma at the end", "{\"version\": 1,\n\"prices\": [],\n}", "p.json:3:");
        row("no comma", "{\"version\": 1\n\"prices\": []}", "p.json:2:");
        row("comment", "{\"version\": 1, // mine\n\"prices\": []}", "p.json:1:");
        row("more after it", "{\"version\": 1, \"prices\": []}\n{}", "p.json:2:1: not valid JSON");
        row("not UTF-8", "{\"version\": 1, \"note\": \"\xFF\", \"prices\": []}", "p.json: ");
        row("control character", "{\"version\": 1, \"note\": \"a\nb\", \"prices\": []}", "p.json");
        row("bad number", with_entry(R"({"model": "m", "input": 01, "output": 2, "currency": "USD"})"),
            "p.json:4:29: ");
        row("bad escape", "{\"version\": 1, \"note\": \"\\q\", \"prices\": []}", "p.json:1:24: ");
        row("YAML", "version: 1\nprices: []\n", "p.json:1:1: ");
    }

    void brokenSyntaxIsRefused()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QString, place);
        const auto table = parse_prices(text.toStdString(), "p.json");
        QVERIFY(!table);
        const auto message = QString::fromStdString(table.error().message);
        QVERIFY2(message.startsWith(place), qPrintable(message));
    }

    void hugeFilesAreRefusedUnread()
    {
        const auto table = parse_prices(std::string((std::size_t{1} << 20) + 1, ' '), "p.json");
        QVERIFY(QString::fromStdString(table.error().message).contains(QStringLiteral("larger than 1 MiB")));
    }

    void noCutOfAGoodTableIsGood()
    {
        const auto whole = with_entry(good_entry);
        const auto end = whole.lastIndexOf('}');
        for (int length = 0; length <= end; ++length)
            QVERIFY2(!parse_prices(whole.left(length).toStdString(), "p"), whole.left(length).constData());
        QVERIFY(parse_prices(whole.left(end + 1).toStdString(), "p"));
    }

    void theMostParticularEntryWins()
    {
        const PriceTable table({price("*", "", 1), price("gpt-*", "", 2), price("gpt-4o*", "", 3),
                                price("gpt-4o", "", 4), price("gpt-4o", "home", 5), price("gpt-4o", "ho*", 6),
                                price("gpt-4o", "*", 7), price("only", "home", 8), price("lla*", "home", 9)});
        const auto found = [&](std::string_view model, std::vector<std::string> names = {}) {
            const auto* const entry = table.find(model, names);
            return entry ? entry->input : 0;
        };
        QCOMPARE(found("gpt-4o"), 4.0);
        QCOMPARE(found("gpt-4o", {"home", "openai"}), 5.0);
        QCOMPARE(found("gpt-4o", {"openai", "home"}), 5.0); // any of its names
        QCOMPARE(found("gpt-4o", {"house"}), 6.0);
        QCOMPARE(found("gpt-4o", {"else"}), 7.0);
        QCOMPARE(found("gpt-4o-mini", {"home"}), 3.0);
        QCOMPARE(found("gpt-5"), 2.0);
        QCOMPARE(found("phi4"), 1.0);
        QCOMPARE(found("only", {"home"}), 8.0);
        QCOMPARE(found("only", {"work"}), 1.0); // not its provider: the next that fits
        QCOMPARE(found("llama", {"home"}), 9.0);
        QCOMPARE(found("llama", {"work"}), 1.0);
    }

    void prefixesAndProviders()
    {
        const PriceTable table(
            {price("gpt-4o*", "", 3), price("gpt-*", "", 2), price("x*", "api.*", 6), price("only", "home", 8)});
        const auto found = [&](std::string_view model, std::vector<std::string> names = {}) {
            const auto* const entry = table.find(model, names);
            return entry ? entry->input : 0;
        };
        QCOMPARE(found("gpt-4o-mini"), 3.0);
        QCOMPARE(found("gpt-4o"), 3.0);
        QCOMPARE(found("gpt-4"), 2.0);
        QCOMPARE(found("gpt-"), 2.0);
        QCOMPARE(found("gpt"), 0.0);
        QCOMPARE(found("GPT-4"), 0.0); // names are what they are
        QCOMPARE(found(""), 0.0);
        QCOMPARE(found("x1", {"api.openai.com"}), 6.0);
        QCOMPARE(found("x1", {"my.api.openai.com"}), 0.0);
        QCOMPARE(found("only", {"homes"}), 0.0);
        QCOMPARE(PriceTable().find("gpt-4", {}), nullptr);
    }

    void theBuiltInTable()
    {
        const auto parsed = parse_prices(builtin_prices_text(), "builtin");
        QVERIFY2(parsed.has_value(), parsed ? "" : parsed.error().message.c_str());
        const auto table = builtin_prices();
        QVERIFY(table == *parsed);
        QVERIFY(table.prices().size() > 20);
        for (const auto& entry : table.prices()) {
            QVERIFY2(!entry.as_of.empty() && !entry.source.empty() && entry.currency == "USD", entry.model.c_str());
            // Of one company's own servers only: others may serve a model of the same name for another price or none.
            QVERIFY2(entry.provider.starts_with("api."), entry.model.c_str());
            QVERIFY2(entry.cached_input.value_or(0) <= entry.input, entry.model.c_str());
            QVERIFY2(entry.cache_write.value_or(entry.input) >= entry.input, entry.model.c_str());
        }
        const std::vector<std::string> openai{"openai", "openai", "api.openai.com"};
        QCOMPARE(table.find("gpt-4o", openai)->output, 10.0);
        QCOMPARE(table.find("gpt-4o-mini", openai)->cached_input, std::optional(0.075));
        QCOMPARE(table.find("gpt-4o-something-else", openai), nullptr);
        const std::vector<std::string> local{"ollama", "ollama", "127.0.0.1"};
        QCOMPARE(table.find("gpt-4o", local), nullptr);
        const std::vector<std::string> llama_cpp{"openai", "openai", "localhost"};
        QCOMPARE(table.find("gpt-4o", llama_cpp), nullptr);
    }
};

QTEST_APPLESS_MAIN(TstPriceTable)
#include "tst_price_table.moc"
