// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "conversations/memory_store.h"
#include "conversations/owned_store.h"
#include "conversations/traced_store.h"
#include "scripted_store.h"
#include "telemetry/tracing/tracer.h"

#include <QTest>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <fmt/format.h>

using namespace tokenscope;
using namespace tokenscope::conversations;

namespace {

template <typename T>
T wait(net::Task<T> task)
{
    boost::asio::io_context io;
    std::optional<T> result;
    boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr, T value) { result.emplace(std::move(value)); });
    io.run();
    return std::move(*result);
}

StoredResponse response(const std::string& id, const std::string& previous, const std::string& input = "[]")
{
    return {.id = id, .previous_id = previous, .model = "m", .provider = "p", .input = input, .body = "{}"};
}

/// Keeps the spans of one request, and says them in a line each.
class OneTrace final : public telemetry::SpanSink {
public:
    explicit OneTrace(const Clock& clock)
    {
        const telemetry::Tracer tracer(config::Observability{}, *this, clock);
        telemetry::TraceContext context;
        root = tracer.begin(std::nullopt, clock.now(), context);
    }
    void finished(const telemetry::TraceFacts& trace) override { m_spans = trace.spans(); }

    std::vector<std::string> lines()
    {
        root.end();
        std::vector<std::string> lines;
        for (std::size_t i = 1; i < m_spans->size(); ++i) {
            auto& line = lines.emplace_back((*m_spans)[i].name);
            for (const auto& attribute : (*m_spans)[i].attributes)
                line += " " + std::string(attribute.key.substr(attribute.key.find('.') + 1)) + "="
                        + (std::holds_alternative<std::string>(attribute.value)
                               ? std::get<std::string>(attribute.value)
                               : std::to_string(std::get<std::int64_t>(attribute.value)));
            line += (*m_spans)[i].status == telemetry::SpanStatus::error ? " ERROR" : "";
        }
        return lines;
    }

    telemetry::Span root;

private:
    telemetry::TraceSpans m_spans;
};

using Lines = std::vector<std::string>;

} // namespace

class TstTracedStore : public QObject {
    Q_OBJECT

    ManualClock m_clock;

private Q_SLOTS:
    void every_operation_is_a_span()
    {
        OneTrace trace(m_clock);
        MemoryStore kept({}, m_clock);
        OwnedStore owned(kept, "alice");
        TracedStore store(owned, trace.root);
        QVERIFY(wait(store.create(response("r1", {}, R"([{"role":"user"}])"))));
        QVERIFY(wait(store.get("r1")).value());
        QVERIFY(!wait(store.get("r2")).value());
        QVERIFY(wait(store.erase("r1")).value());
        // Ids as the client knows them.
        QCOMPARE(trace.lines(),
                 (Lines{"conversation.create id=r1 backend=memory model=m message_count=2",
                        "conversation.get id=r1 backend=memory model=m message_count=2",
                        "conversation.get id=r2 backend=memory", "conversation.delete id=r1 backend=memory"}));
    }

    void a_conversation_is_read_in_one_span()
    {
        OneTrace trace(m_clock);
        MemoryStore kept({}, m_clock);
        for (int i = 0; i < 300; ++i)
            QVERIFY(wait(kept.create(
                response(fmt::format("r{}", i), i > 0 ? fmt::format("r{}", i - 1) : "", R"(["a",["b","c"]])"))));
        TracedStore store(kept, trace.root);
        QCOMPARE(wait(store.chain("r299")).value().size(), std::size_t(300));
        QVERIFY(!wait(store.chain("none")));
        QCOMPARE(trace.lines(), (Lines{"conversation.get id=r299 backend=memory model=m message_count=900",
                                       "conversation.get id=none backend=memory type=previous_response_not_found"}));
    }

    void counts_messages_data()
    {
        QTest::addColumn<QByteArray>("input");
        QTest::addColumn<int>("items");
        const auto row = [](const char* input, int items) { QTest::newRow(input) << QByteArray(input) << items; };
        row("[]", 0);
        row(" [ \n] ", 0);
        row("[1]", 1);
        row(R"(["a"])", 1);
        row(R"([{}])", 1);
        row(R"([[]])", 1);
        row(R"([{"a":[1,2,{"b":3,"c":4}]},"x,y",[5,6]])", 3);
        row("[\"\\\",[\",\"\\\\\",\",\"]", 3); // brackets, commas and quotes in strings
    }

    void counts_messages()
    {
        QFETCH(QByteArray, input);
        QFETCH(int, items);
        OneTrace trace(m_clock);
        MemoryStore kept({}, m_clock);
        TracedStore store(kept, trace.root);
        QVERIFY(wait(store.create(response("r", {}, input.toStdString()))));
        QCOMPARE(trace.lines(),
                 Lines{fmt::format("conversation.create id=r backend=memory model=m message_count={}", items + 1)});
    }

    void what_a_provider_holds_has_no_messages_here()
    {
        OneTrace trace(m_clock);
        MemoryStore kept({}, m_clock);
        TracedStore store(kept, trace.root);
        QVERIFY(wait(store.create({.id = "r", .model = "m", .provider = "p"})));
        QCOMPARE(trace.lines(), Lines{"conversation.create id=r backend=memory model=m"});
    }

    void failures_are_errors()
    {
        OneTrace trace(m_clock);
        test::ScriptedStore broken(m_clock);
        broken.broken = broken.unreadable = true;
        TracedStore store(broken, trace.root);
        QVERIFY(!wait(store.create(response("r", {}))));
        QVERIFY(!wait(store.get("r")));
        QVERIFY(!wait(store.erase("r")));
        const auto lines = trace.lines();
        QCOMPARE(lines.size(), std::size_t(3));
        for (const auto& line : lines)
            QVERIFY2(line.ends_with("type=internal ERROR"), line.c_str());
    }

    void leaves_room_for_the_rest_of_the_request()
    {
        OneTrace trace(m_clock);
        MemoryStore kept({}, m_clock);
        TracedStore store(kept, trace.root);
        for (int i = 0; i < 500; ++i)
            QVERIFY(wait(store.get("r")));
        QVERIFY(trace.root.child("provider.generate").recording());
        QCOMPARE(trace.lines().size(), TracedStore::most_spans + 1);
    }

    void without_a_trace_it_is_the_store()
    {
        MemoryStore kept({}, m_clock);
        const telemetry::Span none;
        TracedStore store(kept, none);
        QVERIFY(wait(store.create(response("r", {}))));
        QVERIFY(wait(store.get("r")).value());
        QCOMPARE(wait(store.chain("r")).value().size(), std::size_t(1));
        QVERIFY(wait(store.erase("r")).value());
        QCOMPARE(store.backend(), std::string_view("memory"));
        QCOMPARE(store.count(), std::size_t(0));
    }
};

QTEST_GUILESS_MAIN(TstTracedStore)
#include "tst_traced_store.moc"
