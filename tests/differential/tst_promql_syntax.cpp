// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/promql.h"
#include "query/validate.h"
#include "support/random_query.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

using namespace tokenscope;
using namespace tokenscope::query;

/// Whatever a query is made of, Prometheus' own parser must accept its text.
class TestPromqlSyntax : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isAccepted();
    void judgeRefusesNonsense();

private:
    /// What promtool says of a file with these expressions as rules; empty where it accepts all.
    static QByteArray complaint(const std::vector<std::string>& expressions);
};

QByteArray TestPromqlSyntax::complaint(const std::vector<std::string>& expressions)
{
    auto rules = nlohmann::json::array();
    for (const auto& expression : expressions)
        rules.push_back({{"record", "r" + std::to_string(rules.size())}, {"expr", expression}});
    QTemporaryDir directory;
    QFile file(directory.filePath(QStringLiteral("rules.yml")));
    if (!file.open(QIODevice::WriteOnly))
        return file.errorString().toUtf8();
    // YAML takes JSON as it is, but no escapes of surrogate pairs: so nothing is escaped that need not be.
    file.write(QByteArray::fromStdString(nlohmann::json{{"groups", {{{"name", "random"}, {"rules", rules}}}}}.dump()));
    file.close();
    QProcess promtool;
    promtool.setProcessChannelMode(QProcess::MergedChannels);
    promtool.start(QStandardPaths::findExecutable(QStringLiteral("promtool")),
                   {QStringLiteral("check"), QStringLiteral("rules"), QStringLiteral("--lint=none"), file.fileName()});
    if (!promtool.waitForFinished(60'000))
        return "promtool did not finish";
    const auto said = promtool.readAll();
    const QByteArray all = QByteArray::number(qlonglong(expressions.size())) + " rules";
    return promtool.exitCode() == 0 && said.contains(all) ? QByteArray() : said.left(4'000);
}

void TestPromqlSyntax::isAccepted()
{
    if (QStandardPaths::findExecutable(QStringLiteral("promtool")).isEmpty())
        QSKIP("promtool is not installed, so there is no one to judge");
    tests::RandomQueries queries(tests::hostile_vocabulary(), 11);
    std::vector<std::string> expressions;
    while (expressions.size() < 5'000) {
        const auto query = queries.next();
        QVERIFY(!validate(query));
        expressions.push_back(to_promql(query, query.quantiles.empty() ? 0.5 : query.quantiles.front()));
    }
    QCOMPARE(complaint(expressions), QByteArray());
}

void TestPromqlSyntax::judgeRefusesNonsense()
{
    if (QStandardPaths::findExecutable(QStringLiteral("promtool")).isEmpty())
        QSKIP("promtool is not installed, so there is no one to judge");
    QVERIFY(complaint({"sum(m)", "sum(rate(m))"}).contains("expected type range vector"));
}

QTEST_GUILESS_MAIN(TestPromqlSyntax)
#include "tst_promql_syntax.moc"
