// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/prices/price_file.h"
#include "unit/telemetry/record_test.h"

#include <QDir>
#include <QFile>
#include <QtTest>

#include <atomic>
#include <cmath>
#include <limits>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

Q_DECLARE_METATYPE(tokenscope::llm::Usage)

using namespace tokenscope;
using namespace tokenscope::telemetry;

namespace {

constexpr const char* table_text = R"({"version": 1, "prices": [
    {"model": "big", "input": 3, "cached_input": 0.3, "cache_write": 3.75, "output": 15, "currency": "USD"},
    {"model": "plain", "input": 2, "output": 8, "currency": "EUR"},
    {"model": "free", "input": 0, "output": 0, "currency": "USD"},
    {"provider": "ollama", "model": "*", "input": 0.05, "output": 0.05, "currency": "EUR", "note": "electricity"}]})";

PriceTable table_of(const char* text)
{
    return *parse_prices(text, "test");
}

QByteArray one_price(const QByteArray& input)
{
    return R"({"version": 1, "prices": [{"model": "m", "input": )" + input + R"(, "output": 0, "currency": "USD"}]})";
}

constexpr config::FileWatch::Options quick{std::chrono::milliseconds(5), std::chrono::milliseconds(50)};
const Target anything{};

} // namespace

class TstPriceList : public QObject {
    Q_OBJECT

    static void write(const QString& path, const QByteArray& text)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

    static double input_of(const PriceList& prices)
    {
        const auto cost = prices.cost_of({.backend = "b", .model = "m"}, {.prompt = 1'000'000});
        return cost ? cost->amount : -1;
    }

private Q_SLOTS:
    void tokensWrittenToTheCacheHaveTheirPrice()
    {
        PriceList prices;
        prices.set_table(table_of(table_text));
        const auto cost = prices.cost_of({.backend = "b", .model = "big"},
                                         {.prompt = 1000, .completion = 0, .cached = 500, .cache_creation = 200});
        QVERIFY(cost);
        QCOMPARE(cost->amount, (300 * 3 + 500 * 0.3 + 200 * 3.75) / 1e6);
    }

    void costs_data()
    {
        using Count = std::optional<std::uint64_t>;
        QTest::addColumn<QString>("model");
        QTest::addColumn<llm::Usage>("usage");
        QTest::addColumn<double>("amount"); // -1: none
        const auto row = [](const char* name, const char* model, Count prompt, Count completion, Count cached,
                            double amount) {
            QTest::newRow(name) << QString::fromLatin1(model)
                                << llm::Usage{.prompt = prompt, .completion = completion, .cached = cached} << amount;
        };
        row("both", "big", 1000, 500, {}, 0.0105);                      // 0.003 + 0.0075
        row("part of it cached", "big", 1000, 500, 800, 0.00834);       // 0.0006 + 0.00024 + 0.0075
        row("all of it cached", "big", 1000, 0, 1000, 0.0003);          //
        row("no price for cached", "plain", 1000, 500, 800, 0.006);     // 0.002 + 0.004
        row("more cached than there is", "big", 1000, 0, 5000, 0.0003); // as if all were
        row("prompt alone", "plain", 1'000'000, {}, {}, 2);             //
        row("completion alone", "plain", {}, 1'000'000, {}, 8);         //
        row("cached alone is nothing", "plain", {}, {}, 500, -1);       //
        row("nothing known", "plain", {}, {}, {}, -1);                  //
        row("no tokens", "plain", 0, 0, {}, 0);                         // known, and nothing
        row("free", "free", 1000, 1000, {}, 0);                         // not the same as unknown
        row("unknown model", "small", 1000, 1000, {}, -1);              //
        row("a billion tokens", "plain", 1'000'000'000, 0, {}, 2000);   //
        row("one token", "big", 1, 0, {}, 0.000003);                    //
    }

    void costs()
    {
        QFETCH(const QString, model);
        QFETCH(const llm::Usage, usage);
        QFETCH(const double, amount);
        PriceList prices;
        prices.set_table(table_of(table_text));
        const auto cost = prices.cost_of({.backend = "somewhere", .model = model.toStdString()}, usage);
        QCOMPARE(cost.has_value(), amount >= 0);
        if (cost)
            QVERIFY2(std::abs(cost->amount - amount) <= amount * 1e-12, std::to_string(cost->amount).c_str());
        auto estimated = usage;
        estimated.estimated = true;
        QVERIFY(prices.cost_of({.backend = "somewhere", .model = model.toStdString()}, estimated) == cost);
    }

    void hostileCountsDoNoHarm()
    {
        PriceList prices;
        prices.set_table(table_of(table_text));
        constexpr auto most = std::numeric_limits<std::uint64_t>::max();
        const auto cost = prices.cost_of({.model = "big"}, {.prompt = most, .completion = most, .cached = most});
        QVERIFY(cost->amount > 2e14 && cost->amount < 3e14); // 1.8e19 x 15.3 / 1e6
    }

    void currencies()
    {
        PriceList prices;
        QVERIFY(!prices.cost_of({.model = "big"}, {.prompt = 1})); // empty at first
        prices.set_table(table_of(table_text));
        QCOMPARE(prices.cost_of({.model = "plain"}, {.prompt = 1})->currency, std::string("EUR"));
        QCOMPARE(prices.cost_of({.model = "big"}, {.prompt = 1})->currency, std::string("USD"));
    }

    void providersGoByTheirNameKindAndHost()
    {
        config::Config config;
        config.providers = {
            {.name = "work", .kind = config::ProviderKind::openai, .base_url = "https://API.OpenAI.com/v1"},
            {.name = "home", .kind = config::ProviderKind::ollama, .base_url = "http://127.0.0.1:11434"},
            {.name = "demo", .kind = config::ProviderKind::demo}};
        const auto names = provider_names(config);
        QCOMPARE(names.at("work"), (std::vector<std::string>{"work", "openai", "api.openai.com"}));
        QCOMPARE(names.at("home"), (std::vector<std::string>{"home", "ollama", "127.0.0.1"}));
        QCOMPARE(names.at("demo"), (std::vector<std::string>{"demo", "demo"}));

        PriceList prices;
        prices.set_providers(names);
        prices.set_table(builtin_prices());
        const llm::Usage usage{.prompt = 1'000'000, .completion = 1'000'000};
        QCOMPARE(prices.cost_of({.backend = "work", .model = "gpt-4o"}, usage)->amount, 12.5);
        QVERIFY(!prices.cost_of({.backend = "home", .model = "gpt-4o"}, usage));
        QVERIFY(!prices.cost_of({.backend = "demo", .model = "gpt-4o"}, usage));
        QVERIFY(!prices.cost_of({.backend = "unknown", .model = "unknown"}, usage));
        QVERIFY(!prices.cost_of(anything, usage));
        prices.set_table(table_of(table_text));
        QCOMPARE(prices.cost_of({.backend = "home", .model = "phi4"}, usage)->amount, 0.1);
        QVERIFY(!prices.cost_of({.backend = "work", .model = "phi4"}, usage));
        prices.set_providers({}); // a provider that is gone still goes by its name
        QVERIFY(!prices.cost_of({.backend = "home", .model = "phi4"}, usage));
        QVERIFY(prices.cost_of({.backend = "ollama", .model = "phi4"}, usage));
    }

    void swappedWhileInUse()
    {
        PriceList prices;
        std::atomic<bool> stop = false;
        std::atomic<bool> wrong = false;
        prices.set_table(table_of(one_price("1").constData()));
        std::vector<std::thread> readers;
        for (int i = 0; i < 3; ++i)
            readers.emplace_back([&] {
                while (!stop) {
                    const auto cost = prices.cost_of({.model = "m"}, {.prompt = 1'000'000});
                    if (!cost || (cost->amount != 1 && cost->amount != 2))
                        wrong = true;
                }
            });
        for (int i = 0; i < 500; ++i)
            prices.set_table(table_of(one_price(i % 2 == 0 ? "2" : "1").constData()));
        stop = true;
        for (auto& reader : readers)
            reader.join();
        QVERIFY(!wrong);
    }

    void whereTheyComeFrom()
    {
        const config::Env env = [](const std::string& name) {
            return name == "HOME" ? std::optional<std::string>("/h") : std::nullopt;
        };
        QVERIFY(price_source("", env) == (PriceSource{.file = "/h/.config/tokenscope/prices.json"}));
        QVERIFY(price_source("/p.json", env) == (PriceSource{.file = "/p.json", .needed = true}));
        const config::Env nothing = [](const std::string&) { return std::nullopt; };
        QVERIFY(price_source("", nothing) == PriceSource{});
        QVERIFY(load_prices({}) == builtin_prices());
    }

    void filesThatCannotBeHad()
    {
        const QTemporaryDir folder;
        const auto path = folder.filePath(QStringLiteral("prices.json"));
        const PriceSource usual{.file = path.toStdString()};
        const PriceSource needed{.file = path.toStdString(), .needed = true};
        QVERIFY(load_prices(usual) == builtin_prices());
        QCOMPARE(load_prices(needed).error().code, ErrorCode::config);
        QVERIFY(load_prices(needed).error().message.find(path.toStdString()) != std::string::npos);
        write(path, "{");
        QCOMPARE(load_prices(usual).error().code, ErrorCode::config); // no silent fall back to what the user replaced
        write(path, one_price("7"));
        QCOMPARE(load_prices(usual)->prices()[0].input, 7.0);
        for (const auto* other : {"/dev/zero", "/"})
            QCOMPARE(load_prices({.file = other, .needed = true}).error().code, ErrorCode::config);
        if (geteuid() != 0) {
            QCOMPARE(::chmod(path.toStdString().c_str(), 0), 0);
            QCOMPARE(load_prices(usual).error().code, ErrorCode::config);
        }
    }

    void theListFollowsItsFile()
    {
        const QTemporaryDir folder;
        const auto path = folder.filePath(QStringLiteral("made/later/prices.json"));
        test::LogLines lines;
        PriceList prices;
        const PriceSource source{.file = path.toStdString()};
        prices.set_table(*load_prices(source));
        const PriceFile file(source, prices, lines.log, quick);
        QCOMPARE(input_of(prices), -1.0);
        QVERIFY(QDir(folder.path()).mkpath(QStringLiteral("made/later")));
        write(path, one_price("1"));
        QTRY_COMPARE(input_of(prices), 1.0);
        write(path, one_price("\"broken\""));
        QTRY_COMPARE(lines.with("price table not reloaded").size(), 1);
        QVERIFY(lines.with("not reloaded")[0].contains(QStringLiteral("prices.json:1:51: ")));
        QCOMPARE(input_of(prices), 1.0); // the one before stays
        write(path, one_price("3"));
        QTRY_COMPARE(input_of(prices), 3.0);
        QVERIFY(QFile::remove(path)); // and without it, the built-in one is in force again
        QTRY_COMPARE(prices.table()->prices(), builtin_prices().prices());
        QTRY_COMPARE(lines.with("price table reloaded").size(), 3);
    }

    void aFileThatWasAskedForIsMissed()
    {
        const QTemporaryDir folder;
        const auto path = folder.filePath(QStringLiteral("mine.json"));
        write(path, one_price("1"));
        test::LogLines lines;
        PriceList prices;
        const PriceSource source{.file = path.toStdString(), .needed = true};
        prices.set_table(*load_prices(source));
        write(path, one_price("2")); // between being read and being watched
        const PriceFile file(source, prices, lines.log, quick);
        QCOMPARE(input_of(prices), 2.0);
        QVERIFY(QFile::remove(path));
        QTRY_COMPARE(lines.with("price table not reloaded").size(), 1);
        QCOMPARE(input_of(prices), 2.0);
    }
};

QTEST_GUILESS_MAIN(TstPriceList)
#include "tst_price_list.moc"
