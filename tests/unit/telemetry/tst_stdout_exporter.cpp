// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/tracing/span_json.h"
#include "telemetry/tracing/stdout_exporter.h"
#include "tracing_support.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <future>
#include <limits>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using namespace tokenscope::test;
using namespace std::chrono_literals;
using Kind = ExportOutcome::Kind;

namespace {

class Pipe {
public:
    Pipe()
    {
        if (::pipe(m_ends) != 0)
            qFatal("no pipe");
    }
    ~Pipe()
    {
        close_reader();
        ::close(m_ends[1]);
    }
    int writer() const { return m_ends[1]; }
    void close_reader()
    {
        if (m_ends[0] >= 0)
            ::close(std::exchange(m_ends[0], -1));
    }
    /// What there is, waiting for at least a byte.
    QByteArray read_some() const
    {
        QByteArray bytes(1 << 20, '\0');
        bytes.resize(::read(m_ends[0], bytes.data(), static_cast<std::size_t>(bytes.size())));
        return bytes;
    }

private:
    int m_ends[2];
};

std::vector<SpanData> named(const std::vector<std::string>& names)
{
    std::vector<SpanData> spans(names.size());
    for (std::size_t i = 0; i < names.size(); ++i)
        spans[i].name = names[i];
    return spans;
}

std::vector<SpanData> named(std::size_t count)
{
    return named(std::vector<std::string>(count, "span"));
}

SpanData full_span()
{
    SpanData span;
    span.trace_id = parse_trace_id("0af7651916cd43dd8448eb211c80319c").value();
    span.span_id = parse_span_id("b7ad6b7169203331").value();
    span.parent_id = parse_span_id("00f067aa0ba902b7").value();
    span.trace_state = "rojo=1";
    span.name = "HTTP POST \"/v1\"\n";
    span.kind = SpanKind::server;
    span.start = UnixNanos(1'700'000'000'123'456'789);
    span.end = UnixNanos(1'700'000'000'125'956'789);
    span.attributes = {{"text", std::string("a\"\xFF")},
                       {"int", std::int64_t(9'007'199'254'740'993)},
                       {"nan", std::numeric_limits<double>::quiet_NaN()},
                       {"half", 0.5},
                       {"yes", true},
                       {"list", std::vector<std::string>{"a\"", "b"}}};
    span.events = {{"first_token", UnixNanos(1'700'000'000'124'000'000), {}},
                   {"error", UnixNanos(1'700'000'000'125'000'000), {{"error.type", std::string("internal")}}}};
    span.status = SpanStatus::error;
    span.status_message = "It failed.";
    return span;
}

QJsonObject parsed(const QByteArray& line)
{
    QJsonParseError error;
    const auto object = QJsonDocument::fromJson(line, &error).object();
    return error.error == QJsonParseError::NoError ? object : QJsonObject();
}

} // namespace

class TstStdoutExporter : public QObject {
    Q_OBJECT

    const Resource m_resource{.attributes = {{"service.name", "svc"}}, .scope_name = "s", .scope_version = "1"};

private Q_SLOTS:
    void initTestCase() { std::signal(SIGPIPE, SIG_IGN); } // as both programs do

    void a_span_is_a_line_of_json()
    {
        std::string line;
        append_span_json(line, full_span(), m_resource);
        QVERIFY(line.find('\n') == std::string::npos);
        const auto span = parsed(QByteArray::fromStdString(line));
        const auto text = [&](const char* key) { return span[QLatin1String(key)].toString(); };
        QCOMPARE(text("trace_id"), QStringLiteral("0af7651916cd43dd8448eb211c80319c"));
        QCOMPARE(text("span_id"), QStringLiteral("b7ad6b7169203331"));
        QCOMPARE(text("parent_span_id"), QStringLiteral("00f067aa0ba902b7"));
        QCOMPARE(text("name"), QStringLiteral("HTTP POST \"/v1\"\n"));
        QCOMPARE(text("kind"), QStringLiteral("server"));
        QCOMPARE(text("start"), QStringLiteral("2023-11-14T22:13:20.123Z"));
        QCOMPARE(text("start_unix_nano"), QStringLiteral("1700000000123456789"));
        QCOMPARE(text("end_unix_nano"), QStringLiteral("1700000000125956789"));
        QCOMPARE(span[QLatin1String("duration_ms")].toDouble(), 2.5);
        QCOMPARE(text("status"), QStringLiteral("error"));
        const auto attributes = span[QLatin1String("attributes")].toObject();
        QCOMPARE(attributes[QLatin1String("text")].toString(), QStringLiteral("a\"\uFFFD"));
        QVERIFY(attributes[QLatin1String("nan")].isNull());
        QVERIFY(line.find("\"int\":9007199254740993") != std::string::npos);
        QVERIFY(line.find("\"list\":[\"a\\\"\",\"b\"]") != std::string::npos);
        QCOMPARE(span[QLatin1String("events")].toArray().size(), 2);
        QCOMPARE(span[QLatin1String("resource")].toObject()[QLatin1String("service.name")].toString(),
                 QStringLiteral("svc"));
    }

    void what_there_is_not_is_absent()
    {
        std::string line;
        append_span_json(line, named({"x"}).front(), {});
        const auto span = parsed(QByteArray::fromStdString(line));
        for (const auto* key : {"parent_span_id", "trace_state", "status_message"})
            QVERIFY(!span.contains(QLatin1String(key)));
        QCOMPARE(span[QLatin1String("status")].toString(), QStringLiteral("unset"));
    }

    void writes_lines()
    {
        const Pipe pipe;
        StdoutExporter exporter(m_resource, pipe.writer());
        const auto outcome = exporter.send(named({"a", "b"}), 1s, {});
        QCOMPARE(int(outcome.kind), int(Kind::accepted));
        QCOMPARE(outcome.rejected, std::uint64_t(0));
        const auto lines = pipe.read_some().split('\n');
        QCOMPARE(lines.size(), 3);
        QCOMPARE(parsed(lines[0])[QLatin1String("name")].toString(), QStringLiteral("a"));
        QCOMPARE(parsed(lines[1])[QLatin1String("name")].toString(), QStringLiteral("b"));
        QVERIFY(lines[2].isEmpty());
    }

    void a_reader_that_sleeps_costs_only_the_timeout()
    {
        const Pipe pipe;
        StdoutExporter exporter(m_resource, pipe.writer());
        const auto many = named(1'000); // more than a pipe holds
        QElapsedTimer clock;
        clock.start();
        const auto outcome = exporter.send(many, 100ms, {});
        QVERIFY(clock.elapsed() < 2'000);
        QCOMPARE(int(outcome.kind), int(Kind::accepted));
        QVERIFY(outcome.rejected > 0 && outcome.rejected < 1'000);
        // The line in the middle of which it stopped is finished before the next begins.
        QByteArray all = pipe.read_some();
        auto next = std::async(std::launch::async, [&] { return exporter.send(named({"last"}), 5s, {}); });
        while (!all.contains("\"last\""))
            all += pipe.read_some();
        QCOMPARE(int(next.get().kind), int(Kind::accepted));
        const auto lines = all.split('\n');
        QCOMPARE(std::uint64_t(lines.size() - 2), 1'000 - outcome.rejected);
        for (int i = 0; i + 1 < lines.size(); ++i)
            QVERIFY2(!parsed(lines[i]).isEmpty(), lines[i]);
    }

    void cancelling_ends_it()
    {
        const Pipe pipe;
        StdoutExporter exporter(m_resource, pipe.writer());
        CancelSource cancel;
        auto sending = std::async(std::launch::async, [&] { return exporter.send(named(1'000), 60s, cancel.token()); });
        cancel.cancel();
        QCOMPARE(int(sending.wait_for(10s)), int(std::future_status::ready));
    }

    void no_reader_is_told()
    {
        Pipe pipe;
        pipe.close_reader();
        StdoutExporter exporter(m_resource, pipe.writer());
        const auto outcome = exporter.send(named({"a"}), 1s, {});
        QCOMPARE(int(outcome.kind), int(Kind::refused));
        QVERIFY(outcome.message.find("Broken pipe") != std::string::npos);
        StdoutExporter closed(m_resource, 987);
        QCOMPARE(int(closed.send(named({"a"}), 1s, {}).kind), int(Kind::refused));
    }
};

QTEST_APPLESS_MAIN(TstStdoutExporter)
#include "tst_stdout_exporter.moc"
