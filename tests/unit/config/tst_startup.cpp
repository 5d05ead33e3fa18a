// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/startup.h"

#include <QtTest>

#include <QTemporaryDir>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <variant>
#include <vector>

using namespace tokenscope;
using namespace tokenscope::app;
namespace fs = std::filesystem;

/// What becomes of a configuration that cannot be used, where somebody can be asked.
class TestStartup : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aMendedFileIsReadAgain()
    {
        write("lisen: 127.0.0.1:0\n");
        int asked = 0;
        const auto startup = start_up(arguments(), Program::console, [&](const CliOptions&, const ConfigProblem& why) {
            ++asked;
            const auto place = file().string() + (asked == 1 ? ":1:1: lisen: " : ":2:1: nonsense: ");
            if (!why.message.starts_with(place))
                qWarning("%s", why.message.c_str());
            else if (why.file == file())
                write(asked == 1 ? "listen: 127.0.0.1:7777\nnonsense: 1\n" : "listen: 127.0.0.1:7777\n");
            return asked < 5;
        });
        QCOMPARE(asked, 2);
        const auto* plan = std::get_if<Startup>(&startup);
        QVERIFY(plan);
        QCOMPARE(plan->config.listen, std::string("127.0.0.1:7777"));
    }

    void whoDoesNotMendItLeaves()
    {
        write("lisen: 127.0.0.1:0\n");
        const auto startup =
            start_up(arguments(), Program::console, [](const CliOptions&, const ConfigProblem&) { return false; });
        QVERIFY(std::holds_alternative<int>(startup));
        QCOMPARE(std::get<int>(startup), 2);
    }

    void thePricesAreAnotherFile()
    {
        const auto prices = folder() / "prices.json";
        std::ofstream(prices) << "no prices";
        write("observability: { prices: \"" + prices.string() + "\" }\n");
        fs::path named;
        const auto start = [&] {
            return start_up(arguments(), Program::console, [&named](const CliOptions&, const ConfigProblem& why) {
                named = why.file.value_or("");
                return false;
            });
        };
        QVERIFY(std::holds_alternative<int>(start()));
        QCOMPARE(named.string(), prices.string());
        fs::remove(prices); // then its name is what is wrong
        QVERIFY(std::holds_alternative<int>(start()));
        QCOMPARE(named.string(), file().string());
    }

    void aCheckAsksNobody()
    {
        write("lisen: 127.0.0.1:0\n");
        for (const char* option : {"--check-config", "--print-config"}) {
            bool asked = false;
            const auto startup = start_up(arguments(option), Program::console,
                                          [&asked](const CliOptions&, const ConfigProblem&) { return asked = true; });
            QVERIFY(std::holds_alternative<int>(startup));
            QCOMPARE(std::get<int>(startup), 2);
            QVERIFY(!asked);
        }
    }

    /// Another one runs already: that matters more than what its file has become.
    void whoMayNotStartReadsNothing()
    {
        write("lisen: 127.0.0.1:0\n");
        std::vector<std::optional<fs::path>> asked;
        const auto start = [&](bool may, const char* option) {
            return start_up(arguments(option), Program::console, {}, [&asked, may](const CliOptions& options) {
                asked.push_back(options.config_file);
                return may;
            });
        };
        const auto refused = start(false, nullptr);
        QCOMPARE(std::get<int>(refused), 0);
        QCOMPARE(asked.size(), std::size_t(1));
        QVERIFY(asked.front() == file());
        const auto broken = start(true, nullptr);
        QCOMPARE(std::get<int>(broken), 2);
        const auto checked = start(false, "--check-config"); // which starts nothing
        QCOMPARE(std::get<int>(checked), 2);
        QCOMPARE(asked.size(), std::size_t(2));
    }

private:
    fs::path folder() const { return m_folder.path().toStdString(); }
    fs::path file() const { return folder() / "config.yaml"; }
    void write(const std::string& text) const { std::ofstream(file(), std::ios::binary) << text; }
    std::vector<std::string> arguments(const char* more = nullptr) const
    {
        std::vector<std::string> all{"--config", file().string()};
        if (more)
            all.emplace_back(more);
        return all;
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestStartup)
#include "tst_startup.moc"
