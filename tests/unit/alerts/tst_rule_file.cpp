// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "alerts/rule_file.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace tokenscope;
using namespace tokenscope::alerts;
using namespace std::chrono_literals;

namespace {

Rule full()
{
    query::Query query;
    query.metric = "aigateway_first_token_latency_seconds";
    query.function = query::Function::quantile;
    query.quantiles = {0.95};
    query.by = {"model"};
    return {.id = "7",
            .name = "Slow \"first\" tokens ✓",
            .source = "prom-1",
            .question = query,
            .condition = Condition::below,
            .threshold = -1.5,
            .hold = 90s,
            .keep = 1min,
            .severity = Severity::critical,
            .enabled = false,
            .notify = false};
}

const std::string whole =
    R"({"version":1,"rules":[{"id":"a","name":"n","source":"local","promql":"up","condition":"absent"}]})";

} // namespace

class TestRuleFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void roundTrip()
    {
        const Rule plain{.id = "8", .name = "n", .source = "local", .question = std::string("up == 0")};
        const auto text = write_rules({full(), plain});
        const auto read = parse_rules(text);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QCOMPARE(read->size(), std::size_t{2});
        QCOMPARE(QString::fromStdString(write_rules(*read)), QString::fromStdString(text));
        const auto& first = read->front();
        QCOMPARE(first.threshold, -1.5);
        QCOMPARE(first.hold, std::chrono::milliseconds(90s));
        QCOMPARE(first.keep, std::chrono::milliseconds(1min));
        QVERIFY(first.severity == Severity::critical && first.condition == Condition::below);
        QVERIFY(!first.enabled && !first.notify);
        QCOMPARE(std::get<query::Query>(first.question).metric, std::string("aigateway_first_token_latency_seconds"));
        QCOMPARE(std::get<std::string>((*read)[1].question), std::string("up == 0"));
        QVERIFY((*read)[1].enabled && (*read)[1].notify);
    }

    void defaults()
    {
        const auto read = parse_rules(whole);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        const auto& rule = read->front();
        QVERIFY(rule.enabled && rule.notify && rule.severity == Severity::warning);
        QCOMPARE(rule.hold.count(), 0);
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char* name, const char* from, const char* to, const char* says) {
            QTest::newRow(name) << QByteArray(from) << QByteArray(to) << QByteArray(says);
        };
        row("newer", "\"version\":1", "\"version\":2", "newer");
        row("no version", "\"version\":1,", "", "version");
        row("unknown key", "\"id\"", "\"colour\":1,\"id\"", "colour");
        row("both questions", "\"promql\":\"up\"", R"("promql":"up","query":{"metric":"m"})", "either");
        row("no question", "\"promql\":\"up\",", "", "either");
        row("empty question", "\"up\"", "\" \"", "what to watch");
        row("bad query", "\"promql\":\"up\"", R"("query":{"metric":"m","fn":"fly"})", "/rules/0/query/fn");
        row("condition", "absent", "over", "none of above, below, absent");
        row("threshold missing", "absent", "above", "threshold");
        row("hold", "\"id\"", "\"hold\":\"soon\",\"id\"", "not a time");
        row("hold too long", "\"id\"", "\"hold\":\"25h\",\"id\"", "24 h");
        row("hold negative", "\"id\"", "\"hold\":\"-1s\",\"id\"", "24 h");
        row("severity", "\"id\"", "\"severity\":\"grave\",\"id\"", "grave");
        row("twice", "]}", R"(,{"id":"a","name":"m","source":"local","promql":"up","condition":"absent"}]})",
            "Another");
        row("no name", "\"n\"", "\"  \"", "/rules/0");
        row("no list", "[{", "{\"x\":[{", "");
        row("not JSON", "]}", "", "");
        row("flag", "\"id\"", "\"enabled\":\"yes\",\"id\"", "true or false");
    }

    void refuses()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QByteArray, says);
        auto text = QByteArray::fromStdString(whole);
        const auto at = from == "]}" ? text.lastIndexOf(from) : text.indexOf(from);
        QVERIFY(at >= 0);
        text.replace(at, from.size(), to);
        const auto read = parse_rules(text.toStdString());
        QVERIFY(!read);
        QVERIFY2(QByteArray::fromStdString(read.error().message).contains(says), read.error().message.c_str());
    }

    void file()
    {
        const QTemporaryDir folder;
        const auto path = std::filesystem::path(folder.path().toStdString()) / "below" / "alerts.json";
        QVERIFY(load_rules(path)->empty());
        QVERIFY(save_rules(path, {full()}));
        QCOMPARE(load_rules(path)->size(), std::size_t{1});
        std::ofstream(path) << "{";
        const auto broken = load_rules(path);
        QVERIFY(!broken);
        QVERIFY2(broken.error().message.starts_with(path.string() + ": "), broken.error().message.c_str());
        QVERIFY(!load_rules(folder.path().toStdString()));
        QVERIFY(!save_rules("/proc/nowhere/alerts.json", {}));
    }
};

QTEST_APPLESS_MAIN(TestRuleFile)
#include "tst_rule_file.moc"
