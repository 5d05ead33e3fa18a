// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/archive/record_table.h"
#include "unit/telemetry/record_test.h"

#include <QtTest>

#include <array>

using namespace tokenscope;
using namespace tokenscope::telemetry;
using namespace tokenscope::test;
using namespace std::chrono_literals;

namespace {

constexpr storage::DatabaseKind kind{.content = "records", .setting = "some.path", .schema = record_schema};

/// Version 1 as it was released. Never changes, whatever becomes of the present schema.
constexpr const char* version_1 =
    "CREATE TABLE requests ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  request_id TEXT NOT NULL, trace_id TEXT NOT NULL, sampled INTEGER NOT NULL, route TEXT NOT NULL,"
    "  operation TEXT NOT NULL, client TEXT NOT NULL, backend TEXT NOT NULL, model TEXT NOT NULL,"
    "  requested_model TEXT NOT NULL, genai_provider TEXT NOT NULL, response_model TEXT NOT NULL,"
    "  finish_reason TEXT NOT NULL, streamed INTEGER NOT NULL, http_status INTEGER NOT NULL, status TEXT NOT NULL,"
    "  end_reason TEXT NOT NULL, error TEXT NOT NULL, error_type TEXT NOT NULL, started INTEGER NOT NULL,"
    "  parsed INTEGER, queued INTEGER, dequeued INTEGER, connected INTEGER, sent INTEGER, first_byte INTEGER,"
    "  first_event INTEGER, first_token INTEGER, first_visible_token INTEGER, last_token INTEGER, usage_seen INTEGER,"
    "  last_event INTEGER, provider_ended INTEGER,"
    "  total INTEGER NOT NULL, chunk_count INTEGER NOT NULL, stream_tokens INTEGER NOT NULL,"
    "  prompt_tokens INTEGER, completion_tokens INTEGER, total_tokens INTEGER, cached_tokens INTEGER,"
    "  reasoning_tokens INTEGER, estimated INTEGER NOT NULL, attempts INTEGER NOT NULL,"
    "  cost REAL, currency TEXT NOT NULL, stages BLOB NOT NULL, chunk_gaps BLOB NOT NULL,"
    "  chunks BLOB NOT NULL) STRICT;"
    "CREATE INDEX requests_by_start ON requests (started);"
    "CREATE INDEX requests_by_model ON requests (model, started);"
    "PRAGMA user_version = 1; PRAGMA application_id = 1416319601;" // "Tk" and "Rq"
    "INSERT INTO requests VALUES (41, 'req_old', '', 0, '/v1/chat/completions', 'chat', '', 'work', 'gpt-4o', '', '', "
    "'',"
    "  '', 1, 200, 'success', 'done', '', '', 1700000000000, 1, 2, 3, 4, 5, 6, 7, 800, 9, 10, 11, 12, 13, 1200, 1, 1, "
    "5, 6, 11, NULL,"
    "  NULL, 0, 1, 0.5, 'USD', x'', x'', x'010A0B01');";

} // namespace

class TstRecordTable : public QObject {
    Q_OBJECT

    ManualClock m_clock;

    storage::SqliteConnection open(const QTemporaryDir& folder)
    {
        return std::move(storage::open_database(path_in(folder), kind, m_clock.wall())->connection);
    }

private Q_SLOTS:
    void everyFieldComesBack()
    {
        const QTemporaryDir folder;
        const auto connection = open(folder);
        RecordTable table(connection);
        const auto record = full_record(m_clock);
        QVERIFY(table.put(record));
        QCOMPARE(table.rows(), std::size_t(1));
        const auto found = table.find({}, m_clock);
        QCOMPARE(found->size(), std::size_t(1));
        const auto& back = found->front();
        QCOMPARE(back.sequence, std::uint64_t(1));
        QCOMPARE(back.request_id, record.request_id);
        QCOMPARE(back.trace_id, record.trace_id);
        QCOMPARE(back.sampled, true);
        QCOMPARE(back.route, record.route);
        QVERIFY(back.operation == "chat");
        QCOMPARE(back.client, record.client);
        QVERIFY(back.target == record.target);
        QCOMPARE(back.requested_model, record.requested_model);
        QCOMPARE(back.genai_provider, record.genai_provider);
        QCOMPARE(back.response_model, record.response_model);
        QCOMPARE(back.finish_reason, record.finish_reason);
        QCOMPARE(back.streamed, true);
        QCOMPARE(back.http_status, 200U);
        QVERIFY(back.status == RequestStatus::success && back.end_reason == EndReason::done);
        QCOMPARE(back.error, record.error);
        QVERIFY(back.error_type == "upstream_5xx");
        QCOMPARE(back.started, record.started);
        QCOMPARE(back.accepted, record.accepted); // the clock has not moved
        QVERIFY(back.parsed == record.parsed && back.queued == record.queued && back.dequeued == record.dequeued);
        QVERIFY(back.connected == record.connected && back.sent == record.sent && back.first_byte == record.first_byte);
        QVERIFY(back.first_event == record.first_event && back.first_token == record.first_token);
        QVERIFY(back.first_visible_token == record.first_visible_token && back.last_token == record.last_token);
        QVERIFY(back.usage_seen == record.usage_seen && back.ended == record.ended);
        QVERIFY(back.last_event == record.last_event && back.provider_ended == record.provider_ended);
        QVERIFY(back.chunk_gaps.counts == record.chunk_gaps.counts && back.chunk_gaps.sum == record.chunk_gaps.sum);
        QVERIFY(back.ttft() == 8ms && back.total() == 12s);
        const auto chunks = *back.chunks.marks();
        QCOMPARE(chunks.size(), std::size_t(3));
        QVERIFY(chunks[2].at == record.chunks.marks()->at(2).at && chunks[2].bytes == 4'000'000'000);
        QVERIFY(back.chunk_count == 5000 && back.stream_tokens == 4321 && back.attempts == 3);
        QVERIFY(back.usage == record.usage);
        QVERIFY(back.stages == record.stages);
        QVERIFY(back.cost == record.cost);
    }

    void whatIsAbsentStaysAbsent()
    {
        const QTemporaryDir folder;
        const auto connection = open(folder);
        RecordTable table(connection);
        auto record = record_named("bare", m_clock.wall());
        record.usage.prompt = 0; // which is not the same
        record.cost = Cost{.amount = 0, .currency = "USD"};
        QVERIFY(table.put(record));
        QVERIFY(table.put(record_named("barer", m_clock.wall())));
        const auto found = *table.find({}, m_clock);
        const auto& zeros = found[1];
        QVERIFY(zeros.usage == (llm::Usage{.prompt = 0}));
        QVERIFY(zeros.cost && zeros.cost->amount == 0);
        QVERIFY(!zeros.parsed && !zeros.first_token && !zeros.usage_seen && !zeros.ttft());
        QVERIFY(zeros.stages == StageTimes{} && zeros.chunks.marks()->empty() && zeros.operation.empty());
        QVERIFY(zeros.error_type.empty() && zeros.chunk_gaps.empty() && !zeros.last_event && !zeros.provider_ended);
        QVERIFY(found[0].usage == llm::Usage{} && !found[0].cost);
        QVERIFY(zeros.status == RequestStatus::error && zeros.end_reason == EndReason::error);
    }

    void everyEndHasItsName()
    {
        const QTemporaryDir folder;
        const auto connection = open(folder);
        RecordTable table(connection);
        for (int i = 0; i <= static_cast<int>(EndReason::error); ++i) {
            auto record = record_named("r", m_clock.wall());
            record.end_reason = static_cast<EndReason>(i);
            QVERIFY(table.put(record));
        }
        const auto found = *table.last(100, m_clock);
        for (std::size_t i = 0; i < found.size(); ++i)
            QCOMPARE(static_cast<std::size_t>(found[found.size() - 1 - i].end_reason), i);
    }

    void everyKindOfErrorHasItsName()
    {
        std::vector<std::string_view> kinds{"upstream_4xx", "upstream_5xx"};
        for (int i = 0; i <= static_cast<int>(EndReason::error); ++i)
            kinds.push_back(to_string(static_cast<EndReason>(i)));
        for (auto i = static_cast<int>(ErrorCode::upstream_unreachable);
             i <= static_cast<int>(ErrorCode::upstream_error_event); ++i)
            kinds.push_back(to_string(static_cast<ErrorCode>(i)));
        const QTemporaryDir folder;
        const auto connection = open(folder);
        RecordTable table(connection);
        for (const auto kind_of_error : kinds) {
            auto record = record_named("r", m_clock.wall());
            record.error_type = kind_of_error;
            QVERIFY(table.put(record));
            const auto back = table.last(1, m_clock);
            QVERIFY2(back->at(0).error_type == kind_of_error, std::string(kind_of_error).c_str());
        }
    }

    void instantsMoveWithTheClock()
    {
        const QTemporaryDir folder;
        const auto connection = open(folder);
        RecordTable table(connection);
        QVERIFY(table.put(full_record(m_clock)));
        auto later = m_clock;
        later.advance(1h);
        const auto back = table.find({}, later)->front();
        QCOMPARE(later.now() - back.accepted, Nanos(1h)); // as long ago as it is by the wall's clock
        QVERIFY(back.ttft() == 8ms);
    }

    void hostileTextDoesNoHarm()
    {
        const QTemporaryDir folder;
        const auto connection = open(folder);
        RecordTable table(connection);
        auto record = record_named(std::string("a\0b", 3) + "'; DROP TABLE requests; --", m_clock.wall());
        record.requested_model.assign(5'000'000, 'x');
        record.error = std::string(1023, 'e') + "\xC3\xA9"; // the cut is in a character
        record.target.model = "\xFF\xFE";
        record.usage.prompt = UINT64_MAX;
        record.chunk_count = UINT64_MAX;
        QVERIFY(table.put(record));
        const auto back = table.find({.model = "\xFF\xFE"}, m_clock)->at(0);
        QCOMPARE(back.request_id, record.request_id);
        QCOMPARE(back.requested_model.size(), std::size_t(1024));
        QCOMPARE(back.error, std::string(1023, 'e'));
        QCOMPARE(back.usage.prompt, std::optional(static_cast<std::uint64_t>(INT64_MAX)));
    }

    void questions()
    {
        const QTemporaryDir folder;
        const auto connection = open(folder);
        RecordTable table(connection);
        const auto begin = m_clock.wall();
        for (int i = 0; i < 10; ++i) { // they end in another order than they begin
            auto record = record_named(std::to_string(i), begin + std::chrono::seconds(i < 8 ? 7 - i : i));
            record.target.model = i % 2 == 0 ? "even" : "odd";
            record.status = i % 5 == 0 ? RequestStatus::error : RequestStatus::success;
            QVERIFY(table.put(record));
        }
        using Ids = std::vector<std::string>;
        const auto asked = [&](const RecordQuery& query) { return ids(*table.find(query, m_clock)); };
        QCOMPARE(asked({}), (Ids{"9", "8", "0", "1", "2", "3", "4", "5", "6", "7"}));
        QCOMPARE(asked({.limit = 3}), (Ids{"9", "8", "0"}));
        QCOMPARE(asked({.limit = 0}), Ids());
        QCOMPARE(asked({.limit = SIZE_MAX}).size(), std::size_t(10));
        QCOMPARE(asked({.model = "odd", .limit = 2}), (Ids{"9", "1"}));
        QCOMPARE(asked({.model = "od"}), Ids());
        QCOMPARE(asked({.status = RequestStatus::error}), (Ids{"0", "5"}));
        QCOMPARE(asked({.model = "odd", .status = RequestStatus::error}), (Ids{"5"}));
        QCOMPARE(asked({.from = begin + 7s}), (Ids{"9", "8", "0"}));                 // inclusive
        QCOMPARE(asked({.from = begin + 7s, .until = begin + 9s}), (Ids{"8", "0"})); // exclusive
        QCOMPARE(asked({.from = begin + 9s, .until = begin}), Ids());
        QCOMPARE(ids(*table.last(3, m_clock)), (Ids{"9", "8", "7"}));
    }

    void purging()
    {
        const QTemporaryDir folder;
        const auto connection = open(folder);
        RecordTable table(connection);
        for (int i = 0; i < 10; ++i)
            QVERIFY(table.put(record_named(std::to_string(i), m_clock.wall() + std::chrono::seconds(i))));
        QCOMPARE(table.purge(m_clock.wall() + 5s, 3).value(), std::size_t(3));
        QCOMPARE(table.purge(m_clock.wall() + 5s, 100).value(), std::size_t(2));
        QCOMPARE(table.rows(), std::size_t(5));
        QCOMPARE(ids(*table.last(100, m_clock)), (std::vector<std::string>{"9", "8", "7", "6", "5"}));
        QVERIFY(table.purge(m_clock.wall() + 1h, 100));
        QVERIFY(table.put(record_named("next", m_clock.wall())));
        QCOMPARE(table.last(1, m_clock)->at(0).sequence, std::uint64_t(11)); // no number is given twice
    }

    void aDatabaseOfVersion1IsReadAndBroughtUpToDate()
    {
        const QTemporaryDir folder;
        QFile(QString::fromStdString(path_in(folder))).open(QIODevice::WriteOnly);
        QVERIFY(storage::SqliteConnection::open(path_in(folder), storage::SqliteConnection::Mode::read_write)
                    ->execute(version_1));
        const std::array<const char*, 3> steps{record_schema_steps[0], record_schema_steps[1],
                                               "ALTER TABLE requests ADD COLUMN later TEXT NOT NULL DEFAULT 'x'"};
        auto next = kind;
        next.schema.steps = steps;
        for (const auto& present : {kind, next}) {
            const auto opened = storage::open_database(path_in(folder), present, m_clock.wall());
            QVERIFY2(opened.has_value(), opened ? "" : opened.error().message.c_str());
            QVERIFY(!opened->warning);
            QCOMPARE(opened->connection.number("PRAGMA user_version").value(),
                     static_cast<std::int64_t>(present.schema.steps.size()));
            RecordTable table(opened->connection);
            const auto old = table.last(1, m_clock)->at(0);
            QCOMPARE(old.sequence, std::uint64_t(41));
            QCOMPARE(old.request_id, std::string("req_old"));
            QVERIFY(old.ttft() == 800ns && old.total() == 1200ns);
            const auto chunks = *old.chunks.marks();
            QVERIFY(chunks.size() == 1 && chunks[0].bytes == 11 && chunks[0].at - old.accepted == 5ns);
            QVERIFY(old.cost == (Cost{.amount = 0.5, .currency = "USD"}));
        }
        // And what was made newer is refused by the version before.
        const auto refused = storage::open_database(path_in(folder), kind, m_clock.wall());
        QCOMPARE(refused.error().code, ErrorCode::config);
        QVERIFY(refused.error().message.find("newer version") != std::string::npos);
    }

    void brokenPacksCostTheirFieldOnly()
    {
        const QTemporaryDir folder;
        const auto connection = open(folder);
        RecordTable table(connection);
        QVERIFY(table.put(full_record(m_clock)));
        QVERIFY(connection.execute(
            "UPDATE requests SET chunks = x'FFFFFF', stages = x'05', chunk_gaps = x'80', end_reason = 'odd', "
            "started = 9223372036854775807"));
        const auto back = table.find({.until = WallTime::max()}, m_clock);
        QCOMPARE(back->size(), std::size_t(0)); // begun at the end of time
        const auto last = table.last(1, m_clock)->at(0);
        QVERIFY(last.chunk_gaps.empty());
        QVERIFY(last.chunks.marks()->empty() && last.stages == StageTimes{} && last.end_reason == EndReason::error);
        QCOMPARE(last.request_id, std::string("req_1"));
    }
};

QTEST_APPLESS_MAIN(TstRecordTable)
#include "tst_record_table.moc"
