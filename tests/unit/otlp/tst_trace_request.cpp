// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "otlp/trace_request.h"
#include "otlp/wire_reader.h"
#include "unit/otlp/samples.h"

#include <QTest>

#include <limits>
#include <map>

using namespace tokenscope;
using namespace tokenscope::test;
using otlp::WireReader;

namespace {

/// The fields of a message by number; each in order.
using Fields = std::map<std::uint32_t, std::vector<WireReader::Field>>;

Fields fields_of(std::string_view message)
{
    Fields out;
    WireReader reader(message);
    while (const auto field = reader.next())
        out[field->number].push_back(*field);
    if (reader.malformed())
        qFatal("Malformed message.");
    return out;
}

Fields inside(const Fields& fields, std::uint32_t number, std::size_t index = 0)
{
    const auto found = fields.find(number);
    if (found == fields.end() || index >= found->second.size() || !found->second[index].data)
        return {};
    return fields_of(*found->second[index].data);
}

QByteArray text(const Fields& fields, std::uint32_t number)
{
    const auto found = fields.find(number);
    if (found == fields.end() || !found->second.front().data)
        return "(none)";
    return QByteArray::fromStdString(std::string(*found->second.front().data));
}

std::uint64_t number(const Fields& fields, std::uint32_t field)
{
    const auto found = fields.find(field);
    return found == fields.end() ? 0xDEAD : found->second.front().value;
}

Fields first_span(const std::string& message)
{
    return inside(inside(inside(fields_of(message), 1), 2), 2);
}

std::string encoded(const telemetry::SpanData& span)
{
    return otlp::encode_trace_request(sample_resource(), std::vector{span});
}

} // namespace

class TstTraceRequest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void resource_and_scope()
    {
        const auto message = encoded(sample_span());
        const auto resource_spans = inside(fields_of(message), 1);
        const auto resource = inside(resource_spans, 1);
        QCOMPARE(resource.at(1).size(), std::size_t(2));
        QCOMPARE(text(inside(resource, 1, 0), 1), QByteArray("service.name"));
        QCOMPARE(text(inside(inside(resource, 1, 0), 2), 1), QByteArray("tokenscope"));
        QCOMPARE(text(inside(resource, 1, 1), 1), QByteArray("service.version"));
        const auto scope = inside(inside(resource_spans, 2), 1);
        QCOMPARE(text(scope, 1), QByteArray("tokenscope"));
        QCOMPARE(text(scope, 2), QByteArray("1.2.3"));
    }

    void a_bare_span()
    {
        const auto message = encoded(sample_span());
        const auto span = first_span(message);
        QCOMPARE(text(span, 1).toHex(), QByteArray("0102030405060708090a0b0c0d0e0f10"));
        QCOMPARE(text(span, 2).toHex(), QByteArray("a0a1a2a3a4a5a6a7"));
        QCOMPARE(text(span, 5), QByteArray("HTTP POST /v1/responses"));
        QCOMPARE(number(span, 6), std::uint64_t(2));
        QCOMPARE(number(span, 7), std::uint64_t(1'700'000'000'123'456'789));
        QCOMPARE(number(span, 8), std::uint64_t(1'700'000'001'000'000'001));
        QCOMPARE(number(span, 16), std::uint64_t(0x101));
        for (const std::uint32_t absent : {3, 4, 9, 10, 11, 12, 13, 14, 15})
            QVERIFY2(!span.contains(absent), qPrintable(QString::number(absent)));
    }

    void a_full_span()
    {
        auto sample = sample_span();
        sample.parent_id = {9, 8, 7, 6, 5, 4, 3, 2};
        sample.parent_is_remote = true;
        sample.trace_state = "vendor=1,other=2";
        sample.attributes = {{"text", std::string("caf\xC3\xA9")},
                             {"empty", std::string()},
                             {"count", std::int64_t(-5)},
                             {"zero", std::int64_t(0)},
                             {"ratio", 0.25},
                             {"no", false},
                             {"yes", true}};
        sample.events = {{"first_token", std::chrono::nanoseconds(5), {{"n", std::int64_t(1)}}}, {"error", {}, {}}};
        sample.status = telemetry::SpanStatus::error;
        sample.status_message = "upstream_timeout";
        const auto message = encoded(sample);
        const auto span = first_span(message);
        QCOMPARE(text(span, 3), QByteArray("vendor=1,other=2"));
        QCOMPARE(text(span, 4).toHex(), QByteArray("0908070605040302"));
        QCOMPARE(number(span, 16), std::uint64_t(0x301));
        QCOMPARE(span.at(9).size(), std::size_t(7));
        const auto value = [&](std::size_t i) { return inside(inside(span, 9, i), 2); };
        QCOMPARE(text(inside(span, 9, 0), 1), QByteArray("text"));
        QCOMPARE(text(value(0), 1), QByteArray("caf\xC3\xA9"));
        QCOMPARE(text(value(1), 1), QByteArray(""));
        QCOMPARE(std::int64_t(number(value(2), 3)), std::int64_t(-5));
        QCOMPARE(number(value(3), 3), std::uint64_t(0));
        QCOMPARE(number(value(4), 4), std::bit_cast<std::uint64_t>(0.25));
        QCOMPARE(number(value(5), 2), std::uint64_t(0));
        QCOMPARE(number(value(6), 2), std::uint64_t(1));
        QCOMPARE(span.at(11).size(), std::size_t(2));
        QCOMPARE(number(inside(span, 11, 0), 1), std::uint64_t(5));
        QCOMPARE(text(inside(span, 11, 0), 2), QByteArray("first_token"));
        QCOMPARE(text(inside(inside(span, 11, 0), 3), 1), QByteArray("n"));
        QCOMPARE(text(inside(span, 11, 1), 2), QByteArray("error"));
        QCOMPARE(text(inside(span, 15), 2), QByteArray("upstream_timeout"));
        QCOMPARE(number(inside(span, 15), 3), std::uint64_t(2));
        QVERIFY(!inside(span, 15).contains(1)); // reserved
    }

    void every_kind_and_status()
    {
        using telemetry::SpanKind;
        using telemetry::SpanStatus;
        auto sample = sample_span();
        for (const auto& [kind, expected] :
             {std::pair{SpanKind::internal, 1U}, {SpanKind::server, 2U}, {SpanKind::client, 3U}}) {
            sample.kind = kind;
            const auto message = encoded(sample);
            QCOMPARE(number(first_span(message), 6), std::uint64_t(expected));
        }
        sample.status = SpanStatus::ok;
        const auto message = encoded(sample);
        QCOMPARE(number(inside(first_span(message), 15), 3), std::uint64_t(1));
        QVERIFY(!inside(first_span(message), 15).contains(2));
    }

    void hostile_values()
    {
        auto sample = sample_span("");
        sample.start = std::chrono::nanoseconds(-1);
        sample.end = telemetry::UnixNanos::max();
        sample.trace_state = "a=\xFF";
        sample.status_message = std::string("\x00\x80", 2);
        sample.attributes = {{"k\xC0", std::string(100'000, '\xFE')},
                             {"nan", std::numeric_limits<double>::quiet_NaN()},
                             {"min", std::numeric_limits<std::int64_t>::min()}};
        const auto message = encoded(sample);
        const auto span = first_span(message);
        QCOMPARE(text(span, 5), QByteArray(""));
        QCOMPARE(number(span, 7), std::uint64_t(0));
        QCOMPARE(number(span, 8), std::uint64_t(std::numeric_limits<std::int64_t>::max()));
        QCOMPARE(text(span, 3), QByteArray("a=\xEF\xBF\xBD"));
        QCOMPARE(text(inside(span, 15), 2), QByteArray("\xEF\xBF\xBD\xEF\xBF\xBD"));
        QCOMPARE(text(inside(span, 9), 1), QByteArray("k\xEF\xBF\xBD"));
        QCOMPARE(text(inside(inside(span, 9), 2), 1).size(), qsizetype(300'000));
        QCOMPARE(number(inside(inside(span, 9, 2), 2), 3), std::uint64_t(1) << 63);
    }

    void order_and_number_are_kept()
    {
        std::vector<telemetry::SpanData> spans;
        for (int i = 0; i < 600; ++i)
            spans.push_back(sample_span("span " + std::to_string(i)));
        const auto message = otlp::encode_trace_request({}, spans);
        const auto scope_spans = inside(inside(fields_of(message), 1), 2);
        QCOMPARE(scope_spans.at(2).size(), spans.size());
        for (std::size_t i = 0; i < spans.size(); i += 123)
            QCOMPARE(text(inside(scope_spans, 2, i), 5), QByteArray::fromStdString(spans[i].name));
        QVERIFY(otlp::encode_trace_request({}, {}).size() < 10);
    }
};

QTEST_APPLESS_MAIN(TstTraceRequest)
#include "tst_trace_request.moc"
