// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/records.h"
#include "unit/telemetry/record_test.h"

#include <QDir>
#include <QFile>
#include <QtTest>

#include <map>

using namespace tokenscope;
using namespace tokenscope::test;
using namespace std::chrono_literals;
using app::Records;
using config::RequestLogBackend;

/// The records follow the configuration.
class TstRecords : public QObject {
    Q_OBJECT

    ManualClock m_clock;
    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<LogLines> m_lines;

    config::Env env() const
    {
        return [home = m_home->path().toStdString()](const std::string& name) {
            return name == "HOME" ? std::optional(home) : std::nullopt;
        };
    }

    config::Config configured(RequestLogBackend backend, const char* file = nullptr) const
    {
        config::Config config;
        config.providers = {{.name = "work", .base_url = "https://api.openai.com/v1"}};
        config.observability.requests.backend = backend;
        if (file)
            config.observability.requests.path = path_in(*m_home, file);
        return config;
    }

    static Result<void> apply(Records& records, const config::Config& config)
    {
        return records.prepare(config).map([&](Records::Next next) { records.adopt(std::move(next)); });
    }

    void writePrices(const QString& path, const QByteArray& text) const
    {
        QVERIFY(QDir().mkpath(QFileInfo(path).path()));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

    QString usualPrices() const { return m_home->filePath(QStringLiteral(".config/tokenscope/prices.json")); }

    static double price(const Records& records, const char* model)
    {
        const auto cost = records.prices().cost_of({.backend = "work", .model = model}, {.prompt = 1'000'000});
        return cost ? cost->amount : -1;
    }

private Q_SLOTS:
    void init()
    {
        m_home = std::make_unique<QTemporaryDir>();
        m_lines = std::make_unique<LogLines>();
    }

    void inMemoryOnly()
    {
        Records records(m_lines->log, m_clock, env());
        QVERIFY(records.start(configured(RequestLogBackend::memory)));
        records.sink().publish(record_named("a"));
        QCOMPARE(records.log().last_sequence(), std::uint64_t(1));
        QVERIFY(!records.archive());
        QVERIFY(!QFile::exists(m_home->filePath(QStringLiteral(".local")))); // nothing is made that nobody wants
    }

    void aRestartGoesOn()
    {
        const auto config = configured(RequestLogBackend::sqlite);
        {
            Records records(m_lines->log, m_clock, env());
            QVERIFY(records.start(config));
            records.sink().publish(record_named("a", m_clock.wall()));
            records.sink().publish(record_named("b", m_clock.wall()));
        }
        QVERIFY(QFile::exists(m_home->filePath(QStringLiteral(".local/share/tokenscope/requests.db"))));
        Records records(m_lines->log, m_clock, env());
        QVERIFY(records.start(config));
        QCOMPARE(records.log().last_sequence(), std::uint64_t(2));
        QCOMPARE(records.log().since(0).at(1)->request_id, std::string("b"));
        records.sink().publish(record_named("c", m_clock.wall()));
        QCOMPARE(records.log().since(2).at(0)->request_id, std::string("c"));
    }

    void theBudgetFollowsTheConfiguration()
    {
        Records records(m_lines->log, m_clock, env());
        auto config = configured(RequestLogBackend::memory);
        config.observability.requests.memory = std::size_t{3} << 20;
        QVERIFY(records.start(config));
        QCOMPARE(records.log().use().budget, std::size_t{3} << 20);
        for (int i = 0; i < 100; ++i) {
            auto record = record_named(std::to_string(i));
            record.chunks = telemetry::ChunkMarks(4'096);
            records.sink().publish(std::move(record));
        }
        QVERIFY(records.log().use().bytes > std::size_t{2} << 20);
        config.observability.requests.memory = std::size_t{1} << 20;
        QVERIFY(apply(records, config));
        QCOMPARE(records.log().use().records, std::size_t{100}); // what is gone are chunks
        QVERIFY(records.log().use().bytes <= std::size_t{1} << 20);
    }

    void theArchiveFollowsTheConfiguration()
    {
        Records records(m_lines->log, m_clock, env());
        QVERIFY(records.start(configured(RequestLogBackend::sqlite, "one.db")));
        const auto one = records.archive();
        records.sink().publish(record_named("a", m_clock.wall()));
        auto longer = configured(RequestLogBackend::sqlite, "one.db");
        longer.observability.requests.ttl = 1000h;
        QVERIFY(apply(records, longer));
        QCOMPARE(records.archive(), one); // the same goes on
        QVERIFY(apply(records, configured(RequestLogBackend::sqlite, "two.db")));
        records.sink().publish(record_named("b", m_clock.wall()));
        QVERIFY(apply(records, configured(RequestLogBackend::memory)));
        records.sink().publish(record_named("c", m_clock.wall()));
        QVERIFY(!records.archive());
        QVERIFY(one->flush());
        QCOMPARE(ids(*one->query({})), (std::vector<std::string>{"a"}));
        QVERIFY(apply(records, configured(RequestLogBackend::sqlite, "two.db")));
        QCOMPARE(ids(*records.archive()->query({})), (std::vector<std::string>{"b"}));
        QCOMPARE(records.log().last_sequence(), std::uint64_t(3)); // none is put in twice
    }

    void mistakesChangeNothing()
    {
        Records records(m_lines->log, m_clock, env());
        QVERIFY(records.start(configured(RequestLogBackend::sqlite, "one.db")));
        const auto before = records.archive();
        const auto refused = records.prepare(configured(RequestLogBackend::sqlite, "."));
        QCOMPARE(refused.error().code, ErrorCode::config);
        auto prices = configured(RequestLogBackend::memory);
        prices.observability.prices = path_in(*m_home, "none.json");
        QCOMPARE(records.prepare(prices).error().code, ErrorCode::config);
        QCOMPARE(records.archive(), before);
        QCOMPARE(price(records, "gpt-4o"), 2.5);
    }

    void preparingAloneChangesNothing()
    {
        Records records(m_lines->log, m_clock, env());
        QVERIFY(records.start(configured(RequestLogBackend::memory)));
        QVERIFY(records.prepare(configured(RequestLogBackend::sqlite, "one.db"))); // and then the gateway refuses
        QVERIFY(!records.archive());
    }

    void aDiskThatDoesNotWorkIsAWarning()
    {
        QFile file(m_home->filePath(QStringLiteral("file")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        Records records(m_lines->log, m_clock, env());
        QVERIFY(records.start(configured(RequestLogBackend::sqlite, "file/below.db")));
        QVERIFY(!records.archive());
        QCOMPARE(m_lines->with("kept in memory only").size(), 1);
        records.sink().publish(record_named("a"));
        QCOMPARE(records.log().last_sequence(), std::uint64_t(1));
        // Nor does a change to such a disk keep the archive before: what is asked for is not that one.
        QVERIFY(apply(records, configured(RequestLogBackend::sqlite, "one.db")));
        QVERIFY(apply(records, configured(RequestLogBackend::sqlite, "file/below.db")));
        QVERIFY(!records.archive());
    }

    void withoutAHome()
    {
        Records records(m_lines->log, m_clock, [](const std::string&) { return std::nullopt; });
        QVERIFY(records.start(configured(RequestLogBackend::sqlite)));
        QVERIFY(!records.archive());
        QCOMPARE(m_lines->with("no place for a file").size(), 1);
        QCOMPARE(price(records, "gpt-4o"), 2.5);
    }

    void aBrokenPriceTableIsAnErrorAtTheStart()
    {
        writePrices(usualPrices(), "{\n\"version\": 1,\n\"prices\": [{}]}");
        Records records(m_lines->log, m_clock, env());
        const auto started = records.start(configured(RequestLogBackend::memory));
        QCOMPARE(started.error().code, ErrorCode::config);
        QVERIFY(QString::fromStdString(started.error().message).contains(QStringLiteral("prices.json:3:12: ")));
    }

    void aTableBrokenLaterHoldsNothingUp()
    {
        Records records(m_lines->log, m_clock, env());
        QVERIFY(records.start(configured(RequestLogBackend::memory)));
        writePrices(usualPrices(), "{");
        QTRY_COMPARE(m_lines->with("price table not reloaded").size(), 1);
        QVERIFY(apply(records, configured(RequestLogBackend::sqlite, "one.db")));
        QVERIFY(records.archive());
        QCOMPARE(price(records, "gpt-4o"), 2.5);
    }

    void pricesFollowTheConfigurationAndTheirFile()
    {
        const QByteArray table =
            R"({"version": 1, "prices": [{"model": "mine", "input": 9, "output": 0, "currency": "EUR"}]})";
        Records records(m_lines->log, m_clock, env());
        auto config = configured(RequestLogBackend::memory);
        QVERIFY(records.start(config));
        QCOMPARE(price(records, "gpt-4o"), 2.5);
        writePrices(usualPrices(), table); // the user's own copy appears
        QTRY_COMPARE(price(records, "mine"), 9.0);
        QCOMPARE(price(records, "gpt-4o"), -1.0); // and is all there is

        config.observability.prices = path_in(*m_home, "other.json");
        writePrices(QString::fromStdString(config.observability.prices), QByteArray(table).replace("mine", "other"));
        QVERIFY(apply(records, config));
        QCOMPARE(price(records, "other"), 9.0);
        QCOMPARE(price(records, "mine"), -1.0);
        config.providers.clear(); // and with the providers
        config.observability.prices.clear();
        QVERIFY(QFile::remove(usualPrices()));
        QVERIFY(apply(records, config));
        QCOMPARE(price(records, "gpt-4o"), -1.0); // nobody is api.openai.com any more
    }
};

QTEST_GUILESS_MAIN(TstRecords)
#include "tst_records.moc"
