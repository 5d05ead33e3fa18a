// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/trace_context.h"
#include "telemetry/tracing/trace_ids.h"

#include <QtTest>

#include <algorithm>
#include <set>

using namespace tokenscope::telemetry;

namespace {

const std::string trace = "0af7651916cd43dd8448eb211c80319c";
const std::string span = "b7ad6b7169203331";

std::string header(const std::string& version, const std::string& flags, const std::string& rest = {})
{
    return version + "-" + trace + "-" + span + "-" + flags + rest;
}

TraceContext context_of(std::uint8_t flags, const std::string& tracestate = {})
{
    return {parse_trace_id(trace).value(), parse_span_id(span).value(), flags, tracestate};
}

std::string members(int count)
{
    std::string out;
    for (int i = 0; i < count; ++i)
        out += (i > 0 ? ",k" : "k") + std::to_string(i) + "=v";
    return out;
}

} // namespace

class TstTraceContext : public QObject {
    Q_OBJECT

    static void row(const char* name, const std::string& text, int flags)
    {
        QTest::newRow(name) << QByteArray::fromStdString(text) << flags;
    }

private Q_SLOTS:
    void traceparent_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("flags"); // -1: invalid
        row("sampled", header("00", "01"), 1);
        row("not sampled", header("00", "00"), 0);
        row("reserved flags are not passed on", header("00", "ff"), 1);
        row("reserved flags without sampled", header("00", "fe"), 0);
        row("surrounding white space", " \t" + header("00", "01") + "\t ", 1);
        row("a future version", header("cc", "01"), 1);
        row("a future version with more", header("cc", "01", "-what-the-future-will-be-like"), 1);
        row("a future version with an empty more", header("01", "01", "-"), 1);
        row("a future version with more, glued on", header("cc", "01", ".what"), -1);
        row("version 00 with more", header("00", "01", "-what"), -1);
        row("version 00 with a dash", header("00", "01", "-"), -1);
        row("version ff", header("ff", "01"), -1);
        row("upper-case version", header("CC", "01"), -1);
        row("version not hex", header("0g", "01"), -1);
        row("flags not hex", header("00", "0g"), -1);
        row("upper-case flags", header("00", "0A"), -1);
        row("one digit of flags", header("00", "1"), -1);
        row("three digits of flags", header("00", "001"), -1);
        row("empty", "", -1);
        row("white space", "   ", -1);
        row("no flags", "00-" + trace + "-" + span, -1);
        row("trace id of zeros", "00-00000000000000000000000000000000-" + span + "-01", -1);
        row("span id of zeros", "00-" + trace + "-0000000000000000-01", -1);
        row("upper-case trace id", "00-0AF7651916CD43DD8448EB211C80319C-" + span + "-01", -1);
        row("upper-case span id", "00-" + trace + "-B7AD6B7169203331-01", -1);
        row("short trace id", "00-" + trace.substr(1) + "-" + span + "-01", -1);
        row("long span id", "00-" + trace + "-" + span + "0-01", -1);
        row("illegal character", "00-" + trace.substr(1) + ".-" + span + "-01", -1);
        row("wrong separators", "00_" + trace + "_" + span + "_01", -1);
        row("two headers joined", header("00", "01") + "," + header("00", "01"), -1);
        row("NUL inside", header("00", "01", std::string(1, '\0')), -1);
    }

    void traceparent()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, flags);
        const auto context = parse_trace_context(text.toStdString(), "rojo=1");
        QCOMPARE(context.has_value(), flags >= 0);
        if (context)
            QCOMPARE(*context, context_of(static_cast<std::uint8_t>(flags), "rojo=1"));
    }

    void tracestate_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("kept");
        const auto add = [](const char* name, const std::string& text, bool kept) {
            QTest::newRow(name) << QByteArray::fromStdString(text) << kept;
        };
        add("empty", "", true);
        add("one", "rojo=00f067aa0ba902b7", true);
        add("several", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", true);
        add("white space around members", "a=1 , \tb=2", true);
        add("empty members", "a=1,,b=2,", true);
        add("multi-tenant key", "fw529a3039@dt=FfAaAaA", true);
        add("tenant may start with a digit", "0tenant@sys=1", true);
        add("longest simple key", std::string(256, 'k') + "=1", true);
        add("simple key too long", std::string(257, 'k') + "=1", false);
        add("longest tenant and system", std::string(241, 't') + "@" + std::string(14, 's') + "=1", true);
        add("tenant too long", std::string(242, 't') + "@s=1", false);
        add("system too long", "t@" + std::string(15, 's') + "=1", false);
        add("system starts with a digit", "t@1s=1", false);
        add("no tenant", "@s=1", false);
        add("two at signs", "t@s@x=1", false);
        add("upper-case key", "Foo=1", false);
        add("key starts with a digit", "1a=1", false);
        add("space before the equals sign", "foo =1", false);
        add("no key", "=1", false);
        add("no value", "foo=", false);
        add("no equals sign", "foo", false);
        add("equals sign in the value", "foo=a=b", false);
        add("longest value", "foo=" + std::string(256, 'v'), true);
        add("value too long", "foo=" + std::string(257, 'v'), false);
        add("control character", "foo=a\x01", false);
        add("not ASCII", "foo=\xC3\xA9", false);
        add("header injection", "foo=a\r\nx-evil: 1", false);
        add("repeated key", "foo=1,foo=2", false);
        add("32 members", members(32), true);
        add("33 members", members(33), false);
    }

    void tracestate()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, kept);
        const auto context = parse_trace_context(header("00", "01"), text.toStdString());
        QVERIFY(context); // a bad tracestate does not spoil the traceparent
        QCOMPARE(QByteArray::fromStdString(context->tracestate), kept ? text : QByteArray());
    }

    void aNewTraceIsValidAndNew()
    {
        std::set<std::string> ids;
        for (int i = 0; i < 100; ++i) {
            const auto context = new_trace();
            QVERIFY(!context.sampled());
            QCOMPARE(parse_trace_context(telemetry_header(context)), std::optional(context));
            ids.insert(to_hex(context.trace_id));
            ids.insert(to_hex(context.span_id));
        }
        QCOMPARE(ids.size(), std::size_t{200});
    }

    void aChildSharesAllButTheSpan()
    {
        const auto parent = parse_trace_context(header("00", "01"), "rojo=1").value();
        const auto child = child_of(parent);
        QCOMPARE(child.trace_id, parent.trace_id);
        QCOMPARE(child.flags, parent.flags);
        QCOMPARE(child.tracestate, parent.tracestate);
        QVERIFY(child.span_id != parent.span_id);
        QVERIFY(parse_trace_context(telemetry_header(child)));
    }

    void writesVersion00()
    {
        QCOMPARE(telemetry_header(context_of(0x01)), header("00", "01"));
        QCOMPARE(telemetry_header(context_of(0xFE)), header("00", "00"));
        // What a future version said is passed on as far as version 00 can say it.
        QCOMPARE(telemetry_header(parse_trace_context(header("cc", "03", "-more")).value()), header("00", "01"));
    }

    void anotherParentTakesThePlace()
    {
        TraceParent parent(context_of(0x01));
        parent.set_span(parse_span_id("00000000000000ff").value());
        QCOMPARE(std::string(parent.value()), "00-" + trace + "-00000000000000ff-01");
        QCOMPARE(std::string(parent.field()), "traceparent: 00-" + trace + "-00000000000000ff-01\r\n");
    }

    void noneStaysNone()
    {
        TraceParent none;
        none.set_span(parse_span_id(span).value());
        QVERIFY(none.field().empty() && none.value().empty());
    }

    void everyByteHasItsDigits()
    {
        TraceId id{};
        SpanId span{};
        for (unsigned first = 0; first < 256; ++first) {
            for (std::size_t i = 0; i < id.size(); ++i)
                id[i] = static_cast<std::uint8_t>(first + 7 * i);
            std::copy_n(id.begin(), span.size(), span.begin());
            std::string expected;
            for (const auto byte : id) {
                expected += "0123456789abcdef"[byte >> 4];
                expected += "0123456789abcdef"[byte & 0xF];
            }
            QCOMPARE(to_hex(id), expected);
            QCOMPARE(to_hex(span), expected.substr(0, 16));
            if (first > 0)
                QCOMPARE(parse_trace_id(expected), std::optional(id));
        }
    }

    void idsAreReadStrictly()
    {
        QCOMPARE(to_hex(parse_trace_id(trace).value()), trace);
        for (const auto* wrong : {"", "0", "0af7651916cd43dd8448eb211c80319", "0AF7651916cd43dd8448eb211c80319c",
                                  "0af7651916cd43dd8448eb211c80319cc", "00000000000000000000000000000000",
                                  "0af7651916cd43dd8448eb211c80319/", "0af7651916cd43dd8448eb211c80319:",
                                  "0af7651916cd43dd8448eb211c80319g", "0af7651916cd43dd8448eb211c80319`"})
            QVERIFY2(!parse_trace_id(wrong), wrong);
    }

private:
    static std::string telemetry_header(const TraceContext& context)
    {
        return std::string(TraceParent(context).value());
    }
};

QTEST_APPLESS_MAIN(TstTraceContext)
#include "tst_trace_context.moc"
