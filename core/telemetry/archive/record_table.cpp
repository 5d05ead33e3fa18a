// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "telemetry/archive/record_table.h"

#include "telemetry/archive/compact.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <utility>

namespace tokenscope::telemetry {

using storage::SqliteResult;
using storage::SqliteStatement;

namespace {

/// In the order in which bind() and read() go through a record.
constexpr std::string_view columns =
    "request_id, trace_id, sampled, route, operation, client, backend, model, requested_model, genai_provider, "
    "response_model, finish_reason, streamed, http_status, status, end_reason, error, error_type, started, parsed, "
    "queued, dequeued, "
    "connected, sent, first_byte, first_event, first_token, first_visible_token, last_token, usage_seen, last_event, "
    "provider_ended, total, "
    "chunk_count, stream_tokens, prompt_tokens, completion_tokens, total_tokens, cached_tokens, reasoning_tokens, "
    "cache_creation_tokens, estimated, attempts, cost, currency, stages, chunk_gaps, chunks";
const auto column_count = static_cast<int>(std::count(columns.begin(), columns.end(), ',')) + 1;

constexpr std::array end_reasons{
    EndReason::done,    EndReason::client_gone, EndReason::upstream_error, EndReason::in_stream_error,
    EndReason::timeout, EndReason::rejected,    EndReason::error};

/// Values of gen_ai.operation.name, as literals: a record holds a view of one.
constexpr std::array<std::string_view, 11> operations{"chat",
                                                      "completion",
                                                      "text_completion",
                                                      "embeddings",
                                                      "rerank",
                                                      "messages",
                                                      "responses",
                                                      "tokenize",
                                                      "generate_content",
                                                      "count_tokens",
                                                      "responses_input_tokens"};

/// Kinds of errors besides the reasons of ends: what an upstream may do.
constexpr std::array<std::string_view, 8> error_types{
    "upstream_unreachable", "upstream_tls",         "upstream_reset", "upstream_bad_reply",
    "upstream_timeout",     "upstream_error_event", "upstream_4xx",   "upstream_5xx"};

/// The one of `known` that is `text`: a record holds views of literals.
template <typename Known>
std::string_view literal(const Known& known, std::string_view text, std::string_view otherwise)
{
    const auto found = std::find(known.begin(), known.end(), text);
    return found == known.end() ? otherwise : *found;
}

std::string_view error_type_of(std::string_view text, EndReason otherwise)
{
    for (const auto reason : end_reasons)
        otherwise = to_string(reason) == text ? reason : otherwise;
    return literal(error_types, text, to_string(otherwise));
}

std::string_view name_of(RequestStatus status)
{
    return status == RequestStatus::success ? "success" : "error";
}

std::string_view shortened(std::string_view text)
{
    constexpr std::size_t longest = 1024;
    if (text.size() <= longest)
        return text;
    auto end = longest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) // not within a character
        --end;
    return text.substr(0, end);
}

std::int64_t whole(std::uint64_t value)
{
    return static_cast<std::int64_t>(
        std::min(value, static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())));
}

/// Binds one parameter after another.
class Binder {
public:
    explicit Binder(SqliteStatement& statement) : m_statement(statement) {}

    Binder& text(std::string_view value)
    {
        m_statement.text(++m_at, shortened(value));
        return *this;
    }
    Binder& blob(std::string_view value)
    {
        m_statement.blob(++m_at, value);
        return *this;
    }
    Binder& number(std::uint64_t value) { return signed_number(whole(value)); }
    Binder& number(std::optional<std::uint64_t> value)
    {
        m_statement.number(++m_at, value ? std::optional(whole(*value)) : std::nullopt);
        return *this;
    }
    Binder& signed_number(std::int64_t value)
    {
        m_statement.number(++m_at, value);
        return *this;
    }
    Binder& time(std::optional<Instant> value, Instant accepted)
    {
        m_statement.number(++m_at, value ? std::optional<std::int64_t>((*value - accepted).count()) : std::nullopt);
        return *this;
    }
    Binder& real(std::optional<double> value)
    {
        m_statement.real(++m_at, value);
        return *this;
    }

private:
    SqliteStatement& m_statement;
    int m_at = 0;
};

/// Reads one column after another.
class Row {
public:
    explicit Row(const SqliteStatement& statement) : m_statement(statement) {}

    std::string text() { return m_statement.bytes(m_at++); }
    std::int64_t number() { return m_statement.number(m_at++); }
    std::uint64_t count() { return static_cast<std::uint64_t>(std::max<std::int64_t>(number(), 0)); }
    bool flag() { return number() != 0; }
    template <typename T>
    std::optional<T> maybe(T (Row::*read)())
    {
        if (!m_statement.is_null(m_at))
            return (this->*read)();
        ++m_at;
        return std::nullopt;
    }
    double real() { return m_statement.real(m_at++); }

private:
    const SqliteStatement& m_statement;
    int m_at = 0;
};

/// All of a record's instants that may be absent, in the order of the columns.
template <typename Record>
auto instants_of(Record& record)
{
    return std::array{
        &record.parsed,     &record.queued,      &record.dequeued,      &record.connected,           &record.sent,
        &record.first_byte, &record.first_event, &record.first_token,   &record.first_visible_token, &record.last_token,
        &record.usage_seen, &record.last_event,  &record.provider_ended};
}

template <typename Usage>
auto counts_of(Usage& usage)
{
    return std::array{&usage.prompt, &usage.completion, &usage.total,
                      &usage.cached, &usage.reasoning,  &usage.cache_creation};
}

/// What bind() lends to the statement.
struct Packed {
    std::string stages, gaps, chunks;
};

void bind(SqliteStatement& statement, const RequestRecord& record, const Packed& packed)
{
    Binder binder(statement);
    binder.text(record.request_id).text(record.trace_id).number(record.sampled ? 1U : 0U).text(record.route);
    binder.text(record.operation).text(record.client).text(record.target.backend).text(record.target.model);
    binder.text(record.requested_model).text(record.genai_provider).text(record.response_model);
    binder.text(record.finish_reason).number(record.streamed ? 1U : 0U).number(record.http_status);
    binder.text(name_of(record.status)).text(to_string(record.end_reason)).text(record.error);
    binder.text(record.error_type);
    binder.signed_number(record.started.time_since_epoch().count());
    for (const auto* instant : instants_of(record))
        binder.time(*instant, record.accepted);
    binder.signed_number(record.total().count()).number(record.chunk_count).number(record.stream_tokens);
    for (const auto* count : counts_of(record.usage))
        binder.number(*count);
    binder.number(record.usage.estimated ? 1U : 0U).number(record.attempts);
    binder.real(record.cost ? std::optional(record.cost->amount) : std::nullopt);
    binder.text(record.cost ? record.cost->currency : std::string_view{}).blob(packed.stages);
    binder.blob(packed.gaps).blob(packed.chunks);
}

RequestRecord read(const SqliteStatement& statement, const Clock& clock, bool with_chunks)
{
    Row row(statement);
    RequestRecord record;
    record.request_id = row.text();
    record.trace_id = row.text();
    record.sampled = row.flag();
    record.route = row.text();
    record.operation = literal(operations, row.text(), {});
    record.client = row.text();
    record.target.backend = row.text();
    record.target.model = row.text();
    record.requested_model = row.text();
    record.genai_provider = row.text();
    record.response_model = row.text();
    record.finish_reason = row.text();
    record.streamed = row.flag();
    record.http_status = static_cast<unsigned>(row.count());
    record.status = row.text() == name_of(RequestStatus::success) ? RequestStatus::success : RequestStatus::error;
    const auto reason = row.text();
    for (const auto known : end_reasons)
        record.end_reason = to_string(known) == reason ? known : record.end_reason;
    record.error = row.text();
    if (const auto type = row.text(); !type.empty())
        record.error_type = error_type_of(type, record.end_reason);
    record.started = WallTime(std::chrono::milliseconds(row.number()));
    constexpr std::chrono::milliseconds century = std::chrono::hours(24) * 36'525; // or it would overflow
    record.accepted = clock.now() - std::clamp(clock.wall() - record.started, -century, century);
    for (auto* instant : instants_of(record)) {
        if (const auto since = row.maybe(&Row::number))
            *instant = record.accepted + Nanos(*since);
    }
    record.ended = record.accepted + Nanos(row.number());
    record.chunk_count = row.count();
    record.stream_tokens = row.count();
    for (auto* count : counts_of(record.usage))
        *count = row.maybe(&Row::count);
    record.usage.estimated = row.flag();
    record.attempts = static_cast<std::uint32_t>(row.count());
    const auto amount = row.maybe(&Row::real);
    const auto currency = row.text();
    if (amount)
        record.cost = Cost{.amount = *amount, .currency = currency};
    // What cannot be unpacked is left out rather than the record.
    record.stages = unpack_stages(row.text()).value_or(StageTimes{});
    record.chunk_gaps = unpack_gaps(row.text()).value_or(ChunkGaps{});
    const auto chunks = row.text();
    if (with_chunks)
        record.chunks = unpack_chunks(record.accepted, chunks).value_or(ChunkMarks{});
    record.sequence = row.count();
    return record;
}

SqliteResult<std::vector<RequestRecord>> read_all(SqliteStatement& select, const Clock& clock,
                                                  std::size_t chunk_bytes = SIZE_MAX)
{
    std::vector<RequestRecord> records;
    std::size_t bytes = 0;
    for (;;) {
        const auto row = select.step();
        if (!row)
            return tl::make_unexpected(row.error());
        if (!*row)
            return records;
        records.push_back(read(select, clock, bytes < chunk_bytes));
        bytes += records.back().chunks.bytes();
    }
}

} // namespace

SqliteResult<void> RecordTable::put(const RequestRecord& record, const ChunkMarks& chunks)
{
    std::string parameters = "?";
    for (int i = 1; i < column_count; ++i)
        parameters += ", ?";
    auto insert = connection().prepare(fmt::format("INSERT INTO requests ({}) VALUES ({})", columns, parameters));
    if (!insert)
        return tl::make_unexpected(insert.error());
    const Packed packed{pack_stages(record.stages), pack_gaps(record.chunk_gaps), pack_chunks(record.accepted, chunks)};
    bind(*insert, record, packed);
    if (const auto inserted = insert->step(); !inserted)
        return tl::make_unexpected(inserted.error());
    add_row();
    return {};
}

SqliteResult<std::vector<RequestRecord>> RecordTable::find(const RecordQuery& query, const Clock& clock) const
{
    auto select = connection().prepare(fmt::format(
        "SELECT {}, id FROM requests WHERE started >= ?1 AND started < ?2{}{} ORDER BY started DESC, id DESC LIMIT ?3",
        columns, query.model.empty() ? "" : " AND model = ?4", query.status ? " AND status = ?5" : ""));
    if (!select)
        return tl::make_unexpected(select.error());
    select->number(1, query.from.time_since_epoch().count())
        .number(2, query.until.time_since_epoch().count())
        .number(3, whole(query.limit));
    if (!query.model.empty())
        select->text(4, shortened(query.model));
    if (query.status)
        select->text(5, name_of(*query.status));
    return read_all(*select, clock);
}

SqliteResult<std::vector<RequestRecord>> RecordTable::last(std::size_t count, const Clock& clock,
                                                           std::size_t chunk_bytes) const
{
    auto select = connection().prepare(fmt::format("SELECT {}, id FROM requests ORDER BY id DESC LIMIT ?1", columns));
    if (!select)
        return tl::make_unexpected(select.error());
    select->number(1, whole(count));
    return read_all(*select, clock, chunk_bytes);
}

SqliteResult<std::size_t> RecordTable::purge(WallTime time, std::size_t limit)
{
    auto remove = connection().prepare("DELETE FROM requests WHERE id IN "
                                       "(SELECT id FROM requests WHERE started < ?1 ORDER BY started LIMIT ?2)");
    if (!remove)
        return tl::make_unexpected(remove.error());
    if (const auto done = remove->number(1, time.time_since_epoch().count()).number(2, whole(limit)).step(); !done)
        return tl::make_unexpected(done.error());
    const auto purged = static_cast<std::size_t>(connection().changes());
    remove_rows(purged);
    // Pages, of 4 KiB: bounded, so that whoever waits does not wait long.
    if (auto shrunk = connection().execute("PRAGMA incremental_vacuum(2000)"); !shrunk)
        return tl::make_unexpected(shrunk.error());
    return purged;
}

} // namespace tokenscope::telemetry
