// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "comparison.h"
#include "random_history.h"

#include <QDateTime>
#include <QStandardPaths>
#include <QTest>

using namespace tokenscope;
using namespace tokenscope::query;

namespace {

constexpr std::int64_t length_ms = 50 * 60'000;
constexpr int histories = 6;
constexpr int queries_each = 120;

} // namespace

/// Whatever has happened to the series, any question about them has the answer that a real Prometheus gives.
class TestRandomHistories : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void agrees_data();
    void agrees();
    void cleanupTestCase();

private:
    tests::PrometheusServer m_server;
    std::int64_t m_begin = 0;
    std::size_t m_values = 0;
};

void TestRandomHistories::initTestCase()
{
    const auto executable = QStandardPaths::findExecutable(QStringLiteral("prometheus"));
    if (executable.isEmpty())
        QSKIP("prometheus is not installed, so there is nothing to compare with");
    const auto trouble = m_server.start(executable);
    QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
    m_begin = (QDateTime::currentMSecsSinceEpoch() - length_ms) / 60'000 * 60'000;
}

void TestRandomHistories::agrees_data()
{
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= histories; ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

void TestRandomHistories::agrees()
{
    QFETCH(quint32, seed);
    tests::RandomHistory history("h" + std::to_string(seed) + '_', seed);
    SeriesStore store({.max_age_ms = 2 * length_ms, .max_bytes = std::size_t{256} << 20});
    std::mt19937 late(seed);
    for (auto time = m_begin; time < m_begin + length_ms; time += 5'000)
        if (!history.missed())
            store.append(time + static_cast<std::int64_t>(late() % 4 == 0 ? late() % 1'500 : 0), history.scrape());
    QCOMPARE(store.use().dropped_samples, std::uint64_t{0});
    const auto refused = tests::copy_to(m_server, store);
    QVERIFY2(refused.isEmpty(), qPrintable(refused));

    tests::Comparison comparison(store, m_server);
    tests::RandomQueries queries(history.vocabulary(), seed);
    for (int i = 0; i < queries_each; ++i) {
        const auto query = queries.next();
        // On the scrapes; and between them, with a step that never meets them twice.
        auto wrong = comparison.compare(query, m_begin - 60'000, m_begin + length_ms, 15'000);
        if (wrong.empty())
            wrong = comparison.compare(query, m_begin + 137, m_begin + length_ms, 7'919);
        QVERIFY2(wrong.empty(), wrong.c_str());
    }
    m_values += comparison.values();
    QVERIFY2(comparison.values() > 50'000, qPrintable(QString::number(comparison.values())));
}

void TestRandomHistories::cleanupTestCase()
{
    qInfo("%zu values compared", m_values);
}

QTEST_GUILESS_MAIN(TestRandomHistories)
#include "tst_random_histories.moc"
