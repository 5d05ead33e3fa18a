// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "conversations/response_table.h"

namespace tokenscope::conversations {

using storage::SqliteResult;
using storage::SqliteStatement;

namespace {

std::int64_t milliseconds(WallTime time)
{
    return time.time_since_epoch().count();
}

WallTime wall_time(std::int64_t milliseconds)
{
    return WallTime(std::chrono::milliseconds(milliseconds));
}

SqliteStatement& bind(SqliteStatement& statement, const StoredResponse& response)
{
    return statement.text(1, response.id)
        .text(2, response.previous_id)
        .text(3, response.model)
        .text(4, response.provider)
        .number(5, milliseconds(response.created))
        .number(6, milliseconds(response.expires))
        .blob(7, response.input)
        .blob(8, response.body);
}

} // namespace

SqliteResult<void> ResponseTable::put(const StoredResponse& response)
{
    // Two statements rather than an upsert, which would not tell whether there is one more now.
    auto insert = connection().prepare("INSERT INTO responses (id, previous_id, model, provider, created, expires, "
                                       "input, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING");
    if (!insert)
        return tl::make_unexpected(insert.error());
    if (const auto inserted = bind(*insert, response).step(); !inserted)
        return tl::make_unexpected(inserted.error());
    if (connection().changes() == 1) {
        add_row();
        return {};
    }
    auto update =
        connection().prepare("UPDATE responses SET previous_id = ?2, model = ?3, provider = ?4, created = ?5, "
                             "expires = ?6, input = ?7, body = ?8 WHERE id = ?1");
    if (!update)
        return tl::make_unexpected(update.error());
    if (const auto updated = bind(*update, response).step(); !updated)
        return tl::make_unexpected(updated.error());
    return {};
}

SqliteResult<std::optional<StoredResponse>> ResponseTable::get(const std::string& id, WallTime now) const
{
    auto select = connection().prepare("SELECT previous_id, model, provider, created, expires, input, body "
                                       "FROM responses WHERE id = ?1 AND expires > ?2");
    if (!select)
        return tl::make_unexpected(select.error());
    const auto row = select->text(1, id).number(2, milliseconds(now)).step();
    if (!row)
        return tl::make_unexpected(row.error());
    if (!*row)
        return std::nullopt;
    return StoredResponse{.id = id,
                          .previous_id = select->bytes(0),
                          .model = select->bytes(1),
                          .provider = select->bytes(2),
                          .created = wall_time(select->number(3)),
                          .expires = wall_time(select->number(4)),
                          .input = select->bytes(5),
                          .body = select->bytes(6)};
}

SqliteResult<bool> ResponseTable::erase(const std::string& id, WallTime now)
{
    auto remove = connection().prepare("DELETE FROM responses WHERE id = ?1 RETURNING expires");
    if (!remove)
        return tl::make_unexpected(remove.error());
    const auto row = remove->text(1, id).step();
    if (!row)
        return tl::make_unexpected(row.error());
    if (!*row)
        return false;
    const auto expires = wall_time(remove->number(0));
    // Deleted once the statement has run to its end.
    if (const auto end = remove->step(); !end)
        return tl::make_unexpected(end.error());
    remove_rows(1);
    return expires > now;
}

SqliteResult<std::size_t> ResponseTable::purge(WallTime now, std::size_t limit)
{
    auto remove = connection().prepare("DELETE FROM responses WHERE rowid IN "
                                       "(SELECT rowid FROM responses WHERE expires <= ?1 ORDER BY expires LIMIT ?2)");
    if (!remove)
        return tl::make_unexpected(remove.error());
    const auto done = remove->number(1, milliseconds(now)).number(2, static_cast<std::int64_t>(limit)).step();
    if (!done)
        return tl::make_unexpected(done.error());
    const auto purged = static_cast<std::size_t>(connection().changes());
    // Pages, of 4 KiB: bounded, so that whoever waits does not wait long.
    if (auto shrunk = connection().execute("PRAGMA incremental_vacuum(2000)"); !shrunk)
        return tl::make_unexpected(shrunk.error());
    if (auto counted = count(); !counted)
        return tl::make_unexpected(counted.error());
    return purged;
}

} // namespace tokenscope::conversations
