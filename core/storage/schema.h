// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/sqlite_connection.h"

#include <cstdint>
#include <span>

namespace tokenscope::storage {

/// The tables of one kind of database of ours.
struct Schema {
    std::int64_t application_id = 0; ///< what it says in PRAGMA application_id
    /// SQL that brings it from one version (PRAGMA user_version) to the next. A step that has been released never changes.
    std::span<const char* const> steps;
};

/// Brings the schema up to date in one transaction, or leaves it as it was. A database that is newer than the steps too.
SqliteResult<void> migrate(const SqliteConnection& connection, const Schema& schema);

} // namespace tokenscope::storage
