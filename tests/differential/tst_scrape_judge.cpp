// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "prometheus_server.h"
#include "unit/scrape/page_rows.h"
#include "unit/ui_console/scripted_server.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <memory>

using namespace tokenscope;
using namespace tokenscope::scrape;

namespace {

using Series = std::map<std::string, double>;

std::string key_of(const std::string& name, const query::Labels& labels)
{
    auto key = name;
    for (const auto& [label, value] : labels)
        key += "\n" + label + "=" + value;
    return key;
}

/// As Prometheus keeps them: of two samples of a series the first.
Series series_of(const Page& page)
{
    Series all;
    for (const auto& sample : page.samples)
        all.emplace(key_of(sample.name, sample.labels), sample.value);
    return all;
}

bool same(const Series& a, const Series& b)
{
    const auto equal = [](const auto& x, const auto& y) {
        return x.first == y.first && (x.second == y.second || (std::isnan(x.second) && std::isnan(y.second)));
    };
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), equal);
}

std::string to_text(const Series& series)
{
    std::string out;
    for (const auto& [key, value] : series)
        out += key + " -> " + std::to_string(value) + "\n";
    return out;
}

} // namespace

/// The pages of the parser's test, scraped by a real Prometheus: it takes and refuses the same, and reads the same.
class TestScrapeJudge : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void agrees_data();
    void agrees();

private:
    struct Verdict {
        bool good = false;
        QString error;
        Series series;
    };
    Series scraped(std::size_t row);
    bool poll();

    std::vector<test::PageRow> m_rows;
    test::ScriptedServer m_pages;
    std::unique_ptr<tests::PrometheusServer> m_prometheus;
    std::map<std::size_t, Verdict> m_verdicts;
};

void TestScrapeJudge::initTestCase()
{
    const auto executable = QStandardPaths::findExecutable(QStringLiteral("prometheus"));
    if (executable.isEmpty())
        QSKIP("there is no prometheus here");
    for (const auto& rows : {test::good_rows(), test::bad_rows()})
        for (const auto& row : rows)
            if (row.as_prometheus)
                m_rows.push_back(row);
    QByteArray config = "global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\nscrape_configs:\n";
    const auto host = QUrl(m_pages.apiUrl()).authority().toUtf8();
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const QByteArray name = "r" + QByteArray::number(static_cast<int>(i));
        config += "- job_name: " + name + "\n  metrics_path: /" + name
                  + "\n  honor_labels: true\n  honor_timestamps: false\n  static_configs:\n  - targets: ['" + host
                  + "']\n";
        const QByteArray type = m_rows[i].format == Format::text
                                    ? "text/plain; version=0.0.4"
                                    : "application/openmetrics-text; version=1.0.0; charset=utf-8";
        const QByteArray path = "/" + name;
        m_pages.script(
            path, {test::ScriptedServer::reply(QByteArray("200 OK"), type, QByteArray::fromStdString(m_rows[i].page))});
    }
    m_prometheus = std::make_unique<tests::PrometheusServer>();
    QCOMPARE(m_prometheus->start(executable, config), QString());
    QTRY_VERIFY_WITH_TIMEOUT(poll(), 60'000);
    for (auto& [row, verdict] : m_verdicts)
        if (verdict.good)
            verdict.series = scraped(row);
}

/// Whether every page was scraped by now.
bool TestScrapeJudge::poll()
{
    const auto answer = QJsonDocument::fromJson(m_prometheus->get(QStringLiteral("/api/v1/targets?state=active")));
    for (const auto& each : answer[QStringLiteral("data")][QStringLiteral("activeTargets")].toArray()) {
        const auto target = each.toObject();
        const auto health = target[QStringLiteral("health")].toString();
        if (health == QLatin1StringView("unknown"))
            continue;
        const auto row = target[QStringLiteral("scrapePool")].toString().mid(1).toULong();
        m_verdicts[row] = {health == QLatin1StringView("up"), target[QStringLiteral("lastError")].toString(), {}};
    }
    return m_verdicts.size() == m_rows.size();
}

Series TestScrapeJudge::scraped(std::size_t row)
{
    const auto expression = "{job=\"r" + std::to_string(row) + "\"}";
    const auto now = QDateTime::currentMSecsSinceEpoch();
    const auto answer = QJsonDocument::fromJson(m_prometheus->query(expression, now));
    Series all;
    for (const auto& each : answer[QStringLiteral("data")][QStringLiteral("result")].toArray()) {
        query::Labels labels;
        const auto metric = each.toObject()[QStringLiteral("metric")].toObject();
        for (auto label = metric.begin(); label != metric.end(); ++label)
            labels[label.key().toStdString()] = label.value().toString().toStdString();
        const auto name = labels["__name__"];
        if (name == "up" || name.starts_with("scrape_"))
            continue;
        labels.erase("__name__");
        labels.erase("job");
        labels.erase("instance");
        const auto value = each.toObject()[QStringLiteral("value")].toArray().at(1).toString().toStdString();
        all[key_of(name, labels)] = std::strtod(value.c_str(), nullptr);
    }
    return all;
}

void TestScrapeJudge::agrees_data()
{
    QTest::addColumn<int>("row");
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        QTest::newRow(m_rows[i].name) << static_cast<int>(i);
}

void TestScrapeJudge::agrees()
{
    QFETCH(int, row);
    const auto& wanted = m_rows[static_cast<std::size_t>(row)];
    const auto& verdict = m_verdicts[static_cast<std::size_t>(row)];
    const auto page = parse_page(wanted.page, wanted.format);
    const auto ours = page ? QString() : QString::fromStdString(page.error().message);
    QVERIFY2(page.has_value() == verdict.good,
             qPrintable(QStringLiteral("Prometheus: '%1', ours: '%2'").arg(verdict.error, ours)));
    if (!page)
        return;
    const auto expected = series_of(*page);
    QVERIFY2(same(expected, verdict.series), (to_text(verdict.series) + " but ours:\n" + to_text(expected)).c_str());
}

QTEST_GUILESS_MAIN(TestScrapeJudge)
#include "tst_scrape_judge.moc"
