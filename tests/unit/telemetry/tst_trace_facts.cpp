// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/tracing/span_store.h"
#include "tracing_support.h"

#include <QtTest>

#include <array>
#include <atomic>
#include <cmath>
#include <deque>
#include <limits>
#include <random>
#include <thread>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using namespace tokenscope::test;

namespace {

/// Keys as from literals, of which some share their bits.
const std::vector<AttributeKey>& keys()
{
    static const std::deque<std::string> texts = [] {
        std::deque<std::string> made;
        for (int i = 0; i < 100; ++i)
            made.push_back("key " + std::to_string(i));
        return made;
    }();
    static const std::vector<AttributeKey> made = [] {
        std::vector<AttributeKey> from;
        for (const auto& text : texts)
            from.emplace_back(std::string_view(text));
        return from;
    }();
    return made;
}

std::string shown(const AttributeValue& value)
{
    struct Writer {
        std::string operator()(const std::string& text) const { return "'" + text + "'"; }
        std::string operator()(std::int64_t number) const { return std::to_string(number); }
        std::string operator()(double number) const { return std::to_string(number) + "f"; }
        std::string operator()(bool yes) const { return yes ? "true" : "false"; }
        std::string operator()(const std::vector<std::string>& texts) const
        {
            std::string all = "[";
            for (const auto& text : texts)
                all += "'" + text + "'";
            return all + "]";
        }
    };
    return std::visit(Writer{}, value);
}

std::string shown(const std::vector<Attribute>& attributes)
{
    std::map<std::string_view, std::string> sorted;
    std::string text;
    for (const auto& [key, value] : attributes)
        if (!sorted.emplace(key, shown(value)).second)
            text += "TWICE ";
    for (const auto& [key, value] : sorted)
        text += std::string(key) + "=" + value + " ";
    return text;
}

/// All but the ids, in a line.
std::string shown(const SpanData& span)
{
    auto text = span.name + (span.status == SpanStatus::error ? " ERROR " + span.status_message : "") + " ";
    text += std::to_string(span.start.count()) + "-" + std::to_string(span.end.count()) + " " + shown(span.attributes);
    for (const auto& event : span.events)
        text += "[" + std::string(event.name) + "@" + std::to_string(event.at.count()) + " " + shown(event.attributes)
                + "]";
    return text;
}

} // namespace

class TstTraceFacts : public QObject {
    Q_OBJECT

    FactsSink m_sink;
    ManualClock m_clock;

    Span begin(const std::string& state = {}, const SpanId& parent = {})
    {
        const TraceContext context{
            .trace_id = new_trace_id(), .span_id = new_span_id(), .flags = 1, .tracestate = state};
        return {std::make_unique<TraceBuffer>(m_sink, m_clock, context, parent), SpanKind::server, m_clock.now(),
                context.span_id};
    }
    std::vector<SpanData> built() const { return *m_sink.last.value().spans(); }
    std::string attributes(std::size_t span = 0) const { return shown(built().at(span).attributes); }

private Q_SLOTS:
    void values_data()
    {
        QTest::addColumn<int>("index");
        for (int i = 0; i < 14; ++i)
            QTest::newRow(qPrintable(QString::number(i))) << i;
    }

    void values()
    {
        QFETCH(int, index);
        using Limits = std::numeric_limits<std::int64_t>;
        struct Case {
            std::function<void(Span&)> set;
            AttributeValue expected;
        };
        const std::array<Case, 14> cases{{
            {[](Span& span) { span.set("k", ""); }, std::string()},
            {[](Span& span) { span.set("k", std::string_view()); }, std::string()},
            {[](Span& span) { span.set("k", std::string_view("a\0b", 3)); }, std::string("a\xEF\xBF\xBD"
                                                                                         "b")},
            {[](Span& span) { span.set("k", std::string_view("\0", 1)); }, std::string("\xEF\xBF\xBD")},
            {[](Span& span) { span.set_list("k", "stop"); }, std::vector<std::string>{"stop"}},
            {[](Span& span) { span.set("k", 1), span.set_list("k", ""); }, std::vector<std::string>{""}},
            {[](Span& span) { span.set("k", true); }, true},
            {[](Span& span) { span.set("k", false); }, false},
            {[](Span& span) { span.set("k", Limits::min()); }, Limits::min()},
            {[](Span& span) { span.set("k", std::numeric_limits<std::uint64_t>::max()); }, Limits::max()},
            {[](Span& span) { span.set("k", 0U); }, std::int64_t{0}},
            {[](Span& span) { span.set("k", -0.5F); }, -0.5},
            {[](Span& span) { span.set("k", std::numeric_limits<double>::infinity()); },
             std::numeric_limits<double>::infinity()},
            {[](Span& span) { span.set("k", std::numeric_limits<double>::denorm_min()); },
             std::numeric_limits<double>::denorm_min()},
        }};
        const auto& asked = cases.at(static_cast<std::size_t>(index));
        {
            auto span = begin();
            asked.set(span);
        }
        const auto spans = built();
        QCOMPARE(spans.at(0).attributes.size(), std::size_t(1));
        QCOMPARE(spans[0].attributes[0].key, std::string_view("k"));
        QVERIFY2(spans[0].attributes[0].value == asked.expected, shown(spans[0].attributes[0].value).c_str());
    }

    void not_a_number_stays_none()
    {
        begin().set("k", std::nan(""));
        QVERIFY(std::isnan(std::get<double>(built()[0].attributes.at(0).value)));
    }

    void texts_of_every_length()
    {
        const std::string letters = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz";
        for (std::size_t size = 0; size < 40; ++size) {
            const auto text = letters.substr(40 - size, size);
            const auto part = letters.substr(0, size);
            {
                auto root = begin();
                root.set("text", text);
                root.rename({"<", part, text, ">"});
                root.set("next", "untouched");
            }
            const auto spans = built();
            QCOMPARE(spans[0].name, "<" + part + text + ">");
            QVERIFY(std::get<std::string>(spans[0].attributes[0].value) == text);
            QVERIFY(std::get<std::string>(spans[0].attributes[1].value) == "untouched");
        }
    }

    void text_is_cut_between_characters_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const QByteArray most(TraceLimits::text_bytes, 'x');
        const auto all_but = [&most](qsizetype few) { return most.chopped(few); };
        QTest::newRow("as much as fits") << most << most;
        QTest::newRow("a byte more") << most + "y" << most;
        QTest::newRow("two bytes, cut in the middle") << all_but(1) + "\xC3\xA9 and more" << all_but(1);
        QTest::newRow("two bytes that fit") << all_but(2) + "\xC3\xA9 and more" << all_but(2) + "\xC3\xA9";
        QTest::newRow("three bytes, cut after the first") << all_but(1) + "\xE2\x82\xAC" << all_but(1);
        QTest::newRow("three bytes, cut after the second") << all_but(2) + "\xE2\x82\xAC" << all_but(2);
        QTest::newRow("four bytes, cut after the third") << all_but(3) + "\xF0\x9F\x98\x80" << all_but(3);
        QTest::newRow("broken before the cut") << all_but(2) + "\xE2xyz" << all_but(2) + "\xEF\xBF\xBDx";
        QTest::newRow("a lead byte at the end") << all_but(1) + "\xE2xyz" << all_but(1) + "\xEF\xBF\xBD";
        QTest::newRow("nothing but continuations") << QByteArray(5'000, '\x80') << QByteArray();
        QTest::newRow("a megabyte") << QByteArray(1'000'000, 'x') << most;
    }

    void text_is_cut_between_characters()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        const auto given = text.toStdString();
        {
            auto span = begin();
            span.rename({given});
            span.set("k", given);
            span.event("event", {{"detail", given}});
            span.fail("type", given);
        }
        const auto span = built().at(0);
        const auto wanted = expected.toStdString();
        QCOMPARE(std::get<std::string>(span.attributes.at(0).value), wanted);
        QCOMPARE(std::get<std::string>(span.events.at(0).attributes.at(0).value), wanted);
        QCOMPARE(span.status_message, wanted);
        QCOMPARE(span.name, wanted);
    }

    void a_key_that_is_set_again_has_its_last_value()
    {
        {
            auto span = begin();
            auto child = span.child("child");
            child.set("key", "the child's");
            span.set("key", 1);
            span.set("other", true);
            span.set("key", "longer than before");
            span.set("key", "");
            span.set("key", 2.5);
            child.set("key", false);
        }
        QCOMPARE(attributes(0), shown(std::vector<Attribute>{{"key", 2.5}, {"other", true}}));
        QCOMPARE(attributes(1), shown(std::vector<Attribute>{{"key", false}}));
    }

    void the_keys_of_a_call_have_bits_of_their_own()
    {
        std::uint64_t bits = 0;
        for (const AttributeKey key : std::initializer_list<AttributeKey>{
                 "provider.name", "provider.model", "gen_ai.operation.name", "gen_ai.provider.name",
                 "gen_ai.request.model", "provider.ttfb_seconds", "gen_ai.response.time_to_first_chunk",
                 "provider.chunk_count", "provider.input_tokens", "gen_ai.usage.input_tokens", "provider.output_tokens",
                 "gen_ai.usage.output_tokens", "gen_ai.response.model", "gen_ai.response.finish_reasons"}) {
            QCOMPARE(bits & key.bit(), std::uint64_t(0)); // or it would be looked for among those set already
            bits |= key.bit();
        }
    }

    void what_is_set_again_and_again_takes_no_more_memory()
    {
        const auto bytes_after = [this](int times) {
            {
                auto span = begin();
                for (int i = 0; i < times; ++i)
                    for (std::size_t key = 0; key < TraceLimits::attributes; ++key)
                        span.set(keys()[key], i);
            }
            return m_sink.last->bytes().size();
        };
        QCOMPARE(bytes_after(1'000), bytes_after(1));
        QCOMPARE(built()[0].attributes.size(), TraceLimits::attributes);
    }

    void a_full_span_still_takes_new_values()
    {
        {
            auto span = begin();
            for (const auto& key : keys())
                span.set(key, 1);
            span.set(keys()[3], "new");
            span.set(keys()[60], "too late");
        }
        const auto text = attributes();
        QCOMPARE(built()[0].attributes.size(), TraceLimits::attributes);
        QVERIFY2(text.find("key 3='new'") != std::string::npos, text.c_str());
        QVERIFY2(text.find("too late") == std::string::npos, text.c_str());
    }

    void everything_at_its_limit()
    {
        const std::string most(TraceLimits::text_bytes, 'm');
        const std::string little = "l";
        const auto text_of = [&](std::size_t span) -> const std::string& { return span < 8 ? most : little; };
        {
            auto root = begin();
            std::vector<Span> open;
            for (std::size_t i = 0; i < TraceLimits::spans + 3; ++i) {
                auto& span = open.emplace_back(root.child("child"));
                for (const auto& key : keys())
                    span.set(key, text_of(i));
                for (int j = 0; j < 20; ++j)
                    span.event("event", {{"a", text_of(i)}, {"b", text_of(i)}});
            }
        }
        QCOMPARE(m_sink.last->lost(), std::size_t(4));
        QCOMPARE(m_sink.last->count(), TraceLimits::spans);
        const auto spans = built();
        QCOMPARE(spans.size(), TraceLimits::spans);
        for (std::size_t i = 1; i < spans.size(); ++i) {
            QCOMPARE(spans[i].parent_id, spans[0].span_id);
            QCOMPARE(spans[i].attributes.size(), TraceLimits::attributes);
            QCOMPARE(spans[i].events.size(), TraceLimits::events);
            QCOMPARE(std::get<std::string>(spans[i].events.back().attributes.at(1).value), text_of(i - 1));
        }
    }

    void spans_end_in_any_order()
    {
        {
            auto root = begin();
            auto a = root.child("a");
            auto b = a.child("b");
            auto c = b.child("c", SpanKind::client);
            for (auto* span : {&root, &b, &a, &c}) {
                m_clock.advance(std::chrono::milliseconds(1));
                span->end();
            }
        }
        const auto spans = built();
        QCOMPARE(spans.size(), std::size_t(4));
        const auto lasted = [&spans](std::size_t i) { return (spans[i].end - spans[i].start).count() / 1'000'000; };
        QCOMPARE(lasted(0), 1);
        QCOMPARE(lasted(2), 2);
        QCOMPARE(lasted(1), 3);
        QCOMPARE(lasted(3), 4);
        for (std::size_t i = 1; i < 4; ++i)
            QCOMPARE(spans[i].parent_id, spans[i - 1].span_id);
        QCOMPARE(int(spans[3].kind), int(SpanKind::client));
        QCOMPARE(int(spans[0].kind), int(SpanKind::server));
    }

    void the_context_is_on_every_span()
    {
        const std::string state(16'000, 's'); // more than the first room
        const auto parent = new_span_id();
        {
            auto root = begin(state, parent);
            root.child("child").set("k", 1);
        }
        const auto spans = built();
        for (const auto& span : spans) {
            QCOMPARE(span.trace_state, state);
            QCOMPARE(int(span.flags), 1);
            QCOMPARE(span.trace_id, m_sink.last->id());
        }
        QCOMPARE(spans[0].parent_id, parent);
        QVERIFY(spans[0].parent_is_remote && !spans[1].parent_is_remote);
    }

    void traces_are_built_behind_each_other()
    {
        std::vector<SpanData> all;
        const auto first = trace_of({"a", "b"});
        first.append_spans(all);
        trace_of({"c", "d", "e"}).append_spans(all);
        QCOMPARE(all.size(), std::size_t(5));
        QCOMPARE(all[4].name, std::string("e"));
        QCOMPARE(all[4].parent_id, all[2].span_id);
        QVERIFY(!is_set(all[2].parent_id));
        QCOMPARE(all[1].trace_id, first.id());
    }

    void says_what_was_recorded_data()
    {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 0; seed < 200; ++seed)
            QTest::newRow(qPrintable(QString::number(seed))) << seed;
    }

    void says_what_was_recorded()
    {
        QFETCH(unsigned, seed);
        std::mt19937 random(seed);
        const auto up_to = [&random](std::size_t most) { return random() % (most + 1); };
        std::vector<SpanData> expected(1);
        std::deque<Span> open;
        open.push_back(begin());
        const auto now = [this] { return m_clock.unix_time(); };
        expected[0].start = now();
        const auto set = [](SpanData& span, std::string_view key, AttributeValue value) {
            for (auto& attribute : span.attributes)
                if (attribute.key == key) {
                    attribute.value = std::move(value);
                    return;
                }
            if (span.attributes.size() < TraceLimits::attributes)
                span.attributes.push_back({key, std::move(value)});
        };
        for (int step = 0; step < 400; ++step) {
            m_clock.advance(std::chrono::milliseconds(up_to(3)));
            const auto at = up_to(open.size() - 1);
            auto& span = open[at];
            auto& model = expected[at];
            const auto& key = keys()[up_to(40)];
            const std::string text(up_to(60), static_cast<char>('a' + up_to(25)));
            const auto number = static_cast<std::int64_t>(random());
            if (!span.recording())
                continue;
            switch (up_to(9)) {
            case 0:
            case 1: span.set(key, text), set(model, key.text(), text); break;
            case 2: span.set(key, number), set(model, key.text(), number); break;
            case 3: span.set(key, 0.25), set(model, key.text(), 0.25); break;
            case 4: span.set(key, true), set(model, key.text(), true); break;
            case 5:
                if (model.events.size() < TraceLimits::events)
                    model.events.push_back({.name = "e", .at = now(), .attributes = {{"d", text}}});
                span.event("e", {{"d", text}});
                break;
            case 6: span.rename({text, "!"}), model.name = text + "!"; break;
            case 7:
                if (open.size() < TraceLimits::spans) {
                    expected.emplace_back().name = "child";
                    expected.back().start = now();
                    open.push_back(span.child("child"));
                }
                break;
            default:
                if (up_to(9) == 0 && at > 0)
                    span.end(), model.end = now();
            }
        }
        for (std::size_t i = open.size(); i-- > 0;) {
            if (open[i].recording())
                expected[i].end = now();
            open[i].end();
        }
        const auto spans = built();
        QCOMPARE(spans.size(), expected.size());
        for (std::size_t i = 0; i < spans.size(); ++i)
            QCOMPARE(shown(spans[i]), shown(expected[i]));
    }

    void goes_from_thread_to_thread()
    {
        // The request on one, the exporter on another, a reader on a third.
        SpanStore store({.traces = 20, .bytes = 1'000'000});
        std::mutex mutex;
        std::deque<KeptTrace> queue;
        std::atomic<bool> over = false;
        std::thread exporter([&] {
            for (bool last = false; !last;) {
                last = over;
                std::deque<KeptTrace> taken;
                {
                    const std::lock_guard lock(mutex);
                    taken.swap(queue);
                }
                for (const auto& trace : taken)
                    if (trace.spans()->back().name != "child")
                        qFatal("A trace has changed.");
            }
        });
        std::thread reader([&] {
            while (!over)
                for (const auto& entry : store.since(0))
                    if (entry.spans->size() != 2)
                        qFatal("A trace has lost a span.");
        });
        for (int i = 0; i < 1'000; ++i) {
            auto kept = store.keep(trace_of({"root", "child"}));
            const std::lock_guard lock(mutex);
            queue.push_back(std::move(kept));
        }
        over = true;
        exporter.join();
        reader.join();
        QCOMPARE(store.since(0).size(), std::size_t(20));
    }
};

QTEST_APPLESS_MAIN(TstTraceFacts)
#include "tst_trace_facts.moc"
