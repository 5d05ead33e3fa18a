// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/schema.h"

#include <fmt/format.h>

namespace tokenscope::storage {

namespace {

SqliteResult<void> run_steps(const SqliteConnection& connection, const Schema& schema)
{
    const auto version = connection.number("PRAGMA user_version");
    if (!version)
        return tl::make_unexpected(version.error());
    const auto done = static_cast<std::size_t>(*version);
    if (done >= schema.steps.size())
        return {};
    for (const auto* step : schema.steps.subspan(done)) {
        if (auto run = connection.execute(step); !run)
            return run;
    }
    return connection.execute(
        fmt::format("PRAGMA user_version = {}; PRAGMA application_id = {}", schema.steps.size(), schema.application_id)
            .c_str());
}

} // namespace

SqliteResult<void> migrate(const SqliteConnection& connection, const Schema& schema)
{
    // The version is read inside the transaction: another process may have been quicker.
    if (auto begun = connection.execute("BEGIN IMMEDIATE"); !begun)
        return begun;
    auto done = run_steps(connection, schema);
    if (done)
        done = connection.execute("COMMIT");
    if (!done && connection.in_transaction())
        (void)connection.execute("ROLLBACK");
    return done;
}

} // namespace tokenscope::storage
