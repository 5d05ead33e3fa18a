// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/handlers/metrics_pages.h"

#include <QTest>

using namespace tokenscope;
using telemetry::TextFormat;

/// Which of the text formats an Accept asks for.
class TstPreferredFormat : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void of_accept_data()
    {
        QTest::addColumn<QByteArray>("accept");
        QTest::addColumn<bool>("openmetrics");
        const auto row = [](const char* name, const char* accept, bool openmetrics) {
            QTest::newRow(name) << QByteArray(accept) << openmetrics;
        };
        row("none", "", false);
        row("curl", "*/*", false);
        row("a browser", "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8", false);
        row("Prometheus 2.42",
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
            "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
            true);
        row("Prometheus 3",
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
            "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
            "text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
            true);
        row("Prometheus with protobuf first",
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,"
            "text/plain;version=0.0.4;q=0.5,application/openmetrics-text;version=1.0.0;q=0.4,*/*;q=0.1",
            false);
        row("OpenMetrics first, then protobuf",
            "application/openmetrics-text;version=1.0.0;q=0.9,application/vnd.google.protobuf;q=1,*/*;q=0.1", true);
        row("without a version", "application/openmetrics-text", true);
        row("in capitals", "Application/OpenMetrics-Text; Version=1.0.0; Charset=UTF-8", true);
        row("with quotes", "application/openmetrics-text; version=\"1.0.0\"; charset=\"utf-8\"", true);
        row("another version alone", "application/openmetrics-text;version=0.0.1", false);
        row("a future version, else ours", "application/openmetrics-text;version=2.0.0,text/plain;q=0.1", false);
        row("a future version, else 1.0.0",
            "application/openmetrics-text;version=2.0.0,application/openmetrics-text;version=1.0.0;q=0.9,*/*;q=0.1",
            true);
        row("both alike, text named first", "text/plain;version=0.0.4, application/openmetrics-text;version=1.0.0",
            false);
        row("both alike, OpenMetrics named first",
            "application/openmetrics-text;version=1.0.0, text/plain;version=0.0.4", true);
        row("more exactly named", "*/*, application/openmetrics-text", true);
        row("refused by name", "application/openmetrics-text;q=0, */*", false);
        row("the text refused", "text/plain;q=0, */*", true);
        row("both refused", "text/plain;q=0, application/openmetrics-text;q=0", false);
        row("all refused", "*/*;q=0", false);
        row("any application", "application/*", true);
        row("any text", "text/*, application/openmetrics-text;q=0.9", false);
        row("the name counts, not the wildcard's weight", "application/openmetrics-text;q=0.2, */*;q=0.9", false);
        row("something else", "application/json", false);
        row("nothing in it", ",;q=1,,", false);
        row("broken weights", "application/openmetrics-text;q=one", false);
        row("a comma in quotes", "text/plain;note=\"a,application/openmetrics-text\"", false);
    }

    void of_accept()
    {
        QFETCH(QByteArray, accept);
        QFETCH(bool, openmetrics);
        const auto format = gateway::preferred_format({accept.constData(), std::size_t(accept.size())});
        QCOMPARE(format == TextFormat::openmetrics, openmetrics);
    }
};

QTEST_APPLESS_MAIN(TstPreferredFormat)
#include "tst_preferred_format.moc"
