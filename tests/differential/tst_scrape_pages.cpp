// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "prometheus_server.h"
#include "scrape/number.h"
#include "scrape/parser.h"
#include "support/page_judges.h"
#include "telemetry/exposition.h"
#include "telemetry/text.h"
#include "unit/telemetry/sample_snapshots.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QProcess>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTest>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <memory>

using namespace tokenscope;
using namespace tokenscope::scrape;
using Json = nlohmann::json;

namespace {

using Values = std::map<std::string, std::string>; ///< by name and labels

std::string number(const std::string& text)
{
    const auto read = parse_number(text);
    return read ? telemetry::number_text(*read) : text;
}

std::string key_of(const std::string& name, const query::Labels& labels)
{
    auto key = name;
    for (const auto& [label, value] : labels)
        key += "\n" + label + "=" + (label == "le" ? number(value) : value);
    return key;
}

Values ours(const Page& page)
{
    Values values;
    for (const auto& sample : page.samples)
        values[key_of(sample.name, sample.labels)] = telemetry::number_text(sample.value);
    return values;
}

/// The client adds "_total" to counters that lack it: it is taken off again where `known` has no such series.
Values theirs(const Json& families, const Values& known)
{
    Values values;
    for (const auto& family : families) {
        for (const auto& sample : family["samples"]) {
            auto labels = sample["labels"].get<query::Labels>();
            std::erase_if(labels, [](const auto& label) { return label.second.empty(); });
            auto name = sample["name"].get<std::string>();
            if (!known.contains(key_of(name, labels)) && name.ends_with("_total"))
                name.resize(name.size() - 6);
            values[key_of(name, labels)] = number(sample["value"].get<std::string>());
        }
    }
    return values;
}

std::string difference(const Values& is, const Values& should)
{
    for (const auto& [key, value] : should)
        if (const auto found = is.find(key); found == is.end() || found->second != value)
            return key + " should be " + value + ", is " + (found == is.end() ? "missing" : found->second);
    return is.size() == should.size() ? "" : "there are more series than there should be";
}

/// Help and type of every family that the other one has with samples.
std::string metadata_difference(const Page& page, const Json& families)
{
    std::map<std::string, const Family*> known;
    for (const auto& family : page.families)
        known[family.name] = &family;
    std::size_t compared = 0;
    for (const auto& family : families) {
        const auto name = family["name"].get<std::string>();
        const auto type = family["type"].get<std::string>();
        // The client takes "_total" off a counter's name, although a gauge may have the rest of it.
        auto found = known.find(type == "counter" ? name + "_total" : name);
        if (found == known.end())
            found = known.find(name);
        if (found == known.end())
            continue;
        ++compared;
        const auto& read = *found->second;
        if (read.help != family["help"].get<std::string>())
            return name + ": other help: " + read.help;
        if ((read.type == "untyped" || read.type.empty() ? "unknown" : read.type) != type)
            return name + ": other type: " + read.type;
    }
    return compared > 20 ? "" : "hardly any family was compared";
}

void compare(const QByteArray& text, Format format)
{
    const auto page = parse_page(text.toStdString(), format);
    QVERIFY2(page, page ? "" : (page.error().message + " " + page.error().detail).c_str());
    QVERIFY(page->samples.size() > 100);
    const auto judged =
        test::python_client(text, format == Format::text ? test::PageFormat::text : test::PageFormat::openmetrics);
    QVERIFY2(judged.code == 0, judged.output.constData());
    const auto families = Json::parse(judged.output.toStdString());
    const auto read = ours(*page);
    const auto values = difference(read, theirs(families, read));
    QVERIFY2(values.empty(), values.c_str());
    const auto metadata = metadata_difference(*page, families);
    QVERIFY2(metadata.empty(), metadata.c_str());
}

} // namespace

/// Whole pages, read by us and by Prometheus' client for Python.
class TestScrapePages : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void prometheus();
    void nodeExporter();
    void ourOwn();
};

void TestScrapePages::initTestCase()
{
    if (!test::have_python_client())
        QSKIP("prometheus_client (Debian package python3-prometheus-client) is not installed.");
}

void TestScrapePages::prometheus()
{
    const auto executable = QStandardPaths::findExecutable(QStringLiteral("prometheus"));
    if (executable.isEmpty())
        QSKIP("there is no prometheus here");
    tests::PrometheusServer server;
    QCOMPARE(server.start(executable), QString());
    compare(server.get(QStringLiteral("/metrics")), Format::text);
}

void TestScrapePages::nodeExporter()
{
    const auto executable = QStandardPaths::findExecutable(QStringLiteral("prometheus-node-exporter"));
    if (executable.isEmpty())
        QSKIP("there is no prometheus-node-exporter here");
    QTcpServer free_port;
    QVERIFY(free_port.listen(QHostAddress::LocalHost));
    const auto address = QStringLiteral("127.0.0.1:%1").arg(free_port.serverPort());
    free_port.close();
    QProcess exporter;
    exporter.start(executable, {QStringLiteral("--web.listen-address=") + address});
    QVERIFY(exporter.waitForStarted());
    QNetworkAccessManager network;
    QNetworkRequest request(QUrl(QStringLiteral("http://%1/metrics").arg(address)));
    request.setRawHeader("Accept", "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5");
    std::unique_ptr<QNetworkReply> reply;
    const auto fetched = [&] {
        reply.reset(network.get(request));
        return QTest::qWaitFor([&] { return reply->isFinished(); }, 10'000) && reply->error() == QNetworkReply::NoError;
    };
    QTRY_VERIFY_WITH_TIMEOUT(fetched(), 20'000);
    const auto page = reply->readAll();
    const auto format = format_of(reply->rawHeader("Content-Type").toStdString());
    exporter.terminate();
    QVERIFY(exporter.waitForFinished(10'000));
    compare(page, format);
}

void TestScrapePages::ourOwn()
{
    auto snapshot = test::whole_catalogue();
    // The client's reader of the text format does not read a brace inside a value.
    for (auto& family : snapshot)
        for (auto& series : family.series)
            for (auto& label : series.labels)
                std::replace(label.value.begin(), label.value.end(), '}', ')');
    compare(QByteArray::fromStdString(telemetry::write_text(snapshot)), Format::text);
    compare(QByteArray::fromStdString(telemetry::write_openmetrics(snapshot)), Format::open_metrics);
}

QTEST_GUILESS_MAIN(TestScrapePages)
#include "tst_scrape_pages.moc"
