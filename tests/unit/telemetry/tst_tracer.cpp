// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/tracing/span_errors.h"
#include "telemetry/tracing/tracer.h"
#include "tracing_support.h"

#include <QtTest>

#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using namespace tokenscope::test;
using config::SamplerType;

namespace {

constexpr std::string_view remote_trace = "0af7651916cd43dd8448eb211c80319c";
constexpr std::string_view remote_span = "b7ad6b7169203331";

TraceContext remote(std::uint8_t flags)
{
    return {parse_trace_id(remote_trace).value(), parse_span_id(remote_span).value(), flags, "rojo=1"};
}

config::Observability settings(SamplerType type, double rate = 0.1)
{
    config::Observability settings;
    settings.tracing.sampler = {.type = type, .rate = rate};
    return settings;
}

/// A clock whose wall jumps about while its monotonic half goes on.
class JumpingClock final : public Clock {
public:
    Instant now() const override { return m_now; }
    WallTime wall() const override { return std::chrono::time_point_cast<std::chrono::milliseconds>(m_wall); }
    Nanos unix_time() const override { return m_wall.time_since_epoch(); }
    void advance(Nanos by) { m_now += by; }
    void jump(Nanos by) { m_wall += by; }

private:
    Instant m_now{std::chrono::hours(1)};
    std::chrono::time_point<std::chrono::system_clock, Nanos> m_wall{Nanos(1'700'000'000'123'456'789)};
};

std::string text(const SpanData& span, std::string_view key)
{
    for (const auto& attribute : span.attributes)
        if (attribute.key == key)
            return std::get<std::string>(attribute.value);
    return "(none)";
}

struct Request {
    TraceContext context;
    Span span;
};

Request begun(const Tracer& tracer, const std::optional<TraceContext>& parent, Instant started)
{
    Request request;
    request.span = tracer.begin(parent, started, request.context);
    return request;
}

} // namespace

class TstTracer : public QObject {
    Q_OBJECT

    KeepingSink m_sink;
    ManualClock m_clock;

    Request begin(SamplerType type = SamplerType::always)
    {
        return begun(Tracer(settings(type), m_sink, m_clock), std::nullopt, m_clock.now());
    }
    const std::vector<SpanData>& spans() const { return *m_sink.traces.at(0); }

private Q_SLOTS:
    void init() { m_sink = {}; }

    void samples_as_its_rate_says_data()
    {
        QTest::addColumn<double>("rate");
        for (const double rate : {0.001, 0.1, 0.5, 0.9})
            QTest::newRow(qPrintable(QString::number(rate))) << rate;
    }

    void samples_as_its_rate_says()
    {
        QFETCH(double, rate);
        const Sampler sampler({.type = SamplerType::probability, .rate = rate});
        constexpr int tries = 200'000;
        int sampled = 0;
        for (int i = 0; i < tries; ++i)
            sampled += sampler.samples(new_trace_id()) ? 1 : 0;
        const double six_sigma = 6 * std::sqrt(tries * rate * (1 - rate));
        QVERIFY2(std::abs(sampled - tries * rate) < six_sigma, qPrintable(QString::number(sampled)));
    }

    void decides_by_the_last_bytes_of_the_id()
    {
        // As OpenTelemetry's samplers in other languages do.
        const Sampler half({.type = SamplerType::probability, .rate = 0.5});
        QVERIFY(half.samples(parse_trace_id("ffffffffffffffff7fffffffffffffff").value()));
        QVERIFY(!half.samples(parse_trace_id("00000000000000018000000000000000").value()));
        const Sampler tenth({.type = SamplerType::probability, .rate = 0.1});
        QVERIFY(tenth.samples(parse_trace_id("ffffffffffffffff1999999999990000").value()));
        QVERIFY(!tenth.samples(parse_trace_id("000000000000000019999999999a0000").value()));
    }

    void a_higher_rate_keeps_what_a_lower_one_does()
    {
        const Sampler low({.type = SamplerType::probability, .rate = 0.1});
        const Sampler high({.type = SamplerType::probability, .rate = 0.11});
        for (int i = 0; i < 20'000; ++i) {
            const auto id = new_trace_id();
            QCOMPARE(low.samples(id), low.samples(id));
            QVERIFY(!low.samples(id) || high.samples(id));
        }
    }

    void extreme_rates()
    {
        const auto highest = parse_trace_id("ffffffffffffffffffffffffffffffff").value();
        const auto lowest = parse_trace_id("00000000000000010000000000000000").value();
        const auto probability = [](double rate) { return Sampler({.type = SamplerType::probability, .rate = rate}); };
        for (const double none : {0.0, -1.0, std::nan(""), -std::numeric_limits<double>::infinity()})
            QVERIFY(!probability(none).samples(lowest));
        for (const double all : {1.0, 7.0, std::numeric_limits<double>::infinity()})
            QVERIFY(probability(all).samples(highest));
        QVERIFY(Sampler({.type = SamplerType::always, .rate = 0}).samples(highest));
        QVERIFY(!Sampler({.type = SamplerType::never, .rate = 1}).samples(lowest));
    }

    void a_remote_parent_decides()
    {
        for (const auto type : {SamplerType::always, SamplerType::never, SamplerType::probability}) {
            m_sink = {};
            const Tracer tracer(settings(type, 0.5), m_sink, m_clock);
            {
                const auto sampled = begun(tracer, remote(1), m_clock.now());
                QVERIFY(sampled.span.recording());
                QCOMPARE(to_hex(sampled.context.trace_id), std::string(remote_trace));
                QCOMPARE(sampled.context.tracestate, std::string("rojo=1"));
                QCOMPARE(sampled.span.id(), sampled.context.span_id);
                const auto not_sampled = begun(tracer, remote(0), m_clock.now());
                QVERIFY(!not_sampled.span.recording());
                QCOMPARE(to_hex(not_sampled.context.trace_id), std::string(remote_trace));
                QVERIFY(!not_sampled.context.sampled());
                QVERIFY(to_hex(not_sampled.context.span_id) != remote_span);
            }
            QCOMPARE(m_sink.traces.size(), std::size_t(1));
            QCOMPARE(to_hex(spans()[0].parent_id), std::string(remote_span));
            QVERIFY(spans()[0].parent_is_remote);
            QCOMPARE(spans()[0].trace_state, std::string("rojo=1"));
            QCOMPARE(int(spans()[0].flags), 1);
        }
    }

    void what_is_not_sampled_records_nothing()
    {
        {
            auto request = begin(SamplerType::never);
            QVERIFY(is_set(request.context.trace_id) && is_set(request.context.span_id));
            auto child = request.span.child("queue.wait");
            child.set("key", "value");
            child.event("event");
            child.fail("type", "message");
            QVERIFY(!child.recording() && !child.failed());
            note_error(child, {.code = ErrorCode::internal, .message = "m"});
        }
        QVERIFY(m_sink.traces.empty());
    }

    void a_tree_is_handed_on_once_when_the_last_ends()
    {
        auto request = begin();
        request.span.rename({"HTTP ", "GET", " ", "/x"});
        m_clock.advance(std::chrono::milliseconds(2));
        auto first = request.span.child("first");
        auto second = first.child("second", SpanKind::client);
        m_clock.advance(std::chrono::milliseconds(3));
        request.span.end();
        first.end();
        QVERIFY(m_sink.traces.empty());
        m_clock.advance(std::chrono::milliseconds(1));
        second.end();
        second.end(); // and never again
        QCOMPARE(m_sink.traces.size(), std::size_t(1));
        QCOMPARE(spans().size(), std::size_t(3));
        QCOMPARE(spans()[0].name, std::string("HTTP GET /x"));
        QCOMPARE(spans()[1].parent_id, spans()[0].span_id);
        QCOMPARE(spans()[2].parent_id, spans()[1].span_id);
        QCOMPARE(int(spans()[2].kind), int(SpanKind::client));
        QVERIFY(!is_set(spans()[0].parent_id) && !spans()[0].parent_is_remote);
        QCOMPARE((spans()[2].end - spans()[2].start).count(), 4'000'000);
        QCOMPARE((spans()[0].end - spans()[0].start).count(), 5'000'000);
        for (const auto& span : spans())
            QCOMPARE(span.trace_id, request.context.trace_id);
    }

    void moved_spans_end_once()
    {
        {
            auto request = begin();
            Span outer;
            {
                auto inner = request.span.child("moved");
                outer = std::move(inner);
                QVERIFY(!inner.recording()); // NOLINT: what a moved one is, is what is asked
            }
            QVERIFY(outer.recording());
            auto other = request.span.child("replaced");
            other = std::move(outer); // ends "replaced"
            auto& same = other;
            other = std::move(same); // and stays what it is
            QVERIFY(other.recording());
            std::vector<Span> many;
            for (int i = 0; i < 20; ++i)
                many.push_back(request.span.child("many"));
        }
        QCOMPARE(m_sink.traces.size(), std::size_t(1));
        QCOMPARE(spans().size(), std::size_t(23));
        for (const auto& span : spans())
            QVERIFY(span.end >= span.start && span.end.count() != 0);
    }

    void exceptions_end_spans()
    {
        try {
            auto request = begin();
            const auto child = request.span.child("child");
            throw std::runtime_error("x");
        } catch (const std::runtime_error&) {
        }
        QCOMPARE(m_sink.traces.size(), std::size_t(1));
        QCOMPARE(spans().size(), std::size_t(2));
    }

    void a_sink_that_throws_harms_nobody()
    {
        class Throwing final : public SpanSink {
        public:
            void finished(const TraceFacts&) override { throw std::bad_alloc(); }
        } throwing;
        const Tracer tracer(settings(SamplerType::always), throwing, m_clock);
        auto request = begun(tracer, std::nullopt, m_clock.now());
        request.span.end();
        QVERIFY(!request.span.recording());
    }

    void times_follow_the_monotonic_clock()
    {
        JumpingClock clock;
        const auto accepted = clock.now();
        clock.advance(std::chrono::microseconds(40)); // until the trace begins
        const auto wall = clock.unix_time();
        {
            auto request = begun(Tracer(settings(SamplerType::always), m_sink, clock), std::nullopt, accepted);
            clock.jump(-std::chrono::hours(1));
            clock.advance(std::chrono::nanoseconds(7));
            auto child = request.span.child("child");
            clock.jump(std::chrono::hours(24));
            clock.advance(std::chrono::nanoseconds(5));
            child.event("event");
        }
        QCOMPARE(spans()[0].start.count(), (wall - std::chrono::microseconds(40)).count());
        QCOMPARE(spans()[1].start.count(), wall.count() + 7);
        QCOMPARE(spans()[1].events.at(0).at.count(), wall.count() + 12);
        QCOMPARE(spans()[0].end.count(), wall.count() + 12);
    }

    void attributes_of_every_type()
    {
        {
            auto request = begin();
            auto& span = request.span;
            span.set("text", std::string("text"));
            span.set("literal", "literal");
            span.set("yes", true);
            span.set("negative", -5);
            span.set("size", std::size_t(7));
            span.set("too large", std::numeric_limits<std::uint64_t>::max());
            span.set("double", 0.5F);
            span.set("again", 1);
            span.set("again", "two");
        }
        const auto& attributes = spans()[0].attributes;
        QCOMPARE(attributes.size(), std::size_t(8));
        QCOMPARE(std::get<std::string>(attributes[1].value), std::string("literal"));
        QCOMPARE(std::get<bool>(attributes[2].value), true);
        QCOMPARE(std::get<std::int64_t>(attributes[3].value), -5);
        QCOMPARE(std::get<std::int64_t>(attributes[4].value), 7);
        QCOMPARE(std::get<std::int64_t>(attributes[5].value), std::numeric_limits<std::int64_t>::max());
        QCOMPARE(std::get<double>(attributes[6].value), 0.5);
        QCOMPARE(std::get<std::string>(attributes[7].value), std::string("two"));
    }

    void hostile_text_is_cut_and_made_utf8()
    {
        {
            auto request = begin();
            request.span.set("invalid", std::string_view("a\xFF\0b", 4));
            request.span.set("long", std::string(1'000'000, 'x'));
            request.span.set("NUL late", std::string_view("0123456789\0", 11));
            request.span.set("high", "0123456\xC3\xA9 and \xC3");
            std::string euros;
            while (euros.size() < 2 * TraceLimits::text_bytes)
                euros += "\xE2\x82\xAC"; // 1,024 is no multiple of 3
            request.span.set("euros", euros);
            request.span.set("continuations", std::string(5'000, '\x80'));
        }
        QCOMPARE(text(spans()[0], "invalid"), std::string("a\xEF\xBF\xBD\xEF\xBF\xBD"
                                                          "b"));
        QCOMPARE(text(spans()[0], "NUL late"), std::string("0123456789\xEF\xBF\xBD"));
        QCOMPARE(text(spans()[0], "high"), std::string("0123456\xC3\xA9 and \xEF\xBF\xBD"));
        QCOMPARE(text(spans()[0], "long").size(), TraceLimits::text_bytes);
        QCOMPARE(text(spans()[0], "euros").size(), std::size_t(1023));
        QVERIFY(text(spans()[0], "continuations").size() <= 3 * TraceLimits::text_bytes);
    }

    void everything_is_capped()
    {
        static const std::vector<std::string> keys = [] {
            std::vector<std::string> made;
            for (int i = 0; i < 100; ++i)
                made.push_back("key" + std::to_string(i));
            return made;
        }();
        {
            auto request = begin();
            for (const auto& key : keys)
                request.span.set(AttributeKey(key), 1);
            for (int i = 0; i < 100; ++i)
                request.span.event("event");
            for (std::size_t i = 0; i < TraceLimits::spans + 9; ++i)
                request.span.child("child").set("k", "v");
            const auto beyond = request.span.child("beyond");
            QVERIFY(!beyond.recording());
            QVERIFY(!beyond.child("below").recording()); // and is not lost twice
        }
        QCOMPARE(spans().size(), TraceLimits::spans);
        QCOMPARE(m_sink.lost, std::size_t(11));
        QCOMPARE(spans()[0].attributes.size(), TraceLimits::attributes);
        QCOMPARE(spans()[0].events.size(), TraceLimits::events);
    }

    void the_first_failure_counts()
    {
        {
            auto request = begin();
            request.span.fail("first", "One.");
            request.span.fail("second", "Two.");
            QVERIFY(request.span.failed());
            auto gone = request.span.child("gone");
            note_error(gone, {.code = ErrorCode::client_gone, .message = "Left."});
            auto secret = request.span.child("upstream");
            note_error(secret, {.code = ErrorCode::upstream_error_event, .message = "a prompt", .detail = "a prompt"});
        }
        QCOMPARE(int(spans()[0].status), int(SpanStatus::error));
        QCOMPARE(spans()[0].status_message, std::string("One."));
        QCOMPARE(text(spans()[0], "error.type"), std::string("first"));
        QCOMPARE(spans()[0].events.size(), std::size_t(1));
        QCOMPARE(spans()[0].events[0].name, std::string_view("error"));
        QCOMPARE(int(spans()[1].status), int(SpanStatus::unset));
        QCOMPARE(text(spans()[1], "error.type"), std::string("client_gone"));
        QCOMPARE(int(spans()[2].status), int(SpanStatus::error));
        QVERIFY(spans()[2].status_message.find("prompt") == std::string::npos);
    }

    void ids_do_not_repeat()
    {
        std::set<SpanId> ids;
        for (int i = 0; i < 100'000; ++i)
            ids.insert(new_span_id());
        QCOMPARE(ids.size(), std::size_t(100'000));
    }
};

QTEST_APPLESS_MAIN(TstTracer)
#include "tst_tracer.moc"
